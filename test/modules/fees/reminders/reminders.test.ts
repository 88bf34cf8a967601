import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fillGaps, unknownGaps } from '../../../../src/modules/fees/reminders/gaps.rules.js';
import {
  familiesOf,
  firstGuardian,
  reachOf,
  REMINDER_GAPS,
  type AskedGuardian,
} from '../../../../src/modules/fees/reminders/reminder.rules.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { aStudent } from '../../../support/build.js';
import { hiddenValue, type Browser } from '../../../support/browser.js';
import { sql } from '../../../support/database/sql.js';
import { withFees, type SchoolWithFees } from '../support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const ACTION = '/fees/defaulters/reminders';

const guardian = (given: Partial<AskedGuardian>): AskedGuardian => ({
  phone: null,
  email: null,
  language: null,
  barred: false,
  paysFees: true,
  getsSms: true,
  ...given,
});

describe('the words of a reminder', () => {
  it('have gaps that are filled once, and no others', () => {
    assert.equal(
      fillGaps('{{student}} owes {{ balance }}: {{link}}', { student: 'Mary {{link}}', balance: 'KES 5', link: 'x' }),
      'Mary {{link}} owes KES 5: x',
    );
    assert.deepEqual(unknownGaps('{{student}} {{name}} {{ balance }} {{}}', REMINDER_GAPS), ['{{name}}', '{{}}']);
  });

  it('go to the first guardian with a phone who isn’t barred, once for all children of that phone', () => {
    assert.equal(
      firstGuardian([
        guardian({ phone: '+1', barred: true }),
        guardian({}),
        guardian({ phone: '+2' }),
        guardian({ phone: '+3' }),
      ])!.phone,
      '+2',
    );
    assert.equal(firstGuardian([guardian({ phone: '+1', barred: true })]), null);
    const phones: Record<string, string> = { a: '+1', c: '+1', d: '+2' };
    const emails: Record<string, string> = { b: 'Otieno@example.org', d: 'otieno@example.org', f: 'otieno@example.org' };
    const families = familiesOf(
      [...'abcdef'].map((id) => ({ id })),
      (id) => ({ phone: phones[id] ?? null, email: emails[id] ?? null, language: null }),
    );
    assert.deepEqual(
      families.map((one) => one.children.map((each) => each.id).join('')),
      ['ac', 'bf', 'd', 'e'],
      'by email where there is no phone',
    );
    assert.equal(firstGuardian([guardian({}), guardian({ email: 'x@example.org' })])!.email, 'x@example.org');
  });

  it('go to who pays the fees before the others, and by SMS only to who gets SMS', () => {
    const mother = guardian({ phone: '+1', paysFees: false });
    const father = guardian({ phone: '+2', email: 'f@example.org' });
    assert.equal(firstGuardian([mother, father])!.phone, '+2');
    assert.equal(
      firstGuardian([mother, { ...father, getsSms: false, email: null }])!.phone,
      '+1',
      'the payer can’t be written to',
    );
    assert.deepEqual(reachOf({ ...father, getsSms: false }), { phone: null, email: 'f@example.org', language: null });
    assert.equal(firstGuardian([{ ...mother, getsSms: false }])!.phone, '+1', 'a phone to call is still shown');
  });
});

