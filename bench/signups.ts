import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Front } from './load/front.js';
import { median, type BenchLine } from './lines.js';
import { familyOf, megabytesOf } from './memory.js';
import type { Stage } from './stage.js';
import { Visitor, type Answer } from './load/visitor.js';

const ONE_AFTER_ANOTHER = 20;
const AT_ONCE = 5;
const COLD_STARTS = 5;
/** As the page asks for itself again: so long after each answer. */
const LOOK_AGAIN_MS = 400;
const PATIENCE_MS = 60_000;
const FORM = 'application/x-www-form-urlencoded';

/**
 * A stranger's way from the last click of the wizard to the first page of their own school, as its signed-in owner:
 * twenty schools one after another, then five at once; what a school keeps in memory while it runs and while it rests,
 * and how long the first byte takes of one that rests.
 */
export async function benchSignups(stage: Stage): Promise<BenchLine[]> {
  const front = await Front.open(stage);
  try {
    await openSchool(stage, front, 'bench-first');
    const before = await restingMemory(stage, front);
    const seconds: number[] = [];
    for (let at = 0; at < ONE_AFTER_ANOTHER; at += 1) seconds.push(await openSchool(stage, front, `bench-row-${at}`));
    const running = await runningMemory(stage, front, `bench-row-${ONE_AFTER_ANOTHER - 1}`);
    for (let at = 0; at < ONE_AFTER_ANOTHER; at += 1) await stopped(front, `bench-row-${at}`);
    const resting = ((await restingMemory(stage, front)) - before) / ONE_AFTER_ANOTHER;
    const cold: number[] = [];
    for (let at = 0; at < COLD_STARTS; at += 1) cold.push(await firstByte(front, `bench-row-${at}`));
    const together = await atOnce(stage, front);
    return [
      plain('start.signup', 's', median(seconds)),
      plain('start.signup.slowest', 's', Math.max(...seconds)),
      plain('start.signup.together', 's', together),
      plain('start.cold', 's', median(cold)),
      plain('memory.school.running', 'MB', running),
      plain('memory.school.resting', 'MB', Math.max(0, resting)),
    ];
  } finally {
    await front.close();
  }
}

/** Nothing bare stands beside it: the figure itself counts. */
function plain(id: string, unit: string, product: number): BenchLine {
  return { id, unit, product, limit: product, ratio: 1 };
}

/** Seconds until the last of them is in. */
async function atOnce(stage: Stage, front: Front): Promise<number> {
  const asked = await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => ask(stage, front, `bench-five-${at}`)));
  const began = performance.now();
  await Promise.all(asked.map((stranger) => open(front, stranger)));
  return since(began);
}

interface Stranger {
  visitor: Visitor;
  subdomain: string;
  code: string;
}

async function openSchool(stage: Stage, front: Front, subdomain: string): Promise<number> {
  const stranger = await ask(stage, front, subdomain);
  const began = performance.now();
  await open(front, stranger);
  return since(began);
}

/** As far as the code that was mailed. */
async function ask(stage: Stage, front: Front, subdomain: string): Promise<Stranger> {
  await forgetLimits(stage);
  const visitor = new Visitor(front.port, front.origin);
  const email = `owner@${subdomain}.example`;
  await visitor.get('/signup/school');
  await step(
    visitor,
    '/signup/school',
    { name: `${subdomain} Academy`, place: 'KE.cbc', town: 'Nakuru', pupils: '101-300' },
    '/signup/you',
  );
  await step(visitor, '/signup/you', { name: 'Wanjiru Njeri', email, phone: '0722 481 903', agreed: 'yes' }, '/signup/address');
  await step(visitor, '/signup/address', { subdomain }, '/signup/code');
  return { visitor, subdomain, code: await codeFor(stage, email) };
}

async function open(front: Front, { visitor, subdomain, code }: Stranger): Promise<void> {
  const page = await step(visitor, '/signup/code', { code }, '/provisioning/');
  const until = Date.now() + PATIENCE_MS;
  for (let answer = await visitor.get(page); ; answer = await visitor.get(page, { 'hx-request': 'true' })) {
    const led = answer.headers['hx-redirect'];
    if (typeof led === 'string') return arrive(front, subdomain, await visitor.send('GET', led, null));
    if (/data-state="failed"/.test(answer.text) || Date.now() > until)
      throw new Error(`${subdomain} was not opened: ${answer.text.slice(0, 2000)}`);
    await sleep(LOOK_AGAIN_MS);
  }
}

