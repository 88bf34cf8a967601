import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { newId } from '../../../../src/kernel/id.js';
import { PAYING } from '../../../../src/modules/fees/index.js';
import { Codes } from '../../../../src/modules/fees/receiving/codes.js';
import { Hearing } from '../../../../src/modules/payments/messages/hearing.js';
import { Settling } from '../../../../src/modules/payments/messages/settling.js';
import { Suspense } from '../../../../src/modules/payments/suspense/suspense.js';
import { SUSPENSE_STORE } from '../../../../src/modules/payments/ports.js';
import type { Browser } from '../../../support/browser.js';
import { countRows, sql } from '../../../support/database/sql.js';
import { aPayingSchool, type Child, type PayingSchool } from '../support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('a code that is typed at the desk', () => {
  let school: PayingSchool;
  let bursar: Browser;
  before(async () => {
    school = await aPayingSchool({ children: 6 });
    bursar = await school.as('bursar');
  });
  after(() => school?.stop());

  let next = 0;
  const aChild = (): Child => school.children[(next += 1) % school.children.length]!;
  const today = (): string => school.today();
  const form = (child: Child, code: string, given: Record<string, string> = {}) => ({
    key: newId(),
    student: child.id,
    amount: '12,000',
    method: 'mobile',
    reference: code,
    receivedOn: today(),
    ...given,
  });
  const take = (fields: Record<string, string>) =>
    bursar.submit('/fees/cashier', fields, `/fees/cashier?student=${fields.student}`);
  /** A payment that M-Pesa tells of at once, or only in its list. */
  const paid = async (amount: string, billRef = 'NOBODY', confirm = true): Promise<string> => {
    const { transId } = (await school.daraja.payTo(school.account.shortcode, { amount, billRef }, { confirm }))!;
    if (confirm) await school.look();
    return transId;
  };
  const payments = (code: string) =>
    sql<{ state: string; minor: number }>(
      school.database,
      'select p.state, p.amount_minor::int as minor from fees_payments p join fees_payment_references r on r.payment_id = p.id and r.freed_at is null where r.value = $1',
      [code],
    );
  const item = async (code: string) =>
    (await sql(school.database, 'select id, state, why, payment_id from payments_suspense where trans_id = $1', [code]))[0]!;

  it('takes the money that waits under it: booked from the message, with a receipt, once', async () => {
    const child = aChild();
    const code = await paid('12000.00');
    const held = await school.balanceOf('suspense');
    const fields = form(child, code.toLowerCase());
    const saved = await take(fields);
    assert.equal(saved.status, 303, text(saved.html));
    assert.match(text((await bursar.get(saved.location!)).html), /booked.*R-\d{6}/);
    assert.deepEqual(await payments(code), [{ state: 'posted', minor: 1_200_000 }]);
    assert.equal(await school.owes(child.id), -1_200_000);
    assert.equal((await school.balanceOf('suspense')) - held, 1_200_000);
    assert.equal((await item(code)).state, 'matched');
    assert.equal(await countRows(school.database, "audit_entries where action = 'payments.suspense.claim'"), 1);
    const again = await take(fields);
    assert.equal(again.location?.split('&')[0], saved.location?.split('&')[0], 'the same form again leads to the same receipt');
    assert.equal(await school.owes(child.id), -1_200_000);
    assert.deepEqual(await school.differences(), []);
  });

  it('with another amount than was received says so beside the field, and nothing is saved', async () => {
    const child = aChild();
    const before = await school.owes(child.id);
    const code = await paid('11500.00');
    const answer = await take(form(child, code));
    assert.equal(answer.status, 422);
    assert.match(answer.html, /id="[^"]*amount[^"]*"[^>]*aria-invalid="true"/);
    assert.match(text(answer.html), /M-Pesa reported KES 11,500 under this code/);
    assert.match(answer.html, /value="12,000"/);
    assert.deepEqual(await payments(code), []);
    assert.equal((await item(code)).state, 'open');
    assert.equal((await take(form(child, code, { amount: '11,500' }))).status, 303);
    assert.equal(await school.owes(child.id), before - 1_150_000);
  });

  it('that is booked already is refused, naming the receipt and the child', async () => {
    const [child, other] = [aChild(), aChild()];
    const code = await paid('700.00', child.paymentNo);
    const [names] = await sql(school.database, 'select surname from students where id = $1', [child.id]);
    for (const amount of ['700', '12,000']) {
      const answer = await take(form(other, code, { amount }));
      assert.equal(answer.status, 409);
      assert.match(text(answer.html), new RegExp(`already on receipt R-\\d+: .*${names!.surname}, ${child.admissionNo}`));
    }
    const claimed = await paid('12000.00');
    assert.equal((await take(form(child, claimed))).status, 303);
    assert.match(
      text((await take(form(other, claimed))).html),
      new RegExp(`already on receipt R-\\d+: .*${child.admissionNo}`),
      'also of money that was claimed',
    );
  });

  it('whose money was closed as not a student’s fee is refused with what to do first', async () => {
    const code = await paid('30.00');
    await bursar.submit(`/payments/suspense/${(await item(code)).id}/rejection`, { reason: 'Rent of the hall' });
    const answer = await take(form(aChild(), code, { amount: '30' }));
    assert.equal(answer.status, 409);
    assert.match(text(answer.html), /closed as not a student’s fee/);
  });

  it('that nobody has told of waits, and is verified without anybody’s hand by whatever tells of it first', async () => {
    for (const how of ['called', 'list'] as const) {
      const child = aChild();
      const before = await school.owes(child.id);
      const { transId: code } = (await school.daraja.payTo(
        school.account.shortcode,
        { amount: '12000.00', billRef: 'SOMETHING' },
        { confirm: false },
      ))!;
      assert.equal((await take(form(child, code))).status, 303);
      assert.deepEqual(await payments(code), [{ state: 'provisional', minor: 1_200_000 }]);
      assert.equal(await school.owes(child.id), before);
      await (how === 'called' ? school.daraja.confirm(school.daraja.paid.at(-1)!).then(() => school.look()) : school.readLists());
      assert.deepEqual(await payments(code), [{ state: 'posted', minor: 1_200_000 }], how);
      assert.equal(await school.owes(child.id), before - 1_200_000);
    }
  });

  it('whose money comes with another sum waits with a sentence that says both; nobody books it by hand beside that', async () => {
    const [child, other] = [aChild(), aChild()];
    const code = await paid('500.00', 'SOMETHING', false);
    const slip = /paid=([0-9a-f-]{36})/.exec((await take(form(child, code, { amount: '600' }))).location!)![1]!;
    await school.readLists();
    assert.equal((await item(code)).why, 'The code was shown at the desk as KES 600, but KES 500 arrived.');
    assert.match(text((await bursar.get(`/fees/payments/${slip}`)).html), /M-Pesa reported KES 500 under this code/);
    const byHand = await bursar.submit(`/fees/payments/${slip}/verification`, { receivedOn: today() });
    assert.equal(byHand.status, 409);
    assert.match(text(byHand.html), /M-Pesa reported KES 500/);
    const before = await school.owes(other.id);
    assert.equal(
      (await take(form(other, code, { amount: '500' }))).status,
      303,
      'the right sum claims it, and the slip gives the code up',
    );
    assert.equal(await school.owes(other.id), before - 50_000);
    assert.deepEqual(await payments(code), [{ state: 'posted', minor: 50_000 }]);
    assert.match(text((await bursar.get(`/fees/payments/${slip}`)).html), /Rejected.*had a different amount/);
    assert.deepEqual(await school.differences(), []);
  });

  it('is claimed through the API too', async () => {
    const child = aChild();
    const code = await paid('250.00');
    const key = await school.run(() =>
      school.get(Codes).take(school.office, {
        method: 'mobile',
        amountMinor: 25_000,
        currency: 'KES',
        receivedOn: today(),
        references: [{ scheme: 'mpesa', issuer: '', value: code }],
        shares: [{ studentId: child.id, amountMinor: 25_000 }],
        client: 'api:test',
        clientKey: code,
        by: 'person',
      }),
    );
    assert.deepEqual([key.state, key.again], ['posted', false]);
  });

  it('and given away in suspense at the same moment, it goes to one of the two, and the money is there once', async () => {
    for (let round = 0; round < 8; round += 1) {
      const [one, two] = [aChild(), aChild()];
      const before = [await school.owes(one.id), await school.owes(two.id)];
      const code = await paid('45.00');
      const { id } = await item(code);
      const claim = () =>
        school.run(() =>
          school.get(Codes).take(school.office, {
            method: 'mobile',
            amountMinor: 4500,
            currency: 'KES',
            receivedOn: today(),
            references: [{ scheme: 'mpesa', issuer: '', value: code }],
            shares: [{ studentId: one.id, amountMinor: 4500 }],
            client: 'user:race',
            clientKey: `race-${code}`,
            by: 'person',
          }),
        );
      const match = () =>
        school.run(() => school.get(Suspense).match(school.office, id!, [{ number: two.paymentNo, amountMinor: null }]));
      const ends = await Promise.allSettled(round % 2 ? [claim(), match(), claim()] : [match(), claim(), match()]);
      const refusals = ends.flatMap((end) => (end.status === 'rejected' ? [(end.reason as { status?: number }).status] : []));
      assert.ok(
        refusals.every((status) => status === 409),
        JSON.stringify(ends),
      );
      assert.deepEqual(await payments(code), [{ state: 'posted', minor: 4500 }]);
      const after = [await school.owes(one.id), await school.owes(two.id)];
      assert.equal(before[0]! + before[1]! - after[0]! - after[1]!, 4500);
    }
    assert.deepEqual(await school.differences(), []);
  });

  it('and told of by the network at the same moment, it is booked once, whichever came first', async (t) => {
    const store = school.get(SUSPENSE_STORE);
    const look = store.ofTransaction.bind(store);
    t.after(() => (store.ofTransaction = look));
    for (let round = 0; round < 8; round += 1) {
      let slow = round >= 4;
      store.ofTransaction = async (code) => {
        const found = await look(code);
        // Who looked first has found nothing, and writes late.
        if (slow) await setTimeout(300, (slow = false));
        return found;
      };
      const child = aChild();
      const before = await school.owes(child.id);
      const code = await paid('46.00', 'SOMETHING', false);
      const type = () =>
        school.run(() =>
          school.get(Codes).take(school.office, {
            method: 'mobile',
            amountMinor: 4600,
            currency: 'KES',
            receivedOn: today(),
            references: [{ scheme: 'mpesa', issuer: '', value: code }],
            shares: [{ studentId: child.id, amountMinor: 4600 }],
            client: 'user:race',
            clientKey: `told-${code}`,
            by: 'person',
          }),
        );
      await school.run(() => school.get(Hearing).readLists());
      await Promise.all([type(), school.run(() => school.get(Settling).settleAll(true))]);
      assert.deepEqual(await payments(code), [{ state: 'posted', minor: 4600 }]);
      assert.equal(await school.owes(child.id), before - 4600);
    }
    assert.equal(await countRows(school.database, "payments_suspense where state = 'open' and amount_minor = 4600"), 0);
    assert.deepEqual(await school.differences(), []);
  });

  it('turned down at the desk, its number goes to the money that came all the same', async () => {
    const child = aChild();
    const code = await paid('80.00', 'SOMETHING', false);
    const slip = /paid=([0-9a-f-]{36})/.exec((await take(form(child, code, { amount: '80' }))).location!)![1]!;
    await bursar.submit(`/fees/payments/${slip}/rejection`, { reason: 'Not in the list' });
    assert.match(text((await take(form(child, code, { amount: '80' }))).html), /shown before and rejected/);
    await school.readLists();
    assert.equal((await take(form(child, code, { amount: '80' }))).status, 303);
    assert.equal(
      (await school.run(() => school.get(PAYING).paymentOf({ scheme: 'mpesa', issuer: '', value: code })))?.state,
      'posted',
    );
    assert.match(text((await bursar.get(`/fees/payments/${slip}`)).html), /Not in the list/, 'the slip keeps its own reason');
  });
});
