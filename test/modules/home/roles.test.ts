import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { hireStaff } from '../../../src/modules/hr/operations.js';
import { RUN } from '../../../src/kernel/shapes/command.js';
import { IDENTITY } from '../../../src/modules/identity/index.js';
import { Classes } from '../../../src/modules/subjects/classes/classes.js';
import { SUBJECTS } from '../../../src/modules/subjects/index.js';
import type { Browser } from '../../support/browser.js';
import { sql } from '../../support/database/sql.js';
import { aStudent } from '../../support/people/students.js';
import { withFees, type SchoolWithFees } from '../fees/support.js';

const PASSWORD = 'correct-horse-battery-staple-7';
const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('the first page of each role', () => {
  let school: SchoolWithFees;
  let guardian: Browser;

  before(async () => {
    school = await withFees();
    const mother = [{ fullName: 'Grace Atieno', phone: '+254722000111' }];
    const child = await aStudent(school, { surname: 'Ouma', firstName: 'Brian', guardians: mother });
    const barred = await aStudent(school, {
      surname: 'Ouma',
      firstName: 'Hidden',
      guardians: [{ fullName: 'Somebody Else', phone: '+254722000222' }],
    });
    await aStudent(school, { surname: 'Stranger', firstName: 'Child' });
    await school.bill(child.id, { TUI: 1_845_000 });
    const [own] = await sql<{ id: string }>(
      school.database,
      "select id from students_guardians where full_name = 'Grace Atieno'",
    );
    await sql(
      school.database,
      "insert into students_guardianships (school_id, id, student_id, guardian_id, relationship, priority, barred, barred_reason, may_collect, gets_sms, gets_reports) select school_id, gen_random_uuid(), $1, id, 'mother', 2, true, 'Court order', false, false, false from students_guardians where id = $2",
      [barred.id, own!.id],
    );
    await school.run(() =>
      school.get(IDENTITY).createAccount({
        person: { kind: 'guardian', id: own!.id },
        name: 'Grace Atieno',
        email: 'grace@school.test',
        roles: ['guardian'],
        by: { password: PASSWORD },
        actor: school.office,
      }),
    );
    guardian = school.stranger();
    await guardian.signIn('grace@school.test', PASSWORD);
  });
  after(() => school?.stop());

  it('shows a guardian the own children, what is owed and how it is paid, and nobody else’s', async () => {
    await sql(
      school.database,
      "insert into fees_settings (school_id, id, how_to_pay) select school_id, gen_random_uuid(), 'KCB Nakuru 110223344' from identity_settings on conflict (school_id) do update set how_to_pay = excluded.how_to_pay",
    );
    const { html } = await guardian.get('/');
    assert.match(text(html), /Welcome, Grace Atieno .*KES ?18,450 .*to be paid .*Brian Ouma .*Grade 7 East/);
    assert.doesNotMatch(html, /Hidden|Stranger/);
  });

  it('shows a guardian how much of the term’s bills is paid', async () => {
    const [child] = await sql<{ id: string }>(school.database, "select id from students where first_name = 'Brian'");
    await school.pay(child!.id, 500_000);
    const { html } = await guardian.get('/');
    assert.match(text(html), /KES ?13,450 .*Term 3: paid KES 5,000 of KES 18,450 27%/);
    assert.match(html, /role="progressbar"[^>]*aria-valuenow="27"/);
  });

  it('offers no find box of the staff to families, and nothing that they can’t open', async () => {
    const { html } = await guardian.get('/');
    assert.doesNotMatch(html, /class="find"|href="\/search"|<dialog class="palette/);
    for (const [, href] of html.matchAll(/href="(\/(?!assets)[^"#]*)"/g))
      assert.ok([200, 303].includes((await guardian.get(href!)).status), href);
    assert.match((await (await school.as('registrar')).get('/')).html, /href="\/search"/);
  });

  it('shows a teacher the own classes with the ways there', async () => {
    const staff = await school.run(() =>
      school.get(RUN)(school.office, hireStaff, {
        staffNo: null,
        surname: 'Njoroge',
        firstName: 'Joyce',
        middleName: null,
        title: null,
        sex: 'F',
        phone: null,
        email: 'joyce@school.test',
        nationalId: null,
        registrationNo: null,
        job: 'Teacher',
        category: 'teaching',
        joinedOn: '2026-01-05',
      }),
    );
    const stream = (await school.run(() => school.get(SUBJECTS).classList())).streams.find(
      (one) => one.label === 'Grade 7 West',
    )!;
    await school.run(() =>
      school.get(Classes).changeStream(school.office, stream.id, stream.version, { ...stream, classTeacherId: staff.id }),
    );
    await school.run(() =>
      school.get(IDENTITY).createAccount({
        person: { kind: 'staff', id: staff.id },
        name: 'Joyce Njoroge',
        email: 'joyce@school.test',
        roles: ['class-teacher'],
        by: { password: PASSWORD },
        actor: school.office,
      }),
    );
    const teacher = school.stranger();
    await teacher.signIn('joyce@school.test', PASSWORD);
    const { html } = await teacher.get('/');
    assert.match(text(html), /Your class .*Grade 7 West/);
    assert.doesNotMatch(html.slice(html.indexOf('<main')), /Grade 7 East/);
    assert.match(html, new RegExp(`/students\\?stream=${stream.id}`));
  });

  it('is of the register for who can mend it, and of money for the bursar', async () => {
    const bursar = await (await school.as('bursar')).get('/');
    assert.match(bursar.html, /data-test="money-card"/);
    assert.doesNotMatch(bursar.html, /data-test="students-card"/);
    assert.match((await (await school.as('registrar')).get('/')).html, /data-test="students-card"/);
  });

  it('is for each role without what it can’t open', async () => {
    for (const role of ['bursar', 'teacher', 'class-teacher', 'nurse', 'librarian', 'head'] as const) {
      const person = await school.as(role);
      const { html } = await person.get('/');
      const main = html.slice(html.indexOf('<main'));
      for (const [, href] of main.matchAll(/href="(\/(?!assets)[^"#]*)"/g))
        assert.ok([200, 303].includes((await person.get(href!.replaceAll('&amp;', '&'))).status), `${role} ${href}`);
      assert.doesNotMatch(html, /data-test="family-fees"/, role);
    }
  });
});
