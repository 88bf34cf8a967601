import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Receiving } from '../../../../src/modules/fees/receiving/receive.js';
import { TakingBack } from '../../../../src/modules/fees/reversals/reversals.js';
import { Suspense } from '../../../../src/modules/payments/suspense/suspense.js';
import { query } from '../../../../src/platform/db/index.js';
import type { Browser } from '../../../support/browser.js';
import { countRows, sql } from '../../../support/database/sql.js';
import { aPayingSchool, type Child, type PayingSchool } from '../support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('money of M-Pesa whose receipt is taken back', () => {
  let school: PayingSchool;
  let bursar: Browser;
  let owner: Browser;
  let wrong: Child;
  let right: Child;
  before(async () => {
    school = await aPayingSchool({ children: 4 });
    [bursar, owner] = [await school.as('bursar'), await school.as('owner')];
    [wrong, right] = school.children as [Child, Child];
  });
  after(() => school?.stop());

  const booked = async (amount: string, child = wrong): Promise<{ code: string; paymentId: string }> => {
    const { transId } = (await school.daraja.payTo(school.account.shortcode, {
      amount,
      billRef: child.paymentNo,
      payer: 'GRACE WANJIRU',
    }))!;
    await school.look();
    await school.readLists();
    const [row] = await sql(
      school.database,
      "select o.payment_id as id from payments_messages m join payments_outcomes o on o.message_id = m.id where m.trans_id = $1 and o.outcome = 'booked'",
      [transId],
    );
    return { code: transId, paymentId: row!.id! };
  };
  const takeBack = (paymentId: string) =>
    school.run(() =>
      (
        school.get(TakingBack) as unknown as {
          carryOut(actor: unknown, id: string, state: string, reason: string): Promise<void>;
        }
      ).carryOut(school.office, paymentId, 'reversed', 'The wrong child'),
    );
  const itemOf = async (code: string) =>
    (
      await sql(school.database, 'select id, state, payment_id, taken_back_id from payments_suspense where trans_id = $1', [code])
    )[0];
  const said = async (code: string): Promise<string[]> =>
    (
      await sql(
        school.database,
        "select m.source || ' ' || o.outcome || case when v.id is null then '' else ' then suspense' end as said from payments_messages m join payments_outcomes o on o.message_id = m.id left join payments_moved_outcomes v on v.message_id = m.id where m.trans_id = $1 order by m.id",
        [code],
      )
    ).map((row) => row.said!);
  const balances = async (): Promise<number[]> => [
    await school.owes(wrong.id),
    await school.owes(right.id),
    await school.balanceOf('clearing.mobile'),
    await school.balanceOf('suspense'),
  ];

  it('stays in the books: two people take the receipt back, and the money waits in suspense as the message that brought it', async () => {
    const start = await balances();
    const { code, paymentId } = await booked('900.00');
    const page = await bursar.get(`/fees/payments/${paymentId}/reversal`);
    assert.match(
      text(page.html),
      /M-Pesa reported this payment, so the money stays with the school\. .*waits in suspense.*Move receipt R-/,
      'the page says what becomes of it, and the shorter way',
    );
    assert.match(page.html, /href="\/fees\/receipts\/[0-9a-f-]{36}\/move"/);
    assert.equal((await bursar.submit(`/fees/payments/${paymentId}/reversal`, { reason: 'Paid for the cousin' })).status, 303);
    assert.equal(await itemOf(code), undefined, 'asked, not done');
    const request = /href="(\/approvals\/[0-9a-f-]{36})"/.exec((await owner.get('/approvals')).html)![1]!;
    assert.equal((await owner.submit(`${request}/decision`, { decision: 'approve', note: '' }, request)).status, 303);

    assert.deepEqual(await balances(), [start[0], start[1], start[2]! + 90_000, start[3]! - 90_000], 'nobody’s, and still there');
    const item = (await itemOf(code))!;
    assert.deepEqual([item.state, item.taken_back_id], ['open', paymentId]);
    assert.match(
      text((await bursar.get(`/payments/suspense/${item.id}`)).html),
      /KES 900 from GRACE.*Its receipt was reversed\..*Paid for the cousin/,
    );
    const waits = (await bursar.get(`/payments/suspense/${item.id}`)).html;
    assert.match(waits, new RegExp(`href="/fees/payments/${paymentId}"`));
    assert.doesNotMatch(
      waits,
      new RegExp(`value="${wrong.paymentNo}"|number=${wrong.paymentNo}`),
      'the wrong child is not proposed, though its number was written',
    );
    assert.doesNotMatch((await bursar.get('/payments/suspense')).html, new RegExp(`value="${wrong.paymentNo}"`));
    assert.match((await bursar.get(`/fees/payments/${paymentId}`)).html, new RegExp(`href="/payments/suspense/${item.id}"`));
    assert.deepEqual(await school.differences(), []);

    assert.equal(
      (
        await bursar.submit(
          `/payments/suspense/${item.id}/matches`,
          { 'shares.0.number': right.paymentNo },
          `/payments/suspense/${item.id}`,
        )
      ).status,
      303,
    );
    assert.deepEqual(await balances(), [start[0], start[1]! - 90_000, start[2]! + 90_000, start[3]]);
    assert.deepEqual(await school.differences(), []);
  });

  it('keeps the history of its message: one outcome at a time, from booked to suspense, once and for good', async () => {
    const { code, paymentId } = await booked('31.00');
    const before = await said(code);
    await takeBack(paymentId);
    assert.deepEqual(
      (await said(code)).filter((one) => one.includes('then suspense')).map((one) => one.replace(' then suspense', '')),
      before.filter((one) => one.endsWith('booked')),
    );
    const [message] = await sql(
      school.database,
      "select m.id from payments_messages m join payments_outcomes o on o.message_id = m.id where m.trans_id = $1 and o.outcome = 'booked'",
      [code],
    );
    assert.match(
      text((await bursar.get(`/payments/messages/${message!.id}`)).html),
      /Unmatched · Its receipt was reversed\..*It was booked until .*, when .* reversed its receipt/,
    );
    assert.match(text((await bursar.get(`/payments/messages?q=${code}&outcome=suspense`)).html), new RegExp(code));
    await assert.rejects(
      school.run(() => query('test.change', 'delete from payments_moved_outcomes')),
      /permission denied/,
    );
    await assert.rejects(
      school.run(() =>
        query(
          'test.twice',
          "insert into payments_moved_outcomes (id, message_id, suspense_id, reason, by_name) select gen_random_uuid(), message_id, suspense_id, 'x', 'x' from payments_moved_outcomes limit 1",
        ),
      ),
      /duplicate key/,
    );
  });

  it('and told of again, is known already; taken back from the second child too, it waits again', async () => {
    const { code, paymentId } = await booked('32.00');
    await takeBack(paymentId);
    await school.daraja.confirm(school.daraja.paid.find((one) => one.transId === code)!);
    await school.look();
    assert.equal((await said(code)).at(-1), 'confirmation duplicate');
    const { id } = (await itemOf(code))!;
    const second = await school.run(() =>
      school.get(Suspense).match(school.office, id!, [{ number: right.paymentNo, amountMinor: null }]),
    );
    const held = await school.balanceOf('suspense');
    await takeBack(second);
    const item = (await itemOf(code))!;
    assert.deepEqual(
      [item.state, item.payment_id, item.taken_back_id, await school.balanceOf('suspense')],
      ['open', null, second, held - 3200],
    );
    assert.deepEqual(await school.differences(), []);
  });

  it('taken back by two at the same moment, it waits once; while the network tells of it again, too', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { code, paymentId } = await booked(`4${round}.00`);
      const held = await school.balanceOf('suspense');
      await school.daraja.confirm(school.daraja.paid.find((one) => one.transId === code)!);
      const ends = await Promise.allSettled([takeBack(paymentId), school.look(), takeBack(paymentId)]);
      assert.equal(ends.filter((one) => one.status === 'fulfilled').length, 2, 'one of the two, and the look');
      assert.equal(held - (await school.balanceOf('suspense')), (40 + round) * 100);
    }
    assert.deepEqual(await school.differences(), []);
  });

  it('of a code that people saw and took back, and that the network tells of only then, it is in suspense and not lost', async () => {
    const { transId } = (await school.daraja.payTo(
      school.account.shortcode,
      { amount: '33.00', billRef: wrong.paymentNo },
      { confirm: false },
    ))!;
    const day = school.today();
    const { paymentId } = await school.run(() =>
      school.get(Receiving).receive(school.office, {
        method: 'mobile',
        amountMinor: 3300,
        currency: 'KES',
        receivedOn: day,
        references: [{ scheme: 'mpesa', issuer: '', value: transId }],
        shares: [{ studentId: wrong.id, amountMinor: 3300 }],
        client: 'user:x',
        clientKey: transId,
        by: 'person',
      }),
    );
    assert.doesNotMatch(
      (await bursar.get(`/fees/payments/${paymentId}/reversal`)).html,
      /data-test="told"/,
      'nobody has told of it yet',
    );
    await takeBack(paymentId);
    assert.equal(await itemOf(transId), undefined);
    const held = await school.balanceOf('suspense');
    await school.readLists();
    assert.equal((await itemOf(transId))?.state, 'open');
    assert.equal(held - (await school.balanceOf('suspense')), 3300);
    assert.equal(
      await countRows(
        school.database,
        "payments_suspense where trans_id = $1 and why = 'A receipt with this code was reversed.'",
        [transId],
      ),
      1,
    );
    assert.deepEqual(await school.differences(), []);
  });
});
