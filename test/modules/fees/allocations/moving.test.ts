import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type pg from 'pg';
import { newId } from '../../../../src/kernel/id.js';
import { Moving } from '../../../../src/modules/fees/reversals/moving.js';
import { Receiving } from '../../../../src/modules/fees/receiving/receive.js';
import { TakingBack } from '../../../../src/modules/fees/reversals/reversals.js';
import { COLLECTION_STORE, RECEIVING_SETTINGS } from '../../../../src/modules/fees/ports.js';
import { Checker } from '../../../../src/modules/finance/books/checker.js';
import { UNIT } from '../../../../src/platform/tokens.js';
import type { Browser } from '../../../support/browser.js';
import { textOfPdf } from '../../../support/reading/pdf.js';
import { sql } from '../../../support/database/sql.js';
import { TODAY, withFees, type SchoolWithFees } from '../support.js';

let school: SchoolWithFees;
let superuser: pg.Client;
let bursar: Browser;
let owner: Browser;
before(async () => {
  school = await withFees();
  superuser = await school.database.admin();
  bursar = await school.as('bursar');
  owner = await school.as('owner');
});
after(async () => {
  await superuser?.end();
  await school?.stop();
});

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const balance = (id: string) => school.run(() => school.get(Receiving).balanceOf({ kind: 'student', id }));
const differences = async (): Promise<string> =>
  (await school.run(() => school.get(Checker).run())).differences.map((one) => one.sentence).join(' | ');
const cash = async (): Promise<string> =>
  (
    await sql<{ sum: string }>(
      school.database,
      'select coalesce(sum(amount_minor), 0)::text as sum from finance_lines where account_id = $1',
      [school.account('cash')],
    )
  )[0]!.sum;
const receiptsOf = (payment: string) =>
  sql<{
    id: string;
    number: string;
    student: string;
    state: string;
    minor: number;
    replaces: string | null;
    entry: string | null;
  }>(
    school.database,
    'select r.id, r.number, r.student_id as student, r.state, r.amount_minor::int as minor, r.replaces_id as replaces, r.entry_id as entry from fees_receipts r where r.payment_id = $1 order by r.number',
    [payment],
  );
const settled = async (student: string) =>
  (
    await sql<{ n: number }>(
      school.database,
      'select coalesce(sum(a.amount_minor), 0)::int as n from fees_allocations a join fees_invoices i on i.id = a.invoice_id where i.student_id = $1 and a.freed_at is null',
      [student],
    )
  )[0]!.n;
const move = (who: Browser, receipt: string, to: string, reason = 'Issued to the brother') =>
  who.submit(`/fees/receipts/${receipt}/move`, { to, reason }, `/fees/receipts/${receipt}/move?to=${to}`);
const carryOut = (receipt: string, to: string) =>
  school.run(() =>
    school.get(Moving).kind.approve(school.office, {
      subject: { kind: 'fee-receipt', id: receipt },
      reason: 'Wrong child',
      payload: { toStudentId: to },
    } as never),
  );
async function approve(subject: string): Promise<void> {
  const [request] = await sql<{ id: string }>(
    school.database,
    "select id from approvals_requests where subject_id = $1 and state = 'asked'",
    [subject],
  );
  const path = `/approvals/${request!.id}`;
  assert.equal((await owner.submit(`${path}/decision`, { decision: 'approve', note: '' }, path)).status, 303);
}

