import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { withHeadingWords } from '../../../src/modules/imports/reading/heading-words.js';
import { IMPORT_KINDS } from '../../../src/modules/imports/index.js';
import { splitName } from '../../../src/modules/students/importing/full-name.rules.js';
import { NAME_PART } from '../../../src/kernel/people/names.js';
import { guessMapping } from '../../../src/platform/sheets/reading/mapping.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import type { Browser } from '../../support/browser.js';
import { sql } from '../../support/database/sql.js';
import { check, counts, settled, textOf, undo, write } from './support.js';

const HEADINGS: [kind: string, headers: string[], wanted: (string | null)[]][] = [
  [
    'students',
    ['S/N', 'NAME OF PUPIL/STUDENT', 'FORM/STREAM', "PARENT'S TEL.", 'Residence', 'Sex'],
    [null, 'full_name', 'class', 'guardian_1_phone', 'address', 'sex'],
  ],
  ['students', ['ADM NO', 'SURNAME', 'OTHER NAMES', 'Gr.', 'Gender'], ['admission_no', 'surname', 'middle_name', 'class', 'sex']],
  ['students', ['Full Name', 'Class', 'Boy/Girl', 'Next of kin'], ['full_name', 'class', 'sex', 'guardian_1_name']],
  ['opening-arrears', ['Adm No', 'Name', 'BAL B/F'], ['admissionNo', 'name', 'amount']],
  ['opening-arrears', ['Adm', 'Student name', 'Fee Balance'], ['admissionNo', 'name', 'amount']],
  ['opening-arrears', ['Adm', 'Outstanding'], ['admissionNo', 'amount']],
];

const SPLIT: [
  text: string,
  order: 'surname-last' | 'surname-first',
  parts: [surname: string, first: string, middle: string | null],
][] = [
  ['John Kamau Mwangi', 'surname-last', ['Mwangi', 'John', 'Kamau']],
  ['Mwangi John Kamau', 'surname-first', ['Mwangi', 'John', 'Kamau']],
  ['ADEBAYO Tunde Ola', 'surname-last', ['ADEBAYO', 'Tunde', 'Ola']],
  ['Tunde Ola ADEBAYO', 'surname-first', ['ADEBAYO', 'Tunde', 'Ola']],
  ['Mwangi, John K.', 'surname-last', ['Mwangi', 'John', 'K.']],
  ['Ngũgĩ wa Thiong’o', 'surname-last', ['wa Thiong’o', 'Ngũgĩ', null]],
  ['Johan van der Merwe', 'surname-last', ['van der Merwe', 'Johan', null]],
  ['Madonna', 'surname-last', ['Madonna', '', null]],
  ['Mary "Baby" Wanjiru', 'surname-last', ['Wanjiru', 'Mary', '"Baby"']],
  ['JOHN KAMAU', 'surname-last', ['KAMAU', 'JOHN', null]],
];

