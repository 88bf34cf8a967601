import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../../src/kernel/id.js';
import { Moving } from '../../../../src/modules/fees/reversals/moving.js';
import { Receiving } from '../../../../src/modules/fees/receiving/receive.js';
import { TakingBack } from '../../../../src/modules/fees/reversals/reversals.js';
import { PaymentReceived, type NewPayment } from '../../../../src/modules/fees/index.js';
import { RECEIPT_NOTICE_STORE, RECEIVING_SETTINGS } from '../../../../src/modules/fees/ports.js';
import { FamilyWishes } from '../../../../src/modules/notifications/opt-outs.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { deliverOutbox, publish } from '../../../../src/platform/outbox/index.js';
import { aGuardian, aStudent } from '../../../support/build.js';
import { countRows, sql } from '../../../support/database/sql.js';
import { payment, withFees, type SchoolWithFees } from '../support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('a guardian is told of each payment', () => {
  let school: SchoolWithFees;
  let phones = 722_600_000;
  before(async () => {
    school = await withFees();
    await school.run(() =>
      school
        .get(FamilyWishes)
        .change(school.office, { quietFrom: '20:00', quietUntil: '20:00', segmentPriceMinor: null, version: 0 }),
    );
    await deliver();
  });
  after(() => school?.stop());

  const deliver = () => school.run(() => deliverOutbox(school.app.subscribers));
  const aChild = async (
    firstName: string,
    guardian: Parameters<typeof aGuardian>[2] = {},
  ): Promise<{ child: Student; phone: string }> => {
    const phone = `+254${(phones += 1)}`;
    const child = await aStudent(school, { joinedOn: '2025-01-06', firstName });
    await aGuardian(school, child, { phone, email: null, ...guardian });
    return { child, phone };
  };
  const told = async (recipient: string) =>
    (
      await sql<{ channel: string; words: string }>(
        school.database,
        "select channel, content->>'text' as words from notifications_messages where recipient = $1 and template = 'fees.receipt' order by id",
        [recipient],
      )
    ).map((one) => one.words);
  const switchTo = (tellFamilies: boolean) =>
    school.run(async () => {
      const store = school.get(RECEIVING_SETTINGS);
      await store.save({ ...(await store.read()), tellFamilies });
    });

  it('once, with the receipt number, the balance and a link that opens the statement', async () => {
    const { child, phone } = await aChild('Amina');
    await school.bill(child.id, { TUI: 10_000_00 });
    const { receipts } = await school.pay(child.id, 4_000_00);
    await deliver();
    await deliver();
    const [words, ...more] = await told(phone);
    assert.equal(more.length, 0);
    assert.match(
      words!,
      new RegExp(
        `KES 4,000 received for Amina on 24 Nov 2026, receipt ${receipts[0]!.number}\\. Balance: KES 6,000\\. Statement: http`,
      ),
    );
    const statement = text((await school.stranger().get(/\/statement\/[0-9A-Za-z_-]+/.exec(words!)![0])).html);
    assert.match(statement, /KES 6,000/);
  });

  it('in their language, by email where there is no phone for messages, and says when nothing is left or it is paid ahead', async () => {
    const { child } = await aChild('Awa', { phone: null, email: 'jean@example.org', language: 'fr' });
    await school.bill(child.id, { TUI: 1_000_00 });
    await school.pay(child.id, 1_000_00);
    await deliver();
    await school.pay(child.id, 500_00);
    await deliver();
    const [even, ahead] = await told('jean@example.org');
    assert.match(even!, /reçus pour Awa .*Il n’y a plus rien à payer\. Relevé\s: http/);
    assert.match(ahead!, /Payé d’avance\s: KES\s500/);
    const { child: other, phone } = await aChild('Juma', { language: 'sw' });
    await school.pay(other.id, 500_00);
    await deliver();
    assert.match((await told(phone))[0]!, /tumepokea .* kwa ajili ya Juma/);
  });

  it('by one message for the receipts of one payment, one for each family', async () => {
    const { child, phone } = await aChild('Ann');
    const sister = await aStudent(school, { joinedOn: '2025-01-06', firstName: 'Beth' });
    await aGuardian(school, sister, { phone, email: null });
    const { child: cousin, phone: theirs } = await aChild('Carl');
    const shares = [child, sister, cousin].map((one) => ({ studentId: one.id, amountMinor: 1_000_00 }));
    await school.run(() => school.get(Receiving).receive(school.office, payment(child.id, 3_000_00, { shares })));
    await deliver();
    const [family, ...more] = await told(phone);
    assert.equal(more.length, 0);
    assert.match(family!, /KES 2,000 received for Ann, Beth on .*receipt \S+, \S+\. Paid ahead: KES 2,000/);
    assert.match((await told(theirs))[0]!, /KES 1,000 received for Carl/);
  });

  it('once, also where the event comes twice, and after a process that died between', async () => {
    const { child, phone } = await aChild('Dora');
    const { paymentId, receipts } = await school.pay(child.id, 100_00);
    const store = school.get(RECEIPT_NOTICE_STORE);
    const write = store.write.bind(store);
    store.write = () => Promise.reject(new Error('killed'));
    await deliver();
    assert.equal((await told(phone)).length, 0, 'all of it or nothing');
    store.write = write;
    await sql(school.database, 'update platform_outbox set next_attempt_at = now() where delivered_at is null');
    await deliver();
    await school.run(() => publish(PaymentReceived({ paymentId, receipts: [...receipts] })));
    await deliver();
    assert.equal((await told(phone)).length, 1);
  });

  it('and of its end, where it had been told of; of a cheque that it came back', async () => {
    const { child, phone } = await aChild('Eve');
    await school.run(async () => {
      const settings = school.get(RECEIVING_SETTINGS);
      await settings.save({ ...(await settings.read()), reversalLimitMinor: 100_000_00 });
    });
    const { paymentId } = await school.pay(child.id, 700_00, { client: `user:${school.office.userId}` });
    await deliver();
    const unheard = await school.pay(child.id, 50_00, { client: `user:${school.office.userId}` });
    const back = school.get(TakingBack) as unknown as {
      carryOut(actor: unknown, id: string, state: string, reason: string): Promise<void>;
    };
    for (const id of [paymentId, unheard.paymentId])
      await school.run(() => back.carryOut(school.office, id, 'reversed', 'Wrong child'));
    await deliver();
    const words = await told(phone);
    assert.equal(words.length, 2, 'of the one that was reversed before anybody was told, nothing');
    assert.match(words[1]!, /receipt \S+ for KES 700 for Eve was reversed and is no longer valid\. Nothing more to pay/);
    const cheque = await school.pay(child.id, 300_00, {
      method: 'cheque',
      references: [{ scheme: 'cheque', issuer: 'KCB', value: '000123' }],
    });
    await deliver();
    await school.run(() => back.carryOut(school.office, cheque.paymentId, 'bounced', 'No funds'));
    await deliver();
    assert.match((await told(phone)).at(-1)!, /the cheque for KES 300 for Eve was returned unpaid/);
  });

  it('not who is barred, has no address, or asked for no more; and nobody of what was brought forward', async () => {
    const { child: one, phone: barred } = await aChild('Fay', { barred: true, barredReason: 'Court order' });
    const { child: two, phone: silent } = await aChild('Gil');
    await school.run(() => school.get(FamilyWishes).add(school.office, silent));
    const { child: three, phone: opening } = await aChild('Hana');
    const more: Partial<NewPayment> = { method: 'opening' };
    for (const child of [one, two]) await school.pay(child.id, 100_00);
    await school.pay(three.id, 100_00, more);
    await school.pay(three.id, 100_00, { client: `import:${newId()}` });
    await deliver();
    assert.deepEqual(await Promise.all([barred, silent, opening].map(told)), [[], [], []]);
  });

  it('not by night: it is written down and leaves in the morning', async () => {
    const { child, phone } = await aChild('Ivy');
    await school.pay(child.id, 100_00);
    await deliver();
    assert.equal(
      await countRows(school.database, "notifications_messages where recipient = $1 and family and state = 'queued'", [phone]),
      1,
    );
  });

  it('both families where a receipt moves from one child to another', async () => {
    const { child: from, phone } = await aChild('Jane');
    const { child: to, phone: theirs } = await aChild('Kim');
    const { receipts } = await school.pay(from.id, 250_00);
    await deliver();
    const moving = school.get(Moving) as unknown as {
      carryOut(actor: unknown, receiptId: string, toStudentId: string, reason: string): Promise<string>;
    };
    await school.run(() => moving.carryOut(school.office, receipts[0]!.id, to.id, 'Wrong child'));
    await deliver();
    assert.match((await told(phone))[1]!, /for Jane was reversed/);
    assert.match((await told(theirs))[0]!, /KES 250 received for Kim/);
  });

  it('unless the school has switched it off, on the page of its settings', async () => {
    const owner = await school.as('owner');
    assert.match((await owner.get('/fees/settings')).html, /name="tellFamilies"[^>]*checked/);
    const { child, phone } = await aChild('Lea');
    await switchTo(false);
    await school.pay(child.id, 100_00);
    await deliver();
    assert.deepEqual(await told(phone), []);
    assert.doesNotMatch((await owner.get('/fees/settings')).html, /name="tellFamilies"[^>]*checked/);
    await switchTo(true);
  });
});
