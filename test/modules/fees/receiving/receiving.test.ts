import assert from 'node:assert/strict';
import { Charges } from '../../../../src/modules/fees/billing/charges.js';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../../src/kernel/id.js';
import { Allocations } from '../../../../src/modules/fees/allocations/allocate.js';
import { Receiving } from '../../../../src/modules/fees/receiving/receive.js';
import { Checker } from '../../../../src/modules/finance/books/checker.js';
import { UNIT } from '../../../../src/platform/tokens.js';
import { sql } from '../../../support/database/sql.js';
import { DATABASE_TIMES_OUT } from '../../../support/moved-clock.js';
import { payment, TODAY, withFees, type SchoolWithFees } from '../support.js';

let school: SchoolWithFees;
before(async () => {
  school = await withFees();
});
after(() => school?.stop());

const ask = <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
  sql<Row & Record<string, unknown>>(school.database, text, values);
const balance = (id: string) => school.run(() => school.get(Receiving).balanceOf({ kind: 'student', id }));
const mpesa = (value: string) => ({ scheme: 'mpesa', issuer: '', value });
const settled = async (studentId: string): Promise<Record<string, number>> =>
  Object.fromEntries(
    (
      await ask<{ code: string; minor: number }>(
        `select h.code, sum(a.amount_minor)::int as minor from fees_allocations a join fees_vote_heads h on h.id = a.head_id join fees_receipts r on r.id = a.receipt_id
      where r.student_id = $1 and a.freed_at is null group by h.code, h.priority order by h.priority`,
        [studentId],
      )
    ).map((row) => [row.code, row.minor]),
  );
const lines = (paymentId: string) =>
  ask<{ role: string; amount: number; head: string | null; student: string | null }>(
    `select a.role, l.amount_minor::int as amount, h.code as head, l.student_id as student from finance_lines l join finance_accounts a on a.id = l.account_id
      left join fees_vote_heads h on h.id = l.vote_head_id join fees_payments p on p.entry_id = l.entry_id where p.id = $1 order by l.n`,
    [paymentId],
  );

