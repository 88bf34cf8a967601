import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { PAYING } from '../../../../src/modules/fees/index.js';
import { RailAccounts } from '../../../../src/modules/payments/accounts/accounts.js';
import { Booking } from '../../../../src/modules/payments/messages/booking.js';
import { Hearing } from '../../../../src/modules/payments/messages/hearing.js';
import { Prompts } from '../../../../src/modules/payments/prompts/prompts.js';
import { Settling } from '../../../../src/modules/payments/messages/settling.js';
import { MESSAGE_STORE } from '../../../../src/modules/payments/ports.js';
import type { Paid } from '../../../../src/bin/local-daraja/local-daraja.js';
import { STUDENT_TIES } from '../../../../src/modules/students/index.js';
import { studentTiesContract } from '../../../support/people/student-ties-contract.js';
import { countRows, sql } from '../../../support/database/sql.js';
import { aPayingSchool, type PayingSchool } from '../support.js';

let phones = 722_300_000;
const aPhone = (): string => `+254${(phones += 1)}`;

describe('M-Pesa, with the network’s own list as the second source', () => {
  let school: PayingSchool;
  before(async () => (school = await aPayingSchool({ children: 12 })));
  after(() => school?.stop());

  let next = 0;
  const aChild = () => school.children[(next += 1) % school.children.length]!;
  const prompt = (studentId: string, amountMinor = 150_000, phone = aPhone()) =>
    school.run(() => school.get(Prompts).fromDesk(school.office, { studentId, amountMinor, phone }));
  const stateOf = async (id: string) =>
    (await sql(school.database, 'select state, trans_id, result_code from payments_prompts where id = $1', [id]))[0]!;
  const payments = (transId: string) => countRows(school.database, 'fees_payment_references where value = $1', [transId]);
  const said = async (transId: string) =>
    (
      await sql(
        school.database,
        'select m.source, o.outcome, o.reason from payments_messages m left join payments_outcomes o on o.message_id = m.id where m.trans_id = $1 order by m.id',
        [transId],
      )
    ).map((row) => `${row.source} ${row.outcome ?? 'waiting'}`);
  const pays = async (given: { amount: string; billRef: string }, ways = {}): Promise<Paid> =>
    (await school.daraja.payTo(school.account.shortcode, given, ways))!;

  it('the same receipt by callback, as a payment to the number and in the list is one payment', async () => {
    const child = aChild();
    const before = await school.owes(child.id);
    const id = await prompt(child.id);
    const paid = (await school.daraja.answer(school.daraja.prompts.at(-1)!, { code: 0 }))!;
    await school.look();
    await school.readLists();
    await school.readLists();
    assert.equal(await payments(paid.transId), 1);
    assert.deepEqual((await said(paid.transId)).map((one) => one.split(' ')[1]).sort(), ['booked', 'duplicate', 'duplicate']);
    assert.equal(await school.owes(child.id), before - 150_000);
    assert.equal((await stateOf(id)).state, 'paid');
  });

  it('D2: a forged success is not credited, for a known prompt or an unknown one', async () => {
    const child = aChild();
    const before = await school.owes(child.id);
    const id = await prompt(child.id);
    const asked = school.daraja.prompts.at(-1)!;
    const forged = { ...asked, fate: null };
    for (const [checkoutRequestId, transId] of [
      [asked.checkoutRequestId, 'SKFORGED01'],
      ['ws_CO_unknown', 'SKFORGED02'],
    ] as const) {
      await school.daraja.post(
        asked.callbackUrl,
        school.daraja.stkBody(
          { ...forged, checkoutRequestId },
          { code: 0 },
          {
            transId,
            shortcode: asked.shortcode,
            amount: '1500.00',
            billRef: '',
            phone: asked.phone,
            payer: '',
            at: new Date(),
            type: '',
          },
        ),
      );
    }
    await school.daraja.post(school.callbackUrl('confirmation'), {
      TransID: 'SKFORGED03',
      TransAmount: '90000.00',
      BillRefNumber: child.paymentNo,
      TransTime: '20261125090000',
      MSISDN: '2547*****111',
    });
    await school.look();
    for (const transId of ['SKFORGED01', 'SKFORGED02', 'SKFORGED03']) assert.equal(await payments(transId), 0, transId);
    assert.equal(await school.owes(child.id), before);
    assert.equal((await stateOf(id)).state, 'asked');
  });

  it('D2: an answer to a question that nobody asked is not believed', async () => {
    const child = aChild();
    const ResultParameter = [
      { Key: 'ReceiptNo', Value: 'SKFORGED04' },
      { Key: 'Amount', Value: 5000 },
      { Key: 'TransactionStatus', Value: 'Completed' },
      { Key: 'FinalisedTime', Value: 20261125090000 },
    ];
    await school.daraja.post(school.callbackUrl('status'), {
      Result: { ResultCode: 0, ConversationID: 'AG_20261125_00000000', ResultParameters: { ResultParameter } },
    });
    await school.look();
    assert.deepEqual(await said('SKFORGED04'), ['status rejected']);
    assert.equal(await payments('SKFORGED04'), 0);
    assert.ok(child);
  });

  it('D3: a callback before the answer to the prompt itself waits for it', async () => {
    const child = aChild();
    await school.daraja.post(school.callbackUrl('stk'), {
      Body: { stkCallback: { MerchantRequestID: '1-1-1', CheckoutRequestID: 'ws_CO_early', ResultCode: 1, ResultDesc: 'x' } },
    });
    await school.look();
    const waiting = await sql(
      school.database,
      "select m.id from payments_messages m left join payments_outcomes o on o.message_id = m.id where m.request_id = 'ws_CO_early' and o.id is null",
    );
    assert.equal(waiting.length, 1);
    const id = await prompt(child.id);
    await sql(school.database, "update payments_prompts set checkout_request_id = 'ws_CO_early' where id = $1", [id]);
    await school.look();
    assert.equal((await stateOf(id)).state, 'failed');
  });

  it('D3: twice, late, after a cancel, and in another order: credited once each', async () => {
    const child = aChild();
    const before = await school.owes(child.id);
    const id = await prompt(child.id);
    const asked = school.daraja.prompts.at(-1)!;
    await school.daraja.post(asked.callbackUrl, school.daraja.stkBody(asked, { code: 1032 }, null));
    school.ahead(3);
    await school.look();
    assert.deepEqual([(await stateOf(id)).state, (await stateOf(id)).result_code], ['failed', '1032']);
    const paid = (await school.daraja.answer(asked, { code: 0 }))!;
    await school.daraja.confirm(paid);
    await school.daraja.post(asked.callbackUrl, school.daraja.stkBody(asked, { code: 0 }, paid));
    await school.look();
    assert.equal(await payments(paid.transId), 1);
    assert.equal(await school.owes(child.id), before - 150_000);
    assert.equal((await stateOf(id)).state, 'paid', 'failed is not final');
    await school.daraja.post(asked.callbackUrl, school.daraja.stkBody(asked, { code: 1032 }, null));
    school.ahead(3);
    await school.look();
    assert.equal((await stateOf(id)).state, 'paid', 'and paid is');
  });

  it('a callback that never comes: the query says paid, the list brings the receipt', async () => {
    const child = aChild();
    const id = await prompt(child.id, 250_050);
    const paid = (await school.daraja.answer(school.daraja.prompts.at(-1)!, { code: 0, callback: false, confirmed: false }))!;
    school.ahead(1);
    await school.run(() => school.get(Prompts).follow(id));
    assert.equal((await stateOf(id)).state, 'paid');
    assert.equal((await stateOf(id)).trans_id, paid.transId);
    const [row] = await sql<{ minor: number }>(
      school.database,
      'select p.amount_minor::int as minor from fees_payments p join fees_payment_references r on r.payment_id = p.id where r.value = $1',
      [paid.transId],
    );
    assert.equal(row!.minor, 250_100, 'rounded up to whole shillings; the rest is credit');
  });

  it('D5: what was paid is booked, for whichever spelling of the number; the unknown waits in suspense and is never lost', async () => {
    const child = aChild();
    const before = await school.owes(child.id);
    const spelled = child.admissionNo.toLowerCase().replace(/[^a-z0-9]/g, ' ');
    for (const billRef of [child.paymentNo, spelled]) await pays({ amount: '10.50', billRef });
    const unknown = [await pays({ amount: '77.00', billRef: 'NOBODY 1' }), await pays({ amount: '33.00', billRef: '' })];
    const [clearing, suspense] = [await school.balanceOf('clearing.mobile'), await school.balanceOf('suspense')];
    await school.look();
    assert.equal(await school.owes(child.id), before - 2100);
    assert.equal((await school.balanceOf('suspense')) - suspense, -11_000);
    assert.equal((await school.balanceOf('clearing.mobile')) - clearing, 13_100);
    for (const one of unknown)
      assert.equal(
        await countRows(school.database, "payments_suspense where trans_id = $1 and state = 'open'", [one.transId]),
        1,
      );
  });

  it('validation turns an unknown number down before money moves, and lets the known through, while the school sleeps', async () => {
    assert.equal(
      await school.daraja.payTo(school.account.shortcode, { amount: '5.00', billRef: 'NOBODY' }, { validate: true }),
      null,
    );
    assert.ok(
      await school.daraja.payTo(school.account.shortcode, { amount: '5.00', billRef: aChild().admissionNo }, { validate: true }),
    );
    const slowest = Math.max(...school.daraja.sent.filter((one) => one.url.endsWith('validation')).map((one) => one.ms));
    assert.ok(slowest < 3_000, `${slowest} ms`);
    await school.look();
  });

  it('D6: a number that another school has booked is refused and flagged', async () => {
    const paid = await pays({ amount: '40.00', billRef: aChild().paymentNo }, { confirm: false });
    const [other] = await school.core.sql<{ id: string }>(
      "insert into schools (id, subdomain, skeleton, name, name_folded, country) values (gen_random_uuid(), 'other-' || substr(md5(random()::text), 1, 8), md5(random()::text), 'Other', 'other', 'KE') returning id",
    );
    await school.core.sql(
      "insert into callbacks_references (id, school_id, scheme, value) values (gen_random_uuid(), $1, 'mpesa', $2)",
      [other!.id, paid.transId],
    );
    await school.readLists();
    assert.deepEqual(await said(paid.transId), ['list rejected']);
    assert.equal(await payments(paid.transId), 0);
    assert.equal(
      await countRows(school.database, "audit_entries where action = 'payments.reference.foreign' and label = $1", [
        paid.transId,
      ]),
      1,
    );
  });

  it('a claim that could not be made is shown as pending and made later; one that another school has turns the check red', async () => {
    const booking = school.get(Booking) as unknown as { parts: { inbox: { claimReference: unknown } } };
    const { claimReference } = booking.parts.inbox;
    booking.parts.inbox.claimReference = () => Promise.reject(new Error('core is down'));
    const paid = await pays({ amount: '41.00', billRef: aChild().paymentNo }, { confirm: false });
    await school.readLists();
    assert.deepEqual(await said(paid.transId), ['list booked']);
    assert.equal(
      await countRows(school.database, "payments_claims where trans_id = $1 and state = 'pending'", [paid.transId]),
      1,
    );
    booking.parts.inbox.claimReference = () => Promise.resolve('foreign');
    await school.run(() => school.get(Booking).claimPending());
    assert.match((await school.differences()).join(), /Another school on the platform has claimed/);
    await sql(school.database, "update payments_claims set state = 'pending' where trans_id = $1", [paid.transId]);
    booking.parts.inbox.claimReference = claimReference;
    await school.run(() => school.get(Booking).claimPending());
    assert.deepEqual(await school.differences(), []);
  });

  it('a code that was shown at the desk becomes money when the network tells of it', async () => {
    const child = aChild();
    const paid = await pays({ amount: '60.00', billRef: 'SOMETHING' }, { confirm: false });
    const shown = await school.run(() =>
      school.get(PAYING).receive(school.office, {
        method: 'mobile',
        amountMinor: 6000,
        currency: 'KES',
        receivedOn: school.today(),
        references: [{ scheme: 'mpesa', issuer: '', value: paid.transId }],
        shares: [{ studentId: child.id, amountMinor: 6000 }],
        client: 'user:x',
        clientKey: paid.transId,
        by: 'person',
        provisional: true,
      }),
    );
    const before = await school.owes(child.id);
    await school.readLists();
    assert.equal(
      (await sql(school.database, 'select state from fees_payments where id = $1', [shown.paymentId]))[0]!.state,
      'posted',
    );
    assert.equal(await school.owes(child.id), before - 6000);
  });

  it('killed between storing and marking at the platform, the same calls come again and bring nothing', async () => {
    const child = aChild();
    const paid = await pays({ amount: '42.00', billRef: child.paymentNo });
    await school.look();
    const before = await school.owes(child.id);
    await school.core.sql('update callbacks_messages set taken_at = null where school_id = $1', [school.app.config.school!.id]);
    const count = await countRows(school.database, 'payments_messages');
    await school.look();
    assert.equal(await countRows(school.database, 'payments_messages'), count);
    assert.equal(await school.owes(child.id), before);
    assert.equal(await payments(paid.transId), 1);
  });

  it('killed between booking and outcome there is neither, and the next look books it once', async () => {
    const child = aChild();
    const paid = await pays({ amount: '43.00', billRef: child.paymentNo }, { confirm: false });
    const store = school.get(MESSAGE_STORE);
    const settle = store.settle.bind(store);
    store.settle = () => Promise.reject(new Error('killed'));
    const before = await school.owes(child.id);
    await school.readLists();
    assert.equal(await payments(paid.transId), 0);
    assert.equal(await school.owes(child.id), before);
    store.settle = settle;
    await school.look();
    assert.equal(await payments(paid.transId), 1);
    assert.equal(await school.owes(child.id), before - 4300);
  });

  it('the same money told of fifty times at once, by two processes, is one payment', async () => {
    const child = aChild();
    const paid = await pays({ amount: '44.00', billRef: child.paymentNo });
    await Promise.all(Array.from({ length: 49 }, () => school.daraja.confirm(paid)));
    await school.run(() => school.get(Hearing).takeInbox());
    await Promise.all([1, 2, 3].map(() => school.run(() => school.get(Settling).settleAll())));
    await school.look();
    assert.equal(await payments(paid.transId), 1);
    const states = await said(paid.transId);
    assert.equal(states.length, 51);
    assert.equal(states.filter((one) => one.endsWith('booked')).length, 1);
    assert.equal(states.filter((one) => one.endsWith('duplicate')).length, 50);
  });

  it('a phone is not prompted again within a minute, and a refused prompt says why', async () => {
    const child = aChild();
    const phone = aPhone();
    const id = await prompt(child.id, 100, phone);
    assert.deepEqual(
      await Promise.all([1, 2, 3].map(() => prompt(child.id, 100, phone))),
      [id, id, id],
      'who presses again gets the one that is open',
    );
    await assert.rejects(prompt(child.id, 200, phone), /less than a minute ago/);
    school.ahead(1.1);
    const again = await prompt(child.id, 100, phone);
    assert.deepEqual(
      [(await stateOf(again)).state, (await stateOf(again)).result_code],
      ['failed', '1001'],
      'the first one is still open on it',
    );
    assert.equal((await stateOf(id)).state, 'asked');
  });

  it('after all of this every message has one outcome and the books agree', async () => {
    assert.deepEqual(await school.differences(), []);
    school.ahead(49 * 60);
    await school.look(true);
    assert.deepEqual(
      [await said('SKFORGED01'), await said('SKFORGED03')],
      [['stk rejected'], ['confirmation rejected']],
      'what nobody else knows of in two days is turned down',
    );
    assert.equal(await countRows(school.database, "audit_entries where action = 'payments.message.unproven'"), 3);
    assert.deepEqual(await school.differences(), []);
    assert.deepEqual(
      (await school.outcomes()).filter((one) => one.endsWith('waiting')),
      [],
    );
    school.ahead(5 * 24 * 60);
    await sql(
      school.database,
      "insert into payments_messages (school_id, id, account_id, source, external_key, body, received_at) select school_id, gen_random_uuid(), account_id, 'stk', 'planted', '{}', now() from payments_messages limit 1",
    );
    assert.match((await school.differences()).join(), /no outcome for three days/);
  });
});