/** Follows where the owner is led until there is a page. @throws Error when they are not signed in on it */
async function arrive(front: Front, subdomain: string, led: Answer): Promise<void> {
  const owner = new Visitor(front.port, front.originOf(subdomain));
  let answer = led;
  let at = '';
  for (let hops = 0; answer.status === 303 && hops < 5; hops += 1) {
    const to = new URL(String(answer.headers['location']), owner.origin);
    at = to.pathname;
    answer = await owner.send('GET', at + to.search, null);
  }
  // Whoever is not signed in is led to /login and stays there.
  if (answer.status !== 200 || at === '' || at.startsWith('/login'))
    throw new Error(`The owner of ${subdomain} is not in: ${at} ${answer.status} ${answer.text.slice(0, 300)}`);
}

async function step(visitor: Visitor, at: string, fields: Record<string, string>, leadsTo: string): Promise<string> {
  const answer = await visitor.send('POST', at, new URLSearchParams(fields).toString(), {
    origin: visitor.origin,
    'content-type': FORM,
  });
  const location = String(answer.headers['location'] ?? '');
  if (answer.status !== 303 || !location.startsWith(leadsTo))
    throw new Error(`${at} was answered ${answer.status} ${location}: ${answer.text.slice(0, 500)}`);
  return location;
}

async function codeFor(stage: Stage, email: string): Promise<string> {
  const folder = path.join(stage.place.data, 'mail', 'core');
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(50)) {
    for (const name of await readdir(folder).catch(() => [])) {
      if (!name.endsWith('.json')) continue;
      const letter = JSON.parse(await readFile(path.join(folder, name), 'utf8')) as { to: string; text: string };
      const code = letter.to.includes(email) ? /\b\d{6}\b/.exec(letter.text)?.[0] : undefined;
      if (code) return code;
    }
  }
  throw new Error(`No code came for ${email}.`);
}

/** All these strangers come from one address, which would be refused after some. */
async function forgetLimits(stage: Stage): Promise<void> {
  const client = new pg.Client({ ...stage.admin, database: stage.platform.coreApp.database });
  await client.connect();
  await client.query("delete from platform_rate_limits where key like 'signup.%'");
  await client.end();
}

async function firstByte(front: Front, subdomain: string): Promise<number> {
  await stopped(front, subdomain);
  const began = performance.now();
  await new Visitor(front.port, front.originOf(subdomain)).get('/login');
  return since(began);
}

async function stopped(front: Front, subdomain: string): Promise<void> {
  const school = await front.process(subdomain);
  for (const until = Date.now() + PATIENCE_MS; school.state !== 'stopped'; await sleep(100)) {
    if (Date.now() > until) throw new Error(`${subdomain} does not come to rest.`);
  }
}

/** A school's process, and the processes of the database that work for it. */
async function runningMemory(stage: Stage, front: Front, subdomain: string): Promise<number> {
  const { pid } = await front.process(subdomain);
  const client = new pg.Client(stage.admin);
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('select pid from pg_stat_activity where datname = $1', [
    `${subdomain.replaceAll('-', '_')}_db`,
  ]);
  await client.end();
  return megabytesOf([pid ?? 0, ...rows.map((row) => row.pid)]);
}

/** What runs for all schools: platform, provisioner and database. */
async function restingMemory(stage: Stage, front: Front): Promise<number> {
  await stopped(front, 'bench-first');
  const { pid } = await front.process(null);
  return megabytesOf([pid ?? 0, ...familyOf(await postmaster(stage))]);
}

async function postmaster(stage: Stage): Promise<number> {
  const client = new pg.Client(stage.admin);
  await client.connect();
  const { rows } = await client.query<{ pid: number }>("select pid from pg_stat_activity where backend_type = 'checkpointer'");
  await client.end();
  return rows[0]!.pid;
}

function since(began: number): number {
  return (performance.now() - began) / 1000;
}
