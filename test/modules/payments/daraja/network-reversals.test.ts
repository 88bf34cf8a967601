import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../../src/kernel/id.js';
import { TakingBack } from '../../../../src/modules/fees/reversals/reversals.js';
import { RECEIVING_SETTINGS } from '../../../../src/modules/fees/ports.js';
import { UNIT } from '../../../../src/platform/tokens.js';
import type { Browser } from '../../../support/browser.js';
import { countRows, sql } from '../../../support/database/sql.js';
import { aPayingSchool, type Child, type PayingSchool } from '../support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('money that M-Pesa takes back at its own end', () => {
  let school: PayingSchool;
  let bursar: Browser;
  let owner: Browser;
  let child: Child;
  let n = 0;
  const today = (): string => school.today();
  const code = (): string => `SKREV${String((n += 1)).padStart(5, '0')}`;
  before(async () => {
    school = await aPayingSchool({ children: 3 });
    [bursar, owner] = [await school.as('bursar'), await school.as('owner')];
    child = school.children[0]!;
  });
  after(() => school?.stop());

  const came = async (amount: string, billRef: string): Promise<{ transId: string; messageId: string }> => {
    const { transId } = (await school.daraja.payTo(school.account.shortcode, { amount, billRef, payer: 'GRACE WANJIRU' }))!;
    await school.look();
    await school.readLists();
    const [row] = await sql(
      school.database,
      "select m.id from payments_messages m join payments_outcomes o on o.message_id = m.id where m.trans_id = $1 and o.outcome <> 'duplicate'",
      [transId],
    );
    return { transId, messageId: row!.id! };
  };
  const pathOf = (messageId: string): string => `/payments/messages/${messageId}/reversal`;
  const say = (messageId: string, fields: Record<string, string> = {}, from = pathOf(messageId)) =>
    bursar.submit(pathOf(messageId), { code: code(), on: today(), ...fields }, from);
  const decide = async (decision: 'approve' | 'refuse' = 'approve'): Promise<number> => {
    // What is said of the last decision names that one too.
    await owner.get('/approvals');
    const request = /href="(\/approvals\/[0-9a-f-]{36})"/.exec((await owner.get('/approvals')).html)![1]!;
    return (await owner.submit(`${request}/decision`, { decision, note: 'As I see it' }, request)).status;
  };
  const itemOf = async (transId: string) =>
    (
      await sql(
        school.database,
        'select id, state, payment_id, reversal_code, reversed_on::text, reversal_entry_id from payments_suspense where trans_id = $1',
        [transId],
      )
    )[0];
  const balances = async (): Promise<number[]> => [
    await school.owes(child.id),
    await school.balanceOf('clearing.mobile'),
    await school.balanceOf('suspense'),
  ];

  it('is said by the bursar or the owner; who may only look is shown no way to', async () => {
    const { messageId } = await came('11.00', 'NOBODY');
    for (const role of ['teacher', 'auditor', 'head'] as const) {
      const person = await school.as(role);
      assert.equal((await person.get(pathOf(messageId))).status, 403, role);
      assert.equal((await person.post(pathOf(messageId), { code: code(), on: today() })).status, 403, role);
    }
    assert.doesNotMatch((await (await school.as('auditor')).get(`/payments/messages/${messageId}`)).html, /reversal"/);
    assert.match((await bursar.get(`/payments/messages/${messageId}`)).html, new RegExp(`href="${pathOf(messageId)}"`));
  });

  it('is refused beside the field when the code or the day can’t be, and what was typed stays', async () => {
    const { messageId, transId } = await came('12.00', 'NOBODY');
    const other = await came('13.00', child.paymentNo);
    for (const [fields, sentence] of [
      [{ code: '?' }, /Enter the code of the reversal/],
      [{ code: transId }, /the payment’s own code/],
      [{ code: other.transId.toLowerCase() }, /already belongs to another message/],
      [{ on: '2020-01-01' }, /before the money arrived/],
      [{ on: '2099-01-01' }, /is in the future/],
      [{ on: '' }, /Enter the date on which M-Pesa reversed it/],
    ] as const) {
      const answer = await say(messageId, { code: 'SKTYPED001', ...fields });
      assert.equal(answer.status, 422, JSON.stringify(fields));
      assert.match(answer.html, sentence);
      assert.match(answer.html, new RegExp(`value="${'code' in fields ? fields.code.replace('?', '\\?') : 'SKTYPED001'}"`));
    }
    assert.equal((await itemOf(transId))!.state, 'open');
    assert.equal(
      await countRows(school.database, 'approvals_requests where kind in ($1, $2)', ['payments.reversal', 'fees.reversal']),
      0,
    );
  });

  it('out of suspense: a second person agrees, and it leaves suspense and the account of the number on its own day', async () => {
    const { messageId, transId } = await came('500.00', 'NOBODY');
    const start = await balances();
    const reversal = code();
    assert.equal((await say(messageId, { code: ` ${reversal.toLowerCase()} ` })).status, 303);
    assert.deepEqual(await balances(), start, 'asked, not done');
    const { id } = (await itemOf(transId))!;
    for (const page of [`/payments/messages/${messageId}`, `/payments/suspense/${id}`])
      assert.match(
        text((await bursar.get(page)).html),
        new RegExp(`asked to reverse it: M-Pesa reversed it as ${reversal}`),
        page,
      );
    const request = /href="(\/approvals\/[0-9a-f-]{36})"/.exec((await owner.get('/approvals')).html)![1]!;
    assert.notEqual((await bursar.post(`${request}/decision`, { decision: 'approve' })).status, 303, 'who asks never decides');
    assert.equal(await decide(), 303);

    assert.deepEqual(await balances(), [start[0], start[1]! - 50_000, start[2]! + 50_000]);
    const item = (await itemOf(transId))!;
    assert.deepEqual([item.state, item.reversal_code, item.reversed_on], ['taken-back', reversal, today()]);
    const [entry] = await sql(
      school.database,
      'select value_on::text as on, source_kind as kind from finance_entries where id = $1',
      [item.reversal_entry_id],
    );
    assert.deepEqual(entry, { on: today(), kind: 'suspense-reversal' });
    assert.equal(
      await countRows(school.database, "audit_entries where action = 'payments.suspense.take-away' and entity_id = $1", [id]),
      1,
    );
    assert.match(
      text((await bursar.get(`/payments/messages/${messageId}`)).html),
      new RegExp(`Reversed by M-Pesa.*as ${reversal}`),
    );
    assert.match(text((await bursar.get('/payments/suspense?state=taken-back')).html), new RegExp(reversal));
    assert.deepEqual(await school.differences(), []);
  });

  it('is over then: found by both codes, given to nobody, and known when it is told of again', async () => {
    const [{ trans_id: transId, reversal_code: reversal, id, message_id: messageId }] = (await sql(
      school.database,
      "select * from payments_suspense where state = 'taken-back'",
    )) as [Record<string, string>];
    for (const shown of [transId!, reversal!])
      assert.match(
        text((await bursar.get(`/payments?number=${shown}`)).html),
        new RegExp(`Reversed by M-Pesa KES 500 .*${reversal}`),
        shown,
      );
    assert.match(text((await bursar.get(`/payments/messages?q=${reversal}&outcome=taken-back`)).html), new RegExp(transId!));
    assert.notEqual((await bursar.post(`/payments/suspense/${id}/matches`, { 'shares.0.number': child.paymentNo })).status, 303);
    assert.notEqual((await bursar.post(`/payments/suspense/${id}/reopening`, { reason: 'Again' })).status, 303);
    assert.equal((await say(messageId!, {}, `/fees/cashier?student=${child.id}`)).status, 409);
    const desk = await bursar.submit(
      '/fees/cashier',
      { key: newId(), student: child.id, method: 'mobile', reference: transId!, amount: '500', receivedOn: today() },
      `/fees/cashier?student=${child.id}`,
    );
    assert.match(text(desk.html), /M-Pesa reversed this payment/);
    await school.daraja.confirm(school.daraja.paid.find((one) => one.transId === transId)!);
    await school.look();
    const said = await sql(
      school.database,
      'select o.outcome from payments_messages m join payments_outcomes o on o.message_id = m.id where m.trans_id = $1 order by m.id',
      [transId],
    );
    assert.equal(said.at(-1)!.outcome, 'duplicate');
    const again = await came('14.00', 'NOBODY');
    assert.match((await say(again.messageId, { code: reversal! })).html, /already belongs to another message/);
  });

  it('from a receipt: the receipt is taken back as any other, by two, what it settled is owed again, and the money is gone', async () => {
    const start = await balances();
    const { messageId, transId } = await came('700.00', child.paymentNo);
    const booked = await balances();
    assert.deepEqual([booked[0], booked[1]], [start[0]! - 70_000, start[1]! + 70_000]);
    const reversal = code();
    assert.equal((await say(messageId, { code: reversal })).status, 303);
    assert.deepEqual(await balances(), booked, 'asked, not done');
    assert.equal((await say(messageId, {}, `/fees/cashier?student=${child.id}`)).status, 409, 'one request at a time');
    assert.equal(await decide(), 303);
    assert.deepEqual(await balances(), start);
    const [payment] = await sql(
      school.database,
      "select y.id, y.state, r.state as receipt from fees_payments y join fees_receipts r on r.payment_id = y.id join payments_outcomes o on o.payment_id = y.id join payments_messages m on m.id = o.message_id where m.trans_id = $1 and o.outcome = 'booked'",
      [transId],
    );
    assert.deepEqual([payment!.state, payment!.receipt], ['reversed', 'reversed']);
    assert.deepEqual([(await itemOf(transId))!.state, (await itemOf(transId))!.reversal_code], ['taken-back', reversal]);
    assert.match(
      text((await bursar.get(`/payments/messages/${messageId}`)).html),
      new RegExp(`Reversed by M-Pesa.*as ${reversal}`),
    );
    assert.match(
      text((await bursar.get(`/fees/payments/${payment!.id}`)).html),
      new RegExp(`M-Pesa reversed this payment on ${today()}, as ${reversal}`),
    );
    assert.deepEqual(await school.differences(), []);
  });

  it('refused, the receipt stands; taken back later for another reason, its money waits in suspense', async () => {
    const { messageId, transId } = await came('31.00', child.paymentNo);
    assert.equal((await say(messageId)).status, 303);
    assert.equal(await decide('refuse'), 303);
    const [{ id }] = (await sql(school.database, 'select o.payment_id as id from payments_outcomes o where o.message_id = $1', [
      messageId,
    ])) as [Record<string, string>];
    assert.equal(await school.run(() => school.get(TakingBack).reverse(school.office, id!, 'The wrong child')), 'asked');
    assert.equal(await decide(), 303);
    assert.equal((await itemOf(transId))!.state, 'open');
    assert.deepEqual(await school.differences(), []);
  });

  it('matched from suspense, its receipt goes and it ends; given to a student while it was asked for, nothing is left to decide', async () => {
    const start = await balances();
    const { messageId, transId } = await came('41.00', 'NOBODY');
    const { id } = (await itemOf(transId))!;
    assert.equal((await say(messageId)).status, 303);
    assert.equal(
      (
        await bursar.submit(
          `/payments/suspense/${id}/matches`,
          { 'shares.0.number': child.paymentNo },
          `/payments/suspense/${id}`,
        )
      ).status,
      303,
    );
    assert.equal(await countRows(school.database, "approvals_requests where kind = 'payments.reversal' and state = 'void'"), 1);
    assert.equal((await say(messageId)).status, 303);
    assert.equal(await decide(), 303);
    assert.equal((await itemOf(transId))!.state, 'taken-back');
    assert.deepEqual(await balances(), start);
    assert.deepEqual(await school.differences(), []);
  });

  it('of a small receipt of one’s own takes a second person too, though one takes such a receipt back alone', async () => {
    const { messageId, transId } = await came('42.00', 'NOBODY');
    await school.run(() =>
      school.get(UNIT)(
        async () =>
          void (await school
            .get(RECEIVING_SETTINGS)
            .save({ ...(await school.get(RECEIVING_SETTINGS).read()), reversalLimitMinor: 100_00 })),
      ),
    );
    const claimed = await bursar.submit(
      '/fees/cashier',
      { key: newId(), student: child.id, method: 'mobile', reference: transId, amount: '42', receivedOn: today() },
      `/fees/cashier?student=${child.id}`,
    );
    assert.equal(claimed.status, 303);
    assert.equal((await say(messageId)).status, 303);
    assert.equal((await itemOf(transId))!.state, 'matched');
    assert.equal(await decide(), 303);
    assert.equal((await itemOf(transId))!.state, 'taken-back');
    assert.deepEqual(await school.differences(), []);
  });

  it('put aside as no fee, it ends in the same way', async () => {
    const start = await balances();
    const { messageId, transId } = await came('51.00', 'CHURCH');
    const { id } = (await itemOf(transId))!;
    assert.equal(
      (await bursar.submit(`/payments/suspense/${id}/rejection`, { reason: 'Sent by mistake' }, `/payments/suspense/${id}`))
        .status,
      303,
    );
    assert.equal((await say(messageId)).status, 303);
    assert.equal(await decide(), 303);
    assert.equal((await itemOf(transId))!.state, 'taken-back');
    assert.deepEqual(await balances(), start);
  });
});