describe('M-Pesa, where the list can’t be read', () => {
  let school: PayingSchool;
  before(async () => (school = await aPayingSchool({ pull: false, initiator: true })));
  after(() => school?.stop());

  const said = async (transId: string) =>
    (
      await sql(
        school.database,
        'select m.source, o.outcome from payments_messages m left join payments_outcomes o on o.message_id = m.id where m.trans_id = $1 order by m.id',
        [transId],
      )
    ).map((row) => `${row.source} ${row.outcome ?? 'waiting'}`);

  it('a payment to the number is proven by asking for its status, and credited once', async () => {
    const child = school.children[0]!;
    const paid = (await school.daraja.payTo(school.account.shortcode, { amount: '500.00', billRef: child.paymentNo }))!;
    await school.look();
    assert.deepEqual(await said(paid.transId), ['confirmation waiting']);
    for (let turn = 0; turn < 20 && (await said(paid.transId)).length < 2; turn += 1) await school.look();
    await school.look();
    assert.deepEqual(await said(paid.transId), ['confirmation booked', 'status duplicate']);
    assert.equal(await school.owes(child.id), -50_000);
  });

  it('a prompt is proven by its query; another amount than was asked waits in suspense', async () => {
    const child = school.children[1]!;
    const send = () =>
      school.run(() =>
        school.get(Prompts).fromDesk(school.office, { studentId: child.id, amountMinor: 20_000, phone: aPhone() }),
      );
    await send();
    const paid = (await school.daraja.answer(school.daraja.prompts.at(-1)!, { code: 0, confirmed: false }))!;
    await school.look();
    assert.deepEqual(await said(paid.transId), ['stk booked']);
    assert.equal(await school.owes(child.id), -20_000);
    const id = await send();
    const other = (await school.daraja.answer(school.daraja.prompts.at(-1)!, { code: 0, confirmed: false, saidAmount: 100 }))!;
    await school.look();
    assert.deepEqual(await said(other.transId), ['stk suspense']);
    assert.equal(await school.owes(child.id), -20_000);
    assert.equal(
      (await sql(school.database, 'select state from payments_prompts where id = $1', [id]))[0]!.state,
      'receipt-awaited',
    );
    const held = await school.balanceOf('suspense');
    await school.run(() => school.get(RailAccounts).register(school.office, school.account.id));
    other.amount = '100.00';
    await school.readLists();
    assert.deepEqual(await said(other.transId), ['stk suspense', 'list booked'], 'a second source that agrees releases it');
    assert.equal((await school.balanceOf('suspense')) - held, 10_000);
    assert.equal(await school.owes(child.id), -30_000);
    assert.deepEqual(await school.differences(), []);
  });
});

describe('what of payments hangs on a child', () => {
  let school: PayingSchool;
  before(async () => {
    school = await aPayingSchool({ children: 2 });
    await school.run(() =>
      school.get(Prompts).fromDesk(school.office, { studentId: school.children[0]!.id, amountMinor: 5000, phone: aPhone() }),
    );
  });
  after(() => school?.stop());

  studentTiesContract({
    ties: () => school.app.container.getAll(STUDENT_TIES).find((one) => one.constructor.name === 'PaymentTies')!,
    run: (work) => school.run(work),
    children: async () => ({ withRecords: school.children[0]!.id, without: school.children[1]!.id }),
    recordsOf: (studentId) => countRows(school.database, 'payments_prompts where student_id = $1', [studentId]),
    marks: async () => null,
  });
});
