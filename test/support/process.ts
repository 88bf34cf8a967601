import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { startPostgres, type EmbeddedPostgres } from '../../src/platform/embedded-postgres.js';
import type { RoleName } from '../../src/platform/module.js';
import { projectRoot } from '../../src/platform/paths.js';
import { aSchool, type SchoolOptions, type SchoolUnderTest } from './app.js';
import { Browser } from './browser.js';
import { until } from './waiting.js';

const START_MS = 30_000;
const alive = new Set<ChildProcess>();
process.once('exit', () => alive.forEach((child) => child.kill('SIGKILL')));

export interface TenantProcess {
  port: number;
  pid: number;
  /** Somebody at this very process; cookies may come from a browser at another process of the school. */
  browser(like?: Browser): Browser;
  /** Resolves to the exit code, or the signal that ended it. */
  stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | string>;
  output(): string;
}

export type MainProcess = Omit<TenantProcess, 'browser'>;

/** The product as it runs in production, for a school that a test has made: `dist/src/main.js` with its environment. */
export async function startTenant(school: SchoolUnderTest, environment: Record<string, string> = {}): Promise<TenantProcess> {
  const main = await startMain({ ...settingsOf(school), ...environment });
  return {
    ...main,
    browser: (like) => {
      const browser = new Browser(main.port, school.url);
      for (const [name, value] of like?.cookies ?? []) browser.cookies.set(name, value);
      return browser;
    },
  };
}

/** `dist/src/main.js` with these settings and nothing of the test's own environment; resolves when it serves. */
export async function startMain(settings: Record<string, string>): Promise<MainProcess> {
  const main = path.join(projectRoot, 'dist', 'src', 'main.js');
  const env = { PATH: process.env.PATH ?? '', NODE_ENV: 'production', ...settings };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  alive.add(child);
  let output = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString('utf8')).slice(-20_000)));
  const exited = once(child, 'exit').then(([code, signal]: (number | string | null)[]) => {
    alive.delete(child);
    return code ?? signal!;
  });
  return {
    port: await portOf(child, exited, () => output),
    pid: child.pid!,
    stop: (signal) => {
      child.kill(signal);
      return exited;
    },
    output: () => output,
  };
}

async function portOf(child: ChildProcess, exited: Promise<unknown>, output: () => string): Promise<number> {
  const listening = new Promise<number>((resolve) =>
    child.on('message', (message: { type?: string; port?: number }) => message.type === 'listening' && resolve(message.port!)),
  );
  const ended = exited.then(() => null);
  const port = await Promise.race([listening, ended, pause(START_MS, null, { ref: false })]);
  if (port === null) throw new Error(`The process did not serve:\n${output()}`);
  return port;
}

/** A school with one process of its own that a test kills and starts again. */
export interface Stage {
  readonly school: SchoolUnderTest;
  /** A superuser's look at its database. */
  readonly admin: pg.Client;
  /** The process that runs now. */
  readonly tenant: TenantProcess;
  /** Somebody of the role, at the process that runs now. */
  person(): Browser;
  kill(): Promise<void>;
  /** Starts it anew, having killed it if it runs. */
  restart(): Promise<void>;
  /** Until the row of this table that was made last is in one of these states. */
  untilNewest(table: string, column: string, wanted: readonly string[]): Promise<void>;
}

