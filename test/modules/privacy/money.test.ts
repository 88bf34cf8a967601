import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../src/kernel/id.js';
import { maskPhone } from '../../../src/kernel/people/phone.js';
import { Cheques } from '../../../src/modules/fees/banking/cheques.js';
import { VoteHeads } from '../../../src/modules/fees/structures/vote-heads.js';
import { Receiving } from '../../../src/modules/fees/receiving/receive.js';
import { TakingBack } from '../../../src/modules/fees/reversals/reversals.js';
import { bookYearsOf, MONTHS_OF_PAPERS } from '../../../src/modules/fees/documents/book-years.rules.js';
import { FEES } from '../../../src/modules/fees/index.js';
import { CHART_STORE } from '../../../src/modules/finance/ports.js';
import { Suspense } from '../../../src/modules/payments/suspense/suspense.js';
import { Prompts } from '../../../src/modules/payments/prompts/prompts.js';
import { Retention } from '../../../src/modules/privacy/retention.js';
import type { SubjectFile } from '../../../src/modules/privacy/subject-file.js';
import { query } from '../../../src/platform/db/index.js';
import type { Browser } from '../../support/browser.js';
import { aStudent } from '../../support/people/students.js';
import { countRows, sql } from '../../support/database/sql.js';
import { textsInZip } from '../../support/reading/zip.js';
import { aPayingSchool, type PayingSchool } from '../payments/support.js';

const MOTHER = { fullName: 'Grace Wanjiru', phone: '+254722190211' };
const FATHER = { fullName: 'Peter Muthoka', phone: '+254733190244', relationship: 'father' as const };
const BILL = 12_000_00;

