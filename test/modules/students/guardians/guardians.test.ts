import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { GuardianAccounts } from '../../../../src/modules/students/guardians/guardian-accounts.js';
import { Guardians } from '../../../../src/modules/students/guardians/guardians.js';
import { GUARDIAN_STORE, STUDENT_STORE } from '../../../../src/modules/students/ports.js';
import { aSchool, type SchoolUnderTest } from '../../../support/app.js';
import type { Browser } from '../../../support/browser.js';
import { aStudent, streamId } from '../../../support/people/students.js';

describe('guardians', () => {
  let school: SchoolUnderTest;
  let registrar: Browser;

  before(async () => {
    school = await aSchool();
    registrar = await school.as('registrar');
  });
  after(() => school.stop());

  const accounts = async (): Promise<
    { name: string; person_id: string; phone: string | null; shared_phone: string | null; state: string }[]
  > => {
    const admin = await school.database.admin();
    try {
      return (
        await admin.query(
          "select name, person_id, phone, shared_phone, state from identity_users where person_kind = 'guardian' order by name",
        )
      ).rows;
    } finally {
      await admin.end();
    }
  };

  it('are one person for all their children: a known phone and a shared name link, a phone alone does not', async () => {
    const first = await aStudent(school, {
      place: 'Grade 8 East',
      guardians: [{ fullName: 'Mary Wambui Otieno', phone: '+254711000001' }],
    });
    const sister = await aStudent(school, {
      place: 'Grade 8 East',
      guardians: [{ fullName: 'Mrs M. Otieno', phone: '+254711000001' }],
    });
    const neighbour = await aStudent(school, {
      place: 'Grade 8 East',
      guardians: [{ fullName: 'Peter Kamau', phone: '+254711000001' }],
    });
    const idOf = async (student: string): Promise<string> =>
      (await school.run(() => school.get(GUARDIAN_STORE).tiesOfStudent(student)))[0]!.id;
    assert.equal(await idOf(first.id), await idOf(sister.id));
    assert.notEqual(await idOf(first.id), await idOf(neighbour.id));
  });

  it('who share a phone and a surname stay two people when the given names or what they are to the child differ, with a warning', async () => {
    const first = await aStudent(school, {
      place: 'Grade 8 West',
      guardians: [{ fullName: 'Daniel Kiptoo', relationship: 'father', phone: '+254711000041' }],
    });
    const form = {
      surname: 'Kiptoo',
      firstName: 'Faith',
      sex: 'F',
      boarding: 'day',
      status: 'active',
      joinedOn: '2026-01-06',
      streamId: await streamId(school, 'Grade 7 West'),
      'guardians.0.fullName': 'Grace Kiptoo',
      'guardians.0.relationship': 'mother',
      'guardians.0.phone': '0711 000 041',
      'guardians.1.fullName': 'D. Kiptoo',
      'guardians.1.relationship': 'father',
      'guardians.1.phone': '0711 000 041',
    };
    const done = await registrar.submit('/students', form, '/students/new');
    assert.equal(done.status, 303, done.html);
    assert.match(
      (await registrar.get(done.location!)).html,
      /Grace Kiptoo has the same phone as Daniel Kiptoo\. They are kept as two people/,
    );
    const namesOf = async (id: string): Promise<string[]> =>
      (await school.run(() => school.get(GUARDIAN_STORE).tiesOfStudent(id))).map((one) => one.fullName);
    assert.deepEqual(
      await namesOf(done.location!.split('/').at(-1)!),
      ['Grace Kiptoo', 'Daniel Kiptoo'],
      'the father is the one who is known, by his initial',
    );
    assert.deepEqual(await namesOf(first.id), ['Daniel Kiptoo']);
    const joined = await registrar.submit(
      `/students/${first.id}/guardians`,
      { fullName: 'Jane Kiptoo', relationship: 'guardian', phone: '0711 000 041' },
      `/students/${first.id}/guardians/new`,
    );
    assert.match((await registrar.get(joined.location!)).html, /Jane Kiptoo has the same phone as/);
    assert.deepEqual(await namesOf(first.id), ['Daniel Kiptoo', 'Jane Kiptoo']);
  });

  it('who are known by the phone that is being typed are offered', async () => {
    const known = await registrar.get('/students/guardians/known?phone=0711%20000%20001&row=0');
    assert.match(known.html, /Mary Wambui Otieno is already a guardian here/);
    assert.match(known.html, /Peter Kamau/);
    assert.equal((await registrar.get('/students/guardians/known?phone=0799')).html.trim(), '');
    assert.equal((await (await school.as('teacher')).get('/students/guardians/known?phone=0711000001')).status, 403);
  });

  it('who are barred keep the tie and lose what comes with it', async () => {
    const child = await aStudent(school, {
      guardians: [{ fullName: 'Daniel Mutua', phone: '+254711000009', barred: true, barredReason: 'Court order' }],
    });
    const [tie] = await school.run(() => school.get(GUARDIAN_STORE).tiesOfStudent(child.id));
    assert.deepEqual(
      [tie!.tie.barred, tie!.tie.getsSms, tie!.tie.getsReports, tie!.tie.mayCollect, tie!.tie.livesWith],
      [true, false, false, false, false],
    );
    const plan = await school.run(async () =>
      school.get(GuardianAccounts).plan(school.office, [await streamId(school, 'Grade 7 East')]),
    );
    assert.equal(plan.ready.length + plan.unreachable.length + plan.have, 0, 'no sign-in by bulk for a barred one');
  });

  it('of chosen classes get sign-ins with printed slips; a shared phone gets codes, and who has one keeps it', async () => {
    await aStudent(school, { place: 'Grade 8 East', guardians: [{ fullName: 'Nobody Reachable' }] });
    const stream = await streamId(school, 'Grade 8 East');
    const page = await registrar.get(`/students/guardians/accounts?stream=${stream}`);
    assert.match(page.html, /2 guardians get a sign-in/);
    assert.match(page.html, /1 has no phone or email/);
    const printed = await registrar.submit(
      '/students/guardians/accounts',
      { stream },
      `/students/guardians/accounts?stream=${stream}`,
    );
    assert.equal(printed.headers['content-type'], 'application/pdf');
    assert.equal(printed.body.subarray(0, 5).toString(), '%PDF-');
    const made = await accounts();
    assert.deepEqual(
      made.map((one) => one.name),
      ['Mary Wambui Otieno', 'Peter Kamau'],
    );
    assert.equal(made.filter((one) => one.shared_phone !== null).length, 1, 'the second on the same phone');
    const again = await registrar.submit('/students/guardians/accounts', { stream }, '/students/new');
    assert.equal(again.status, 303);
    assert.match(
      (await registrar.get(`/students/guardians/accounts?stream=${stream}`)).html,
      /0 guardians get a sign-in[\s\S]*2 can sign in already/,
    );
    assert.equal((await accounts()).length, 2);
  });

  it('can be invited on the form that admits the child, and not without an address', async () => {
    const form = {
      surname: 'Kamau',
      firstName: 'Joy',
      sex: 'F',
      boarding: 'day',
      status: 'active',
      joinedOn: '2026-01-06',
      streamId: await streamId(school, 'Grade 7 West'),
      'guardians.0.fullName': 'Lucy Kamau',
      'guardians.0.relationship': 'mother',
      'guardians.0.invite': 'on',
    };
    const refused = await registrar.submit('/students', form, '/students/new');
    assert.equal(refused.status, 422);
    assert.match(refused.html, /Enter a mobile phone or an email address to sign in with/);
    assert.match(refused.html, /href="#f-guardians-0-phone"/);
    assert.equal((await registrar.get('/students?q=Kamau%20Joy')).html.includes('Joy'), true, 'typed text is in the find box');
    const done = await registrar.submit('/students', { ...form, 'guardians.0.phone': '0711 000 020' }, '/students/new');
    assert.equal(done.status, 303, done.html);
    assert.match((await registrar.get(done.location!)).html, /Can sign in/);
    assert.equal((await accounts()).find((one) => one.name === 'Lucy Kamau')?.state, 'invited');
    const children = await school.run(() =>
      school
        .get(STUDENT_STORE)
        .list(
          { text: 'joy kamau', classId: null, streamId: null, statuses: [], boarding: null, sex: null, putAside: false },
          { kind: 'all' },
          'name',
          false,
          null,
          5,
        ),
    );
    assert.equal(children.rows.length, 1, 'the refused form left no child behind');
  });

  it('are changed only from the page that shows the present values', async () => {
    const child = await aStudent(school, { guardians: [{ fullName: 'Rose Achieng', phone: '+254711000031' }] });
    const [guardian] = await school.run(() => school.get(GUARDIAN_STORE).tiesOfStudent(child.id));
    const details = {
      fullName: 'Rose Achieng',
      phone: '+254711000032',
      otherPhone: null,
      email: null,
      nationalId: null,
      occupation: null,
      address: null,
      language: null,
    };
    await school.run(() => school.get(Guardians).change(school.office, guardian!.id, guardian!.version, details));
    await assert.rejects(
      school.run(() =>
        school.get(Guardians).change(school.office, guardian!.id, guardian!.version, { ...details, fullName: 'Old page' }),
      ),
      /Someone else has changed this/,
    );
    assert.match((await registrar.get('/students?q=0711000032')).html, new RegExp(child.surname), 'found by the new phone');
    assert.doesNotMatch((await registrar.get('/students?q=0711000031')).html, new RegExp(child.surname));
  });
});
