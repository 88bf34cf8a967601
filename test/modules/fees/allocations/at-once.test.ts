import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../../src/kernel/id.js';
import { Charges } from '../../../../src/modules/fees/billing/charges.js';
import { Receiving } from '../../../../src/modules/fees/receiving/receive.js';
import { TakingBack } from '../../../../src/modules/fees/reversals/reversals.js';
import { Checker } from '../../../../src/modules/finance/books/checker.js';
import { sql } from '../../../support/database/sql.js';
import { withFees, type SchoolWithFees } from '../support.js';

const ROUNDS = 12;

let school: SchoolWithFees;
before(async () => {
  school = await withFees();
});
after(() => school?.stop());

const balance = (id: string) => school.run(() => school.get(Receiving).balanceOf({ kind: 'student', id }));
const differences = async (): Promise<string> =>
  (await school.run(() => school.get(Checker).run())).differences.map((one) => one.sentence).join(' | ');
const charge = (studentId: string, amountMinor: number) =>
  school.run(() =>
    school.get(Charges).charge(school.office, { studentId, head: 'TUI', amountMinor, description: 'Trip', sourceKey: newId() }),
  );
const reverse = (paymentId: string) =>
  school.run(() =>
    school.get(TakingBack).kind.approve(school.office, {
      subject: { kind: 'fee-payment', id: paymentId },
      reason: 'The wrong child',
      payload: {},
    } as never),
  );
/** What live allocations settle of a student's bills, by the state of the receipt that they come from. */
const settled = async (studentId: string): Promise<{ issued: number; reversed: number }> => {
  const rows = await sql<{ state: 'issued' | 'reversed'; n: number }>(
    school.database,
    'select r.state, sum(a.amount_minor)::int as n from fees_allocations a join fees_receipts r on r.id = a.receipt_id where r.student_id = $1 and a.freed_at is null group by r.state',
    [studentId],
  );
  return { issued: 0, reversed: 0, ...Object.fromEntries(rows.map((row) => [row.state, row.n])) };
};

describe('D8: a receipt that is taken back at the moment at which', () => {
  it('a bill uses its credit: the bill stands open, whoever was first', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const [child] = await school.family(1);
      const { paymentId } = await school.pay(child!.id, 50_000);
      await Promise.all([reverse(paymentId), charge(child!.id, 40_000)]);
      assert.equal(await balance(child!.id), 40_000);
      assert.deepEqual(await settled(child!.id), { issued: 0, reversed: 0 });
    }
    assert.equal(await differences(), '');
  });

  it('another payment comes: nothing is settled twice, and all of the other settles the bill', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const [child] = await school.family(1);
      await charge(child!.id, 50_000);
      const { paymentId } = await school.pay(child!.id, 30_000);
      await Promise.all([reverse(paymentId), school.pay(child!.id, 40_000)]);
      assert.equal(await balance(child!.id), 10_000);
      assert.deepEqual(await settled(child!.id), { issued: 40_000, reversed: 0 });
    }
    assert.equal(await differences(), '');
  });

  it('somebody else takes it back too, and a third lowers the bill: it happens once, the others hear of it', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const [child] = await school.family(1);
      const { invoiceId } = await charge(child!.id, 50_000);
      const { paymentId } = await school.pay(child!.id, 50_000);
      const note = () =>
        school.run(() =>
          school
            .get(Charges)
            .note(school.office, invoiceId, 'credit-note', 'Too much', [{ headId: school.head.TUI, amountMinor: 20_000 }]),
        );
      const [one, other, lowered] = await Promise.allSettled([reverse(paymentId), reverse(paymentId), note()]);
      assert.equal([one, other].filter((each) => each!.status === 'fulfilled').length, 1);
      const lost = [one, other].find((each) => each!.status === 'rejected') as PromiseRejectedResult;
      assert.equal((lost.reason as { status?: number }).status, 409, String(lost.reason));
      assert.equal(lowered!.status, 'fulfilled');
      assert.equal(await balance(child!.id), 30_000);
      assert.deepEqual(await settled(child!.id), { issued: 0, reversed: 0 });
    }
    assert.equal(await differences(), '');
  });
});