describe('lists as schools have them', () => {
  let school: SchoolUnderTest;
  let head: Browser;
  before(async () => {
    school = await aSchool({ background: true, classes: [{ name: 'Grade 7', streams: ['East', 'West'] }] });
    head = await school.as('head', 'administrator');
  });
  after(() => school?.stop());

  const answer = async (path: string, answers: Record<string, string>) => {
    const sent = await head.submit(
      `${path}/answers`,
      Object.fromEntries(Object.entries(answers).map(([key, value]) => [`answer.${key}`, value])),
      path,
    );
    assert.equal(sent.status, 303, textOf(sent.html).slice(0, 500));
    return settled(head, path);
  };

  it('have headings that are understood', async () => {
    for (const [key, headers, wanted] of HEADINGS) {
      const kind = withHeadingWords(school.app.container.getAll(IMPORT_KINDS).find((one) => one.key === key)!);
      assert.deepEqual(guessMapping(headers, await school.run(() => kind.columns())), wanted, headers.join(' | '));
    }
  });

  it('have names in one column, which are split by one rule', () => {
    for (const [text, order, [surname, firstName, middleName]] of SPLIT) {
      const split = splitName(text, order);
      assert.deepEqual([split.surname, split.firstName, split.middleName], [surname, firstName, middleName], text);
    }
    for (const name of ['!Gawaxab', '//Garoëb', '"Baby"', "Ng'ang'a", '“Baby” Ann', 'Ọlá-Olú']) assert.match(name, NAME_PART);
    for (const name of ['R2-D2', '-Ann', '""', 'a@b', '=1+1']) assert.doesNotMatch(name, NAME_PART);
  });

  it('show the rule, which can be turned round, and name the rows that need a look; a phone without a name is a guardian', async () => {
    const body = [
      "S/N,NAME OF PUPIL/STUDENT,FORM/STREAM,SEX,PARENT'S TEL.",
      '1,Hassan Khadija Njoki,Gr. 7 East,F,0722481903',
      '2,KIPTOO Joel,7E,M,0722481904',
      '3,!Gawaxab,G7W,M,',
      '4,Ann Mary Jane Wanjiku Otieno,7 West,F,0722481905',
    ].join('\n');
    const sheet = await check(head, { name: 'one column.csv', body });
    assert.deepEqual([counts(sheet.text).fresh, counts(sheet.text).errors], [4, 0], sheet.text.slice(0, 2500));
    assert.match(sheet.text, /Hassan Khadija Njoki Njoki · Hassan Khadija/);
    assert.match(sheet.text, /“!Gawaxab” is one name only/);
    assert.match(sheet.text, /has many parts/);
    assert.match(sheet.text, /Guardian 1 has no name and will be called “Guardian of Joel KIPTOO”/);
    const turned = await answer(sheet.path, { names: 'surname-first' });
    assert.match(turned.html, /value="surname-first" checked/);
    await write(head, sheet.path);
    const names = await sql(
      school.database,
      "select surname || '|' || first_name || '|' || coalesce(middle_name, '') as one from students order by surname",
    );
    assert.deepEqual(names.map((row) => row.one).sort(), [
      '!Gawaxab||',
      'Ann|Mary|Jane Wanjiku Otieno',
      'Hassan|Khadija|Njoki',
      'KIPTOO|Joel|',
    ]);
    const guardians = await sql(school.database, 'select full_name from students_guardians order by phone');
    assert.deepEqual(
      guardians.map((row) => row.full_name),
      ['Guardian of Khadija Hassan', 'Guardian of Joel KIPTOO', 'Guardian of Mary Ann'],
    );
    const [one] = await sql(school.database, "select id from students where surname = '!Gawaxab'");
    assert.equal((await head.get(`/students/${one!.id}`)).status, 200);
    await undo(head, sheet.path);
    assert.deepEqual(await sql(school.database, 'select id from students'), []);
  });

  it('split “Other names” where there is no first name, and ask for a needed column before the columns are done', async () => {
    const sheet = await check(head, {
      name: 'others.csv',
      body: 'ADM NO,SURNAME,OTHER NAMES,Class,What is it\nON/1,Hassan,Khadija Njoki,7 East,F\n',
    });
    assert.match(sheet.text, /No heading is matched to Sex\. Choose the matching column in the file/);
    assert.match((await head.get(`${sheet.path}/mapping`)).html, /No heading is matched to Sex yet/);
    const sent = await head.submit(
      `${sheet.path}/mapping`,
      { 'map.0': 'admission_no', 'map.1': 'surname', 'map.2': 'middle_name', 'map.3': 'class', 'map.4': 'sex' },
      `${sheet.path}/mapping`,
    );
    assert.equal(sent.status, 303);
    const again = await settled(head, sheet.path);
    assert.equal(counts(again.text).errors, 0, again.text.slice(0, 1500));
    await write(head, sheet.path);
    assert.deepEqual(await sql(school.database, "select first_name, middle_name from students where admission_no = 'ON/1'"), [
      { first_name: 'Khadija', middle_name: 'Njoki' },
    ]);
  });

  it('leave a name as it is in the register when a full name says the same words', async () => {
    const sheet = await check(head, {
      name: 'again.csv',
      body: 'Adm No,Full Name,Address\nON/1,Hassan Njoki Khadija,Plot 9\n',
      mode: 'update',
    });
    await write(head, sheet.path, { confirm: '1' });
    assert.deepEqual(
      await sql(school.database, "select surname, first_name, address from students where admission_no = 'ON/1'"),
      [{ surname: 'Hassan', first_name: 'Khadija', address: 'Plot 9' }],
    );
  });

  it('name classes, houses and fields that the school doesn’t have, which are made with one answer', async () => {
    const body =
      'Adm No,Surname,First Name,Sex,Class,House,Hobby\nMK/1,Mutua,Ann,F,Grade 8 North,Simba,Chess\nMK/2,Mutua,Ben,M,Grade 8 South,Tembo,Football\n';
    const sheet = await check(head, { name: 'new things.csv', body });
    assert.equal(counts(sheet.text).errors, 2, sheet.text.slice(0, 1500));
    assert.match(sheet.text, /The school does not have these classes yet[\s\S]*Grade 8 North · Grade 8 South/);
    assert.match(sheet.text, /House: Simba · House: Tembo/);
    assert.match(sheet.text, /AIMS has no field for these columns[\s\S]*Hobby/);
    const made = await answer(sheet.path, { 'make-classes': 'make', 'make-lists': 'make', 'make-fields': 'make' });
    assert.deepEqual([counts(made.text).fresh, counts(made.text).errors], [2, 0], made.text.slice(0, 1500));
    await write(head, sheet.path);
    const rows = await sql(
      school.database,
      `select s.admission_no as no, c.name as class, t.name as stream, s.custom as custom from students s
      join subjects_classes c on c.id = s.class_id join subjects_streams t on t.id = s.stream_id where s.admission_no like 'MK/%' order by 1`,
    );
    assert.deepEqual(rows, [
      { no: 'MK/1', class: 'Grade 8', stream: 'North', custom: { hobby: 'Chess' } },
      { no: 'MK/2', class: 'Grade 8', stream: 'South', custom: { hobby: 'Football' } },
    ]);
    const registrar = await school.as('registrar');
    const other = await check(registrar, {
      name: 'fields.csv',
      body: 'Adm No,Surname,First Name,Sex,Shoe size\nMK/3,Mutua,Cy,F,7\n',
    });
    assert.doesNotMatch(other.html, /make-fields/, 'only who may change the fields is asked');
  });

  it('are not asked about for a column that another list needs: the page says which', async () => {
    const sheet = await check(head, {
      name: 'with balances.csv',
      body: 'ADM NO,Surname,First Name,Sex,Class,BAL B/F\nBL/1,Wekesa,Ann,F,7 East,"12,500"\n',
    });
    assert.match(sheet.text, /“BAL B\/F” belongs to another list: opening balances of students/);
    assert.doesNotMatch(sheet.html, /make-fields/);
    assert.equal(counts(sheet.text).fresh, 1);
    const plain = await check(head, {
      name: 'without.csv',
      body: 'ADM NO,Surname,First Name,Sex,Class,Hobby now\nBL/2,Wekesa,Ben,M,7 East,Chess\n',
    });
    assert.doesNotMatch(plain.text, /belongs to another list/);
    assert.match(plain.html, /make-fields/);
  });

  it('are taken back in any order that leaves nothing hanging: the earlier import after a later one was', async () => {
    const first = await check(head, {
      name: 'a.csv',
      body: 'Adm No,Surname,First Name,Sex,Class,Mother name,Mother phone\nUA/1,Otieno,Ann,F,7 East,Mary Otieno,0733000111\n',
    });
    await write(head, first.path);
    const second = await check(head, {
      name: 'b.csv',
      body: 'Adm No,Address,Mother name,Mother phone,Mother occupation\nUA/1,Plot 3,Mary Otieno,0733000111,Farmer\n',
      mode: 'update',
    });
    await write(head, second.path, { confirm: '1' });
    assert.equal((await undo(head, first.path)).status, 'done', 'the later one has changed what it made');
    assert.equal((await undo(head, second.path)).status, 'undone');
    const back = await undo(head, first.path);
    assert.equal(back.status, 'undone', back.text.slice(0, 600));
    assert.deepEqual(await sql(school.database, "select id from students where admission_no = 'UA/1'"), []);
    const third = await check(head, { name: 'c.csv', body: 'Adm No,Surname,First Name,Sex,Class\nUA/2,Otieno,Ben,M,7 East\n' });
    await write(head, third.path);
    const fourth = await check(head, { name: 'd.csv', body: 'Adm No,Address\nUA/2,Plot 4\n', mode: 'update' });
    await write(head, fourth.path, { confirm: '1' });
    await undo(head, fourth.path);
    await sql(school.database, "update students set address = 'Plot 5' where admission_no = 'UA/2'");
    assert.equal((await undo(head, third.path)).status, 'done', 'what a person has changed since stands in the way');
  });
});