describe('a payment', () => {
  it('settles the oldest first, credits each head in the books, and says what is left', async () => {
    const [child] = await school.family(1);
    await school.bill(child!.id, { TUI: 720_000, BRD: 875_000 });
    await school.bill(child!.id, { LUN: 40_000 }, { kind: 'opening' });
    const { paymentId, receipts, state, again } = await school.pay(child!.id, 1_200_000);
    assert.deepEqual([state, again, receipts.length, receipts[0]!.balanceAfterMinor], ['posted', false, 1, 435_000]);
    assert.equal(await balance(child!.id), 435_000);
    assert.deepEqual(await settled(child!.id), { TUI: 720_000, BRD: 440_000, LUN: 40_000 });
    assert.deepEqual(await lines(paymentId), [
      { role: 'cash', amount: 1_200_000, head: null, student: null },
      { role: 'receivable', amount: -40_000, head: 'LUN', student: child!.id },
      { role: 'receivable', amount: -720_000, head: 'TUI', student: child!.id },
      { role: 'receivable', amount: -440_000, head: 'BRD', student: child!.id },
    ]);
    const audited = await ask('select 1 from audit_entries where entity_id = $1', [paymentId]);
    const told = await ask("select 1 from platform_outbox where name = 'fees.payment-received' and payload->>'paymentId' = $1", [
      paymentId,
    ]);
    assert.deepEqual([audited.length, told.length], [1, 1]);
  });

  it('beyond what is owed is the child’s credit, which the next bill uses', async () => {
    const [child] = await school.family(1);
    const { paymentId } = await school.pay(child!.id, 50_000);
    assert.equal(await balance(child!.id), -50_000);
    assert.deepEqual((await lines(paymentId)).at(-1), { role: 'receivable', amount: -50_000, head: null, student: child!.id });
    const invoice = await school.bill(child!.id, { TUI: 30_000, BRD: 30_000 });
    await settle(child!.id);
    assert.deepEqual(await settled(child!.id), { TUI: 30_000, BRD: 20_000 });
    await school.run(() => school.get(Charges).reverse(school.office, invoice, 'Billed twice'));
    assert.deepEqual(await settled(child!.id), {});
    await school.bill(child!.id, { LUN: 45_000 });
    await settle(child!.id);
    assert.deepEqual(await settled(child!.id), { LUN: 45_000 });
  });

  it('for brothers and sisters gives each a receipt, in one entry', async () => {
    const [a, b] = await school.family(2);
    await school.bill(a!.id, { TUI: 100_000 });
    const received = await school.pay(a!.id, 90_000, {
      shares: [
        { studentId: a!.id, amountMinor: 60_000 },
        { studentId: b!.id, amountMinor: 30_000 },
      ],
    });
    assert.deepEqual(
      received.receipts.map((one) => [one.studentId, one.amountMinor, one.balanceAfterMinor]),
      [
        [a!.id, 60_000, 40_000],
        [b!.id, 30_000, -30_000],
      ],
    );
    const [first, second] = received.receipts.map((one) => Number(one.number.slice(2)));
    assert.equal(second, first! + 1);
    assert.equal((await lines(received.paymentId)).length, 3);
  });

  it('goes to the head that the payer named', async () => {
    const [child] = await school.family(1);
    const invoiceId = await school.bill(child!.id, { TUI: 100_000, LUN: 20_000 });
    await school.pay(child!.id, 30_000, { instructions: [{ invoiceId, headId: school.head.LUN, amountMinor: 20_000 }] });
    assert.deepEqual(await settled(child!.id), { TUI: 10_000, LUN: 20_000 });
    const [other] = await school.family(1);
    await assert.rejects(
      school.pay(other!.id, 30_000, { instructions: [{ invoiceId, headId: school.head.TUI, amountMinor: 1 }] }),
      /is owed/,
    );
  });

  for (const [what, given, expected] of [
    ['a sum that isn’t whole', { amountMinor: 10.5, shares: [] }, /above zero/],
    ['nothing', { amountMinor: 0 }, /above zero/],
    ['below zero', { amountMinor: -5 }, /above zero/],
    ['parts that come to another sum', { amountMinor: 999 }, /don’t add up to the amount/],
    ['another currency', { currency: 'USD' }, /own currency/],
    ['a day to come', { receivedOn: '2026-11-25' }, /in the future/],
    ['a number without letters or digits', { references: [mpesa('--')] }, /letters and digits/],
  ] as const) {
    it(`is refused as ${what}, and nothing is left behind`, async () => {
      const [child] = await school.family(1);
      const before = await ask<{ n: number }>('select count(*)::int as n from fees_payments');
      await assert.rejects(school.pay(child!.id, 1_000, given), expected);
      assert.deepEqual(await ask('select count(*)::int as n from fees_payments'), before);
    });
  }

  it('for a child that isn’t there is refused', async () => {
    await assert.rejects(school.pay(newId(), 1_000), /student was not found\. The record may have been deleted or merged/);
  });
});

const settle = (studentId: string) =>
  school.run(() =>
    school.get(UNIT)(async () => {
      await school.get(Allocations).hold([studentId]);
      await school.get(Allocations).settleCredit([studentId]);
    }),
  );

describe('the same key', () => {
  it('sent again, also by many at once, is one payment with the same receipt', async () => {
    const [child] = await school.family(1);
    const same = payment(child!.id, 7_000);
    const all = await Promise.all(
      Array.from({ length: 20 }, () => school.run(() => school.get(Receiving).receive(school.office, same))),
    );
    assert.equal(new Set(all.map((one) => one.receipts[0]!.number)).size, 1);
    assert.equal(all.filter((one) => !one.again).length, 1);
    assert.equal(await balance(child!.id), -7_000);
  });

  it('with another body is refused', async () => {
    const [child] = await school.family(1);
    const { clientKey } = await payThenKeep(child!.id);
    await assert.rejects(school.pay(child!.id, 8_001, { clientKey }), { code: 'key_reused' });
  });

  it('after a refusal books: refusals are not kept', async () => {
    const [child] = await school.family(1);
    const clientKey = newId();
    await assert.rejects(school.pay(child!.id, 1_000, { clientKey, receivedOn: '2027-01-01' }));
    assert.equal((await school.pay(child!.id, 1_000, { clientKey })).again, false);
  });

  if (DATABASE_TIMES_OUT)
    it('while the first is in flight waits three seconds, then says so', async () => {
      const [child] = await school.family(1);
      const admin = await school.database.admin();
      const clientKey = newId();
      await admin.query('begin');
      await admin.query('select app.fees_hold($1, $2)', [`user:test ${clientKey}`, []]);
      await assert.rejects(school.pay(child!.id, 1_000, { clientKey }), { code: 'in_progress', retryAfterSeconds: 2 });
      await admin.query('rollback');
      await admin.end();
      assert.equal((await school.pay(child!.id, 1_000, { clientKey })).again, false);
    });
});

