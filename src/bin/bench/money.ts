import pg from 'pg';
import { newId } from '../../kernel/id.js';
import { IDENTITY } from '../../modules/identity/index.js';
import { LEDGER } from '../../modules/finance/index.js';
import { SCHOOL } from '../../modules/school/index.js';
import { openBooks } from '../demo/books.js';
import { allPowers } from '../demo/powers.js';
import { median, type BenchLine } from './lines.js';
import { Load, wire, type LoadOrder, type LoadResult, type Shot } from './load.js';
import type { BenchSchool } from './school.js';
import type { Stage } from './stage.js';
import { Visitor } from './visitor.js';

const CLIENTS = 8;
const CONNECTIONS = 4;
const ROUNDS = 3;
/** Far more than one round can fire, so that no key comes twice. */
const SHOTS = 24_000;
const BURSAR = { email: 'bursar@bench.example', password: 'a-password-of-the-bench-7' };

interface Paying {
  accounts: Record<'cash' | 'receivable', string>;
  today: string;
  students: string[];
}

/**
 * Payments over HTTP with everything on, beside one statement that inserts the same payment, receipt, entry, lines and sum and
 * counts the same number up; it writes neither audit nor event, which makes it harder to keep up with.
 */
export async function benchMoney(stage: Stage, { school, sortNames }: BenchSchool, ms: number): Promise<BenchLine> {
  const paying = await stage.inside(school, async (app): Promise<Paying> => {
    const actor = allPowers(app, 'bench');
    await openBooks(app, actor);
    await app.container.get(IDENTITY).createAccount({ name: 'Esther Wanjiku Kamau', email: BURSAR.email, roles: ['bursar'], by: { password: BURSAR.password }, actor });
    const ledger = app.container.get(LEDGER);
    const [cash, receivable] = [await ledger.account('cash'), await ledger.account('receivable')];
    return { accounts: { cash: cash.id, receivable: receivable.id }, today: await app.container.get(SCHOOL).today(), students: Object.keys(sortNames) };
  });
  await withoutFactor(stage, school);
  const child = await stage.start(school);
  const load = Load.start();
  const pool = new pg.Pool({ ...school.connections.app, max: CONNECTIONS });
  try {
    const visitor = new Visitor(child.port, stage.originOf(school));
    const token = await visitor.token(BURSAR.email, BURSAR.password);
    const order = (length: number): LoadOrder => ({ port: child.port, clients: CLIENTS, ms: length, status: 201, shots: shots(new URL(stage.originOf(school)).host, token, paying) });
    for (let warm = 0; warm < 4; warm += 1) {
      await load.run(order(700));
      await bare(pool, paying, 700);
    }
    const limit: number[] = [];
    const product: LoadResult[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      limit.push(await bare(pool, paying, ms));
      product.push(await load.run(order(ms)));
    }
    const perSecond = median(product.map((one) => one.perSecond));
    return { id: 'money.payment', unit: 'payments/s', product: perSecond, limit: median(limit), ratio: perSecond / median(limit), p50_ms: median(product.map((one) => one.p50Ms)), p99_ms: median(product.map((one) => one.p99Ms)) };
  } finally {
    load.stop();
    await pool.end();
    await child.stop();
  }
}

/** The rule that a bursar proves a second factor has nothing to do with how fast a payment is booked. */
async function withoutFactor({ admin }: Stage, { connections, id }: BenchSchool['school']): Promise<void> {
  const client = new pg.Client({ ...admin, database: connections.app.database });
  await client.connect();
  try {
    await client.query("insert into identity_settings (school_id, id, factor_roles) values ($1, gen_random_uuid(), '{}') on conflict do nothing", [id]);
    await client.query("update identity_settings set factor_roles = '{}'");
  } finally {
    await client.end();
  }
}

function shots(host: string, token: string, { students, today }: Paying): Shot[] {
  return Array.from({ length: SHOTS }, (_, n) => {
    const body = JSON.stringify({ student: students[n % students.length], amount_minor: 10_000 + n, currency: 'KES', method: 'cash', received_on: today });
    const headers = { host, authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': newId() };
    return { request: wire('POST', '/api/v1/payments', headers, body), marker: '"posted"' };
  });
}

/** As many at once as there are clients, over as many connections as the product has. @returns payments per second */
async function bare(pool: pg.Pool, paying: Paying, ms: number): Promise<number> {
  const began = performance.now();
  let done = 0;
  const lane = async (first: number): Promise<void> => {
    for (let n = first; performance.now() - began < ms; n += CLIENTS) {
      const { rowCount } = await pool.query({ name: 'bench.payment', text: ONE_STATEMENT, values: [newId(), newId(), newId(), paying.students[n % paying.students.length], 10_000 + n, paying.today, paying.accounts.cash, paying.accounts.receivable] });
      if (rowCount !== 1) throw new Error('The bare side booked no payment.');
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, n) => lane(n)));
  return (done * 1000) / (performance.now() - began);
}

const ONE_STATEMENT = `
  with entry as (
    insert into finance_entries (id, value_on, posted_on, source_kind, source_key, memo, by_name) values ($1, $6, $6, 'bench', $1::uuid::text, 'Cash', 'bench') returning id
  ), line as (
    insert into finance_lines (id, entry_id, posted_on, n, account_id, amount_minor, party_kind, party_id, student_id)
      select gen_random_uuid(), entry.id, $6, x.n, x.account, x.minor, x.kind, x.party, x.party
        from entry cross join (values (1, $7::uuid, $5::bigint, null::text, null::uuid), (2, $8::uuid, -$5::bigint, 'student', $4::uuid)) as x(n, account, minor, kind, party)
  ), sums as (
    insert into finance_party_sums as s (id, party_kind, balance_minor) values ($4, 'student', -$5::bigint)
      on conflict (school_id, id) do update set balance_minor = s.balance_minor + excluded.balance_minor returning balance_minor
  ), payment as (
    insert into fees_payments (id, method, state, amount_minor, received_on, account_id, client, client_key, digest, entry_id, by_name)
      values ($2, 'cash', 'posted', $5, $6, $7, 'bench', $2::uuid::text, '', $1, 'bench')
  ), series as (
    insert into fees_series as s (id, key, prefix, last) values (gen_random_uuid(), 'receipt', 'R-', 1) on conflict (school_id, key) do update set last = s.last + 1 returning prefix, last
  )
  insert into fees_receipts (id, number, payment_id, student_id, payer_kind, payer_id, amount_minor, balance_after_minor, code)
    select $3, series.prefix || lpad(series.last::text, 6, '0'), $2, $4, 'student', $4, $5, sums.balance_minor, $3::uuid::text from series cross join sums`;
