import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Lists } from '../../../src/modules/school/profile/lists.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import type { Browser } from '../../support/browser.js';
import { readAll } from '../../support/sheets/read.js';
import { check, counts, textOf, undo, write } from './support.js';

const CHILDREN: Record<string, string>[] = [
  {
    'Admission number': 'KA/001',
    'Payment number': 'KA001X',
    Surname: 'Ọláńrewájú',
    'First name': 'Ṣadé',
    'Middle name': 'Ayọ̀',
    'Preferred name': 'Sade',
    Sex: 'Girl',
    'Date of birth': '2013-03-14',
    'Birth certificate number': '1234567',
    Class: 'Grade 7 East',
    'In class since': '2026-03-02',
    'Day or boarding': 'Boarder',
    Status: 'Active',
    'Status since': '2026-01-06',
    'Joined on': '2021-01-05',
    UPI: 'UPI9',
    'KNEC assessment number': 'A/1234567',
    Nationality: 'Nigerian',
    'Home area': 'Ìbàdàn, Ọ̀yọ́',
    Religion: 'Christian',
    'First language': 'Yorùbá',
    Address: 'P.O. Box 7, Nakuru',
    'Previous school': 'Hill School',
    'Special needs': 'Dyslexia',
    'Orphan status': 'Mother',
    House: 'Simba',
    Dormitory: 'North',
    Bed: '12B',
    'Transport route': 'Town',
    Stop: 'Stage 3',
    'Meal plan': 'Lunch',
    'Consent photo in school': 'Yes',
    'Consent social media': 'No',
    'Guardian 1 name': 'Ọláńrewájú Adé',
    'Guardian 1 relationship': 'Father',
    'Guardian 1 phone': '0722481903',
    'Guardian 1 other phone': '0733481903',
    'Guardian 1 e-mail': 'ade@example.org',
    'Guardian 1 ID number': '0012345',
    'Guardian 1 occupation': 'Farmer',
    'Guardian 1 address': 'Plot 5, Nakuru',
    'Guardian 1 language': 'Yorùbá',
    'Guardian 1 lives with': 'Yes',
    'Guardian 1 pays fees': 'No',
    'Guardian 1 gets SMS': 'Yes',
    'Guardian 1 gets reports': 'No',
    'Guardian 1 may collect': 'Yes',
    'Guardian 2 name': 'Bàbá Ilé',
    'Guardian 2 relationship': 'Uncle',
    'Guardian 2 phone': '+2348031234567',
    'Guardian 2 barred': 'Yes',
    'Guardian 2 barred because': 'Court order 5/2025',
    'Guardian 3 name': 'Grandma Ruth',
    'Guardian 3 relationship': 'Grandmother',
    'Guardian 4 name': 'Aunt Bose',
    'Guardian 4 relationship': 'Aunt',
    'Guardian 5 name': 'Tunde Sponsor',
    'Guardian 5 relationship': 'Sponsor',
    'Guardian 5 pays fees': 'Yes',
  },
  {
    'Admission number': 'KA/002',
    Surname: 'Hassan',
    'First name': 'Khadija',
    Sex: 'Girl',
    'Date of birth': '2012-12-31',
    Class: 'G8E',
    Status: 'Suspended',
    'Status since': '2026-05-05',
    'Joined on': '2026-01-06',
    Religion: 'Muslim',
    'Orphan status': 'None',
    'Consent social media': 'No',
    'Guardian 1 name': 'Hassan Abdi',
    'Guardian 1 relationship': 'Father',
    'Guardian 1 phone': '0722000001',
    'Guardian 2 name': 'Amina Hassan',
    'Guardian 2 relationship': 'Mother',
    'Guardian 2 phone': '0722000001',
  },
  {
    'Admission number': 'KA/003',
    Surname: 'Otieno',
    'First name': 'Joel',
    Sex: 'Boy',
    Status: 'Withdrawn',
    'Status since': '2026-06-01',
    'Joined on': '2020-01-07',
  },
  {
    Surname: 'O-Mary',
    'First name': 'Grace',
    Sex: 'Girl',
    'Date of birth': '2014-02-28',
    Class: '7 West',
    Address: '=1+1',
    'Guardian 1 name': 'Hassan Abdi',
    'Guardian 1 relationship': 'Father',
    'Guardian 1 phone': '0722000001',
  },
];
const HEADS = Object.keys(CHILDREN[0]!);
const SHEET = [HEADS, ...CHILDREN.map((child) => HEADS.map((head) => child[head] ?? ''))]
  .map((line) => line.map((cell) => `"${cell}"`).join(','))
  .join('\n');

