import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { feesData } from '../../../../src/modules/fees/adapters/own-data.js';
import { Charges } from '../../../../src/modules/fees/billing/charges.js';
import { Defaulters, type DefaulterFilter } from '../../../../src/modules/fees/reminders/defaulters.js';
import { RefundPayouts } from '../../../../src/modules/fees/refunds/refund-payouts.js';
import { Refunds } from '../../../../src/modules/fees/refunds/refunds.js';
import { promiseState } from '../../../../src/modules/fees/reminders/promise.rules.js';
import { DEFAULTER_STORE } from '../../../../src/modules/fees/ports.js';
import { LEDGER } from '../../../../src/modules/finance/index.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { aStudent } from '../../../support/build.js';
import type { Browser } from '../../../support/browser.js';
import { textOfPdf } from '../../../support/reading/pdf.js';
import { sql } from '../../../support/database/sql.js';
import { TODAY, withFees, type SchoolWithFees } from '../support.js';

const ALL: DefaulterFilter = { classId: null, streamId: null, atLeastMinor: 0, days: 1 };
const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('a promise', () => {
  for (const [what, promisedOn, paidMinor, state] of [
    ['is open on its last day', '2026-11-24', 0, 'open'],
    ['is broken the day after', '2026-11-23', 999, 'broken'],
    ['is kept as soon as so much has come', '2026-12-31', 1_000, 'kept'],
    ['stays kept when its day is over', '2026-11-01', 1_000, 'kept'],
  ] as const) {
    it(what, () => assert.equal(promiseState({ promisedOn, amountMinor: 1_000, paidMinor }, '2026-11-24'), state));
  }
});

