import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type pg from 'pg';
import { Receiving } from '../../../../src/modules/fees/receiving/receive.js';
import { TakingBack } from '../../../../src/modules/fees/reversals/reversals.js';
import { RECEIVING_SETTINGS } from '../../../../src/modules/fees/ports.js';
import { Checker } from '../../../../src/modules/finance/books/checker.js';
import { UNIT } from '../../../../src/platform/tokens.js';
import type { Browser } from '../../../support/browser.js';
import { sql } from '../../../support/database/sql.js';
import { newId } from '../../../../src/kernel/id.js';
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

const balance = (id: string) => school.run(() => school.get(Receiving).balanceOf({ kind: 'student', id }));
const differences = async (): Promise<string> =>
  (await school.run(() => school.get(Checker).run())).differences.map((one) => one.sentence).join(' | ');
const open = async (studentId: string): Promise<number> =>
  (
    await sql<{ n: number }>(
      school.database,
      'select count(*)::int as n from fees_allocations a join fees_receipts r on r.id = a.receipt_id where r.student_id = $1 and a.freed_at is null',
      [studentId],
    )
  )[0]!.n;
const desk = async (studentId: string, given: Record<string, string> = {}): Promise<string> => {
  const fields = { key: newId(), student: studentId, amount: '12,000', method: 'cash', receivedOn: TODAY, sure: '1', ...given };
  const { location } = await bursar.submit('/fees/cashier', fields, `/fees/cashier?student=${studentId}`);
  return /paid=([0-9a-f-]{36})/.exec(location!)![1]!;
};
const inbox = async (who: Browser): Promise<string> => {
  const { html } = await who.get('/approvals');
  return /href="(\/approvals\/[0-9a-f-]{36})"/.exec(html)![1]!;
};

describe('a receipt that was wrong', () => {
  it('is taken back by two: who asks does not decide; its own allocations are freed and no others', async () => {
    const [child] = await school.family(1);
    await school.bill(child!.id, { TUI: 2_000_000 });
    await school.pay(child!.id, 300_000);
    const id = await desk(child!.id);
    assert.equal((await (await school.as('teacher')).get(`/fees/payments/${id}/reversal`)).status, 403);
    assert.equal((await bursar.submit(`/fees/payments/${id}/reversal`, { reason: '' })).status, 422);
    assert.equal((await bursar.submit(`/fees/payments/${id}/reversal`, { reason: 'The wrong child' })).status, 303);
    assert.equal(await balance(child!.id), 500_000);
    const request = await inbox(owner);
    assert.equal((await owner.submit(`${request}/decision`, { decision: 'approve', note: '' }, request)).status, 303);
    assert.equal(await balance(child!.id), 1_700_000);
    assert.equal(await open(child!.id), 1);
    const paper = await bursar.get(`/fees/payments/${id}`);
    assert.match(paper.html, /Reversed/);
    assert.equal(await differences(), '');
  });

  it('of the same cashier, of today and small, is taken back alone where the school allows that', async () => {
    const [child] = await school.family(1);
    const settings = school.get(RECEIVING_SETTINGS);
    await school.run(() =>
      school.get(UNIT)(async () => void (await settings.save({ ...(await settings.read()), reversalLimitMinor: 1_200_000 }))),
    );
    const small = await desk(child!.id);
    const large = await desk(child!.id, { amount: '12,000.01' });
    const others = (await school.pay(child!.id, 100)).paymentId;
    for (const id of [small, large, others])
      assert.equal((await bursar.submit(`/fees/payments/${id}/reversal`, { reason: 'A mistake' })).status, 303);
    assert.equal(await balance(child!.id), -1_200_101);
  });

  it('is taken back once, also by two at the same moment', async () => {
    const [child] = await school.family(1);
    const { paymentId } = await school.pay(child!.id, 5_000, {
      method: 'cheque',
      references: [{ scheme: 'cheque', issuer: 'KCB', value: '77' }],
    });
    const tries = await Promise.allSettled(
      [1, 2, 3].map(() => school.run(() => school.get(TakingBack).bounce(school.office, paymentId, 'No cover'))),
    );
    assert.equal(tries.filter((one) => one.status === 'fulfilled').length, 1);
    assert.equal(await balance(child!.id), 0);
  });

  it('frees its number for the right one', async () => {
    const [child] = await school.family(1);
    const cheque = { method: 'cheque', references: [{ scheme: 'cheque', issuer: 'KCB', value: '78' }] } as const;
    const { paymentId } = await school.pay(child!.id, 5_000, cheque);
    await assert.rejects(school.pay(child!.id, 6_000, cheque), { code: 'reference_known' });
    await school.run(() => school.get(TakingBack).bounce(school.office, paymentId, 'Paid back'));
    await school.pay(child!.id, 6_000, cheque);
    assert.equal(await differences(), '');
  });

  it('in cash does not bounce', async () => {
    const [child] = await school.family(1);
    const { paymentId } = await school.pay(child!.id, 5_000);
    await assert.rejects(
      school.run(() => school.get(TakingBack).bounce(school.office, paymentId, 'x')),
      { code: 'no-cheque' },
    );
  });
});

