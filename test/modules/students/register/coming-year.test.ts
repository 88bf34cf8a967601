import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { SCHOOL } from '../../../../src/modules/school/index.js';
import { aSchool, type SchoolUnderTest } from '../../../support/app.js';
import { sql } from '../../../support/database/sql.js';
import { aStudent, streamId } from '../../../support/people/students.js';

describe('the year to come, before it is in the calendar', () => {
  let school: SchoolUnderTest;
  let now = new Date('2026-11-24T23:30:00Z');
  before(async () => {
    school = await aSchool({ years: [2025, 2026], clock: { now: () => now } });
  });
  after(() => school.stop());

  const years = () => school.run(() => school.get(SCHOOL).years());
  const names = async (): Promise<string[]> => (await years()).map((year) => year.name);
  const lineOf = async (studentId: string) =>
    (
      await sql(
        school.database,
        'select y.name as year, c.name as class, e.entered_on::text as entered_on from students_enrolments e join school_years y on y.id = e.year_id join subjects_classes c on c.id = e.class_id where e.student_id = $1 and e.left_on is null',
        [studentId],
      )
    )[0];
  const admit = async (surname: string, joinedOn: string, status = 'active') =>
    (await school.as('registrar')).submit(
      '/students',
      {
        surname,
        firstName: 'Akinyi',
        sex: 'F',
        boarding: 'day',
        status,
        joinedOn,
        streamId: await streamId(school, 'Grade 7 East'),
      },
      '/students/new',
    );

  it('takes a child that joins in it, without the head, and stays one year ahead at most', async () => {
    const far = await admit('Faraway', '2028-01-10', 'expected');
    assert.equal(far.status, 422);
    assert.match(far.html, /id="f-joinedOn-e"[^]*?no academic year for this day/);
    assert.deepEqual(await names(), ['2025', '2026']);
    const lastDay = (await years()).at(-1)!.terms.at(-1)!.endsOn;
    const last = await admit('Lastday', lastDay, 'expected');
    assert.equal(last.status, 303, last.html);
    assert.deepEqual(await names(), ['2025', '2026']);
  });

  it('is offered to a registrar who prepares it, with its usual dates, and added once', async () => {
    await aStudent(school, { place: 'Grade 7 East' });
    const [one, other] = [await school.as('registrar'), await school.as('head')];
    const page = (await one.get('/students/rollovers/new')).html;
    assert.match(page, /<option value="2027-01-01" selected>2027, not in the calendar yet<\/option>/);
    assert.match(page, /If you choose 2027, it is added to the calendar with the usual dates: Term 1 starts on [^<]*Jan 2027/);
    const [, running] = await years();
    const order = { fromYearId: running!.id, toYearId: '2027-01-01' };
    const made = await one.submit('/students/rollovers', order, '/students/rollovers/new');
    assert.equal(made.status, 303, made.html);
    assert.equal((await other.submit('/students/rollovers', order, '/students/rollovers/new')).location, made.location);
    assert.deepEqual(await names(), ['2025', '2026', '2027']);
    assert.equal((await school.run(() => school.get(SCHOOL).currentYear())).name, '2026');
    assert.doesNotMatch((await one.get('/students/rollovers/new')).html, /not in the calendar yet/);
    const audit = await sql(
      school.database,
      "select label, actor_name from audit_entries where action = 'school.year.add' and label = '2027'",
    );
    assert.equal(audit.length, 1);
  });

  it('begins on the day that the calendar has when everybody moves', async () => {
    const head = await school.as('head');
    const year = (await years()).at(-1)!;
    const dates = Object.fromEntries(
      year.terms.flatMap((term, n) => [
        [`terms.${n}.id`, term.id],
        [`terms.${n}.name`, term.name],
        [`terms.${n}.startsOn`, n === 0 ? '2027-01-13' : term.startsOn],
        [`terms.${n}.endsOn`, term.endsOn],
      ]),
    );
    const changed = await head.submit(`/school/years/${year.id}/edit`, {
      name: year.name,
      startsOn: year.startsOn,
      endsOn: year.endsOn,
      ...dates,
    });
    assert.equal(changed.status, 303, changed.html);
    const [{ id }] = (await sql(school.database, "select id from students_rollovers where status = 'draft'")) as [{ id: string }];
    assert.match((await head.get(`/students/rollovers/${id}`)).html, /the new ones begin on 13 Jan 2027/);
    const [child] = (await sql(
      school.database,
      "select student_id from students_rollover_rows where rollover_id = $1 and decision = 'promoted'",
      [id],
    )) as [{ student_id: string }];
    const moved = await head.submit(`/students/rollovers/${id}/commitment`, { leaving: '0' }, `/students/rollovers/${id}/check`);
    assert.equal(moved.location, `/students/rollovers/${id}`);
    assert.match((await head.get(`/students/rollovers/${id}`)).html, /the new ones begin on 13 Jan 2027/);
    assert.deepEqual(await lineOf(child.student_id), { year: '2027', class: 'Grade 8', entered_on: '2027-01-13' });
  });

  it('is there for the first child of a January that nobody has prepared', async () => {
    now = new Date('2028-01-04T21:30:00Z');
    const made = await admit('Newcomer', '2028-01-05');
    assert.equal(made.status, 303, made.html);
    assert.deepEqual(await names(), ['2025', '2026', '2027', '2028']);
    assert.deepEqual(await lineOf(made.location!.split('/').at(-1)!), {
      year: '2028',
      class: 'Grade 7',
      entered_on: '2028-01-05',
    });
    const page = (await (await school.as('registrar')).get('/students/rollovers/new')).html;
    const [, , from, to] = await years();
    assert.match(
      page,
      new RegExp(
        `name="fromYearId"[^]*?<option value="${from!.id}" selected>[^]*name="toYearId"[^]*?<option value="${to!.id}" selected>`,
      ),
      'from where the others still are',
    );
  });
});
