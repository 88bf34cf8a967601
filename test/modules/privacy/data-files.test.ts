import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { hireStaff } from '../../../src/modules/hr/operations.js';
import { RUN } from '../../../src/kernel/shapes/command.js';
import type { SubjectFile } from '../../../src/modules/privacy/subject-file.js';
import { Alerts } from '../../../src/modules/students/operations.js';
import { IDENTITY } from '../../../src/modules/identity/index.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import { Browser } from '../../support/browser.js';
import { aStudent } from '../../support/people/students.js';
import { countRows, sql } from '../../support/database/sql.js';
import { textsInZip } from '../../support/reading/zip.js';

/** Words that French has too. */
const SAME = new Set(['Religion', 'Document', 'Classes', 'Messages', 'Stream']);
const PASSWORD = 'correct-horse-battery-staple-7';
const MOTHER = { fullName: 'Grace Wanjiru', phone: '+254722190211', nationalId: '23456789' };
const FATHER = { fullName: 'Peter Otieno', phone: '+254733190244', relationship: 'father' as const };

describe('data files of people', () => {
  let school: SchoolUnderTest;
  let child: string;
  let barred: string;
  before(async () => {
    school = await aSchool();
    child = (await aStudent(school, { surname: 'Kamau', firstName: 'Amani', birthCertificateNo: '7654321', guardians: [MOTHER] }))
      .id;
    barred = (
      await aStudent(school, {
        surname: 'Otieno',
        firstName: 'Zawadi',
        guardians: [{ ...MOTHER, barred: true, mayCollect: false, getsSms: false, getsReports: false }, FATHER],
      })
    ).id;
  });
  after(() => school.stop());

  const guardianId = async (name: string) =>
    (await sql(school.database, 'select id from students_guardians where full_name = $1 order by created_at', [name]))[0]!.id!;
  const signedIn = async (kind: 'guardian', id: string) => {
    const email = `${kind}-${id.slice(-6)}@family.test`;
    await school.run(() =>
      school.get(IDENTITY).createAccount({
        person: { kind, id },
        name: 'Grace Wanjiru',
        email,
        roles: ['guardian'],
        by: { password: PASSWORD },
        actor: school.office,
      }),
    );
    const browser = new Browser(Number(new URL(school.url).port), school.url);
    await browser.signIn(email, PASSWORD);
    return browser;
  };

  it('only who may, opens the file of another person; an unknown one is not there', async () => {
    for (const role of ['teacher', 'registrar', 'bursar', 'guardian'] as const)
      assert.equal((await (await school.as(role)).get(`/privacy/student/${child}`)).status, 403, role);
    const head = await school.as('head');
    assert.equal((await head.get('/privacy/student/0198f0aa-0000-7000-8000-000000000000')).status, 404);
    assert.equal((await head.get(`/privacy/hamster/${child}`)).status, 404);
  });

  it('the file has what every module keeps, and that it was opened is written down', async () => {
    const page = await (await school.as('head')).get(`/privacy/student/${child}`);
    assert.equal(page.status, 200);
    for (const text of ['Amani Kamau', '7654321', 'Grace Wanjiru', 'Grade 7']) assert.ok(page.html.includes(text), text);
    assert.equal(
      await countRows(
        school.database,
        "audit_entries where action = 'privacy.file.read' and entity = 'student' and entity_id = $1",
        [child],
      ),
      1,
    );
  });

  it('a guardian gets the own data and the own children’s, but not that of a child from whom a court has barred them', async () => {
    const mother = await signedIn('guardian', await guardianId('Grace Wanjiru'));
    const page = await mother.get('/profile/data');
    assert.equal(page.status, 200);
    for (const text of ['Grace Wanjiru', '23456789', 'Amani Kamau']) assert.ok(page.html.includes(text), text);
    for (const text of ['Zawadi', 'Otieno']) assert.ok(!page.html.includes(text), `${text} of the barred child`);
    const zip = await mother.get('/profile/data.zip');
    const files = await textsInZip(zip.body);
    assert.match(files['index.html']!, /Amani Kamau/);
    assert.doesNotMatch(files['index.html']!, /Zawadi/);
    const data = JSON.parse(files['data.json']!) as { people: { name: string }[] };
    assert.equal(data.people.length, 2);
  });

  for (const language of ['fr', 'sw'] as const) {
    it(`the page and the archive name every field in ${language}, for families and for staff`, async () => {
      await school.run(() =>
        school.get(RUN)(school.office, hireStaff, {
          staffNo: null,
          title: 'Ms',
          surname: 'Auma',
          firstName: 'Jane',
          middleName: 'A.',
          sex: 'F',
          phone: '+254722190299',
          email: `jane-${language}@x.test`,
          nationalId: '1',
          registrationNo: '2',
          job: 'Teacher',
          category: 'teaching',
          joinedOn: '2026-01-01',
        }),
      );
      const [staff] = await sql(school.database, "select id from hr_staff where surname = 'Auma' limit 1");
      await school.run(() =>
        school.get(Alerts).raise(school.office, child, { kind: 'medical', level: 'high', reason: 'Asthma', untilOn: null }),
      );
      const head = await school.as('head');
      for (const path of [
        `/privacy/student/${child}`,
        `/privacy/guardian/${await guardianId('Grace Wanjiru')}`,
        `/privacy/staff/${staff!.id}`,
      ]) {
        const words = async (lang: string): Promise<{ title: string; labels: string[] }[]> => {
          const answer = await head.get(`${path}/data.zip?lang=${lang}`);
          const { people } = JSON.parse((await textsInZip(answer.body))['data.json']!) as { people: SubjectFile[] };
          return people[0]!.sections.map(({ title, facts = [], table }) => ({
            title,
            labels: [...facts.map((one) => one.label), ...(table?.heads ?? [])],
          }));
        };
        const [english, translated] = [await words('en'), await words(language)];
        assert.ok(english.length >= 2, path);
        const left = english.flatMap((section, at) =>
          [section.title, ...section.labels].filter(
            (word, place) => word === [translated[at]!.title, ...translated[at]!.labels][place] && !SAME.has(word),
          ),
        );
        assert.deepEqual(left, [], path);
      }
      assert.match(
        (await head.get(`/privacy/student/${child}?lang=${language}`)).html,
        language === 'fr' ? /<dt>Nom de famille/ : /<dt>Jina la ukoo/,
      );
    });
  }

  it('somebody in no list of the school gets the account', async () => {
    const auditor = await school.as('auditor');
    const page = await auditor.get('/profile/data');
    assert.equal(page.status, 200);
    assert.match(page.html, /Account/);
  });

  it('nobody but an owner erases, and nobody who is still at the school', async () => {
    assert.equal((await (await school.as('head')).get(`/privacy/student/${child}/erasure`)).status, 403);
    const owner = await school.as('owner');
    const page = await owner.get(`/privacy/student/${child}/erasure`);
    assert.match(page.html, /still at the school/);
    const refused = await owner.submit(
      `/privacy/student/${child}/erasure`,
      { reason: 'The family asked for it', word: 'ERASE' },
      '/profile/tastes',
    );
    assert.equal(refused.status, 422);
    assert.equal((await sql(school.database, 'select surname from students where id = $1', [child]))[0]!.surname, 'Kamau');
  });

  it('a child who has left is erased over all modules, with a guardian who has no other child; the number and the classes stay', async () => {
    await sql(school.database, "update students set status = 'transferred', status_on = '2026-01-31' where id = any($1)", [
      [child],
    ]);
    const owner = await school.as('owner');
    const address = `/privacy/student/${child}/erasure`;
    assert.equal((await owner.submit(address, { reason: 'The family asked for it', word: 'yes' })).status, 422);
    const done = await owner.submit(address, { reason: 'The family asked for it', word: 'erase' });
    assert.equal(done.status, 303, done.html.slice(0, 500));
    const [row] = await sql<Record<string, string | null>>(school.database, 'select * from students where id = $1', [child]);
    assert.equal(row!.surname, 'Erased');
    assert.ok(row!.admission_no);
    for (const column of ['middle_name', 'born_on', 'birth_certificate_no', 'address', 'photo_file_id'])
      assert.equal(row![column], null, column);
    assert.equal(await countRows(school.database, 'students_guardianships where student_id = $1', [child]), 0);
    assert.ok((await countRows(school.database, 'students_enrolments where student_id = $1', [child])) > 0);
    // The mother is still tied to the other child, so she stays.
    assert.equal(await countRows(school.database, "students_guardians where full_name = 'Grace Wanjiru'"), 1);
    const found = await (await school.as('registrar')).get('/students?text=Kamau&status=all');
    assert.doesNotMatch(found.html, /Amani/);
    assert.equal(await countRows(school.database, "audit_entries where action = 'privacy.erase' and entity_id = $1", [child]), 1);
  });

  it('erasing the last child takes the guardians and their accounts with it', async () => {
    await sql(school.database, "update students set status = 'withdrawn', status_on = '2026-01-31' where id = $1", [barred]);
    const mother = await guardianId('Grace Wanjiru');
    const done = await (
      await school.as('owner')
    ).submit(`/privacy/student/${barred}/erasure`, { reason: 'The family asked for it', word: 'ERASE' });
    assert.equal(done.status, 303);
    assert.equal(
      await countRows(school.database, "students_guardians where phone is not null or full_name not like 'Erased%'"),
      0,
    );
    const [account] = await sql<Record<string, string | null>>(
      school.database,
      'select email, state, password_hash from identity_users where person_id = $1',
      [mother],
    );
    assert.deepEqual(account, { email: null, state: 'disabled', password_hash: null });
  });
});
