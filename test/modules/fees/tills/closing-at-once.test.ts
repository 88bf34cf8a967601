import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { newId } from '../../../../src/kernel/id.js';
import { Charges } from '../../../../src/modules/fees/billing/charges.js';
import { Receiving } from '../../../../src/modules/fees/receiving/receive.js';
import { TakingBack } from '../../../../src/modules/fees/reversals/reversals.js';
import { Checker } from '../../../../src/modules/finance/books/checker.js';
import { IDENTITY } from '../../../../src/modules/identity/index.js';
import type { Student } from '../../../../src/modules/students/index.js';
import type { Browser } from '../../../support/browser.js';
import { sql } from '../../../support/database/sql.js';
import { until } from '../../../support/waiting.js';
import { payment, withFees, type SchoolWithFees } from '../support.js';

const PASSWORD = 'correct-horse-battery-staple-7';
const MONTHS = 4;
const CLOSED = /This month is closed\. Choose a day after it/;

/** One try to change the books: what came of it. */
interface Outcome {
  what: string;
  status: number;
  sentence: string;
}

describe('a month that is closed while money comes in that is dated into it', () => {
  let school: SchoolWithFees;
  let children: Student[];
  let bursar: Browser;
  let cashier: Browser;
  let api: (body: object) => Promise<Outcome>;
  before(async () => {
    school = await withFees({ startsOn: '2025-01-01' });
    children = await school.family(4);
    for (const child of children)
      await school.run(() =>
        school.get(Charges).charge(school.office, {
          studentId: child.id,
          head: 'TUI',
          amountMinor: 50_000_000,
          description: 'Fees',
          sourceKey: newId(),
        }),
      );
    bursar = await school.as('bursar');
    cashier = await school.as('bursar');
    await school.run(() =>
      school.get(IDENTITY).createAccount({
        name: 'Till program',
        email: 'till@school.test',
        roles: ['bursar'],
        by: { password: PASSWORD },
        actor: school.office,
      }),
    );
    const program = school.stranger();
    const token = await program.token('till@school.test', PASSWORD);
    api = async (body) => {
      const { status, html } = await program.json('POST', '/api/v1/payments', body, {
        authorization: `Bearer ${token}`,
        'idempotency-key': newId(),
      });
      return { what: 'api', status, sentence: html };
    };
  });
  after(() => school?.stop());

  /** What a use case says when it is called: the status that its error has on a page. */
  const tried = async (what: string, work: () => Promise<unknown>): Promise<Outcome> => {
    try {
      await school.run(work);
      return { what, status: 200, sentence: '' };
    } catch (error) {
      const { status, message } = error as { status?: number; message: string };
      return { what, status: status ?? 500, sentence: message };
    }
  };
  const ways: Record<string, (child: Student, on: string) => Promise<Outcome>> = {
    api: (child, on) =>
      api({
        student: child.id,
        amount_minor: 10_000,
        currency: 'KES',
        method: 'bank',
        reference: newId().slice(-12),
        issuer: 'KCB',
        received_on: on,
      }),
    desk: async (child, on) => {
      const { status, html } = await cashier.submit(
        '/fees/cashier',
        {
          key: newId(),
          student: child.id,
          amount: '100',
          method: 'bank',
          reference: newId().slice(-12),
          bank: 'KCB',
          receivedOn: on,
        },
        `/fees/cashier?student=${child.id}`,
      );
      return { what: 'desk', status, sentence: html };
    },
    rail: (child, on) =>
      tried('rail', () =>
        school.get(Receiving).receive(
          school.office,
          payment(child.id, 10_000, {
            method: 'mobile',
            receivedOn: on,
            by: 'rail',
            references: [{ scheme: 'mpesa', issuer: '', value: newId().slice(-10) }],
          }),
        ),
      ),
    voucher: async (_child, on) => {
      const fields = {
        key: newId(),
        valueOn: on,
        memo: 'Firewood',
        'lines.0.accountId': school.account('5200'),
        'lines.0.debit': '10',
        'lines.1.accountId': school.account('stores'),
        'lines.1.credit': '10',
      };
      const { status, html } = await cashier.submit('/finance/journal', fields, '/finance/journal/new');
      return { what: 'voucher', status, sentence: html };
    },
    // Taken back at once: two entries, and what it had settled is settled again.
    back: (child, on) =>
      tried('back', async () => {
        const { paymentId } = await school.get(Receiving).receive(school.office, payment(child.id, 5_000, { receivedOn: on }));
        await school.get(TakingBack).kind.approve(school.office, {
          subject: { kind: 'fee-payment', id: paymentId },
          reason: 'The wrong child',
          payload: {},
        } as never);
      }),
  };
  const close = async (month: string): Promise<Outcome> => {
    const { status, html } = await bursar.submit(`/finance/months/${month}/closing`, { reason: '' });
    return { what: 'closing', status, sentence: html };
  };
  const closedThrough = async (): Promise<string | null> =>
    (await sql<{ day: string | null }>(school.database, 'select closed_through::text as day from finance_books'))[0]!.day;
  const monthAfter = (day: string | null): string =>
    new Date(Date.parse(day ?? '2024-12-31') + 86_400_000).toISOString().slice(0, 7);
  /** How many wait for the lock that postings share and closings take alone. */
  const waiting = async (): Promise<number> =>
    (
      await sql<{ n: number }>(
        school.database,
        "select count(*)::int as n from pg_locks where locktype = 'advisory' and classid = 4720 and objid = 1 and not granted and database = (select oid from pg_database where datname = current_database())",
      )
    )[0]!.n;

  for (const way of Object.keys(ways)) {
    it(`${way}: what was begun before the month was closed, and comes to the books after it`, async () => {
      const month = monthAfter(await closedThrough());
      const admin = await school.database.admin();
      await admin.query('select pg_advisory_lock_shared(4720, 1)');
      const closing = close(month);
      await until(async () => (await waiting()) === 1, 'The closing did not wait');
      const coming = [0, 1].map((n) => ways[way]!(children[n]!, `${month}-20`));
      await until(async () => (await waiting()) === 3, 'Nothing waited behind the closing');
      await admin.query('select pg_advisory_unlock_shared(4720, 1)');
      await admin.end();
      const outcomes = await Promise.all(coming);
      assert.equal((await closing).status, 303);
      for (const one of outcomes) {
        if (way === 'rail')
          assert.deepEqual([one.status, one.sentence], [200, ''], 'money that has moved is booked on the first open day');
        else
          assert.deepEqual([one.status, CLOSED.test(one.sentence)], [422, true], `${one.status} ${one.sentence.slice(0, 300)}`);
      }
    });
  }

  it('under payments without a pause: every month closes or says why not, each payment is booked or refused with the sentence, and nothing is lost', async () => {
    const payments = async (): Promise<number> =>
      (await sql<{ n: number }>(school.database, "select count(*)::int as n from fees_payments where method <> 'cash'"))[0]!.n;
    const [already, first] = [await payments(), monthAfter(await closedThrough())];
    const outcomes: Outcome[] = [];
    let over = false;
    const writing = Object.keys(ways).map(async (way, n) => {
      for (let turn = 0; !over; turn++)
        outcomes.push(await ways[way]!(children[(n + turn) % children.length]!, `${monthAfter(await closedThrough())}-20`));
    });
    for (let closings = 0, turn = 0; closings < MONTHS && turn < 40; turn++) {
      const [one, other] = await Promise.all([closedThrough(), pause(100)]).then(async ([day]) =>
        Promise.all([close(monthAfter(day)), close(monthAfter(day))]),
      );
      outcomes.push(one, other);
      closings += [one, other].filter(({ status }) => status === 303).length;
    }
    over = true;
    await Promise.all(writing);
    for (const { what, status, sentence } of outcomes.filter((one) => ![200, 201, 303].includes(one.status))) {
      assert.ok([409, 422].includes(status), `${what} ${status} ${sentence.slice(0, 300)}`);
      assert.match(sentence, what === 'closing' ? /Months are closed in order|closed a month meanwhile/ : CLOSED);
    }
    assert.deepEqual((await school.run(() => school.get(Checker).run())).differences, []);
    assert.equal(new Date(`${await closedThrough()}T00:00:00Z`).getUTCMonth(), (Number(first.slice(5, 7)) - 1 + MONTHS - 1) % 12);
    const taken = outcomes.filter(
      ({ what, status }) => ['api', 'desk', 'rail'].includes(what) && [200, 201, 303].includes(status),
    ).length;
    assert.ok(taken > MONTHS, String(taken));
    assert.equal((await payments()) - already, taken, 'what was acknowledged is booked, and nothing else');
    assert.ok(
      outcomes.every(({ what, status }) => what !== 'rail' || status === 200),
      'money that has moved is never refused',
    );
  });
});
