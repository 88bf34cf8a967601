import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { yearBeside } from '../../../../src/modules/school/calendar/calendar.rules.js';
import { SCHOOL } from '../../../../src/modules/school/index.js';
import { startOf } from '../../../../src/modules/students/former-classes/adapters/years.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { packOf } from '../../../../src/kernel/packs/index.js';
import { aSchool, type SchoolUnderTest } from '../../../support/app.js';
import { aStudent } from '../../../support/build.js';
import type { Browser } from '../../../support/browser.js';
import { row, workbookOf } from '../../../support/sheets/workbook.js';
import { sql } from '../../../support/database/sql.js';
import { check, counts, settled, textOf, undo, write } from '../../imports/support.js';

const HEADS = 'Adm No,Name,Year,FORM/STREAM,From,To,Result,Remarks\n';

describe('the years of former classes', () => {
  it('are read as schools write them', () => {
    const cases: [string, boolean, number | null][] = [
      ['2024', false, 2024],
      [' Year 2024 ', false, 2024],
      ['2023/24', true, 2023],
      ['2023/2024', true, 2023],
      ['2023-2024 Session', true, 2023],
      ['2023/25', true, null],
      ['2023', true, null],
      ['2023/24', false, null],
      ['last year', false, null],
    ];
    for (const [written, spans, start] of cases) assert.equal(startOf(written, spans), start, written);
  });

  it('have the dates of the country, and give way to the years that are there', () => {
    const { calendar } = packOf('kenya');
    const free = yearBeside(calendar, 2024, []);
    assert.equal(free.name, '2024');
    assert.equal(free.terms.length, calendar.terms.length);
    const narrow = yearBeside(calendar, 2024, [
      { startsOn: '2023-01-09', endsOn: '2024-01-20' },
      { startsOn: '2024-10-01', endsOn: '2025-09-30' },
    ]);
    assert.deepEqual([narrow.startsOn, narrow.endsOn], ['2024-01-21', '2024-09-30']);
    assert.ok(narrow.terms.every((term) => term.startsOn >= narrow.startsOn && term.endsOn <= narrow.endsOn));
  });
});

