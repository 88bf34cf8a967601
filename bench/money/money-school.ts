import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Structures, VoteHeads } from '../../src/modules/fees/operations.js';
import { LEDGER } from '../../src/modules/finance/index.js';
import { IDENTITY } from '../../src/modules/identity/index.js';
import { SCHOOL } from '../../src/modules/school/index.js';
import { openBooks } from '../../src/bin/demo/money/books.js';
import { allPowers } from '../../src/bin/demo/powers.js';
import type { Account, BenchSchool } from '../school.js';
import type { Stage } from '../stage.js';

/** With tuition and activities every day scholar is charged for twelve heads a term. */
const MORE_HEADS = 10;
const EACH_MINOR = 150_000;
const REST_MS = 180_000;

export interface MoneySchool {
  bursar: Account;
  accounts: Record<'cash' | 'receivable', string>;
  today: string;
  students: string[];
  terms: string[];
}

/** The bench's school with open books, twelve heads a term for everybody, and a bursar. */
export async function moneySchool(stage: Stage, { school, sortNames }: BenchSchool): Promise<MoneySchool> {
  const bursar = { email: 'bursar@bench.example', password: 'a-password-of-the-bench-7' };
  const made = await stage.inside(school, async (app) => {
    const actor = allPowers(app, 'bench');
    const get = app.container.get.bind(app.container);
    await openBooks(app, actor);
    await get(IDENTITY).createAccount({
      name: 'Esther Wanjiku Kamau',
      email: bursar.email,
      roles: ['bursar'],
      by: { password: bursar.password },
      actor,
    });
    const year = await get(SCHOOL).currentYear();
    const terms = year.terms.map((term) => term.id);
    const [cash, receivable, income] = [
      await get(LEDGER).account('cash'),
      await get(LEDGER).account('receivable'),
      await get(LEDGER).account('fees'),
    ];
    const id = await get(Structures).draft(actor, {
      yearId: year.id,
      name: 'The bench',
      audience: { classIds: [], streamIds: [], boarding: null },
    });
    const lines = [];
    for (let n = 1; n <= MORE_HEADS; n += 1) {
      const headId = await get(VoteHeads).add(actor, {
        code: `B${n}`,
        name: `Head ${n}`,
        kind: 'income',
        frequency: 'term',
        mandatory: true,
        accountId: income.id,
        priority: 20 + n,
      });
      lines.push(...terms.map((termId) => ({ headId, termId, amountMinor: EACH_MINOR })));
    }
    await get(Structures).setLines(actor, id, lines, 1);
    await get(Structures).publish(actor, id);
    return { accounts: { cash: cash.id, receivable: receivable.id }, today: await get(SCHOOL).today(), terms };
  });
  await asAdmin(stage, school, async (client) => {
    // The rule that a bursar proves a second factor has nothing to do with how fast money is booked.
    await client.query(
      "insert into identity_settings (school_id, id, factor_roles) values ($1, gen_random_uuid(), '{}') on conflict do nothing",
      [school.id],
    );
    await client.query("update identity_settings set factor_roles = '{}', factor_waived = '{bursar}'");
  });
  return { ...made, bursar, students: Object.keys(sortNames) };
}

/** What thousands of new students and bills set going is done before anything is measured: a school at rest. */
export async function atRest(stage: Stage, school: BenchSchool['school']): Promise<void> {
  const waiting =
    'select count(*)::int as n from graphile_worker._private_jobs where run_at <= now() and attempts < max_attempts';
  await asAdmin(stage, school, async (client) => {
    for (const until = Date.now() + REST_MS; Date.now() < until; await sleep(500)) {
      const { rows } = await client.query<{ n: number }>(waiting);
      if (rows[0]!.n === 0) break;
    }
    await client.query('vacuum analyze');
  });
}

export async function asAdmin<Result>(
  { admin }: Stage,
  { connections }: BenchSchool['school'],
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ ...admin, database: connections.app.database });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
