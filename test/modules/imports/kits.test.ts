import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { withHeadingWords } from '../../../src/modules/imports/reading/heading-words.js';
import { IMPORT_KINDS } from '../../../src/modules/imports/index.js';
import { SUBJECTS } from '../../../src/modules/subjects/index.js';
import { guessMapping } from '../../../src/platform/sheets/reading/mapping.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import { aStudent } from '../../support/build.js';
import { hiddenValue, type Browser } from '../../support/browser.js';
import { fingerprint } from '../../support/database/fingerprint.js';
import { countRows, sql } from '../../support/database/sql.js';
import { check, counts, textOf, undo, write } from './support.js';

/** Whole rows of headings as they stand in files, and the columns that they must come to. */
const HEADINGS: [string, string, string[], (string | null)[]][] = [
  [
    'a Kenyan sheet',
    'students',
    [
      'Adm No',
      'UPI',
      'Surname',
      'First Name',
      'Other Names',
      'Gender',
      'DOB',
      'Birth Cert No',
      'Grade',
      'Stream',
      'Parent Name',
      'Parent Phone 1',
    ],
    [
      'admission_no',
      'identifier_upi',
      'surname',
      'first_name',
      'middle_name',
      'sex',
      'born_on',
      'birth_certificate_no',
      'class',
      'stream',
      'guardian_1_name',
      'guardian_1_phone',
    ],
  ],
  [
    'a register in French',
    'students',
    ['Matricule', 'Nom', 'Prénoms', 'Sexe', 'Date de naissance', 'Classe', 'Téléphone du parent'],
    ['admission_no', 'surname', 'first_name', 'sex', 'born_on', 'class', 'guardian_1_phone'],
  ],
  [
    'a register in Swahili',
    'students',
    ['Namba ya usajili', 'Jina la ukoo', 'Jina la kwanza', 'Jinsia', 'Tarehe ya kuzaliwa', 'Darasa', 'Mkondo', 'Simu ya mzazi'],
    ['admission_no', 'surname', 'first_name', 'sex', 'born_on', 'class', 'stream', 'guardian_1_phone'],
  ],
  [
    'an export with one word each',
    'students',
    ['StudentID', 'LastName', 'FirstName', 'MiddleName', 'Gender', 'BirthDate', 'GradeLevel'].map((head) =>
      head.replace(/([a-z])([A-Z])/g, '$1 $2'),
    ),
    ['admission_no', 'surname', 'first_name', 'middle_name', 'sex', 'born_on', 'class'],
  ],
  [
    'an export with year and form groups',
    'students',
    ['Surname', 'First Name', 'Preferred Name', 'Gender', 'DOB', 'Year Group', 'Student ID'],
    ['surname', 'first_name', 'preferred_name', 'sex', 'born_on', 'class', 'admission_no'],
  ],
  [
    'an export with an education grade',
    'students',
    ['OpenEMIS ID', 'First Name', 'Middle Name', 'Last Name', 'Gender', 'Date Of Birth', 'Education Grade'],
    ['admission_no', 'first_name', 'middle_name', 'surname', 'sex', 'born_on', 'class'],
  ],
  [
    'a sheet with two rows of headings',
    'students',
    [
      'S/N',
      'PUPIL SURNAME',
      'PUPIL OTHER NAMES',
      'PUPIL ADM. NO.',
      'SEX',
      'DATE OF BIRTH',
      'CLASS',
      'PARENT / GUARDIAN NAME',
      'PARENT / GUARDIAN CONTACT',
      'REMARKS',
    ],
    [null, 'surname', 'middle_name', 'admission_no', 'sex', 'born_on', 'class', 'guardian_1_name', 'guardian_1_phone', null],
  ],
  [
    'a staff list',
    'staff',
    ['P/No', 'Surname', 'First Name', 'Gender', 'TSC No', 'National ID No', 'Mobile No', 'Work Email', 'Designation', 'Category'],
    ['staffNo', 'surname', 'firstName', 'sex', 'registrationNo', 'nationalId', 'phone', 'email', 'job', 'category'],
  ],
  [
    'a list of phones',
    'guardians',
    ['Adm No', 'Parent', 'Parent Phone'],
    ['admission_no', 'guardian_1_name', 'guardian_1_phone'],
  ],
  [
    'a timetable load',
    'allocations',
    ['Class', 'Learning Area', 'Subject Teacher', 'Lessons'],
    ['class', 'subject', 'teacher', 'periods'],
  ],
  ['a list of classes', 'classes', ['Form', 'Arm', 'Form Master', 'Capacity'], ['class', 'stream', 'class_teacher', 'capacity']],
];