describe('a receipt for the wrong child', () => {
  it('is moved by two: the payment stays, each child’s bill is as if it had been right, and the money is where it was', async () => {
    const [wrong, right, other] = await school.family(3);
    await school.bill(wrong!.id, { TUI: 100_000 });
    await school.bill(right!.id, { TUI: 40_000, BRD: 60_000 });
    const reference = { scheme: 'bank-slip', issuer: 'KCB', value: 'M1' };
    const { paymentId } = await school.pay(wrong!.id, 70_000, {
      references: [reference],
      receivedOn: '2026-11-20',
      amountMinor: 90_000,
      shares: [
        { studentId: wrong!.id, amountMinor: 70_000 },
        { studentId: other!.id, amountMinor: 20_000 },
      ],
    });
    const [first] = await receiptsOf(paymentId);
    const before = await cash();
    assert.equal((await (await school.as('teacher')).get(`/fees/receipts/${first!.id}/move`)).status, 403);
    const page = text((await bursar.get(`/fees/receipts/${first!.id}/move`)).html);
    assert.ok(page.includes(right!.admissionNo), 'brothers and sisters are offered');
    assert.ok(
      (await bursar.get(`/fees/receipts/${first!.id}/move?q=${encodeURIComponent(right!.admissionNo)}`)).html.includes(right!.id),
    );
    assert.equal((await move(bursar, first!.id, wrong!.id)).status, 422, 'to the same child');
    assert.equal((await move(bursar, first!.id, right!.id, '')).status, 422);
    assert.equal((await move(bursar, first!.id, right!.id)).status, 303);
    assert.equal(await balance(wrong!.id), 30_000, 'asked, not done');
    await approve(first!.id);

    const receipts = await receiptsOf(paymentId);
    const moved = receipts.find((one) => one.replaces === first!.id)!;
    assert.deepEqual(
      [moved.student, moved.state, moved.minor, receipts.find((one) => one.id === first!.id)!.state],
      [right!.id, 'issued', 70_000, 'reversed'],
    );
    assert.deepEqual([await balance(wrong!.id), await balance(right!.id), await balance(other!.id)], [100_000, 30_000, -20_000]);
    assert.deepEqual([await settled(wrong!.id), await settled(right!.id)], [0, 70_000]);
    assert.equal(await cash(), before);
    const [entry] = await sql<{ value_on: string; minor: number }>(
      school.database,
      'select e.value_on::text, (select sum(l.amount_minor)::int from finance_lines l where l.entry_id = e.id) as minor from finance_entries e where e.id = $1',
      [moved.entry],
    );
    assert.deepEqual([entry!.value_on, entry!.minor], ['2026-11-20', 0]);
    assert.equal(
      (await school.run(() => school.get(Receiving).paymentOf(reference)))!.paymentId,
      paymentId,
      'its number stays on it',
    );
    assert.equal(await differences(), '');

    assert.match(
      text((await owner.get(`/fees/students/${wrong!.id}`)).html),
      new RegExp(`Receipt ${first!.number} moved to receipt ${moved.number}`),
    );
    assert.match(
      text((await owner.get(`/fees/students/${right!.id}`)).html),
      new RegExp(`Receipt ${moved.number}, moved from receipt ${first!.number}`),
    );
    assert.match(
      textOfPdf((await owner.get(`/fees/students/${right!.id}/statement.pdf`)).body).replace(/\s+/g, ' '),
      new RegExp(`Receipt ${moved.number}, moved from receipt .*${first!.number}`),
    );
    assert.match(
      text((await owner.get(`/fees/payments/${paymentId}`)).html),
      new RegExp(`moved to ${moved.number}.*in place of ${first!.number}|in place of ${first!.number}.*moved to ${moved.number}`),
    );
    const collected = await school.run(() =>
      school.get(COLLECTION_STORE).cross({ from: '2026-11-20', to: '2026-11-20' }, 'head', 'method'),
    );
    const expected = { [school.head.TUI]: 40_000, [school.head.BRD]: 30_000, credit: 20_000 };
    assert.deepEqual(
      Object.fromEntries(collected.map((one) => [one.row ?? 'credit', one.minor])),
      expected,
      'collections know it under the right vote heads',
    );
  });

  it('is moved once, however often it is sent; and again, back to the first', async () => {
    const [wrong, right] = await school.family(2);
    const { receipts, paymentId } = await school.pay(wrong!.id, 5_000);
    const tries = await Promise.allSettled([1, 2, 3, 4].map(() => carryOut(receipts[0]!.id, right!.id)));
    assert.equal(tries.filter((one) => one.status === 'fulfilled').length, 1);
    assert.deepEqual([await balance(wrong!.id), await balance(right!.id)], [0, -5_000]);
    const moved = (await receiptsOf(paymentId)).find((one) => one.state === 'issued')!;
    await carryOut(moved.id, wrong!.id);
    assert.deepEqual([await balance(wrong!.id), await balance(right!.id)], [-5_000, 0]);
    assert.match(
      text((await owner.get(`/fees/students/${wrong!.id}`)).html),
      new RegExp(`Receipt ${receipts[0]!.number} .*moved from receipt ${moved.number}`),
    );
    assert.equal(await differences(), '');
  });

  it('small and of one’s own is moved alone where the school allows that, and not beyond', async () => {
    const [wrong, right] = await school.family(2);
    await school.run(() =>
      school.get(UNIT)(
        async () =>
          void (await school
            .get(RECEIVING_SETTINGS)
            .save({ ...(await school.get(RECEIVING_SETTINGS).read()), reversalLimitMinor: 100_000 })),
      ),
    );
    const desk = async (amount: string): Promise<string> => {
      const { location } = await bursar.submit(
        '/fees/cashier',
        { key: newId(), student: wrong!.id, amount, method: 'cash', receivedOn: TODAY, sure: '1' },
        `/fees/cashier?student=${wrong!.id}`,
      );
      return (await receiptsOf(/paid=([0-9a-f-]{36})/.exec(location!)![1]!))[0]!.id;
    };
    const [small, large] = [await desk('1,000'), await desk('1,000.01')];
    const form = await bursar.get(`/fees/receipts/${small}/move?to=${right!.id}`);
    const once = /name="_once" value="([^"]+)"/.exec(form.html)![1]!;
    for (let sending = 0; sending < 2; sending++)
      assert.equal(
        (
          await bursar.submit(
            `/fees/receipts/${small}/move`,
            { to: right!.id, reason: 'Wrong', _once: once },
            '/fees/till/opening',
          )
        ).status,
        303,
      );
    assert.equal((await move(bursar, large, right!.id)).status, 303);
    assert.deepEqual([await balance(wrong!.id), await balance(right!.id)], [-100_001, -100_000]);
  });

  it('that was moved is taken back with its payment: nobody owes or has anything of it', async () => {
    const [wrong, right, third] = await school.family(3);
    const { receipts, paymentId } = await school.pay(wrong!.id, 5_000, {
      method: 'cheque',
      references: [{ scheme: 'cheque', issuer: 'KCB', value: '501' }],
    });
    await carryOut(receipts[0]!.id, right!.id);
    await carryOut((await receiptsOf(paymentId)).find((one) => one.state === 'issued')!.id, third!.id);
    await school.run(() => school.get(TakingBack).bounce(school.office, paymentId, 'No cover'));
    assert.deepEqual([await balance(wrong!.id), await balance(right!.id), await balance(third!.id)], [0, 0, 0]);
    await assert.rejects(carryOut((await receiptsOf(paymentId)).at(-1)!.id, wrong!.id), { code: 'conflict' });
    assert.equal(await differences(), '');
  });

  it('and the reversal of its payment at the same moment: one after the other, and the sums hold', async () => {
    for (let round = 0; round < 8; round++) {
      const [wrong, right] = await school.family(2);
      const { receipts, paymentId } = await school.pay(wrong!.id, 5_000, {
        method: 'cheque',
        references: [{ scheme: 'cheque', issuer: 'EQ', value: `60${round}` }],
      });
      const [, back] = await Promise.allSettled([
        carryOut(receipts[0]!.id, right!.id),
        school.run(() => school.get(TakingBack).bounce(school.office, paymentId, 'No cover')),
      ]);
      assert.equal(back!.status, 'fulfilled');
      assert.deepEqual([await balance(wrong!.id), await balance(right!.id)], [0, 0]);
    }
    assert.equal(await differences(), '');
  });
});

