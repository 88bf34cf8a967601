import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { formatAmount } from '../../../../src/kernel/money.js';
import { BillNotices } from '../../../../src/modules/fees/billing/bill-notices.js';
import { FamilyWishes } from '../../../../src/modules/notifications/opt-outs.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { aGuardian, aStudent } from '../../../support/build.js';
import { hiddenValue, type Browser } from '../../../support/browser.js';
import { countRows, sql } from '../../../support/database/sql.js';
import { withTariff, type SchoolWithTariff } from './billing-support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('families are told what a run has billed them', () => {
  let school: SchoolWithTariff;
  let bursar: Browser;
  let run: string;
  /** Two of one mother with a phone, one whose father has an email alone and reads French, one whom nobody can be written to about. */
  let kids: [Student, Student];
  let french: Student;
  let alone: Student;
  const page = (): string => `/fees/billing/${run}`;
  const look = (): string => `${page()}/notices/new`;
  const messages = () =>
    sql<{ id: string; channel: string; recipient: string; words: string }>(
      school.database,
      "select id, channel, recipient, content->>'text' as words from notifications_messages where template = 'fees.bill' order by channel, recipient",
    );
  const to = async (recipient: string) => (await messages()).filter((one) => one.recipient === recipient && one.words);
  const fail = (id: string) =>
    sql(
      school.database,
      "update notifications_messages set state = 'failed', delivered_at = null, reason = 'The number is switched off.' where id = $1",
      [id],
    );
  const submit = async (fields: Record<string, string> = {}) => {
    const { html } = await bursar.get(look());
    return bursar.post(`${page()}/notices`, {
      _csrf: hiddenValue(html, '_csrf'),
      _once: hiddenValue(html, '_once'),
      looked: hiddenValue(html, 'looked'),
      text: hiddenValue(html, 'looked'),
      ...fields,
    });
  };

  before(async () => {
    school = await withTariff();
    bursar = await school.as('bursar');
    kids = [
      await aStudent(school, { joinedOn: '2025-01-06', firstName: 'Amina' }),
      await aStudent(school, { joinedOn: '2025-01-06', firstName: 'Juma' }),
    ];
    [french, alone] = [
      await aStudent(school, { joinedOn: '2025-01-06' }),
      await aStudent(school, { joinedOn: '2025-01-06', surname: 'Nobody' }),
    ];
    for (const one of kids)
      await aGuardian(school, one, { fullName: 'Mary Otieno', phone: '+254722481903', email: 'mary@example.org' });
    await aGuardian(school, french, { fullName: 'Jean Mbuyi', phone: null, email: 'jean@example.org', language: 'fr' });
    await school.charge({ TUI: [12_000_00, 12_000_00, 13_000_00] });
    run = (await school.bill(2)).id;
  });
  after(() => school.stop());

  it('by the bursar and nobody else, from the page of the run', async () => {
    for (const role of ['teacher', 'registrar', 'head', 'auditor'] as const) {
      const person = await school.as(role);
      assert.equal((await person.get(look())).status, 403, role);
      for (const path of ['', '/preview'])
        assert.equal(
          (await person.post(`${page()}/notices${path}`, { text: 'Please pay now', looked: 'Please pay now' })).status,
          403,
          role + path,
        );
    }
    const html = (await bursar.get(page())).html;
    assert.match(text(html), /No family has been notified of these bills yet/);
    assert.match(html, new RegExp(`href="${look()}"`));
    assert.equal((await messages()).length, 0);
  });

  it('after a look at how many messages and parts it is and what they cost; looking writes nothing', async () => {
    await school.run(() =>
      school
        .get(FamilyWishes)
        .change(school.office, { quietFrom: '20:00', quietUntil: '20:00', segmentPriceMinor: 80, version: 0 }),
    );
    const shown = text((await bursar.get(look())).html);
    assert.match(
      shown,
      /Send 2 messages\?.*1 text message, 1 email.*Parts to pay for 2.*Cost KES ?1\.60.*One person has no phone or email/,
    );
    assert.match(shown, /fees for Amina, Juma, Term 3, 2026: KES 26,000, due 15 Sep 2026\. Total balance: KES 26,000\./);
    assert.equal(await countRows(school.database, 'fees_statement_links'), 0);
  });

  it('in words that may be changed, with what is wrong beside the field; changed words are looked at before they are sent', async () => {
    const wrong = await submit({ text: 'Dear {{parent}}, please pay', looked: 'Dear {{parent}}, please pay' });
    assert.equal(wrong.status, 422);
    assert.match(wrong.html, /Only \{\{student\}\}.* are filled in/);
    assert.match(wrong.html, /Dear \{\{parent\}\}, please pay/);
    const unseen = await submit({ text: 'Fees of {{student}}: {{amount}}' });
    assert.equal(unseen.status, 422);
    assert.match(unseen.html, /The wording has changed/);
    const seen = await bursar.submit(`${page()}/notices/preview`, { text: 'Fees of {{student}}: {{amount}}' }, look());
    assert.match(text(seen.html), /Fees of Amina, Juma: KES 26,000/);
    assert.equal(hiddenValue(seen.html, 'looked'), 'Fees of {{student}}: {{amount}}');
    assert.equal((await messages()).length, 0);
  });

  it('once: one message for a phone with what is owed and a statement, an email where there is no phone, in the family’s language', async () => {
    const answers = await Promise.all([submit(), submit()]);
    assert.deepEqual(answers.map((one) => one.status).sort(), [303, 422], 'pressed on two pages at once');
    assert.match(answers.find((one) => one.status === 422)!.html, /None of these families can be messaged/);
    const [mail, sms, ...more] = await messages();
    assert.deepEqual(
      [more.length, mail!.channel, mail!.recipient, sms!.channel, sms!.recipient],
      [0, 'mail', 'jean@example.org', 'sms', '+254722481903'],
    );
    assert.match(
      mail!.words,
      new RegExp(`frais de ${french.firstName}, Term 3, 2026\\s: KES 13\\s000, à payer au plus tard le 15 sept\\. 2026`),
    );
    assert.match(sms!.words, /Amina, Juma.*KES 26,000/);
    const statement = text((await school.stranger().get(/\/statement\/[0-9A-Za-z-]+/.exec(sms!.words)![0])).html);
    assert.match(statement, /To pay KES 26,000/);
    const entries = await sql(school.database, "select after from audit_entries where action = 'fees.bill.send'");
    assert.deepEqual(
      entries.map((one) => one.after),
      [{ words: null, messages: 2, again: 0, optedOut: 0, unreachable: 1 }],
    );
  });

  it('and the page of the run says how far it is, and whom nobody was written to about', async () => {
    const { html } = await bursar.get(page());
    assert.match(html, /id="told" hx-get/, 'it looks again by itself while messages leave');
    assert.match(text(html), /3 of 4 students 0 of 2 messages sent/);
    assert.match(text(html), new RegExp(`because they have no phone or email or have opted out: ${alone.firstName} Nobody`));
    await sql(
      school.database,
      "update notifications_messages set state = 'delivered', sent_at = now(), delivered_at = now(), content = null",
    );
    assert.match(text((await bursar.get(page())).html), /2 delivered/);
  });

  it('again only where it failed, with a new message; whoever has it by now gets none', async () => {
    const [, sms] = await messages();
    await fail(sms!.id);
    const { html } = await bursar.get(page());
    assert.match(text(html), /1 failed.*Amina .*Juma .*0722 481 903/);
    assert.match(text(html), /The number is switched off/);
    assert.match(text((await bursar.get(look())).html), /Send one message\?/);
    assert.equal((await submit()).status, 303);
    const rows = await messages();
    assert.deepEqual(rows.map((one) => one.recipient).sort(), ['+254722481903', '+254722481903', 'jean@example.org']);
    assert.match(text((await bursar.get(page())).html), /3 of 4 students/);
    assert.equal(await countRows(school.database, 'fees_bill_notices'), 3);
  });

  it('who can be written to later is told on their own, and a newcomer by the run that bills them', async () => {
    await aGuardian(school, alone, { fullName: 'Ann Nobody', phone: '+254722481999' });
    assert.match(text((await bursar.get(look())).html), /Send one message\?/);
    assert.equal((await submit()).status, 303);
    assert.equal((await to('+254722481999')).length, 1);
    const late = await aStudent(school, { joinedOn: '2025-01-06', firstName: 'Zuri' });
    await aGuardian(school, late, { fullName: 'Mary Otieno', phone: '+254722481903' });
    run = (await school.bill(2)).id;
    assert.equal((await submit()).status, 303);
    const newest = (await to('+254722481903')).map((one) => one.words).join();
    assert.match(newest, /fees for Zuri, Term 3, 2026: KES 13,000/);
  });

  it('a credit note makes the bill of the term less; a run that was taken back tells nobody', async () => {
    await school.charge({ TUI: [12_000_00, 12_000_00, 10_000_00] });
    run = (await school.bill(2, { studentIds: [french.id] })).id;
    const estimate = await school.run(() => school.get(BillNotices).estimate(school.office, run, '{{amount}} due {{due}}'));
    assert.equal(estimate.sample!.text.split('\n')[0], `KES ${formatAmount(10_000_00, 'KES', 'fr')} due 15 sept. 2026`);
    await school.run(() => school.runs.reverse(school.office, run, 'Wrong'));
    await school.run(() => school.runs.workReversal(run, { userId: null, name: 'Test' }, false));
    assert.equal((await bursar.get(look())).status, 422);
    assert.doesNotMatch((await bursar.get(page())).html, /id="told"/);
  });
});
