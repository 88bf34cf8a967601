import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Moving } from '../../../../src/modules/fees/reversals/moving.js';
import { PAYMENT_LIST } from '../../../../src/modules/fees/ports.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { aStudent } from '../../../support/build.js';
import type { Browser } from '../../../support/browser.js';
import { withFees, type SchoolWithFees } from '../support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const EVERYTHING = {
  text: null,
  method: null,
  state: null,
  byUserId: null,
  from: null,
  to: null,
  studentId: null,
  sponsorId: null,
  textStudentIds: [],
};

describe('the list of payments', () => {
  let school: SchoolWithFees;
  let bursar: Browser;
  let kids: Student[];
  let ids: string[];
  const lines = () => school.run(() => school.get(PAYMENT_LIST).list(EVERYTHING, null, 50));
  const paid = (students: readonly Student[], given: Parameters<SchoolWithFees['pay']>[2] = {}) =>
    school.pay(students[0]!.id, students.length * 100_00, {
      shares: students.map((one) => ({ studentId: one.id, amountMinor: 100_00 })),
      ...given,
    });
  const rowOf = async (paymentId: string): Promise<string> =>
    text((await bursar.get('/fees/payments')).html.split('<tr').find((row) => row.includes(paymentId))!);
  before(async () => {
    school = await withFees();
    bursar = await school.as('bursar');
    kids = [];
    for (let n = 0; n < 14; n += 1) kids.push(await aStudent(school));
    ids = [(await paid(kids)).paymentId, (await paid(kids.slice(0, 3))).paymentId];
  });
  after(() => school.stop());

  it('brings the first few receipts of each payment and how many there are, however many children share it', async () => {
    const { rows } = await lines();
    assert.deepEqual(
      rows.map((row) => [row.id, row.receipts.length, row.receiptCount]),
      [
        [ids[1], 3, 3],
        [ids[0], 10, 14],
      ],
    );
    assert.deepEqual([rows[1]!.receipts[0]!.number, rows[1]!.lastNumber], ['R-000001', 'R-000014']);
  });

  it('names three children, of more the first two and how many more there are', async () => {
    const names = (some: readonly Student[]): string => some.map((one) => `${one.surname} ${one.firstName}`).join(', ');
    assert.ok((await rowOf(ids[1]!)).includes(names(kids.slice(0, 3))));
    const many = await rowOf(ids[0]!);
    assert.ok(many.includes(`${names(kids.slice(0, 2))} and 12 more`), many);
    assert.match(many, /R-000001 – R-000014 \(14\)/);
  });

  it('as a sheet names ten and counts the others', async () => {
    const csv = (await bursar.get('/fees/payments?format=csv')).html.split('\n');
    assert.match(csv[1]!, /R-000015, R-000016, R-000017/);
    assert.match(csv[2]!, /R-000001 – R-000014 \(14\).* \+4/);
    assert.match(csv[2]!, new RegExp(`${kids[9]!.surname}[^+]* \\+4`));
    assert.doesNotMatch(csv[2]!, /R-000010/);
  });

  it('counts a slip that waits by whom it was shown for, without numbers', async () => {
    const { paymentId } = await paid(kids.slice(0, 12), {
      method: 'mobile',
      provisional: true,
      references: [{ scheme: 'mpesa', issuer: '', value: 'SKL4T7QX2M' }],
    });
    const row = (await lines()).rows.find((one) => one.id === paymentId)!;
    assert.deepEqual([row.receiptCount, row.receipts.length, row.receipts[0]!.number, row.lastNumber], [12, 10, null, null]);
    assert.match(await rowOf(paymentId), /and 10 more/);
    assert.doesNotMatch(await rowOf(paymentId), /R-|undefined|null/);
  });

  it('counts a receipt that was moved to another child once, and names that child', async () => {
    const { receipts, paymentId } = await paid(kids.slice(0, 4), { method: 'bank' });
    const [wrong] = receipts;
    await school.run(() =>
      school.get(Moving).kind.approve(school.office, {
        subject: { kind: 'fee-receipt', id: wrong!.id },
        reason: 'Wrong child',
        payload: { toStudentId: kids[12]!.id },
      } as never),
    );
    const row = (await lines()).rows.find((one) => one.id === paymentId)!;
    assert.deepEqual([row.receiptCount, row.receipts.length], [4, 4]);
    assert.ok(
      row.receipts.every((one) => one.studentId !== wrong!.studentId) &&
        row.receipts.some((one) => one.studentId === kids[12]!.id),
    );
    assert.equal(row.receipts.at(-1)!.number, row.lastNumber);
  });

  it('gives programs all receipts of each', async () => {
    const whole = await school.run(() => school.get(PAYMENT_LIST).listWhole(EVERYTHING, null, 50));
    assert.equal(whole.rows.find((row) => row.id === ids[0])!.receipts.length, 14);
  });
});
