import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { STUDENT_STORE } from '../../../../src/modules/students/ports.js';
import { SUBJECTS } from '../../../../src/modules/subjects/index.js';
import { aSchool, type SchoolUnderTest } from '../../../support/app.js';
import type { Browser } from '../../../support/browser.js';

describe('the student register', () => {
  let school: SchoolUnderTest;
  let registrar: Browser;
  let streamId: string;

  before(async () => {
    school = await aSchool();
    registrar = await school.as('registrar');
    streamId = (await school.run(() => school.get(SUBJECTS).classList())).streams.find((one) => one.label === 'Grade 7 East')!.id;
  });
  after(() => school.stop());

  const child = {
    surname: 'Hassan',
    firstName: 'Khadija',
    middleName: 'Njoki',
    sex: 'F',
    'bornOn.day': '9',
    'bornOn.month': '8',
    'bornOn.year': '2013',
    boarding: 'day',
    status: 'active',
    joinedOn: '2026-01-06',
    'guardians.0.fullName': 'Hassan Abdi Noor',
    'guardians.0.relationship': 'father',
    'guardians.0.phone': '0722 481 903',
    'guardians.0.paysFees': 'on',
    'guardians.0.getsSms': 'on',
    'guardians.0.mayCollect': 'on',
  };

  it('says what is wrong beside each field, keeps what was typed and changes nothing', async () => {
    const answer = await registrar.submit(
      '/students',
      { ...child, streamId, 'bornOn.year': '2031', surname: '', 'guardians.0.phone': '0722 48' },
      '/students/new',
    );
    assert.equal(answer.status, 422);
    assert.match(answer.html, /Enter the surname/);
    assert.match(answer.html, /Mobile phone must be a number such as 0722 481 903/);
    assert.match(answer.html, /value="Khadija"/);
    assert.equal((await registrar.get('/students?status=all')).html.includes('Khadija'), false);
  });

  it('makes student, guardian and enrolment with one form, once however often it is sent', async () => {
    const page = await registrar.get('/students/new');
    const hidden = Object.fromEntries(
      ['_csrf', '_once'].map((name) => [name, page.html.match(new RegExp(`name="${name}" value="([^"]*)"`))![1]!]),
    );
    const answers = await Promise.all([1, 2, 3].map(() => registrar.post('/students', { ...hidden, ...child, streamId })));
    assert.deepEqual(
      answers.map((answer) => answer.status),
      [303, 303, 303],
    );
    assert.equal(new Set(answers.map((answer) => answer.location)).size, 1);
    const profile = await registrar.get(answers[0]!.location!);
    assert.match(profile.html, /<h1>Khadija Njoki Hassan<\/h1>/);
    assert.match(profile.html, /Grade 7 East/);
    assert.match(profile.html, /Hassan Abdi Noor/);
    const found = await registrar.get('/api/v1/students');
    assert.equal(found.status, 401, 'the API never looks at cookies');
  });

  it('finds a child by three letters of a name, by a guardian and by a phone', async () => {
    for (const typed of ['kha', 'hassan k', 'abdi', '0722481', '722 481 903']) {
      const answer = await registrar.get(`/students?q=${encodeURIComponent(typed)}`);
      assert.match(answer.html, /Khadija/, typed);
    }
    assert.match((await registrar.get('/students?q=zzz')).html, /No student matches/);
  });

  it('links a guardian who is known by phone and name, and asks before a likely duplicate is made', async () => {
    const twin = await registrar.submit('/students', { ...child, streamId }, '/students/new');
    assert.equal(twin.status, 422);
    assert.match(twin.html, /may be the same child/);
    const sister = await registrar.submit(
      '/students',
      { ...child, streamId, firstName: 'Amina', 'bornOn.year': '2015' },
      '/students/new',
    );
    assert.equal(sister.status, 303);
    const guardians = await registrar.get('/students/guardians');
    assert.equal(guardians.html.match(/<b>Hassan Abdi Noor<\/b>/g)?.length, 1);
    assert.match((await registrar.get(sister.location!)).html, /Brothers and sisters here/);
  });

  it('refuses a step that the status does not allow, and takes the last step back with the enrolment', async () => {
    const [row] = (
      await school.run(() =>
        school
          .get(STUDENT_STORE)
          .list(
            { text: 'amina', classId: null, streamId: null, statuses: [], boarding: null, sex: null, putAside: false },
            { kind: 'all' },
            'name',
            false,
            null,
            5,
          ),
      )
    ).rows;
    const path = `/students/${row!.id}`;
    const wrong = await registrar.submit(
      `${path}/status-changes`,
      { step: 'graduate', reason: 'served', on: '2026-11-01' },
      `${path}/status-changes/new?step=graduate`,
    );
    assert.equal(wrong.status, 422);
    const left = await registrar.submit(
      `${path}/status-changes`,
      { step: 'withdraw', reason: 'moved', on: '2026-11-02' },
      `${path}/status-changes/new?step=withdraw`,
    );
    assert.equal(left.status, 303);
    const history = await registrar.get(`${path}?tab=history`);
    const undo = history.html.match(/action="(\/students\/[^"]*\/undo)"/)![1]!;
    assert.equal((await registrar.submit(undo, {}, `${path}?tab=history`)).status, 303);
    const profile = await registrar.get(path);
    assert.match(profile.html, /Active/);
    assert.match(profile.html, /Grade 7 East/);
  });

  it('closes the file of somebody who left, in words of its own: "Archived" is a record set aside', async () => {
    const [row] = (
      await school.run(() =>
        school
          .get(STUDENT_STORE)
          .list(
            { text: 'amina', classId: null, streamId: null, statuses: [], boarding: null, sex: null, putAside: false },
            { kind: 'all' },
            'name',
            false,
            null,
            5,
          ),
      )
    ).rows;
    const path = `/students/${row!.id}`;
    const step = (key: string, reason: string) =>
      registrar.submit(
        `${path}/status-changes`,
        { step: key, reason, on: '2026-11-02' },
        `${path}/status-changes/new?step=${key}`,
      );
    assert.equal((await step('withdraw', 'moved')).status, 303);
    const before = await registrar.get(path);
    assert.match(before.html, /Close file/);
    const closed = await step('archive', 'closed');
    assert.match((await registrar.get(closed.location!)).html, /The status of Hassan Amina Njoki is now “File closed”/);
    const owner = await school.as('owner');
    const pages = [
      await registrar.get(path),
      await registrar.get(`${path}?tab=history`),
      await registrar.get('/students?status=archived'),
      await owner.get('/students?status=archived&format=csv'),
      await owner.get(`/privacy/student/${row!.id}`),
    ];
    for (const page of pages) {
      assert.equal(page.status, 200);
      assert.match(page.html, /File closed/);
      assert.doesNotMatch(page.html, />Archived?</);
    }
    assert.match((await owner.get(`/audit?entity=student&entityId=${row!.id}`)).html, /Closed the file/);
  });

  it('is closed to those without the permission, and a teacher sees own classes only', async () => {
    const teacher = await school.as('teacher');
    assert.equal((await teacher.get('/students/new')).status, 403);
    assert.equal((await teacher.get('/students?status=all')).html.includes('Khadija'), false);
    assert.equal((await school.stranger().get('/students')).status, 302);
  });
});
