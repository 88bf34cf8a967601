import { existsSync } from 'node:fs';
import path from 'node:path';
import { openGateway, type Gateway } from './gateway.js';
import { demandRoom, noteStopping, takeDataFolder, waitForStopping } from './launcher/data-folder.js';
import { openDatabaseServer, type DatabaseServer } from './launcher/database-server.js';
import { prepareDemoSchools, renewDemoSchools } from './launcher/demo-schools.js';
import { eachNight, msUntil } from './launcher/each-night.js';
import { stopCommands } from './launcher/one-shot.js';
import { coreUrl, schoolUrl, type Place } from './launcher/environment.js';
import { startLocalMoney } from './launcher/local-money.js';
import { LocalPlatform } from './launcher/local-platform.js';
import { Logins, signInTable } from './launcher/logins.js';
import { Processes } from './launcher/processes.js';
import { Register } from './launcher/school-register.js';
import { Secrets } from '../platform/secrets-file.js';
import { singleSchoolFrom, singleSchoolUrl, type SingleSchoolPlan } from './launcher/single-school.js';
import { prepareSuperAdmin } from './launcher/super-admin.js';
import { sentenceFor, StopReason } from './launcher/stop-reason.js';
import { timed } from './launcher/timings.js';

/**
 * The local launcher: PostgreSQL, the platform's process, schools on demand, one port in front of them.
 * What was started is stopped in the opposite order, whether a start fails half-way or somebody presses Ctrl-C.
 */
const dataFolder = path.resolve(process.env.AIMS_DATA || 'data');
const undo: { what: string; work: () => Promise<void> | void }[] = [];
let stopping: Promise<void> | null = null;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.on(signal, () => void leave(0));
process.on('uncaughtException', (error) => void fail(error));
process.on('unhandledRejection', (error) => void fail(error));

try {
  await start();
} catch (error) {
  await fail(error);
}

async function start(): Promise<void> {
  const port = portFrom(process.env.AIMS_PORT);
  await waitForStopping(dataFolder, () => say('AIMS is still stopping here; waiting for it …'));
  const giveBack = takeDataFolder(dataFolder);
  started('data folder', giveBack);
  demandRoom(dataFolder);
  const renewAt = process.env.AIMS_DEMO_RESET || null;
  if (renewAt) msUntil(renewAt, new Date());
  const single = singleSchoolFrom(process.env);
  const gateway: Gateway = await openGateway(port, { single });
  started('gateway', () => gateway.close());
  const secrets = Secrets.open(dataFolder);
  say(existsSync(path.join(dataFolder, 'postgres')) ? 'Starting the database …' : 'Setting up the database (once) …');
  const server = await timed('database server', () => openDatabaseServer(dataFolder, secrets, process.env));
  started('database', () => server.stop());
  say('Starting the platform …');
  const platform = await timed('platform', () => LocalPlatform.prepare(adminOf(server), secrets));
  secrets.set('gateway.port', String(gateway.port));
  // A school that has this machine for itself has no demo beside it: whoever pays there pays.
  const money = single ? null : await startLocalMoney();
  if (money) started('stand-in for M-Pesa', () => money.close());
  const place: Place = {
    port: gateway.port,
    data: dataFolder,
    database: { host: server.host, port: server.port },
    single: single && { subdomain: single.subdomain, url: singleSchoolUrl(single, gateway.networkPort) },
    money: money?.url ?? null,
  };
  const register = await timed('register', () => Register.open(platform.coreApp));
  started('register', () => register.close());
  const processes = new Processes(platform, place, process.env, register);
  started('processes', () => processes.close());
  started('commands', stopCommands);
  const logins = new Logins(dataFolder);
  const [, ready] = await Promise.all([
    timed('core process', () => processes.startCore()).then(() => gateway.open((subdomain) => processes.find(subdomain))),
    timed('schools', () => prepareDemoSchools({ platform, place, logins, register, processes, say })),
    timed('super-admin', () => prepareSuperAdmin({ platform, place, logins })),
  ]);
  processes.startProvisioner();
  processes.wakeWhenDue(ready);
  if (renewAt)
    started(
      'nightly demo',
      eachNight(
        renewAt,
        () => renewDemoSchools({ platform, place, logins, register, processes, say: () => undefined }),
        tellTrouble,
      ),
    );
  process.stdout.write(welcome(place, logins));
  if (single) process.stdout.write(networkWords(single, place, ready.includes(single.subdomain)));
}

function adminOf(server: DatabaseServer) {
  return { host: server.host, port: server.port, user: server.user, password: server.password, database: 'postgres' };
}

function portFrom(text: string | undefined): number {
  const port = Number(text || 3000);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new StopReason(`AIMS_PORT must be a number from 1 to 65535, not "${text}".`);
}

function welcome(place: Place, logins: Logins): string {
  return `
AIMS is ready.

${signInTable(logins.all(), place.single ? 'npx aims mail' : '/dev/mail')}

  The platform itself: ${coreUrl(place)}
  Sign-ins are kept in ${path.join(dataFolder, 'demo-logins.json')}, logs in ${path.join(dataFolder, 'logs')}.
  Ctrl-C stops everything.
`;
}

/** How the school's network gets there, and what is not safe about it. */
function networkWords(single: SingleSchoolPlan, place: Place, exists: boolean): string {
  const url = schoolUrl(place, single.subdomain);
  const first = exists
    ? `In the school's network: ${url}\n  The page ${url}/school/address has all addresses, and a poster for the staff room.`
    : `There is no school called ${single.subdomain} yet. Sign it up on this machine at ${coreUrl(place)}/signup; then its network reaches it at ${url}.`;
  const warning = single.tls
    ? ''
    : '\n  Without TLS, passwords travel readable through the network: set AIMS_TLS_CERT and AIMS_TLS_KEY, or use a network that only staff can join.';
  return `  ${first}${warning}\n`;
}

function tellTrouble(error: unknown): void {
  process.stderr.write(`A demo school could not be built anew: ${error instanceof Error ? error.message : String(error)}\n`);
}

/** A first start takes a minute or two: it says what it is at. */
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function started(what: string, work: () => Promise<void> | void): void {
  undo.push({ what, work });
}

async function fail(error: unknown): Promise<void> {
  // What breaks while everything is being stopped is no news.
  if (stopping) return stopping;
  const sentence = sentenceFor(error, dataFolder);
  process.stderr.write(
    sentence
      ? `${sentence}\n`
      : `AIMS stopped because of an error that it did not expect:\n${error instanceof Error ? error.stack : String(error)}\n`,
  );
  await leave(1);
}

function leave(code: number): Promise<void> {
  if (!stopping) noteStopping(dataFolder);
  return (stopping ??= stopAll().then(() => process.exit(code)));
}

async function stopAll(): Promise<void> {
  for (let step = undo.pop(); step; step = undo.pop()) {
    const { what, work } = step;
    try {
      await timed(`stop ${what}`, async () => work());
    } catch (error) {
      process.stderr.write(`${what} did not stop as it should: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
}