/** For the whole of a `describe`, in which it is called. When a test fails, the output of the process is shown. */
export function aStage(role: RoleName, options: SchoolOptions = {}): Stage {
  let school: SchoolUnderTest;
  let admin: pg.Client;
  let session: Browser;
  let tenant: TenantProcess;
  before(async () => {
    school = await aSchool(options);
    admin = await school.database.admin();
    session = await school.as(role);
    tenant = await startTenant(school);
  });
  afterEach(async (context) => {
    if (!('passed' in context) || context.passed !== false) return;
    console.error(tenant.output());
    // A lock that the failed test took would hold up every test after it.
    await admin.query('rollback');
  });
  after(async () => {
    await tenant?.stop('SIGKILL');
    await admin?.end();
    await school?.stop();
  });
  return {
    get school() {
      return school;
    },
    get admin() {
      return admin;
    },
    get tenant() {
      return tenant;
    },
    person: () => tenant.browser(session),
    kill: async () => void (await tenant.stop('SIGKILL')),
    restart: async () => {
      await tenant.stop('SIGKILL');
      tenant = await startTenant(school);
    },
    untilNewest: (table, column, wanted) =>
      until(
        async () => {
          const { rows } = await admin.query<{ state: string }>(
            `select ${column} as state from ${table} order by created_at desc, id desc limit 1`,
          );
          return rows[0] !== undefined && wanted.includes(rows[0].state);
        },
        `The newest of ${table} never was ${wanted.join(' or ')}`,
      ),
  };
}

function settingsOf(school: SchoolUnderTest): Record<string, string> {
  const { config } = school.app;
  const { app, worker } = school.database.connections;
  return {
    AIMS_ROLE: 'tenant',
    AIMS_PORT: '0',
    AIMS_DATA: config.data,
    AIMS_PUBLIC_URL: config.publicUrl,
    LOG_LEVEL: 'error',
    SECRET_KEY: config.secretKey,
    DB_HOST: app.host,
    DB_PORT: String(app.port),
    DB_USER: app.user,
    DB_PASSWORD: app.password,
    DB_WORKER_USER: worker.user,
    DB_WORKER_PASSWORD: worker.password,
    TENANT_DB_NAME: app.database,
    TENANT_SUBDOMAIN: school.database.subdomain,
    TENANT_SCHOOL_ID: school.database.schoolId,
  };
}

/** The children of a process, by id. */
export function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** The one child of a process, once those whose work is over have gone. */
export async function onlyChildOf(pid: number): Promise<number> {
  const living = (): number[] => childrenOf(pid).filter((child) => livingOf([child]) === 1);
  await until(async () => living().length === 1, `Process ${pid} never had exactly one child`);
  return living()[0]!;
}

/** How many of these live; what has ended but was not yet reaped does not. */
export function livingOf(pids: readonly number[]): number {
  return pids.filter((pid) => {
    try {
      return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    } catch {
      return false;
    }
  }).length;
}

export interface OwnPostgres {
  /** Where it listens, for whoever stands in between. */
  port: number;
  stop(): Promise<void>;
  /** kill -9 of all its processes, as a power cut would end them. */
  kill(): void;
  start(): Promise<void>;
  /** Answers nobody, but keeps every connection; returns the end of it. */
  freeze(): () => void;
  /** Stops it and removes what it held. */
  remove(): Promise<void>;
}

/**
 * A PostgreSQL that only this test file uses, so that it can be stopped. Call it before anything asks for a database.
 * @param durable what it has committed survives its being killed
 */
export async function ownPostgres({ durable = false } = {}): Promise<OwnPostgres> {
  const folder = mkdtempSync(path.join(tmpdir(), 'aims-own-pg-'));
  chmodSync(folder, 0o755);
  const options = { dataDir: path.join(folder, 'db'), superuserPassword: 'of this test only', durable };
  let server: EmbeddedPostgres = await startPostgres(options);
  const { host, port, superuser, password } = server;
  process.env.AIMS_TEST_PG = JSON.stringify({ host, port, superuser, password });
  const all = (): number[] => {
    const main = Number(readFileSync(path.join(folder, 'db', 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0]);
    return [main, ...childrenOf(main)];
  };
  return {
    port,
    stop: () => server.stop(),
    kill: () => {
      for (const pid of all()) if (livingOf([pid])) process.kill(pid, 'SIGKILL');
    },
    start: async () => {
      server = await startPostgres({ ...options, port });
    },
    freeze: () => {
      const frozen = all();
      for (const pid of frozen) process.kill(pid, 'SIGSTOP');
      return () => {
        for (const pid of frozen) process.kill(pid, 'SIGCONT');
      };
    },
    remove: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