describe('reminding families', () => {
  let school: SchoolWithFees;
  let bursar: Browser;
  let kids: Student[];
  let alone: Student;
  let paid: Student;
  const ticked = (): string => [...kids, alone, paid].map((one) => `student=${one.id}`).join('&');
  const sent = () =>
    sql(school.database, "select recipient, content from notifications_messages where template = 'fees.reminder'");

  before(async () => {
    school = await withFees();
    bursar = await school.as('bursar');
    kids = await school.family(2);
    alone = await aStudent(school);
    paid = (await school.family(1))[0]!;
    for (const one of kids) await school.bill(one.id, { TUI: 6_000_00 }, { dueOn: '2026-09-01' });
    await school.bill(alone.id, { TUI: 1_000_00 }, { dueOn: '2026-09-01' });
    await school.bill(paid.id, { TUI: 1_000_00 }, { dueOn: '2026-12-01' });
  });
  after(() => school.stop());

  it('is for the bursar: others are denied', async () => {
    for (const role of ['teacher', 'registrar', 'head', 'auditor'] as const) {
      const person = await school.as(role);
      assert.equal((await person.get(`${ACTION}/new?${ticked()}`)).status, 403, role);
      for (const path of [ACTION, `${ACTION}/preview`])
        assert.equal(
          (await person.post(path, { student: alone.id, level: 'last', text: 'Please pay now' })).status,
          403,
          role + path,
        );
    }
    assert.deepEqual(await sent(), []);
  });

  it('offers three texts to change, of those who owe something overdue', async () => {
    const friendly = (await bursar.get(`${ACTION}/new?${ticked()}`)).html;
    assert.match(text(friendly), /3 students/);
    assert.match(friendly, /\{\{student\}\} has a fee balance of \{\{balance\}\}[^<]*\{\{link\}\}/);
    assert.match((await bursar.get(`${ACTION}/new?level=second&${ticked()}`)).html, /have not yet received/);
    assert.match((await bursar.get(`${ACTION}/new?level=last&${ticked()}`)).html, /final reminder/);
    assert.match((await bursar.get(`${ACTION}/new?student=${paid.id}`)).html, /No one selected owes anything/);
  });

  it('keeps what was typed where it can’t be sent', async () => {
    const wrong = await bursar.submit(
      `${ACTION}/preview`,
      { student: kids[0]!.id, level: 'last', text: 'Dear {{parent}}, please pay' },
      `${ACTION}/new?${ticked()}`,
    );
    assert.equal(wrong.status, 422);
    assert.match(wrong.html, /Only \{\{student\}\}, \{\{balance\}\} and \{\{link\}\} are filled in/);
    assert.match(wrong.html, /Dear \{\{parent\}\}, please pay/);
  });

  it('shows how many messages and parts first, then sends one for a family, and the same form once', async () => {
    const fields = {
      student: [...kids, alone, paid].map((one) => one.id),
      level: 'second',
      text: 'Fees of {{student}}: {{balance}}. See {{link}}',
    };
    const look = await bursar.submit(`${ACTION}/preview`, fields, `${ACTION}/new?level=second&${ticked()}`);
    assert.match(text(look.html), /Send one message\?.*Messages 1 .*Parts to pay for 1.*One person has no phone or email/);
    assert.deepEqual(await sent(), []);
    assert.equal((await sql(school.database, 'select 1 from fees_statement_links')).length, 0);

    const form = { ...fields, _csrf: hiddenValue(look.html, '_csrf'), _once: hiddenValue(look.html, '_once') };
    assert.equal((await bursar.post(ACTION, form)).status, 303);
    assert.equal((await bursar.post(ACTION, form)).status, 303);
    const messages = await sent();
    assert.equal(messages.length, 1);
    const words = JSON.stringify(messages[0]!.content);
    assert.match(words, /KES 12,000/);
    for (const one of kids) assert.match(words, new RegExp(one.firstName));
    const address = /\/statement\/[0-9A-Za-z-]+/.exec(words)![0];
    const statement = text((await school.stranger().get(address)).html);
    assert.match(statement, /To pay KES 12,000/);
    const entries = await sql(school.database, "select after from audit_entries where action = 'fees.reminder.send'");
    assert.equal(entries.length, 1);
    assert.equal((entries[0]!.after as unknown as { studentIds: string[] }).studentIds.length, 3);
  });

  it('sends nothing to those who have paid meanwhile', async () => {
    const fields = { student: alone.id, level: 'last', text: 'Please pay {{balance}} now' };
    const look = await bursar.submit(`${ACTION}/preview`, fields, `${ACTION}/new?student=${alone.id}`);
    await school.pay(alone.id, 1_000_00);
    const late = await bursar.post(ACTION, {
      ...fields,
      _csrf: hiddenValue(look.html, '_csrf'),
      _once: hiddenValue(look.html, '_once'),
    });
    assert.equal(late.status, 422);
    assert.match(late.html, /None of them has overdue fees/);
  });
});
