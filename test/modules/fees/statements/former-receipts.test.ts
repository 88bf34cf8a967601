import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { LEDGER } from '../../../../src/modules/finance/index.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { aStudent } from '../../../support/build.js';
import type { Browser } from '../../../support/browser.js';
import { textOfPdf } from '../../../support/reading/pdf.js';
import { row, workbookOf } from '../../../support/sheets/workbook.js';
import { sql } from '../../../support/database/sql.js';
import { check, counts, undo, write, textOf } from '../../imports/support.js';
import { withFees, type SchoolWithFees } from '../support.js';

const HEADS = 'ADM NO,NAME OF PUPIL,Receipt No,Date Paid,Amount Paid,Mode of payment,Received from,Remarks\n';

describe('receipts of the former system', () => {
  let school: SchoolWithFees;
  let bursar: Browser;
  let child: Student;
  let other: Student;
  let path: string;
  const send = (body: string) => check(bursar, { kind: 'former-receipts', name: 'receipts.csv', body: HEADS + body });
  const kept = async () => Number((await sql(school.database, 'select count(*)::int as n from fees_former_receipts'))[0]!.n);
  const list = () =>
    `${child.admissionNo},Otieno,R 04512,2025-09-15,"12,500.50",M-Pesa,Otieno Peter,Term 3\n${child.admissionNo.toLowerCase().replaceAll('/', ' ')},,R 04600,2025-10-02,3000,Cash,,\n${other.admissionNo},,R 04512,2025-09-15,800,Cash,Wanjiku,\n`;

  before(async () => {
    school = await withFees({ background: true });
    bursar = await school.as('bursar');
    [child, other] = await Promise.all([aStudent(school), aStudent(school)]);
  });
  after(() => school.stop());

  it('are brought and read by those who bill and see accounts, and by nobody else', async () => {
    const registrar = await school.as('registrar');
    assert.doesNotMatch((await registrar.get('/imports/new?kind=former-receipts')).html, /Receipts from the former system/);
    assert.equal((await registrar.get('/fees/former-receipts')).status, 403);
    assert.match((await bursar.get('/imports/new?kind=former-receipts')).html, /Receipts from the former system/);
  });

  it('are refused by row: a number nobody has, a day to come, no money, the same twice', async () => {
    const { text } = await send(
      `XX/1,,A1,2025-01-02,5,,,\n${child.admissionNo},,A2,2030-01-02,5,,,\n${child.admissionNo},,A3,2025-01-02,0,,,\n${child.admissionNo},,A4,2025-01-02,5,,,\n${child.admissionNo},,a4,2025-01-02,5,,,\n`,
    );
    for (const words of [
      /No student has the admission number “XX\/1”/,
      /This date is in the future/,
      /The amount must be above zero/,
      /has the same receipt for the same student/,
    ])
      assert.match(text, words);
    assert.equal(counts(text).errors, 4);
  });

  it('come in from a workbook too', async () => {
    const book = workbookOf({
      sheets: [
        {
          name: 'Receipts',
          rows: row(1, ['Adm no', 'Receipt no', 'Date', 'Amount']) + row(2, [child.admissionNo, 'X/77', '14/03/2025', 4500]),
        },
      ],
    });
    const found = await check(bursar, { kind: 'former-receipts', name: 'receipts.xlsx', body: book });
    assert.deepEqual([counts(found.text).ready, counts(found.text).errors], [1, 0], found.text.slice(0, 800));
  });

  it('are kept as history: no entry, no balance, no number of ours; written once, said per row the second time', async () => {
    const found = await send(list());
    path = found.path;
    assert.equal((await write(bursar, path)).status, 'done');
    assert.equal(await kept(), 3);
    assert.equal(await school.run(() => school.get(LEDGER).balance({ kind: 'student', id: child.id })), 0);
    assert.deepEqual(
      await sql(
        school.database,
        'select 1 from finance_entries union all select 1 from fees_receipts union all select 1 from fees_invoices',
      ),
      [],
    );
    assert.equal((await sql(school.database, "select 1 from audit_entries where action = 'former-receipts.import'")).length, 1);
    const again = await send(list());
    assert.equal(again.text.match(/This receipt is already in AIMS, so the row is skipped/g)?.length, 3);
    const other = await send(`${child.admissionNo},,R 04512,2025-09-15,900,,,\n`);
    assert.match(other.text, /Receipt R 04512 of this student and day is in AIMS already, with another amount/);
    assert.equal(await kept(), 3);
  });

  it('stand on the fees page and on the statement of the first year of the books, and are found by their number', async () => {
    const page = await bursar.get(`/fees/students/${child.id}`);
    assert.match(
      textOf(page.html),
      /Receipts from before AIMS, in the balance brought forward already[\s\S]*R 04600[\s\S]*R 04512/,
    );
    assert.match(textOf(page.html), /2 receipts from the former system/);
    const statement = textOfPdf((await bursar.get(`/fees/students/${child.id}/statement.pdf`)).body);
    assert.match(statement, /Receipts from before AIMS/);
    assert.match(statement, /R 04512/);
    assert.doesNotMatch(textOf((await bursar.get(`/fees/students/${child.id}?from=2026-02-01&to=2026-03-01`)).html), /R 04512/);
    assert.match(textOf((await bursar.get('/search?q=r04512')).html), /Receipts from before AIMS[\s\S]*R 04512/);
    assert.equal((await bursar.get('/fees/former-receipts?q=R%2004512')).html.match(/R 04512<\/a>/g)?.length, 2);
  });

  it('are printed with where they come from', async () => {
    const [one] = await sql<{ id: string }>(
      school.database,
      'select id from fees_former_receipts where student_id = $1 order by received_on limit 1',
      [child.id],
    );
    assert.match(
      textOf((await bursar.get(`/fees/former-receipts/${one!.id}`)).html),
      /From the former system[\s\S]*Otieno Peter/,
    );
    const paper = textOfPdf((await bursar.get(`/fees/former-receipts/${one!.id}/print.pdf`)).body);
    assert.match(paper, /From the former system/);
    assert.match(paper, /R 04512/);
  });

  it('are in the data file of the child', async () => {
    const owner = await school.as('owner');
    assert.match(textOf((await owner.get(`/privacy/student/${child.id}`)).html), /Receipts from before AIMS[\s\S]*R 04512/);
  });

  it('are taken back like any list', async () => {
    assert.equal((await undo(bursar, path)).status, 'undone');
    assert.equal(await kept(), 0);
  });
});