async function payThenKeep(studentId: string): Promise<{ clientKey: string }> {
  const clientKey = newId();
  await school.pay(studentId, 8_000, { clientKey });
  return { clientKey };
}

describe('a number of somebody else’s', () => {
  it('is on one payment only, however it is spelled, and the refusal names the receipt', async () => {
    const [child] = await school.family(1);
    const { receipts } = await school.pay(child!.id, 1_000, { method: 'mobile', references: [mpesa('SFF6 xyz-1')] });
    await assert.rejects(
      school.pay(child!.id, 2_000, { method: 'mobile', references: [mpesa('sff6xyz1')] }),
      (error: Error & { code: string }) => error.code === 'reference_known' && error.message.includes(receipts[0]!.number),
    );
    const found = await school.run(() => school.get(Receiving).paymentOf(mpesa('SFF6XYZ1')));
    assert.deepEqual([found?.amountMinor, found?.studentIds], [1_000, [child!.id]]);
  });

  it('asked for by many at once is booked once', async () => {
    const [child] = await school.family(1);
    const tries = await Promise.allSettled(
      Array.from({ length: 10 }, () => school.pay(child!.id, 3_000, { method: 'mobile', references: [mpesa('RACE1')] })),
    );
    assert.equal(tries.filter((one) => one.status === 'fulfilled').length, 1);
    for (const one of tries)
      if (one.status === 'rejected') assert.equal((one.reason as { code: string }).code, 'reference_known');
  });
});

describe('a code that was only shown', () => {
  const shown = (id: string, code: string) =>
    school.pay(id, 5_000, { method: 'mobile', provisional: true, references: [mpesa(code)] });

  it('changes no balance and has no receipt until it is verified, once', async () => {
    const [child] = await school.family(1);
    await school.bill(child!.id, { TUI: 20_000 });
    const slip = await shown(child!.id, 'SHOWN1');
    assert.deepEqual([slip.state, slip.receipts.length, await balance(child!.id)], ['provisional', 0, 20_000]);
    assert.equal((await school.run(() => school.get(Receiving).paymentOf(mpesa('SHOWN1'))))!.state, 'provisional');
    const seen = { amountMinor: 5_000, receivedOn: TODAY, accountId: school.account('clearing.mobile') };
    const verify = () => school.run(() => school.get(Receiving).verify(school.office, slip.paymentId, seen));
    const all = await Promise.all([verify(), verify(), verify()]);
    assert.deepEqual(all.map((one) => one.again).sort(), [false, true, true]);
    assert.equal(await balance(child!.id), 15_000);
    assert.deepEqual(await settled(child!.id), { TUI: 5_000 });
  });

  it('is not verified by another sum', async () => {
    const [child] = await school.family(1);
    const { paymentId } = await shown(child!.id, 'SHOWN2');
    await assert.rejects(
      school.run(() =>
        school.get(Receiving).verify(school.office, paymentId, {
          amountMinor: 4_999,
          receivedOn: TODAY,
          accountId: school.account('clearing.mobile'),
        }),
      ),
      { code: 'amounts-differ' },
    );
  });

  it('claims its number: nobody else can show it', async () => {
    const [child] = await school.family(1);
    await shown(child!.id, 'SHOWN3');
    await assert.rejects(shown(child!.id, 'SHOWN3'), { code: 'reference_known' });
  });
});

describe('a hundred payments at once for one family', () => {
  it('are all booked, nobody waits in a circle, and the numbers have no gap', async () => {
    const children = await school.family(4);
    const turned = (n: number) =>
      [...children.slice(n % 4), ...children.slice(0, n % 4)].map((child) => ({ studentId: child.id, amountMinor: 100 }));
    await Promise.all(Array.from({ length: 100 }, (_, n) => school.pay(children[0]!.id, 400, { shares: turned(n) })));
    for (const child of children) assert.equal(await balance(child.id), -10_000);
    const numbers = (await ask<{ number: string }>('select number from fees_receipts order by number')).map((row) =>
      Number(row.number.slice(2)),
    );
    assert.deepEqual(
      numbers,
      numbers.map((_number, n) => n + 1),
    );
  });
});

describe('afterwards', () => {
  it('the books agree', async () => assert.deepEqual((await school.run(() => school.get(Checker).run())).differences, []));
});