describe('former classes', () => {
  let school: SchoolUnderTest;
  let head: Browser;
  let registrar: Browser;
  let child: Student;
  let path: string;
  const send = (person: Browser, body: string) =>
    check(person, { kind: 'former-classes', name: 'classes.csv', body: HEADS + body });
  const lines = () =>
    sql(
      school.database,
      `select y.name as year, c.name as class, e.entered_on::text as from, e.left_on::text as to, e.exit_reason as why, coalesce(e.note, '') as note from students_enrolments e
      join school_years y on y.id = e.year_id join subjects_classes c on c.id = e.class_id where e.student_id = $1 order by e.entered_on`,
      [child.id],
    );

  before(async () => {
    school = await aSchool({ background: true });
    [head, registrar] = await Promise.all([school.as('head'), school.as('registrar')]);
    child = await aStudent(school);
  });
  after(() => school?.stop());
  const list = () =>
    `${child.admissionNo},Otieno,2024,Grade 7 Purple,,,Repeated,House captain\n${child.admissionNo.toLowerCase()},,2025,7 East,,,Promoted,\n`;

  it('are brought by those who import students', async () => {
    const bursar = await school.as('bursar');
    assert.doesNotMatch((await bursar.get('/imports/new?kind=former-classes')).html, /Former classes of students/);
  });

  it('ask once whether the years are to be made, of whoever may change them', async () => {
    const office = await send(registrar, list());
    assert.doesNotMatch(office.html, /data-question="make-years"/);
    assert.match(office.text, /The school has no year 2024 yet/);
    const found = await send(head, list());
    path = found.path;
    assert.match(found.html, /data-question="make-years"/);
    assert.equal(counts(found.text).errors, 2);
    const sent = await head.submit(`${path}/answers`, { 'answer.make-years': 'make' }, path);
    assert.equal(sent.status, 303, textOf(sent.html).slice(0, 500));
    const after = await settled(head, path);
    assert.deepEqual([counts(after.text).errors, counts(after.text).warnings], [0, 1], after.text.slice(0, 1500));
    assert.match(after.text, /The school no longer has “Grade 7 Purple”/);
    assert.deepEqual((await school.run(() => school.get(SCHOOL).years())).map((one) => one.name).slice(0, 2), ['2024', '2025']);
    assert.equal((await school.run(() => school.get(SCHOOL).currentYear())).name, '2026');
  });

  it('become closed lines of the history; the present class stays as it is', async () => {
    const before = await lines();
    assert.equal((await write(head, path)).status, 'done');
    const now = await lines();
    assert.deepEqual(
      now.slice(0, 2).map(({ year, class: name, why, note }) => [year, name, why, note]),
      [
        ['2024', 'Grade 7', 'repeating', 'House captain; Grade 7 Purple'],
        ['2025', 'Grade 7', 'promoted', ''],
      ],
    );
    assert.deepEqual(now.slice(2), before);
    const page = textOf((await registrar.get(`/students/${child.id}`)).html);
    assert.match(page, /2025 Grade 7 East[^]*Imported, promoted/);
    assert.match(page, /2024 Grade 7 [^]*Imported, repeating, House captain; Grade 7 Purple/);
    assert.equal((await sql(school.database, "select 1 from audit_entries where action = 'former-classes.import'")).length, 1);
  });

  it('come in once: the same list again changes nothing, and says so at each row', async () => {
    const again = await send(head, list());
    assert.equal(again.text.match(/This is already in AIMS, so the row is skipped/g)?.length, 2);
    assert.equal(counts(again.text).fresh || 0, 0);
  });

  it('never touch the running year, and never stand in two classes on one day', async () => {
    const { text } = await send(
      head,
      [
        `${child.admissionNo},,2026,Grade 7 East,,,,`,
        `${child.admissionNo},,2026,Grade 8 West,,,,`,
        `${child.admissionNo},,2025,Grade 8 West,,,,`,
        `XX/9,,2025,Grade 7,,,,`,
        `${child.admissionNo},,2025,Grade 77,,,,`,
        `${child.admissionNo},,2031,Grade 7,,,,`,
        '',
      ].join('\n'),
    );
    for (const words of [
      /AIMS already has the student in a class from 1 January 2025 to/,
      /No student has the admission number XX\/9/,
      /There is no class "Grade 77"/,
      /2031 is not a former year/,
    ])
      assert.match(text, words);
    assert.match(text, /This is the current year, and the student’s class is different/);
  });

  it('come in from a workbook, where years are numbers', async () => {
    const other = await aStudent(school);
    const book = workbookOf({
      sheets: [
        {
          name: 'Old',
          rows:
            row(1, ['ADMISSION NUMBER', 'Academic Year', 'Class', 'Stream', 'Decision']) +
            row(2, [other.admissionNo, 2025, 'Grade 7', 'West', 'Passed']),
        },
      ],
    });
    const found = await check(head, { kind: 'former-classes', name: 'old.xlsx', body: book });
    assert.deepEqual([counts(found.text).ready, counts(found.text).errors], [1, 0], found.text.slice(0, 800));
  });

  it('are taken back whole, unless one of them has been changed since', async () => {
    await sql(
      school.database,
      "update students_enrolments set left_on = left_on - 1 where student_id = $1 and exit_reason = 'repeating'",
      [child.id],
    );
    const kept = await undo(head, path);
    assert.equal(kept.status, 'done');
    assert.match(kept.text, /One of these former classes has been changed since/);
    await sql(
      school.database,
      "update students_enrolments set left_on = left_on + 1 where student_id = $1 and exit_reason = 'repeating'",
      [child.id],
    );
    assert.equal((await undo(head, path)).status, 'undone');
    assert.equal((await lines()).length, 1);
  });
});