describe('the full sheet of students', () => {
  let one: SchoolUnderTest;
  let two: SchoolUnderTest;
  const people: Browser[] = [];

  before(async () => {
    one = await aSchool({ background: true });
    two = await aSchool({ background: true });
    for (const school of [one, two]) {
      for (const [kind, name] of [
        ['houses', 'Simba'],
        ['dorms', 'North'],
        ['routes', 'Town'],
        ['meal-plans', 'Lunch'],
      ] as const) {
        await school.run(() => school.get(Lists).save(school.office, kind, null, { name, note: '', active: true }));
      }
      people.push(await school.as('registrar'));
    }
  });
  after(async () => {
    await one?.stop();
    await two?.stop();
  });

  it('comes out of an empty school that read it as it came out of the first, in every column', async () => {
    const made = await check(people[0]!, { name: 'all.csv', body: SHEET });
    assert.equal(counts(made.text).errors, 0, made.text.slice(600, 2500));
    assert.equal((await write(people[0]!, made.path)).status, 'done');
    const first = await people[0]!.get('/students/export?format=csv');
    for (const format of ['csv', 'xlsx']) {
      const sent = await people[0]!.get(`/students/export?format=${format}`);
      const read = await check(people[1]!, { name: `export.${format}`, body: sent.body });
      assert.deepEqual(
        { ...counts(read.text), ready: 0, warnings: 0 },
        { ready: 0, warnings: 0, errors: 0, fresh: 4, changed: 0, same: 0 },
        read.text.slice(600, 2500),
      );
      assert.equal((await write(people[1]!, read.path)).status, 'done');
      const second = await people[1]!.get('/students/export?format=csv');
      assert.equal(second.html, first.html);
      const again = await check(people[1]!, { name: `export.${format}`, body: sent.body, mode: 'both' });
      assert.equal(counts(again.text).same, 4);
      assert.equal((await undo(people[1]!, read.path)).status, 'undone');
    }
  });

  it('keeps leading zeros and phones, and holds what was entered', async () => {
    const { headers, cells } = await readAll((await people[0]!.get('/students/export?format=csv')).body, {}, 'e.csv');
    const at = (head: string): number => headers[0]!.headers.indexOf(head);
    const row = cells.find((each) => each[0] === 'KA/001')!;
    const said = Object.fromEntries(
      [
        'Payment number',
        'Middle name',
        'Class',
        'In class since',
        'Bed',
        'Stop',
        'Guardian 1 ID number',
        'Guardian 1 phone',
        'Guardian 2 barred',
        'Guardian 5 name',
        'Home area',
        'Consent: Photo on social media',
      ].map((head) => [head, row[at(head)]]),
    );
    assert.deepEqual(said, {
      'Payment number': 'KA001X',
      'Middle name': 'Ayọ̀',
      Class: 'Grade 7 East',
      'In class since': '2026-03-02',
      Bed: '12B',
      Stop: 'Stage 3',
      'Guardian 1 ID number': '0012345',
      'Guardian 1 phone': '+254722481903',
      'Guardian 2 barred': 'No',
      'Guardian 5 name': 'Bàbá Ilé',
      'Home area': 'Ìbàdàn, Ọ̀yọ́',
      'Consent: Photo on social media': 'No',
    });
  });

  it('is written down when somebody takes it, and is not for everybody', async () => {
    const admin = await one.database.admin();
    const { rows } = await admin.query(
      "select 1 from audit_entries where action like '%export%' and label like '%students-full%'",
    );
    await admin.end();
    assert.ok(rows.length >= 2);
    const teacher = await one.as('teacher');
    assert.equal((await teacher.get('/students/export')).status, 403);
    assert.match(textOf((await people[0]!.get('/imports/new?kind=students')).html), /Template for students/);
    const template = await people[0]!.get('/imports/template?kind=students');
    assert.equal(template.status, 200);
    const blank = await check(people[0]!, { name: 'template.xlsx', body: template.body });
    assert.equal(blank.status, 'refused', 'the example row is nobody');
    assert.match(blank.text, /no rows below them/);
  });
});
