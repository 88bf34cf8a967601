import pg from 'pg';
import { newId } from '../../src/kernel/id.js';
import { benchAccounts } from '../accounts.js';
import { benchBilling } from './billing.js';
import { median, type BenchLine } from '../lines.js';
import { Load, wire, type LoadOrder, type LoadResult, type Shot } from '../load/load.js';
import { asAdmin, atRest, moneySchool, type MoneySchool } from './money-school.js';
import { benchReceipts } from './receipts.js';
import type { BenchSchool } from '../school.js';
import type { Stage } from '../stage.js';
import { Visitor } from '../load/visitor.js';

const CLIENTS = 8;
const CONNECTIONS = 4;
const ROUNDS = 3;
/** Far more than one round can fire, so that no key comes twice. */
const SHOTS = 24_000;
const APART = 251;

/** A term billed, payments taken, accounts looked at, receipts printed: in this order, since each needs the one before. */
export async function benchMoney(stage: Stage, school: BenchSchool, ms: number): Promise<BenchLine[]> {
  const money = await moneySchool(stage, school);
  return [
    await benchBilling(stage, school, money),
    await benchPayments(stage, school, money, ms),
    ...(await benchAccounts(stage, school, money, ms)),
    await benchReceipts(),
  ];
}

/** What each child's first payments settle: tuition of the first bill. */
type Owed = Map<string, { invoiceId: string; headId: string }>;

/**
 * Payments over HTTP with everything on, beside one statement that inserts the same payment, receipt, allocation, entry, lines
 * and sum and counts the same number up; it writes neither audit nor event, and knows beforehand what is settled.
 */
async function benchPayments(stage: Stage, { school }: BenchSchool, money: MoneySchool, ms: number): Promise<BenchLine> {
  const owed = await owedIn(stage, school);
  const child = await stage.start(school);
  await atRest(stage, school);
  const load = Load.start();
  const pool = new pg.Pool({ ...school.connections.app, max: CONNECTIONS });
  try {
    const visitor = new Visitor(child.port, stage.originOf(school));
    const token = await visitor.token(money.bursar.email, money.bursar.password);
    const order = (length: number): LoadOrder => ({
      port: child.port,
      clients: CLIENTS,
      ms: length,
      status: 201,
      shots: shots(new URL(stage.originOf(school)).host, token, money),
    });
    for (let warm = 0; warm < 4; warm += 1) {
      await load.run(order(700));
      await bare(pool, money, owed, 700);
    }
    // The database server does so by itself within a minute: until then both sides go by plans from when nobody had paid.
    await asAdmin(stage, school, (client) => client.query('analyze'));
    const limit: number[] = [];
    const product: LoadResult[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      limit.push(await bare(pool, money, owed, ms));
      product.push(await load.run(order(ms)));
    }
    const perSecond = median(product.map((one) => one.perSecond));
    return {
      id: 'money.payment',
      unit: 'payments/s',
      product: perSecond,
      limit: median(limit),
      ratio: perSecond / median(limit),
      p50_ms: median(product.map((one) => one.p50Ms)),
      p99_ms: median(product.map((one) => one.p99Ms)),
    };
  } finally {
    load.stop();
    await pool.end();
    await child.stop();
  }
}

async function owedIn(stage: Stage, school: BenchSchool['school']): Promise<Owed> {
  return asAdmin(stage, school, async (client) => {
    const { rows } = await client.query<{ student_id: string; invoice_id: string; head_id: string }>(
      `select distinct on (i.student_id) i.student_id, i.id as invoice_id, l.head_id from fees_invoices i join fees_invoice_lines l on l.invoice_id = i.id join fees_vote_heads h on h.id = l.head_id
        where i.state = 'issued' order by i.student_id, i.due_on, i.number, h.priority`,
    );
    return new Map(rows.map((row) => [row.student_id, { invoiceId: row.invoice_id, headId: row.head_id }]));
  });
}

function shots(host: string, token: string, { students, today }: MoneySchool): Shot[] {
  return Array.from({ length: SHOTS }, (_, n) => {
    // Each client begins at another place: here also at another child, since two payments for one child wait for each other.
    const student = students[(n + Math.floor(n / (SHOTS / CLIENTS)) * APART) % students.length];
    const body = JSON.stringify({ student, amount_minor: 10_000 + n, currency: 'KES', method: 'cash', received_on: today });
    const headers = { host, authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': newId() };
    return { request: wire('POST', '/api/v1/payments', headers, body), marker: '"posted"' };
  });
}

/** As many at once as there are clients, over as many connections as the product has. @returns payments per second */
async function bare(pool: pg.Pool, { students, accounts, today }: MoneySchool, owed: Owed, ms: number): Promise<number> {
  const began = performance.now();
  let done = 0;
  const lane = async (first: number): Promise<void> => {
    for (let n = first; performance.now() - began < ms; n += CLIENTS) {
      const student = students[n % students.length]!;
      const { invoiceId, headId } = owed.get(student)!;
      const values = [
        newId(),
        newId(),
        newId(),
        student,
        10_000 + n,
        today,
        accounts.cash,
        accounts.receivable,
        invoiceId,
        headId,
      ];
      const { rowCount } = await pool.query({ name: 'bench.payment', text: ONE_STATEMENT, values });
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
  ), settled as (
    insert into fees_allocations (id, receipt_id, invoice_id, head_id, amount_minor) values (gen_random_uuid(), $3, $9, $10, $5)
  )
  insert into fees_receipts (id, number, payment_id, student_id, payer_kind, payer_id, amount_minor, balance_after_minor, code)
    select $3, series.prefix || lpad(series.last::text, 6, '0'), $2, $4, 'student', $4, $5, sums.balance_minor, $3::uuid::text from series cross join sums`;
