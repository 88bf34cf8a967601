import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { SCHOOL } from '../../../../src/modules/school/index.js';
import { Assignments } from '../../../../src/modules/students/bulk/assignments.js';
import { PlannedMoves } from '../../../../src/modules/students/enrolments/planned-moves.js';
import { Rollovers } from '../../../../src/modules/students/rollovers/rollovers.js';
import { isOddStep } from '../../../../src/modules/students/enrolments/enrolment.rules.js';
import { STUDENTS, type Student } from '../../../../src/modules/students/index.js';
import { aSchool, type SchoolUnderTest } from '../../../support/app.js';
import type { Browser } from '../../../support/browser.js';
import { sql } from '../../../support/database/sql.js';
import { aStudent, streamId } from '../../../support/people/students.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('a move whose day is still to come', () => {
  let school: SchoolUnderTest;
  let office: Browser;
  let now = new Date('2026-12-30T09:00:00Z');
  const to: Record<string, string> = {};

  before(async () => {
    school = await aSchool({
      years: [2026, 2027],
      lists: { houses: [{ name: 'Simba' }] },
      clock: { now: () => now },
      classes: ['Grade 4', 'Grade 7', 'Grade 8', 'Form 4'].map((name) => ({ name, streams: ['East', 'West'] })),
    });
    office = await school.as('registrar');
    for (const label of ['Grade 4 East', 'Grade 7 East', 'Grade 7 West', 'Grade 8 East', 'Form 4 East'])
      to[label] = await streamId(school, label);
  });
  after(() => school.stop());

  const move = (student: Student, label: string, on: string, more: Record<string, string> = {}) =>
    office.submit(`/students/${student.id}/moves`, { streamId: to[label]!, on, ...more }, `/students/${student.id}/moves/new`);
  const classOf = async (student: Student): Promise<string> =>
    (await sql(school.database, 'select stream_id from students where id = $1', [student.id]))[0]!.stream_id as string;
  const page = async (student: Student): Promise<string> => (await office.get(`/students/${student.id}`)).html;
  const planOf = async (student: Student): Promise<string | undefined> =>
    /planned-moves\/([0-9a-f-]{36})\/removal/.exec(await page(student))?.[1];

  it('changes nothing but is shown, and can be cancelled by who may move', async () => {
    const kid = await aStudent(school, { place: 'Grade 7 East' });
    const planned = await move(kid, 'Grade 7 West', '2027-01-01');
    assert.equal(planned.status, 303, text(planned.html));
    assert.equal(await classOf(kid), to['Grade 7 East']);
    assert.match(text(await page(kid)), /Planned Grade 7 West from 1 Jan 2027/);
    assert.equal((await school.run(() => school.get(STUDENTS).inStream(to['Grade 7 West']!))).length, 0);
    const path = `/students/${kid.id}/planned-moves/${await planOf(kid)}/removal`;
    assert.equal((await (await school.as('bursar')).submit(path, {}, `/students/${kid.id}`)).status, 403);
    assert.equal((await office.submit(path, {}, `/students/${kid.id}`)).status, 303);
    assert.doesNotMatch(await page(kid), /data-test="planned-move"/);
    const audit = await sql(
      school.database,
      "select action from audit_entries where entity_id = $1 and action like '%planned%' or entity_id = $1 and action = 'students.plan-move'",
      [kid.id],
    );
    assert.deepEqual(audit.map((row) => row.action).sort(), ['students.cancel-planned-move', 'students.plan-move']);
  });

  it('goes with a withdrawal, which it doesn’t stand in the way of, and comes back with it', async () => {
    const kid = await aStudent(school, { place: 'Grade 7 East' });
    await move(kid, 'Grade 7 West', '2027-01-20');
    const gone = await office.submit(
      `/students/${kid.id}/status-changes`,
      { step: 'withdraw', reason: 'fees', on: '2026-12-30' },
      `/students/${kid.id}/status-changes/new?step=withdraw`,
    );
    assert.equal(gone.status, 303, text(gone.html));
    assert.equal(await planOf(kid), undefined);
    const [change] = await sql(
      school.database,
      "select id from students_status_changes where student_id = $1 and to_status = 'withdrawn'",
      [kid.id],
    );
    assert.equal(
      (await office.submit(`/students/${kid.id}/status-changes/${change!.id}/undo`, {}, `/students/${kid.id}?tab=history`))
        .status,
      303,
    );
    assert.ok(await planOf(kid));
  });

  it('lets an expected child that comes later give up its place, and changes the place at once', async () => {
    const kid = await aStudent(school, { place: 'Grade 7 East', status: 'expected', joinedOn: '2027-01-05' });
    assert.equal((await move(kid, 'Grade 7 West', '2027-01-05')).status, 303);
    assert.equal(await classOf(kid), to['Grade 7 West'], 'the place hasn’t begun: it is another one');
    const gone = await office.submit(
      `/students/${kid.id}/status-changes`,
      { step: 'withdraw', reason: 'fees', on: '2026-12-30' },
      `/students/${kid.id}/status-changes/new?step=withdraw`,
    );
    assert.equal(gone.status, 303, text(gone.html));
  });

  it('asks first when the classes lie far apart, alone and for many', async () => {
    const kid = await aStudent(school, { place: 'Grade 4 East' });
    const asked = await move(kid, 'Form 4 East', '2026-12-30');
    assert.equal(asked.status, 422);
    assert.match(text(asked.html), /This moves the student from Grade 4 to Form 4\. Tick to confirm\./);
    assert.match(asked.html, /type="checkbox" name="sure"/);
    assert.equal(await classOf(kid), to['Grade 4 East']);
    const fields = { student: kid.id, streamId: to['Form 4 East']!, on: '2026-12-30' };
    const looked = await office.submit('/students/bulk/move/preview', fields, `/students/bulk/move?student=${kid.id}`);
    assert.match(text(looked.html), /1 student moves up or down by more than one class/);
    assert.equal((await office.submit('/students/bulk/move', fields, `/students/bulk/move?student=${kid.id}`)).status, 422);
    assert.equal(
      (await office.submit('/students/bulk/move', { ...fields, sure: 'on' }, `/students/bulk/move?student=${kid.id}`)).status,
      303,
    );
    assert.equal(await classOf(kid), to['Form 4 East']);
  });

  it('takes effect with the day of the school’s zone, before the first page of it, once', async () => {
    const kid = await aStudent(school, { place: 'Grade 7 East' });
    const late = await aStudent(school, { place: 'Grade 7 East' });
    await move(kid, 'Grade 8 East', '2027-01-01');
    await move(late, 'Grade 8 East', '2027-01-02');
    now = new Date('2026-12-31T20:50:00Z');
    assert.match(text(await page(kid)), /Planned/, 'it is 23:50 in Nairobi');
    assert.equal(await classOf(kid), to['Grade 7 East']);
    now = new Date('2026-12-31T21:01:00Z');
    const [first] = await Promise.all([page(kid), page(kid), page(kid)]);
    assert.doesNotMatch(first!, /data-test="planned-move"/);
    assert.equal(await classOf(kid), to['Grade 8 East']);
    assert.equal(await classOf(late), to['Grade 7 East']);
    const lines = await sql(
      school.database,
      'select entered_on::text as from, left_on::text as until, y.name from students_enrolments e join school_years y on y.id = e.year_id where student_id = $1 order by entered_on',
      [kid.id],
    );
    assert.deepEqual(lines, [
      { from: '2026-01-06', until: '2026-12-31', name: '2026' },
      { from: '2027-01-01', until: null, name: '2027' },
    ]);
    now = new Date('2027-01-02T09:00:00Z');
    await school.run(() => school.get(PlannedMoves).carryOut('2027-01-02'));
    await school.run(() => school.get(PlannedMoves).carryOut('2027-01-02'));
    assert.equal(await classOf(late), to['Grade 8 East'], 'the clock does it too, where nobody asks for a page');
  });

  it('is given up by the turn of the year and comes back with it, as do houses and subjects', async () => {
    const kid = await aStudent(school, { place: 'Grade 7 East' });
    await move(kid, 'Grade 7 West', '2027-02-01');
    const house = await school.run(() => school.get(SCHOOL).lists('houses'));
    await school.run(() =>
      school
        .get(Assignments)
        .assign(school.office, kid.id, { kind: 'houses', itemId: house[0]!.id, detail: null, on: '2027-01-02' }),
    );
    const kept = () =>
      Promise.all([
        sql(
          school.database,
          'select student_id, class_id, stream_id, on_day::text, state, ended_why, rollover_id from students_planned_moves where student_id = $1',
          [kid.id],
        ),
        sql(
          school.database,
          'select id, student_id, kind, item_id, from_on::text, to_on::text from students_assignments order by id',
        ),
        sql(
          school.database,
          'select id, student_id, class_id, stream_id, entered_on::text, left_on::text, exit_reason from students_enrolments order by id',
        ),
        sql(school.database, 'select * from subjects_exceptions order by id'),
      ]);
    const before = await kept();
    const [from, to] = await school.run(() => school.get(SCHOOL).years());
    const rollover = await school.run(() =>
      school.get(Rollovers).prepare(school.office, { fromYearId: from!.id, toYearId: to!.id, pass: null, margin: 0 }),
    );
    assert.match(
      text((await (await school.as('head')).get(`/students/rollovers/${rollover.id}/check`)).html),
      /2 planned moves to other classes are cancelled/,
    );
    await school.run(async () =>
      school.get(Rollovers).commit(school.office, rollover.id, (await school.get(Rollovers).obstacles(rollover)).leave),
    );
    assert.equal(await planOf(kid), undefined);
    await school.run(() => school.get(Rollovers).undo(school.office, rollover.id));
    assert.deepEqual(await kept(), before);
    assert.ok(await planOf(kid));
  });

  it('is an odd step only beyond the classes beside it', () => {
    const classes = [
      ['g4', 4, 'g5'],
      ['g5', 5, 'g6'],
      ['g6', 6, null],
      ['f4', 9, null],
    ].map(([id, order, nextClassId]) => ({
      id: id as string,
      order: order as number,
      nextClassId: nextClassId as string | null,
      active: true,
    }));
    for (const [from, wanted, odd] of [
      ['g4', 'g4', false],
      ['g4', 'g5', false],
      ['g5', 'g4', false],
      ['g4', 'g6', true],
      ['g6', 'f4', false],
      ['g4', 'f4', true],
      ['f4', 'g4', true],
    ] as const) {
      assert.equal(isOddStep(classes, from, wanted), odd, `${from} to ${wanted}`);
    }
  });
});
