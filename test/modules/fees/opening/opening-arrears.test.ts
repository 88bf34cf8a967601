import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Checker } from '../../../../src/modules/finance/books/checker.js';
import { LEDGER } from '../../../../src/modules/finance/index.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { aStudent } from '../../../support/build.js';
import type { Browser } from '../../../support/browser.js';
import { sql } from '../../../support/database/sql.js';
import { check, counts, undo, write } from '../../imports/support.js';
import { withFees, type SchoolWithFees } from '../support.js';

const HEADS = 'Adm no,Student,Vote head,Arrears,Due date,Remarks\n';

describe('opening balances of students', () => {
  let school: SchoolWithFees;
  let bursar: Browser;
  let owing: Student;
  let ahead: Student;
  let third: Student;
  const send = (body: string) => check(bursar, { kind: 'opening-arrears', name: 'arrears.csv', body: HEADS + body });
  const balance = (student: Student) => school.run(() => school.get(LEDGER).balance({ kind: 'student', id: student.id }));
  const accumulated = async () =>
    Number(
      (
        await sql(
          school.database,
          'select coalesce(sum(amount_minor), 0)::text as sum from finance_lines where account_id = $1',
          [school.account('accumulated')],
        )
      )[0]!.sum,
    );
  const differences = () => school.run(async () => (await school.get(Checker).differences()).map((one) => one.sentence));
  let list: () => string;

  before(async () => {
    school = await withFees({ background: true });
    bursar = await school.as('bursar');
    [owing, ahead, third] = (await Promise.all([aStudent(school), aStudent(school), aStudent(school)])) as [
      Student,
      Student,
      Student,
    ];
    list = () =>
      `${owing.admissionNo},,TUI,"12,500.50",2025-09-15,"Term 3, 2025"\n${owing.admissionNo.toLowerCase().replaceAll('/', ' ')},,,2000,,\n${ahead.admissionNo},,,-3000,,Paid ahead\n${third.admissionNo},,,0,,\n`;
  });
  after(() => school.stop());

  it('are brought by those who bill', async () => {
    const registrar = await school.as('registrar');
    assert.doesNotMatch((await registrar.get('/imports/new?kind=opening-arrears')).html, /Opening balances of students/);
  });

  it('are refused by row: a number nobody has, a head that is not there, the same twice', async () => {
    const { text } = await send(
      `XX/1,,,5,,\n${owing.admissionNo},,NIX,5,,\n${third.admissionNo},,TUI,5,,\n${third.admissionNo},,Tui,6,,\n`,
    );
    assert.match(text, /No student has the admission number “XX\/1”/);
    assert.match(text, /There is no vote head “NIX”/);
    assert.match(text, /has the same student, vote head and day/);
    assert.equal(counts(text).errors, 3);
  });

  it('say once that a row has no number', async () => {
    const { text } = await send(',,TUI,5,,\n');
    assert.match(text, /Admission number is missing\./);
    assert.doesNotMatch(text, /No student has the admission number/);
  });

  it('stand against the accumulated fund on the first day of the books, head by head; what was paid ahead is credit', async () => {
    const { path, text } = await send(list());
    assert.match(text, /Nothing is owed: this row will be skipped/);
    assert.equal((await write(bursar, path)).status, 'done');
    assert.deepEqual([await balance(owing), await balance(ahead), await balance(third)], [14_500_50, -3_000_00, 0]);
    assert.equal(await accumulated(), -(14_500_50 - 3_000_00));
    assert.deepEqual(
      await sql(
        school.database,
        "select i.due_on::text as due, h.code, i.total_minor::text as minor from fees_invoices i join fees_invoice_lines l on l.invoice_id = i.id join fees_vote_heads h on h.id = l.head_id where i.kind = 'opening' order by i.due_on",
      ),
      [
        { due: '2025-09-15', code: 'TUI', minor: '1250050' },
        { due: '2026-01-01', code: 'ARREARS', minor: '200000' },
      ],
    );
    assert.deepEqual(
      await sql(
        school.database,
        "select distinct posted_on::text as on from finance_entries where source_kind in ('fees.opening', 'fees-payment')",
      ),
      [{ on: '2026-01-01' }],
    );
    assert.deepEqual(await differences(), []);
    assert.match((await bursar.get(`/fees/students/${owing.id}?from=2026-01-01&to=2026-11-24`)).html, /Opening balance/);
  });

  it('are settled before everything, also before what was due earlier', async () => {
    const bill = await school.bill(owing.id, { TUI: 5_000_00 }, { dueOn: '2025-02-01' });
    await school.pay(owing.id, 14_500_50);
    assert.deepEqual(
      await sql(school.database, 'select 1 from fees_allocations where invoice_id = $1 and freed_at is null', [bill]),
      [],
    );
    // Credit of the old books pays the next bill by itself.
    await school.bill(ahead.id, { TUI: 1_000_00 });
    assert.equal(await balance(ahead), -2_000_00);
  });

  it('come once: a second list is refused by row until the first is taken back', async () => {
    const { text } = await send(list());
    assert.match(text, /already has an opening balance/);
    assert.equal(counts(text).errors, 3);
  });

  it('are taken back by reversal: what had been paid on them is credit, and the books agree', async () => {
    const [found] = await sql<{ id: string }>(school.database, "select id from imports where status = 'done'");
    assert.equal((await undo(bursar, `/imports/${found!.id}`)).status, 'undone');
    assert.deepEqual([await balance(owing), await balance(ahead)], [5_000_00 - 14_500_50, 1_000_00]);
    assert.equal(await accumulated(), 0);
    assert.deepEqual(await differences(), []);
    assert.equal((await write(bursar, (await send(list())).path)).status, 'done');
    assert.equal(await accumulated(), -(14_500_50 - 3_000_00));
  });

  it('stay once one of them is corrected by hand', async () => {
    const [found] = await sql<{ id: string }>(
      school.database,
      "select id from imports where status = 'done' order by created_at desc limit 1",
    );
    const [invoice] = await sql(
      school.database,
      "select id from fees_invoices where kind = 'opening' and state = 'issued' limit 1",
    );
    assert.equal(
      (
        await bursar.submit(
          `/fees/invoices/${invoice!.id}/reversal`,
          { reason: 'Wrong' },
          `/fees/invoices/${invoice!.id}/reversal`,
        )
      ).status,
      303,
    );
    const kept = await undo(bursar, `/imports/${found!.id}`);
    assert.equal(kept.status, 'done');
    assert.match(kept.text, /One of these balances has been corrected or reversed since/);
  });

  it('are refused at the check, not at the commit, where the month in which the books begin is closed', async () => {
    const other = await withFees({ background: true });
    try {
      await other.close('2026-01');
      const person = await other.as('bursar');
      const student = await aStudent(other);
      const arrears = await check(person, {
        kind: 'opening-arrears',
        name: 'arrears.csv',
        body: `${HEADS}${student.admissionNo},,,4000,,\n`,
      });
      assert.match(arrears.text, /The books begin in January 2026, which is closed/);
      assert.equal(counts(arrears.text).errors, 1);
      const trial = await check(person, {
        kind: 'opening-balances',
        name: 'trial.csv',
        body: 'Account code,Account,Debit,Credit\n1030,Bank,1000,\n3010,Fund,,1000\n',
      });
      assert.match(trial.text, /The books begin in January 2026, which is closed/);
      assert.equal(counts(trial.text).errors, 2);
    } finally {
      await other.stop();
    }
  });

  it('come right together with the opening balances of the books: the receivable of the trial balance is theirs', async () => {
    const other = await withFees({ background: true });
    try {
      const person = await other.as('bursar');
      const student = await aStudent(other);
      const trial = await check(person, {
        kind: 'opening-balances',
        name: 'trial.csv',
        body: 'Account code,Account,Debit,Credit\n1030,Bank,1000,\n1100,Fees receivable,4000,\n3010,Fund,,5000\n',
      });
      assert.equal((await write(person, trial.path)).status, 'done');
      const arrears = await check(person, {
        kind: 'opening-arrears',
        name: 'arrears.csv',
        body: `${HEADS}${student.admissionNo},,,4000,,\n`,
      });
      assert.equal((await write(person, arrears.path)).status, 'done');
      const rows = await sql<{ code: string; minor: string }>(
        other.database,
        'select a.code, sum(l.amount_minor)::text as minor from finance_lines l join finance_accounts a on a.id = l.account_id group by a.code having sum(l.amount_minor) <> 0 order by 1',
      );
      assert.deepEqual(rows, [
        { code: '1030', minor: '100000' },
        { code: '1100', minor: '400000' },
        { code: '3010', minor: '-500000' },
      ]);
    } finally {
      await other.stop();
    }
  });
});