describe('the check of moves', () => {
  it('names a receipt that stands in for another and says something else', async () => {
    const [wrong, right] = await school.family(2);
    const { receipts, paymentId } = await school.pay(wrong!.id, 5_000);
    await carryOut(receipts[0]!.id, right!.id);
    assert.equal(await differences(), '');
    const past = async (statement: string): Promise<void> => {
      await superuser.query('begin');
      await superuser.query("set local session_replication_role = 'replica'");
      await superuser.query(statement, [paymentId]);
      await superuser.query('commit');
    };
    const moved = 'payment_id = $1 and replaces_id is not null';
    for (const [breakIt, mendIt] of [
      [
        `update fees_receipts set amount_minor = amount_minor - 1 where ${moved}`,
        `update fees_receipts set amount_minor = amount_minor + 1 where ${moved}`,
      ],
      [
        "update fees_receipts set state = 'issued' where payment_id = $1 and replaces_id is null",
        "update fees_receipts set state = 'reversed' where payment_id = $1 and replaces_id is null",
      ],
      [
        `update finance_lines set amount_minor = amount_minor + 1 where entry_id = (select entry_id from fees_receipts where ${moved}) and amount_minor > 0`,
        `update finance_lines set amount_minor = amount_minor - 1 where entry_id = (select entry_id from fees_receipts where ${moved}) and amount_minor > 0`,
      ],
    ] as const) {
      await past(breakIt);
      assert.match(await differences(), /moved to another student, doesn’t agree/);
      await past(mendIt);
      assert.equal(await differences(), '');
    }
  });
});
