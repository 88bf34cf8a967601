import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../../src/kernel/id.js';
import { TakingBack } from '../../../../src/modules/fees/reversals/reversals.js';
import { Suspense } from '../../../../src/modules/payments/suspense/suspense.js';
import type { Browser } from '../../../support/browser.js';
import { countRows, sql } from '../../../support/database/sql.js';
import { aPayingSchool, type PayingSchool } from '../support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const sms = (code: string, sum: string): string =>
  `${code} Confirmed. Ksh${sum} sent to THE SCHOOL for account 1 on 25/11/26 at 9:15 AM New M-PESA balance is Ksh1.00.`;

describe('“I paid, here is my message”', () => {
  let school: PayingSchool;
  let bursar: Browser;
  before(async () => {
    school = await aPayingSchool({ children: 4, initiator: true });
    bursar = await school.as('bursar');
  });
  after(() => school?.stop());

  const today = (): string => school.today();
  const look = async (written: string, more = ''): Promise<string> =>
    (await bursar.get(`/payments?number=${encodeURIComponent(written)}${more}`)).html;
  const desk = (given: Record<string, string>) =>
    bursar.submit(
      '/fees/cashier',
      { key: newId(), student: school.children[0]!.id, amount: '500', receivedOn: today(), ...given },
      `/fees/cashier?student=${school.children[0]!.id}`,
    );
  const suspended = async (amount: string): Promise<{ id: string; code: string }> => {
    const { transId } = (await school.daraja.payTo(school.account.shortcode, { amount, billRef: 'NOBODY' }))!;
    await school.look();
    return {
      id: (await sql(school.database, 'select id from payments_suspense where trans_id = $1', [transId]))[0]!.id!,
      code: transId,
    };
  };

  it('is looked for by who may see mobile money', async () => {
    const [teacher, auditor] = [await school.as('teacher'), await school.as('auditor')];
    assert.equal((await teacher.get('/payments?number=X')).status, 403);
    assert.equal((await auditor.get('/payments?number=SKNOTHING2')).status, 200);
    for (const path of ['/payments/readings', '/payments/questions'])
      assert.equal((await auditor.post(path, { number: 'SKNOTHING2' })).status, 403, path);
    const { id } = await suspended('3.00');
    assert.equal((await auditor.get(`/payments/suspense/${id}/reopening`)).status, 403);
  });

  it('finds a cheque, a slip, a receipt and a code that waits, with whose it is and the way to it', async () => {
    const child = school.children[0]!;
    const paths: string[] = [];
    for (const given of <Record<string, string>[]>[
      { method: 'cheque', reference: '000123', bank: 'KCB' },
      { method: 'bank', reference: 'SLIP/77', bank: 'Equity' },
      { method: 'mobile', reference: 'SKWAITING1' },
    ]) {
      paths.push(`/fees/payments/${/paid=([0-9a-f-]{36})/.exec((await desk(given)).location!)![1]!}`);
    }
    const [receipt] = await sql(school.database, 'select number from fees_receipts where payment_id = $1', [
      paths[0]!.slice(-36),
    ]);
    for (const [written, n, state] of [
      ['000 123', 0, 'Booked'],
      ['slip 77', 1, 'Booked'],
      [receipt!.number!, 0, 'Booked'],
      [receipt!.number!.toLowerCase().replace('-', ''), 0, 'Booked'],
      ['skwaiting1', 2, 'Shown, not yet verified'],
    ] as const) {
      const html = await look(written);
      assert.match(html, new RegExp(`href="${paths[n]}"`), written);
      assert.match(text(html), new RegExp(`${state} KES 500 .*${child.admissionNo}`), written);
    }
  });

  it('finds a whole pasted message in suspense, and leads to the child where the search began', async () => {
    const child = school.children[1]!;
    const { id, code } = await suspended('820.00');
    const html = await look(sms(code, '820.00'), `&student=${child.id}`);
    assert.match(text(html), new RegExp(`${code} · KES 820 · 25 Nov 2026`));
    assert.match(html, new RegExp(`href="/payments/suspense/${id}\\?number=${child.paymentNo}#match"`));
    assert.doesNotMatch(text(html), /The message says/);
    assert.match(
      (await bursar.get(`/fees/cashier?student=${child.id}`)).html,
      new RegExp(`href="/payments\\?student=${child.id}"`),
    );
  });

  it('says so when the message names another sum than M-Pesa', async () => {
    const { code } = await suspended('150.00');
    assert.match(text(await look(sms(code, '1,500.00'))), /The message says KES 1,500, but M-Pesa reported KES 150/);
  });

  it('shows money of the same sum when a letter of the code is wrong', async () => {
    const { id } = await suspended('641.00');
    const html = await look(
      sms('SKOO00OO11', '641.00').replace('25/11/26', new Date().toLocaleDateString('en-GB', { timeZone: 'Africa/Nairobi' })),
    );
    assert.match(text(html), /Unmatched payments of the same amount/);
    assert.match(html, new RegExp(`/payments/suspense/${id}`));
  });

  it('found nowhere says what to do: the list is read at once, M-Pesa is asked, and both bring what there is', async () => {
    const nothing = text(await look('SKNOTHING3'));
    for (const words of [
      /only count it once it appears here/,
      /Read the list now/,
      /Ask M-Pesa about SKNOTHING3/,
      /ask the sender for their M-Pesa statement/,
    ])
      assert.match(nothing, words);
    const child = school.children[2]!;
    const { transId } = (await school.daraja.payTo(
      school.account.shortcode,
      { amount: '91.00', billRef: child.paymentNo },
      { confirm: false },
    ))!;
    const read = await bursar.submit('/payments/readings', { number: transId }, `/payments?number=${transId}`);
    assert.match(
      text((await bursar.get(read.location!)).html),
      new RegExp(`was read: \\d+ new.*Booked KES 91 .*${child.admissionNo}`),
    );
    assert.equal(await school.owes(child.id), -9100);
    const asked = await bursar.submit('/payments/questions', { number: 'SKNOTHING3' }, '/payments?number=SKNOTHING3');
    assert.match(text((await bursar.get(asked.location!)).html), /M-Pesa has been asked about this code/);
    const again = await bursar.submit('/payments/questions', { number: 'SKNOTHING3' }, '/payments?number=SKNOTHING3');
    assert.match(text((await bursar.get(again.location!)).html), /less than ten minutes ago/);
    assert.equal(await countRows(school.database, "audit_entries where action = 'payments.question.ask'"), 2);
  });

  it('a payment that was put aside is found and taken up again, with a reason, by one; its message keeps its one outcome', async () => {
    const { id, code } = await suspended('44.00');
    await bursar.submit(`/payments/suspense/${id}/rejection`, { reason: 'Rent of the hall' });
    assert.match(await look(code), new RegExp(`href="/payments/suspense/${id}/reopening"`));
    assert.match(text(await look(code)), /Closed KES 44 .*Rent of the hall/);
    assert.equal((await bursar.submit(`/payments/suspense/${id}/reopening`, { reason: '' })).status, 422);
    const tries = await Promise.allSettled(
      [1, 2, 3].map(() => school.run(() => school.get(Suspense).reopen(school.office, id, 'It was for a child'))),
    );
    assert.equal(tries.filter((one) => one.status === 'fulfilled').length, 1);
    assert.match(text((await bursar.get(`/payments/suspense/${id}`)).html), /Reopened by .* It was for a child/);
    assert.equal(
      (
        await bursar.submit(
          `/payments/suspense/${id}/matches`,
          { 'shares.0.number': school.children[3]!.paymentNo },
          `/payments/suspense/${id}`,
        )
      ).status,
      303,
    );
    assert.equal(
      await countRows(
        school.database,
        "payments_outcomes o join payments_messages m on m.id = o.message_id where m.trans_id = $1 and o.outcome = 'suspense'",
        [code],
      ),
      1,
    );
    assert.equal(
      await countRows(
        school.database,
        "audit_entries where action = 'payments.suspense.reopen' and reason = 'It was for a child'",
      ),
      1,
    );
    assert.deepEqual(await school.differences(), []);
  });

  it('money whose receipt was taken back waits in suspense again, and goes to another child', async () => {
    const [wrong, right] = [school.children[2]!, school.children[3]!];
    const before = [await school.owes(wrong.id), await school.owes(right.id)];
    const { id } = await suspended('55.00');
    const match = (number: string) =>
      school.run(() => school.get(Suspense).match(school.office, id, [{ number, amountMinor: null }]));
    const paymentId = await match(wrong.paymentNo);
    const back = school.get(TakingBack) as unknown as {
      carryOut(actor: unknown, id: string, state: string, reason: string): Promise<void>;
    };
    await school.run(() => back.carryOut(school.office, paymentId, 'reversed', 'The wrong child'));
    assert.match(text((await bursar.get(`/payments/suspense/${id}`)).html), /Reopened by .*\. The wrong child/);
    await match(right.paymentNo);
    assert.deepEqual([await school.owes(wrong.id), await school.owes(right.id)], [before[0], before[1]! - 5500]);
    assert.deepEqual(await school.differences(), []);
  });
});