describe('moving in by lists', () => {
  let school: SchoolUnderTest;
  let head: Browser;
  before(async () => {
    school = await aSchool({ background: true, classes: [{ name: 'Grade 7', streams: ['East'] }] });
    head = await school.as('head', 'administrator');
  });
  after(() => school?.stop());

  for (const [what, key, headers, wanted] of HEADINGS) {
    it(`understands the headings of ${what}`, async () => {
      const kind = withHeadingWords(school.app.container.getAll(IMPORT_KINDS).find((one) => one.key === key)!);
      assert.deepEqual(guessMapping(headers, await school.run(() => kind.columns())), wanted);
    });
  }

  it('makes classes, subjects and allocations from lists, and takes them back to the last row', async () => {
    const staff = await check(head, {
      name: 'staff.csv',
      body: 'Staff number,Surname,First name,Job,Category\nS/1,Mutua,Daniel,Teacher,Teaching\nS/2,Auma,Jane,Teacher,Teaching\n',
      kind: 'staff',
    });
    await write(head, staff.path);
    const lists = async (): Promise<unknown> =>
      Object.fromEntries(Object.entries(await fingerprint(school.database)).filter(([name]) => name.startsWith('subjects')));
    const empty = await lists();
    const classes = await check(head, {
      name: 'classes.csv',
      body: 'Class,Stream,Class teacher,Capacity\nGrade 8,North,S/1,45\nGrade 8,South,Jane Auma,40\nCatering,,,\nGrade 8,North,,\nGrade 8,West,Nobody,900\n',
      kind: 'classes',
    });
    assert.match(classes.text, /has the same stream/);
    assert.match(classes.text, /No one called "Nobody" works here/);
    assert.deepEqual([counts(classes.text).fresh, counts(classes.text).errors], [3, 2]);
    assert.equal((await write(head, classes.path)).status, 'done');
    const subjects = await check(head, {
      name: 'subjects.csv',
      body: 'Subject,Kind,Classes\nRobotics,Elective,"Grade 7, 8"\nBaking,,Catering\nX,,Grade 99\n',
      kind: 'subjects',
    });
    assert.match(subjects.text, /There is no class "Grade 99"/);
    assert.equal((await write(head, subjects.path)).status, 'done');
    const sheet =
      'Class,Subject,Teacher,Lessons\n8N,Robotics,S/2,3\nGrade 7 East,Mathematics,Daniel Mutua,5\nCatering,Robotics,S/1,2\nGrade 9,Robotics,S/1,2\n';
    const allocations = await check(head, { name: 'who.csv', body: sheet, kind: 'allocations' });
    assert.match(allocations.text, /Robotics is not taught in Catering/);
    assert.match(allocations.text, /There is no stream "Grade 9"/);
    assert.equal((await write(head, allocations.path)).status, 'done');
    assert.equal(await countRows(school.database, 'subjects_allocations'), 2);
    const again = await check(head, { name: 'who.csv', body: sheet, kind: 'allocations', mode: 'both' });
    assert.equal(counts(again.text).same, 2);
    assert.equal((await undo(head, classes.path)).status, 'done', 'streams in which somebody teaches can’t be taken back');
    for (const path of [allocations.path, subjects.path, classes.path]) assert.equal((await undo(head, path)).status, 'undone');
    assert.deepEqual(await lists(), empty);
  });

  it('a subject that a list has changed meanwhile, or given back, is not overwritten from an open page', async () => {
    const [maths] = await sql<{ id: string; code: string }>(school.database, "select * from subjects where name = 'Mathematics'");
    const address = `/subjects/${maths!.id}/edit`;
    const opened = async (): Promise<string> => hiddenValue((await head.get(address)).html, 'version')!;
    const save = (version: string) => {
      const { code } = maths!;
      const fields = { code, name: 'Mathematics', shortName: 'Maths', department: 'Sciences', kind: 'compulsory' };
      return head.submit(address, { ...fields, papers: '1', version }, address);
    };
    const before = await opened();
    const body = ` Subject code ,SUBJECT,Lessons per week\n ${maths!.code.toLowerCase()},MATHEMATICS ,8\n`;
    const list = await check(head, { name: 'subjects.csv', body, kind: 'subjects', mode: 'update' });
    assert.equal((await write(head, list.path)).status, 'done');
    const after = await opened();
    assert.equal((await save(before)).status, 409);
    assert.equal((await undo(head, list.path)).status, 'undone');
    assert.equal((await save(after)).status, 409);
  });

  it('a class or a stream that a list has changed meanwhile, or given back, is not overwritten from an open page', async () => {
    const { classes, streams } = await school.run(() => school.get(SUBJECTS).classList());
    const [grade7, east] = [classes.find((one) => one.name === 'Grade 7')!, streams.find((one) => one.name === 'East')!];
    const { shortName, level, order } = grade7;
    const forms = [
      { at: `/subjects/classes/${grade7.id}/edit`, fields: { name: 'Grade 7', shortName, level, order: String(order) } },
      { at: `/subjects/streams/${east.id}/edit`, fields: { name: 'East', order: String(east.order) } },
    ];
    const opened = () => Promise.all(forms.map(async ({ at }) => hiddenValue((await head.get(at)).html, 'version')!));
    const save = async (versions: string[]): Promise<number[]> => {
      const answers: number[] = [];
      for (const [n, { at, fields }] of forms.entries())
        answers.push((await head.submit(at, { ...fields, version: versions[n]! }, at)).status);
      return answers;
    };
    const before = await opened();
    const body = 'Class,Stream,Capacity\nGrade 7,East,41\nGrade 8,North,45\n';
    const list = await check(head, { name: 'classes.csv', body, kind: 'classes', mode: 'both' });
    assert.equal((await write(head, list.path, { confirm: '1' })).status, 'done');
    const after = await opened();
    assert.deepEqual(await save(before), [409, 409], 'Grade 7 leads to Grade 8 now, and East has other seats');
    assert.equal((await undo(head, list.path)).status, 'undone');
    assert.deepEqual(await save(after), [409, 409]);
    assert.deepEqual(await opened(), before);
  });

  it('a class that leads to one that is taken back has changed for those who have its page open', async () => {
    const own = (await school.run(() => school.get(SUBJECTS).classList())).classes.find((one) => one.name === 'Grade 7')!;
    const at = `/subjects/classes/${own.id}/edit`;
    const body = 'Class,Stream\nGrade 8,North\n';
    const list = await check(head, { name: 'classes.csv', body, kind: 'classes' });
    assert.equal((await write(head, list.path)).status, 'done');
    const now = (await school.run(() => school.get(SUBJECTS).classList())).classes.find((one) => one.id === own.id)!;
    const { name, level, order, nextClassId } = now;
    const fields = { name, shortName: 'Seven', level, order: String(order) };
    const first = { ...fields, nextClassId: nextClassId!, version: String(now.version) };
    assert.equal((await head.submit(at, first, at)).status, 303);
    const open = hiddenValue((await head.get(at)).html, 'version')!;
    assert.equal((await undo(head, list.path)).status, 'undone');
    for (const version of [String(now.version), open])
      assert.equal((await head.submit(at, { ...fields, shortName: 'VII', version }, at)).status, 409, version);
  });

  it('gives children their guardians’ phones by admission number, and makes nobody', async () => {
    const child = await aStudent(school, { stream: 'Grade 7 East' });
    const sheet = await check(head, {
      name: 'phones.csv',
      body: `Adm No,Parent,Parent Phone\n${child.admissionNo},Mary Wambui,0722 481 903\nNO/1,Other,0722 481 904\n`,
      kind: 'guardians',
      mode: 'update',
    });
    assert.match(sheet.text, /No student has the admission number NO\/1/);
    assert.equal((await write(head, sheet.path, { confirm: '1' })).status, 'done');
    const [guardian] = await sql(school.database, 'select full_name, phone from students_guardians');
    assert.deepEqual([guardian!.full_name, guardian!.phone], ['Mary Wambui', '+254722481903']);
    assert.equal(await countRows(school.database, 'students'), 1);
    await undo(head, sheet.path);
    assert.equal(await countRows(school.database, 'students_guardians'), 0);
  });

  it('says what is still missing, each with the list where it is mended, to those who may mend it', async () => {
    await aStudent(school, { stream: null, bornOn: null });
    assert.equal((await (await school.as('teacher')).get('/imports/missing')).status, 403);
    const page = await head.get('/imports/missing');
    assert.match(page.html, /Students without a class[\s\S]{0,300}href="\/students\?missing=class"/);
    const listed = await head.get('/students?missing=class');
    assert.match(listed.html, /1 student|<tbody/);
    assert.match(textOf(page.html), /Students without a guardian 2/);
    assert.match(textOf(page.html), /Staff without an account 2/);
    assert.match(textOf(page.html), /Classes without a class teacher 1/);
    const officer = await (await school.as('hr-officer')).get('/imports/missing');
    assert.doesNotMatch(officer.html, /without a birth certificate/);
  });
});