describe('who owes what is overdue', () => {
  let school: SchoolWithFees;
  let bursar: Browser;
  let kids: Student[];
  let far: Student;
  const list = (filter: Partial<DefaulterFilter> = {}, cursor: string | null = null, limit = 50) =>
    school.run(() => school.get(Defaulters).list(school.office, { ...ALL, ...filter }, cursor, limit));
  const ids = async (filter: Partial<DefaulterFilter> = {}): Promise<string[]> =>
    (await list(filter)).rows.map((row) => row.studentId);

  before(async () => {
    school = await withFees();
    bursar = await school.as('bursar');
    kids = await school.family(4);
    far = await aStudent(school, { stream: null });
    // Late by 84 days, in part; late by one; due today; due later; and one outside of any class that is late by 20.
    await school.bill(kids[0]!.id, { TUI: 10_000_00, LUN: 2_000_00 }, { dueOn: '2026-09-01' });
    await school.bill(kids[0]!.id, { TUI: 5_000_00 }, { dueOn: '2026-12-01' });
    await school.pay(kids[0]!.id, 4_000_00);
    await school.bill(kids[1]!.id, { TUI: 9_000_00 }, { dueOn: '2026-11-23' });
    await school.bill(kids[2]!.id, { TUI: 9_000_00 }, { dueOn: '2026-11-24' });
    await school.bill(kids[3]!.id, { TUI: 9_000_00 }, { dueOn: '2026-09-01' });
    await school.pay(kids[3]!.id, 9_000_00);
    await school.bill(far.id, { TUI: 500_00 }, { dueOn: '2026-11-04' });
  });
  after(() => school.stop());

  it('is nobody’s business who has nothing to do with accounts; only who reminds writes promises down', async () => {
    for (const role of ['teacher', 'registrar'] as const) {
      const person = await school.as(role);
      for (const path of [
        '/fees/defaulters',
        '/fees/defaulters?format=csv',
        '/fees/defaulters/print.pdf',
        `/fees/students/${kids[0]!.id}/promises/new`,
      ])
        assert.equal((await person.get(path)).status, 403, `${role} ${path}`);
    }
    const auditor = await school.as('auditor');
    const page = await auditor.get('/fees/defaulters');
    assert.equal(page.status, 200);
    assert.doesNotMatch(page.html, /promises\/new|Remind families/);
    assert.equal((await auditor.get(`/fees/students/${kids[0]!.id}/promises/new`)).status, 403);
    assert.equal(
      (
        await auditor.submit(
          `/fees/students/${kids[0]!.id}/promises`,
          { promisedOn: '2026-12-01', amountMinor: '1' },
          '/fees/defaulters',
        )
      ).status,
      403,
    );
  });

  it('is who has something past its day, most first, with the balance of the books and the first guardian’s phone', async () => {
    const { rows } = await list();
    assert.deepEqual(
      rows.map((row) => [row.studentId, row.openMinor, row.overdueMinor, row.dueOn]),
      [
        [kids[0]!.id, 13_000_00, 8_000_00, '2026-09-01'],
        [kids[1]!.id, 9_000_00, 9_000_00, '2026-11-23'],
        [far.id, 500_00, 500_00, '2026-11-04'],
      ],
    );
    for (const row of rows)
      assert.equal(row.openMinor, await school.run(() => school.get(LEDGER).balance({ kind: 'student', id: row.studentId })));
    assert.match(rows[0]!.guardian!.phone!, /^\+254/);
    assert.equal(rows[2]!.guardian, null);
  });

  it('is narrowed by class, stream, least balance and days', async () => {
    assert.deepEqual(await ids({ classId: kids[0]!.classId }), [kids[0]!.id, kids[1]!.id]);
    assert.deepEqual(await ids({ streamId: kids[0]!.streamId }), [kids[0]!.id, kids[1]!.id]);
    assert.deepEqual(await ids({ atLeastMinor: 9_000_00 }), [kids[0]!.id, kids[1]!.id]);
    assert.deepEqual(await ids({ atLeastMinor: 9_000_01 }), [kids[0]!.id]);
    assert.deepEqual(await ids({ days: 20 }), [kids[0]!.id, far.id]);
    assert.deepEqual(await ids({ days: 21 }), [kids[0]!.id]);
  });

  it('is paged by key: each once', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = null, n = 0; n === 0 || cursor; n += 1) {
      const page = await list({}, cursor, 1);
      seen.push(...page.rows.map((row) => row.studentId));
      cursor = page.next;
    }
    assert.deepEqual(seen, await ids());
  });

  it('counts no bill that was taken back', async () => {
    const gone = await aStudent(school);
    const bill = await school.bill(gone.id, { TUI: 1_000_00 }, { dueOn: '2026-09-01' });
    assert.ok((await ids()).includes(gone.id));
    await sql(school.database, "update fees_invoices set state = 'reversed' where id = $1", [bill]);
    assert.ok(!(await ids()).includes(gone.id));
  });

  it('is shown, exported as it is shown, and printed by class', async () => {
    const page = text((await bursar.get(`/fees/defaulters?class=${kids[0]!.streamId}&min=9,000&days=31`)).html);
    assert.match(page, new RegExp(`${kids[0]!.surname} ${kids[0]!.firstName}`));
    assert.match(page, /84 days .* 8,000 13,000/);
    assert.doesNotMatch(page, new RegExp(`${kids[1]!.firstName} `));
    const csv = (await bursar.get('/fees/defaulters?format=csv&min=9000')).html.split('\n').filter(Boolean);
    assert.equal(csv.length, 3);
    assert.match(csv[1]!, /13000(\.00)?.*8000(\.00)?.*2026-09-01/);
    const print = textOfPdf((await bursar.get('/fees/defaulters/print.pdf')).body);
    assert.match(print, /Fees overdue/);
    assert.match(print, /In no class/);
    assert.match(print, /22,500/);
    assert.match((await bursar.get('/fees/defaulters?min=99999999')).html, /No one matches/);
    assert.match((await bursar.get(`/fees/students/${kids[0]!.id}`)).html, /promises\/new/);
    assert.doesNotMatch((await bursar.get(`/fees/students/${kids[2]!.id}`)).html, /promises\/new/);
  });

  it('promises are written down with what is wrong beside the field, audited, and say what became of them', async () => {
    const path = `/fees/students/${kids[1]!.id}/promises`;
    const promise = (fields: Record<string, string>) => bursar.submit(path, fields, `${path}/new`);
    const wrong = await promise({ promisedOn: '2026-11-23', amountMinor: '3,000', note: 'By phone' });
    assert.equal(wrong.status, 422);
    assert.match(wrong.html, /Choose today or a later day/);
    assert.match(wrong.html, /value="3,000"/);
    assert.match((await promise({ promisedOn: '2027-11-25', amountMinor: '3,000' })).html, /within a year/);
    assert.match((await promise({ promisedOn: '2026-11-30', amountMinor: '-3' })).html, /above zero/);

    assert.equal((await promise({ promisedOn: '2026-11-30', amountMinor: '3,000', note: 'The father, by phone' })).status, 303);
    const [entry] = await sql(school.database, "select entity_id, after from audit_entries where action = 'fees.promise.record'");
    assert.equal(entry!.entity_id, kids[1]!.id);
    const state = async (): Promise<string | undefined> =>
      (await list()).rows.find((row) => row.studentId === kids[1]!.id)!.promise?.state;
    assert.equal(await state(), 'open');
    await school.pay(kids[1]!.id, 2_999_00);
    assert.equal(await state(), 'open');
    await school.pay(kids[1]!.id, 1_00);
    assert.equal(await state(), 'kept');
    assert.match(
      text((await bursar.get(`${path}/new`)).html),
      /KES 3,000 by 30 Nov 2026 .*The father, by phone .*3,000 received .*Kept/,
    );

    // The newest counts, by money that came after it.
    assert.equal((await promise({ promisedOn: '2026-11-30', amountMinor: '2,000' })).status, 303);
    assert.equal(await state(), 'open');
    await sql(
      school.database,
      "update fees_promises set made_on = '2026-11-10', promised_on = '2026-11-20' where amount_minor = 200000",
    );
    assert.equal(await state(), 'broken');
    assert.match(text((await bursar.get('/fees/defaulters')).html), /Broken/);
  });

  it('a promise is not kept by money that was refunded since, unless the refund is taken back or came after its day', async () => {
    const [child] = await school.family(1);
    const bill = await school.bill(child!.id, { TUI: 9_000_00 }, { dueOn: '2026-11-23' });
    const path = `/fees/students/${child!.id}/promises`;
    assert.equal((await bursar.submit(path, { promisedOn: '2026-11-30', amountMinor: '5,000' }, `${path}/new`)).status, 303);
    const { receipts } = await school.pay(child!.id, 9_000_00);
    const note = (kind: 'credit-note' | 'debit-note') =>
      school.run(() =>
        school.get(Charges).note(school.office, bill, kind, 'A mistake', [{ headId: school.head.TUI, amountMinor: 6_000_00 }]),
      );
    await note('credit-note');
    const refundId = await school.run(() =>
      school.get(Refunds).ask(school.office, {
        studentId: child!.id,
        receiptIds: [receipts[0]!.id],
        amountMinor: 6_000_00,
        method: 'cash',
        payeeName: 'Mrs Otieno',
        payeeAccount: '',
        reason: 'Too much',
      }),
    );
    const promise = async () => (await school.run(() => school.get(DEFAULTER_STORE).promisesOf(child!.id)))[0]!;
    assert.equal(promiseState(await promise(), TODAY), 'kept', 'what is only asked for has not left');
    await school.run(() =>
      school.get(Refunds).kind.approve(school.office, { subject: { kind: 'fee-refund', id: refundId } } as never),
    );
    await school.run(() => school.get(RefundPayouts).pay(school.office, refundId, { paidOn: TODAY, reference: '' }));
    await note('debit-note');
    // As if it were past its own day.
    await sql(school.database, "update fees_invoices set due_on = '2026-11-23' where of_id = $1 and kind = 'debit-note'", [bill]);
    assert.equal((await promise()).paidMinor, 3_000_00);
    assert.equal((await list()).rows.find((row) => row.studentId === child!.id)?.promise?.state, 'open');
    await sql(school.database, "update fees_refunds set paid_on = '2026-12-01' where id = $1", [refundId]);
    assert.equal((await promise()).paidMinor, 9_000_00);
    await sql(school.database, 'update fees_refunds set paid_on = $2 where id = $1', [refundId, TODAY]);
    await school.run(() =>
      school
        .get(RefundPayouts)
        .kind.approve(school.office, { subject: { kind: 'fee-refund', id: refundId }, reason: 'It came back' } as never),
    );
    assert.equal((await promise()).paidMinor, 9_000_00);
  });

  it('promises are in the file of whoever asks what is kept about a child; erasing takes the notes away', async () => {
    const data = feesData({
      school: async () => ({ country: 'KE', currency: 'KES' }),
      balanceOf: async () => 0,
      forgetAwards: async () => undefined,
    });
    const subject = { kind: 'student', id: kids[1]!.id } as const;
    const rows = () =>
      school.run(
        async () =>
          (await data.sections(subject, (words) => words, [])).find((one) => one.title === 'Promises to pay')!.table!.rows,
      );
    assert.deepEqual(
      (await rows()).map((row) => row[2]),
      ['KES 2,000', 'KES 3,000'],
    );
    assert.ok((await rows()).some((row) => row[3] === 'The father, by phone'));
    await school.run(() => data.erase!(subject, 'X', []));
    assert.ok((await rows()).every((row) => row[3] === ''));
  });
});
