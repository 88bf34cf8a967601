import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { newId } from '../../src/kernel/id.js';
import { BooksKeeping } from '../../src/modules/finance/books/books.js';
import { Checker } from '../../src/modules/finance/books/checker.js';
import { SCHOOL } from '../../src/modules/school/index.js';
import { IDENTITY } from '../../src/modules/identity/index.js';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import { admitMany } from '../support/people/learners.js';
import { ownPostgres, startTenant, type OwnPostgres, type TenantProcess } from '../support/process.js';
import { raw, type RawAnswer } from '../support/raw.js';
import { slowLine, type SlowLine } from '../support/outside/slow-line.js';
import { sql } from '../support/database/sql.js';
import { STORMY } from '../support/storm.js';
import { until } from '../support/waiting.js';

const [PAYMENTS, KILLS] = STORMY ? [10_000, 60] : [600, 12];
const CLIENTS = 20;
const LATENCY_MS = 1;
const [EMAIL, PASSWORD] = ['bursar@school.test', 'a-password-under-load-7'];

interface Acknowledged {
  id: string;
  number: string;
}

describe('payments while everything is killed', () => {
  let postgres: OwnPostgres;
  let line: SlowLine;
  let school: SchoolUnderTest;
  let tenants: TenantProcess[];
  let children: string[];
  let bearer: string;
  let today: string;
  before(async () => {
    postgres = await ownPostgres({ durable: true });
    line = await slowLine(postgres.port, LATENCY_MS);
    school = await aSchool();
    children = (await admitMany(school, 30)).map((one) => one.id);
    today = await school.run(() => school.get(SCHOOL).today());
    await school.run(() =>
      school
        .get(BooksKeeping)
        .open(school.office, { variant: 'private', yearStartsMonth: 1, startsOn: `${today.slice(0, 4)}-01-01`, release: 'term' }),
    );
    await school.run(() =>
      school
        .get(IDENTITY)
        .createAccount({ name: 'A Bursar', email: EMAIL, roles: ['bursar'], by: { password: PASSWORD }, actor: school.office }),
    );
    tenants = await Promise.all([start(), start()]);
    bearer = await tenants[0]!.browser().token(EMAIL, PASSWORD);
  });
  after(async () => {
    await Promise.all((tenants ?? []).map((tenant) => tenant.stop('SIGKILL')));
    line?.close();
    try {
      await school?.stop();
    } finally {
      await postgres?.remove();
    }
  });

  const start = (): Promise<TenantProcess> => startTenant(school, { DB_PORT: String(line.port), LOG_LEVEL: 'silent' });

  it(`${PAYMENTS} of ${CLIENTS} clients, ${KILLS} kills: none is lost, none is doubled, by the clients’ own log`, async () => {
    const log = new Map<string, Acknowledged>();
    const amounts = new Map<string, number>();
    let doubted = 0;
    let killing = true;
    const client = async (lane: number): Promise<void> => {
      for (let n = lane; n < PAYMENTS; n += CLIENTS) {
        const key = newId();
        const amount = 100 + n;
        amounts.set(key, amount);
        // Some ask again although they have their answer: a broken connection looks the same from outside.
        for (let asks = n % 10 === 0 ? 2 : 1; asks > 0; asks -= 1) {
          const told = await insist(key, children[n % children.length]!, amount, lane + asks);
          const before = log.get(key);
          if (before) assert.deepEqual(told, before, 'the same key always gets the same receipt');
          log.set(key, told);
        }
      }
    };
    const insist = async (key: string, student: string, amount: number, lane: number): Promise<Acknowledged> => {
      for (let tries = 0; ; tries += 1) {
        const answer = await ask(tenants[(lane + tries) % 2]!, key, student, amount).catch(() => null);
        if (answer?.status === 201) {
          const { id, receipts } = JSON.parse(answer.text) as { id: string; receipts: { number: string }[] };
          return { id, number: receipts[0]!.number };
        }
        doubted += 1;
        if (answer?.status === 401)
          bearer = await tenants[lane % 2]!.browser()
            .token(EMAIL, PASSWORD)
            .catch(() => bearer);
        else if (answer) assert.ok([409, 503].includes(answer.status), `${answer.status} ${answer.text}`);
        if (answer?.status === 409) assert.match(answer.text, /in_progress|busy/);
        await pause(20 + Math.min(tries, 20) * 10);
      }
    };
    const kill = async (): Promise<void> => {
      // The next one starts while payments go on, so that none waits for a start.
      let next = start();
      for (let round = 0; round < KILLS; round += 1) {
        // Spread over the payments, so that each kill comes while there are some under way.
        await until(async () => log.size >= (PAYMENTS * (round + 0.5)) / KILLS, 'The payments stand still', 60_000);
        if (round % 3 === 2) {
          // One that doesn’t find the database at its start ends again.
          await next;
          await pause(300);
          postgres.kill();
          await pause(100);
          await postgres.start();
        } else {
          await tenants[round % 2]!.stop('SIGKILL');
          tenants[round % 2] = await next;
          next = start();
        }
      }
      await (await next).stop('SIGKILL');
      killing = false;
    };
    const killer = kill();
    await Promise.all(Array.from({ length: CLIENTS }, (_, lane) => client(lane)));
    await killer;
    assert.equal(killing, false);
    assert.ok(doubted > 0, 'somebody was left without an answer');
    await settled();

    const rows = await sql<{ key: string; id: string; amount: number; number: string }>(
      school.database,
      'select p.client_key as key, p.id, p.amount_minor::int as amount, r.number from fees_payments p join fees_receipts r on r.payment_id = p.id',
    );
    assert.equal(rows.length, PAYMENTS, 'one payment with one receipt for each key');
    for (const { key, id, amount, number } of rows) assert.deepEqual([{ id, number }, amount], [log.get(key), amounts.get(key)]);
    const numbers = rows.map((row) => Number(row.number.slice(2))).sort((a, b) => a - b);
    assert.deepEqual(
      numbers,
      Array.from({ length: PAYMENTS }, (_, n) => n + 1),
      'no number is missing or twice',
    );
    const [cash] = await sql<{ minor: number }>(
      school.database,
      "select sum(l.amount_minor)::int as minor from finance_lines l join finance_accounts a on a.id = l.account_id where a.role = 'cash'",
    );
    assert.equal(
      cash!.minor,
      [...amounts.values()].reduce((sum, one) => sum + one, 0),
    );
    assert.deepEqual((await school.run(() => school.get(Checker).run())).differences, []);
  });

  const ask = (tenant: TenantProcess, key: string, student: string, amount: number): Promise<RawAnswer> =>
    raw(
      'POST',
      `http://127.0.0.1:${tenant.port}/api/v1/payments`,
      {
        host: new URL(school.url).host,
        authorization: `Bearer ${bearer}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      JSON.stringify({ student, amount_minor: amount, currency: 'KES', method: 'cash', received_on: today }),
      AbortSignal.timeout(10_000),
    );

  /** The test's own connections were cut with the database too. */
  async function settled(): Promise<void> {
    await until(
      async () => (await sql(school.database, 'select 1').catch(() => [])).length === 1,
      'The database did not come back',
      20_000,
    );
  }
});
