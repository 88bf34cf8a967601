import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { IDENTITY } from '../src/modules/identity/index.js';
import { SUBJECTS } from '../src/modules/subjects/index.js';
import { fillRegister, openSchool } from '../src/bin/demo/build-school.js';
import { DEMO_PLANS, type DemoPlan } from '../src/bin/demo/money/plans.js';
import { allPowers } from '../src/bin/demo/powers.js';
import type { LocalSchool } from '../src/bin/launcher/local-platform.js';
import type { Stage } from './stage.js';

export interface Account {
  email: string;
  password: string;
}

/** The school that everything is measured in. */
export interface BenchSchool {
  school: LocalSchool;
  registrar: Account;
  /** More of them, for the lines that read very much. */
  readers: Account[];
  /** For the line of sign-ins: one for each client. */
  others: Account[];
  streams: Record<string, string>;
  /** By the student's id: what lists are ordered by. */
  sortNames: Record<string, string>;
}

const STUDENTS = 2000;
const READERS = 3;
const OTHERS = 8;

export async function benchSchool(stage: Stage, subdomain = 'bench', present = STUDENTS): Promise<BenchSchool> {
  const plan: DemoPlan = { ...DEMO_PLANS['kilimani']!, subdomain, present, left: 0, admitsByForm: false };
  const school = await stage.newSchool(plan.subdomain);
  const registrar = account('registrar');
  const readers = Array.from({ length: READERS }, (_, index) => account(`reader${index}`));
  const others = Array.from({ length: OTHERS }, (_, index) => account(`librarian${index}`));
  const streams = await stage.inside(school, async (app, clock) => {
    const actor = allPowers(app, 'bench');
    await openSchool(app, actor, plan);
    await fillRegister(app, actor, clock, plan);
    for (const { email, password } of [registrar, ...readers, ...others]) {
      const roles = [others.some((one) => one.email === email) ? ('librarian' as const) : ('registrar' as const)];
      await app.container.get(IDENTITY).createAccount({ name: 'Esther Wanjiku Kamau', email, roles, by: { password }, actor });
    }
    return (await app.container.get(SUBJECTS).classList()).streams;
  });
  return {
    school,
    registrar,
    readers,
    others,
    streams: Object.fromEntries(streams.map((stream) => [stream.id, stream.label])),
    sortNames: await sortNames(school),
  };
}

/** One without learners, for what is measured by filling it. */
export async function emptySchool(
  stage: Stage,
  subdomain: string,
): Promise<{ school: LocalSchool; registrar: Account; places: string[] }> {
  const plan: DemoPlan = { ...DEMO_PLANS['kilimani']!, subdomain };
  const school = await stage.newSchool(subdomain);
  const registrar = account('registrar');
  const places = await stage.inside(school, async (app) => {
    const actor = allPowers(app, 'bench');
    await openSchool(app, actor, plan);
    await app.container.get(IDENTITY).createAccount({
      name: 'Esther Wanjiku Kamau',
      email: registrar.email,
      roles: ['registrar'],
      by: { password: registrar.password },
      actor,
    });
    return (await app.container.get(SUBJECTS).classList()).streams.map((stream) => stream.label);
  });
  return { school, registrar, places };
}

/** Fresh figures for the planner, as autovacuum makes them in a school that has been running for a minute. */
async function sortNames(school: LocalSchool): Promise<Record<string, string>> {
  const owner = new pg.Client(school.connections.owner);
  await owner.connect();
  await owner.query('set role aims_owner');
  await owner.query('analyze');
  await owner.end();
  const client = new pg.Client(school.connections.app);
  await client.connect();
  const { rows } = await client.query<{ id: string; sort_name: string }>('select id, sort_name from students');
  await asReaders(client);
  await client.end();
  return Object.fromEntries(rows.map((row) => [row.id, row.sort_name]));
}

/** A bench reads the whole school within a minute, with passwords alone: its owner has set the limits as high as they go. */
async function asReaders(client: pg.Client): Promise<void> {
  await client.query(
    'insert into audit_settings (id, most_rows, most_pages) values (gen_random_uuid(), 20000, 5000) on conflict do nothing',
  );
  await client.query(
    "insert into identity_settings (id, factor_roles, factor_waived) values (gen_random_uuid(), '{}', '{registrar,bursar,class-teacher}') on conflict do nothing",
  );
}

function account(name: string): Account {
  return { email: `${name}@bench.example`, password: randomBytes(12).toString('base64url') };
}

export async function hashFor(password: string): Promise<string> {
  const { hash } = await import('@node-rs/argon2');
  return hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
}