describe('the check', () => {
  before(async () => {
    const [child] = await school.family(1);
    await school.bill(child!.id, { TUI: 1_000 });
    await school.pay(child!.id, 1_500, { method: 'bank', references: [{ scheme: 'bank-slip', issuer: 'KCB', value: 'A1' }] });
    assert.equal(await differences(), '');
  });

  const NEWEST = "(select id from fees_payments where state = 'posted' order by created_at desc limit 1)";
  for (const [what, breakIt, mendIt, expected] of [
    [
      'a payment that says another sum than its entry',
      `update fees_payments set amount_minor = amount_minor + 1 where id = ${NEWEST}`,
      `update fees_payments set amount_minor = amount_minor - 1 where id = ${NEWEST}`,
      /payment doesn’t agree/,
    ],
    [
      'a receipt that says another sum than its payment',
      `update fees_receipts set amount_minor = amount_minor + 1 where payment_id = ${NEWEST}`,
      `update fees_receipts set amount_minor = amount_minor - 1 where payment_id = ${NEWEST}`,
      /payment doesn’t agree/,
    ],
    [
      'a receipt that covers more than was paid',
      `update fees_allocations set amount_minor = 9000 where receipt_id in (select id from fees_receipts where payment_id = ${NEWEST})`,
      `update fees_allocations set amount_minor = 1000 where receipt_id in (select id from fees_receipts where payment_id = ${NEWEST})`,
      /covers more than was paid/,
    ],
    [
      'a vote head on which has more paid than was charged',
      `update fees_allocations set amount_minor = 1001 where receipt_id in (select id from fees_receipts where payment_id = ${NEWEST})`,
      `update fees_allocations set amount_minor = 1000 where receipt_id in (select id from fees_receipts where payment_id = ${NEWEST})`,
      /has more paid than was charged/,
    ],
    [
      'a number that is on two payments',
      "drop index fees_payment_references_live; insert into fees_payment_references (school_id, id, payment_id, scheme, issuer, value) select school_id, gen_random_uuid(), payment_id, scheme, issuer, value from fees_payment_references where value = 'A1'",
      "delete from fees_payment_references where ctid in (select max(ctid) from fees_payment_references where value = 'A1'); create unique index fees_payment_references_live on fees_payment_references (school_id, scheme, issuer, value) where freed_at is null",
      /is on two payments/,
    ],
    [
      'a number that is missing',
      "update fees_series set last = last + 1 where key = 'receipt'",
      "update fees_series set last = last - 1 where key = 'receipt'",
      /one is missing/,
    ],
  ] as const) {
    it(`names ${what}`, async () => {
      const past = async (text: string): Promise<void> => {
        await superuser.query('begin');
        await superuser.query("set local session_replication_role = 'replica'");
        await superuser.query(text);
        await superuser.query('commit');
      };
      await past(breakIt);
      assert.match(await differences(), expected);
      await past(mendIt);
      assert.equal(await differences(), '');
    });
  }
});