describe('money in the files of people', () => {
  let school: PayingSchool;
  let child: { id: string; paymentNo: string };
  let owner: Browser;
  let code: string;
  let waited: string;
  before(async () => {
    school = await aPayingSchool({ children: 0 });
    const made = await aStudent(school, { surname: 'Zulekhaib', firstName: 'Amani', guardians: [MOTHER, FATHER] });
    const [row] = await sql(school.database, 'select payment_no as "paymentNo" from students where id = $1', [made.id]);
    child = { id: made.id, paymentNo: row!.paymentNo! };
    owner = await school.as('owner');
    await school.run(async () => {
      const { accounts } = await school.get(CHART_STORE).chart();
      const accountId = accounts.find((one) => one.role === 'fees')!.id;
      await school.get(VoteHeads).add(school.office, {
        code: 'TUI',
        name: 'Tuition',
        kind: 'income',
        frequency: 'term',
        mandatory: true,
        priority: 1,
        accountId,
      });
      await school.get(FEES).charge(school.office, {
        studentId: child.id,
        head: 'TUI',
        amountMinor: BILL,
        description: 'Fees of the term',
        sourceKey: 'test:1',
      });
      await school.get(Receiving).receive(school.office, {
        method: 'cash',
        amountMinor: 2_000_00,
        currency: 'KES',
        receivedOn: new Date().toISOString().slice(0, 10),
        references: [],
        shares: [{ studentId: child.id, amountMinor: 2_000_00 }],
        client: 'user:test',
        clientKey: newId(),
        by: 'person',
        payerName: 'Peter Muthoka',
        payerPhone: FATHER.phone,
        memo: 'Brought by hand',
      });
      await school.get(Receiving).receive(school.office, {
        method: 'mobile',
        amountMinor: 500_00,
        currency: 'KES',
        receivedOn: new Date().toISOString().slice(0, 10),
        references: [{ scheme: 'mpesa', issuer: '', value: 'SHOWNCODE1' }],
        shares: [{ studentId: child.id, amountMinor: 500_00 }],
        client: 'user:test',
        clientKey: newId(),
        by: 'person',
        provisional: true,
      });
      await query(
        'test.kind',
        "insert into fees_award_kinds (id, name, method, value, rank) values ($1, 'Half for orphans', 'percent', 5000, 1)",
        ['00000000-0000-7000-8000-000000000001'],
      );
      await query(
        'test.award',
        `insert into fees_awards (id, student_id, kind_id, from_term_id, state, reason, by_name) select gen_random_uuid(), $1, '00000000-0000-7000-8000-000000000001', id, 'active', 'Zulekhaib lost the father', 'Board' from school_terms order by starts_on limit 1`,
        [child.id],
      );
      await query(
        'test.promise',
        "insert into fees_promises (id, student_id, made_on, promised_on, amount_minor, note, by_name) values (gen_random_uuid(), $1, '2026-11-01', '2026-12-01', 500000, 'The aunt of Zulekhaib', 'Bursar')",
        [child.id],
      );
      await query(
        'test.link',
        "insert into fees_statement_links (id, token_hash, student_id, family, expires_on, by_name) values (gen_random_uuid(), 'a-hash-of-tests', $1, true, '2027-01-01', 'Bursar')",
        [child.id],
      );
      await query(
        'test.request',
        `insert into approvals_requests (id, kind, subject_kind, subject_id, summary, reason, payload, state, asked_by_name, asked_at, decided_by_user_id, decided_by_name, decided_at, moved_at)
        select gen_random_uuid(), 'fees.award', 'fees.award', id::text, 'Amani Zulekhaib is given “Half for orphans”', 'An orphan: Zulekhaib', '{"name": "Amani Zulekhaib", "kind": "Half"}', 'approved', 'Bursar', now(), gen_random_uuid(), 'Head', now(), now() from fees_awards`,
      );
      await school
        .get(Prompts)
        .fromDesk(school.office, { accountId: school.account.id, studentId: child.id, amountMinor: 100_00, phone: MOTHER.phone });
    });
    const paid = await school.daraja.payTo(school.account.shortcode, {
      amount: '10000.00',
      billRef: child.paymentNo,
      phone: MOTHER.phone.slice(1),
      payer: 'GRACE WANJIRU',
    });
    code = paid!.transId;
    await school.look();
    await school.readLists();
    assert.equal(await school.owes(child.id), 0);
    await school.daraja.confirm({ ...paid!, amount: '10500.00' });
    await school.look();
    const [differs] = await sql(school.database, 'select message_id as id from payments_outcomes where other_minor is not null');
    await school.run(() => school.get(Suspense).look(school.office, differs!.id!, 'The uncle of Zulekhaib says 10,500'));
    const unknown = await school.daraja.payTo(school.account.shortcode, {
      amount: '60.00',
      billRef: 'NOBODY',
      phone: MOTHER.phone.slice(1),
      payer: 'GRACE WANJIRU',
    });
    await school.look();
    waited = unknown!.transId;
    const [item] = await sql(school.database, 'select id from payments_suspense where trans_id = $1', [waited]);
    await school.run(() => school.get(Suspense).reject(school.office, item!.id!, 'Rent of the hall, said Grace'));
    const cheque = {
      method: 'cheque' as const,
      references: [{ scheme: 'cheque', issuer: 'KCB', value: '000777' }],
      receivedOn: new Date().toISOString().slice(0, 10),
    };
    await school.run(async () => {
      const { paymentId } = await school.get(Receiving).receive(school.office, {
        ...cheque,
        amountMinor: 90_00,
        currency: 'KES',
        shares: [{ studentId: child.id, amountMinor: 90_00 }],
        client: 'user:test',
        clientKey: newId(),
        by: 'person',
        payerName: 'An uncle',
      });
      const bank = (await school.get(CHART_STORE).chart()).accounts.find((one) => one.role === 'bank')!;
      await school
        .get(Cheques)
        .bank(school.office, { paymentIds: [paymentId], accountId: bank.id, slipNumber: 'SLIP 9', bankedOn: cheque.receivedOn });
      await school.get(TakingBack).bounce(school.office, paymentId, 'No cover, said the uncle');
    });
  });
  after(() => school?.stop());

  const fileOf = async (path: string, language = 'en'): Promise<SubjectFile> => {
    const answer = await owner.get(`${path}/data.zip?lang=${language}`);
    assert.equal(answer.status, 200, path);
    return (JSON.parse((await textsInZip(answer.body))['data.json']!) as { people: SubjectFile[] }).people[0]!;
  };
  const sections = (file: SubjectFile) =>
    new Map(file.sections.map((one) => [one.title, (one.table?.rows ?? []).flat().map(String)]));
  const guardian = async (name: string): Promise<string> =>
    (await sql(school.database, 'select id from students_guardians where full_name = $1', [name]))[0]!.id!;

  it('a child’s has bills, receipts with who paid, awards, promises, codes and what mobile money told; phones of payers lose their middle', async () => {
    const file = await fileOf(`/privacy/student/${child.id}`);
    const found = sections(file);
    const expected: Record<string, string[]> = {
      'Bills and notes': ['KES 12,000', 'Fees of the term'],
      'What was billed': ['Tuition'],
      'Payments and receipts': [
        'KES 2,000',
        'Peter Muthoka',
        maskPhone(FATHER.phone),
        'Brought by hand',
        'No cover, said the uncle',
        'KES 10,000',
        code,
      ],
      'Codes shown but not verified': ['SHOWNCODE1'],
      'Discounts and sponsors': ['Half for orphans', 'Zulekhaib lost the father'],
      'Promises to pay': ['The aunt of Zulekhaib'],
      'Links to the statement': ['2027-01-01'],
      'Prompts sent to phones': ['KES 100', maskPhone(MOTHER.phone)],
      'Mobile money messages': [code, 'KES 10,000', maskPhone(MOTHER.phone), 'The uncle of Zulekhaib says 10,500'],
      'Cheques at the bank': ['000777', 'KCB', 'SLIP 9'],
    };
    for (const [title, values] of Object.entries(expected))
      for (const value of values)
        assert.ok(found.get(title)?.includes(value), `${title}: ${value} is not in ${found.get(title)?.join(' | ')}`);
    const all = JSON.stringify(file);
    for (const phone of [MOTHER.phone, FATHER.phone]) assert.ok(!all.includes(phone.slice(1)), `${phone} is somebody else’s`);
    assert.match((await owner.get(`/privacy/student/${child.id}`)).html, /Peter Muthoka/);
  });

  it('a guardian’s has the payments from their own phone, and what the network told of it', async () => {
    const found = sections(await fileOf(`/privacy/guardian/${await guardian('Grace Wanjiru')}`));
    assert.ok(found.get('Payments from your phone')!.includes('KES 10,000'));
    assert.ok(found.get('Mobile money messages')!.includes(MOTHER.phone));
    for (const value of [waited, 'KES 60', 'Rent of the hall, said Grace'])
      assert.ok(found.get('Payment from suspense')!.includes(value), value);
    assert.ok(!found.get('Payments from your phone')!.includes('Peter Muthoka'), 'not the father’s');
    const his = sections(await fileOf(`/privacy/guardian/${await guardian('Peter Muthoka')}`));
    assert.deepEqual(
      [his.get('Payments from your phone')!.includes('KES 2,000'), his.has('Mobile money messages')],
      [true, false],
    );
  });

  for (const language of ['fr', 'sw'] as const) {
    it(`every heading of it is said in ${language}`, async () => {
      const same = new Set(['Date', 'Code', 'Description', 'Messages', 'Religion', 'Document', 'Classes', 'Stream']);
      for (const path of [`/privacy/student/${child.id}`, `/privacy/guardian/${await guardian('Grace Wanjiru')}`]) {
        const words = (file: SubjectFile): string[] =>
          file.sections.flatMap(({ title, facts = [], table }) => [
            title,
            ...facts.map((one) => one.label),
            ...(table?.heads ?? []),
          ]);
        const [english, translated] = [words(await fileOf(path)), words(await fileOf(path, language))];
        assert.deepEqual(
          english.filter((word, at) => word === translated[at] && !same.has(word)),
          [],
          path,
        );
      }
    });
  }

  it('nobody is erased while their account is not settled', async () => {
    await sql(school.database, "update students set status = 'transferred', status_on = '2026-10-31' where id = $1", [child.id]);
    await school.run(() =>
      school.get(FEES).charge(school.office, {
        studentId: child.id,
        head: 'TUI',
        amountMinor: 50_00,
        description: 'A book',
        sourceKey: 'test:2',
      }),
    );
    assert.match((await owner.get(`/privacy/student/${child.id}/erasure`)).html, /This student’s balance is KES 50/);
    assert.equal(
      (
        await owner.submit(
          `/privacy/student/${child.id}/erasure`,
          { reason: 'The family asked', word: 'ERASE' },
          '/profile/tastes',
        )
      ).status,
      422,
    );
    await school.daraja.payTo(school.account.shortcode, {
      amount: '50.00',
      billRef: child.paymentNo,
      phone: MOTHER.phone.slice(1),
    });
    await school.look();
    await school.readLists();
    assert.equal(await school.owes(child.id), 0);
  });

  it('erasing says which papers the law keeps, leaves the name nowhere else, and takes the phones of guardians who go along', async () => {
    const page = await owner.get(`/privacy/student/${child.id}/erasure`);
    assert.match(page.html, /are kept for 5 years after the end of their financial year \(Tax Procedures Act 2015, section 23\)/);
    assert.equal(
      (await owner.submit(`/privacy/student/${child.id}/erasure`, { reason: 'The family asked for it', word: 'ERASE' })).status,
      303,
    );
    // Who did what is kept by its own law; the journal’s entries say for whom money was booked, and are never changed.
    assert.deepEqual(await tablesWith('zulekhaib'), ['finance_entries']);
    assert.deepEqual(await tablesWith(MOTHER.phone.slice(-9)), []);
    assert.deepEqual(await tablesWith(FATHER.phone.slice(-9)), []);
    assert.equal(
      await countRows(school.database, "fees_payments where payer_name = 'Peter Muthoka'"),
      1,
      'who paid stays on the paper',
    );
    assert.equal(
      (await countRows(school.database, 'payments_messages where payer_phone = $1', [maskPhone(MOTHER.phone)])) > 0,
      true,
    );
    assert.deepEqual(await school.differences(), []);
  });

  it('phones of what mobile money told lose their middle in time, never before half a year, and only when it is settled what became of them', async () => {
    const other = await aStudent(school, { surname: 'Other', guardians: [{ fullName: 'Mary Atieno', phone: '+254711222333' }] });
    const [row] = await sql(school.database, 'select payment_no as "paymentNo" from students where id = $1', [other.id]);
    for (const amount of ['70.00', '80.00'])
      await school.daraja.payTo(school.account.shortcode, { amount, billRef: row!.paymentNo!, phone: '254711222333' });
    await school.look();
    await school.readLists();
    const paid = school.daraja.paid.at(-1)!;
    await school.daraja.confirm({ ...paid, amount: '85.00' });
    await school.look();
    const [differs] = await sql(
      school.database,
      'select o.message_id as id from payments_outcomes o join payments_messages m on m.id = o.message_id where m.trans_id = $1 and o.other_minor is not null',
      [paid.transId],
    );
    await school.run(() => school.get(Suspense).look(school.office, differs!.id!, 'Mary says 85'));
    const notes = (): Promise<number> => countRows(school.database, "payments_looked where note = 'Mary says 85'");
    await assert.rejects(
      school.run(() => query('test.early-note', 'select app.payments_forget_notes(now(), null, 10)')),
      /half a year/,
    );
    await assert.rejects(
      school.run(() => query('test.note', "update payments_looked set note = 'x'")),
      /permission denied/,
    );
    const whole = (): Promise<number> =>
      countRows(school.database, "payments_messages where payer_phone = '+254711222333' or body like '%711222333%'");
    assert.ok((await whole()) > 0);
    await assert.rejects(
      school.run(() => query('test.early', 'select app.payments_mask_phones(now(), null, 10)')),
      /half a year/,
    );
    await assert.rejects(
      school.run(() => query('test.change', "update payments_messages set payer_phone = ''")),
      /permission denied/,
    );
    await school.run(() => school.get(Retention).run());
    assert.ok((await whole()) > 0, 'too young');
    assert.equal(await notes(), 1);
    await sql(school.database, "update payments_looked set at = at - interval '25 months'");
    await sql(
      school.database,
      "update payments_messages set received_at = received_at - interval '25 months' where payer_phone = '+254711222333'",
    );
    const [first] = await sql(
      school.database,
      "select id from payments_messages where payer_phone = '+254711222333' order by id limit 1",
    );
    await sql(school.database, 'delete from payments_outcomes where message_id = $1', [first!.id]);
    await school.run(() => school.get(Retention).run());
    assert.equal(await whole(), 1, 'the one that waits is asked about still');
    assert.equal(await notes(), 0, 'what was written beside it goes in time too');
    assert.equal(await countRows(school.database, "payments_looked where by_name <> ''"), 2, 'and who looked stays');
    const [masked] = await sql(
      school.database,
      "select body, trans_id from payments_messages where payer_phone = '+254711***333' limit 1",
    );
    assert.match(masked!.body!, /711\*\*\*333/);
    assert.ok(masked!.body!.includes(masked!.trans_id!), 'the rest of it is as it came');
    assert.equal(await countRows(school.database, "privacy_runs where key = 'payments.phones'"), 1);
  });

  it('who paid goes from receipts when no law asks for their papers any more', async () => {
    await school.run(() => school.get(Retention).run());
    assert.equal(await countRows(school.database, "fees_payments where payer_name = 'Peter Muthoka'"), 1);
    await sql(
      school.database,
      `update fees_payments set received_on = received_on - interval '${MONTHS_OF_PAPERS + 1} months' where payer_name = 'Peter Muthoka'`,
    );
    await school.run(() => school.get(Retention).run());
    assert.equal(await countRows(school.database, "fees_payments where payer_name = 'Peter Muthoka'"), 0);
    for (const country of ['KE', 'NG', 'GH', 'UG', 'ZA', 'TZ'])
      assert.ok(MONTHS_OF_PAPERS >= 12 * (bookYearsOf(country).years + 1), country);
  });

  /** Tables of the school with this word in any row, but those of the audit. */
  async function tablesWith(word: string): Promise<string[]> {
    const tables = await sql<{ name: string }>(
      school.database,
      "select tablename as name from pg_tables where schemaname = 'public' and tablename !~ '^(audit_|knex_)' order by 1",
    );
    const found: string[] = [];
    for (const { name } of tables)
      if ((await countRows(school.database, `"${name}" t where t::text ilike '%' || $1 || '%'`, [word])) > 0) found.push(name);
    return found;
  }
});
