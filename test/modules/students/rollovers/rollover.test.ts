import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { recordLeaving } from '../../../../src/modules/hr/operations.js';
import { RUN } from '../../../../src/kernel/shapes/command.js';
import { Enrolments } from '../../../../src/modules/students/enrolments/enrolments.js';
import { Register } from '../../../../src/modules/students/register/register.js';
import { Rollovers } from '../../../../src/modules/students/rollovers/rollovers.js';
import type { Rollover } from '../../../../src/modules/students/rollovers/rollover.rules.js';
import { ROLLOVER_STORE, type StudentTies } from '../../../../src/modules/students/ports.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { SCHOOL, SCHOOL_CALENDAR } from '../../../../src/modules/school/index.js';
import { AUDIT } from '../../../../src/platform/http/ports.js';
import { PUBLISH, UNIT } from '../../../../src/platform/tokens.js';
import { SUBJECT_STORE } from '../../../../src/modules/subjects/ports.js';
import { CURRICULUM_TURN, SUBJECTS } from '../../../../src/modules/subjects/index.js';
import { aSchool, type SchoolUnderTest } from '../../../support/app.js';
import { sql } from '../../../support/database/sql.js';
import { aStaffMember, office } from '../../../support/build.js';
import { aStudent, streamId } from '../../../support/people/students.js';

/** Results and marks as a later module will answer. */
class Marks implements StudentTies {
  results = new Map<string, number>();
  marked = false;
  obstaclesToRemoval = async () => [];
  withRecords = async () => [];
  moveTo = async () => undefined;
  yearResults = async () => this.results;
  yearHasMarks = async () => this.marked;
}

describe('the turn of the year', () => {
  let school: SchoolUnderTest;
  let rollovers: Rollovers;
  const marks = new Marks();
  const children: Record<string, Student> = {};
  let years: { from: string; to: string };

  before(async () => {
    school = await aSchool({ years: [2026, 2027], clock: { now: () => new Date('2027-02-02T09:00:00Z') } });
    rollovers = new Rollovers(
      school.get(UNIT),
      school.get(PUBLISH),
      school.get(AUDIT),
      school.get(ROLLOVER_STORE),
      school.get(SCHOOL),
      school.get(SUBJECTS),
      school.get(CURRICULUM_TURN),
      [marks],
      school.get(SCHOOL_CALENDAR),
    );
    const [from, to] = await school.run(() => school.get(SCHOOL).years());
    years = { from: from!.id, to: to!.id };
    for (const [name, place] of [
      ['up', 'Grade 7 East'],
      ['west', 'Grade 7 West'],
      ['weak', 'Grade 7 East'],
      ['near', 'Grade 7 East'],
      ['last', 'Grade 8 East'],
      ['stays', 'Grade 8 West'],
    ] as const) {
      children[name] = await aStudent(school, { place });
    }
    await aStudent(school, { place: 'Grade 7 East', status: 'expected' });
    marks.results = new Map([
      [children.up!.id, 71],
      [children.weak!.id, 31],
      [children.near!.id, 46],
    ]);
  });
  after(() => school.stop());

  const act = <Result>(work: () => Promise<Result>): Promise<Result> => school.run(work);
  const prepare = (): Promise<Rollover> =>
    act(() => rollovers.prepare(school.office, { fromYearId: years.from, toYearId: years.to, pass: 50, margin: 5 }));
  const decide = (id: string, child: Student, decision: 'promoted' | 'repeating' | 'leaving', reason: string): Promise<void> =>
    act(() => rollovers.decide(school.office, id, child.id, { decision, chosenStreamId: null, reason }));
  const row = async (id: string, child: Student) => (await act(() => school.get(ROLLOVER_STORE).row(id, child.id)))!;

  /** Everything that a rollover writes, as one text. */
  async function register(): Promise<string> {
    const admin = await school.database.admin();
    try {
      const parts = await Promise.all([
        admin.query('select id, status, status_on, class_id, stream_id from students order by id'),
        admin.query(
          'select id, student_id, year_id, class_id, stream_id, entered_on, entry_reason, left_on, exit_reason from students_enrolments order by id',
        ),
      ]);
      return JSON.stringify(parts.map((part) => part.rows));
    } finally {
      await admin.end();
    }
  }

  it('counts before anything moves, and stores the threshold with each decision', async () => {
    const before = await register();
    const rollover = await prepare();
    assert.equal(await register(), before);
    const decisions = await Promise.all(
      ['up', 'west', 'weak', 'near', 'last', 'stays'].map(async (name) => (await row(rollover.id, children[name]!)).decision),
    );
    assert.deepEqual(decisions, ['promoted', 'promoted', 'repeating', 'review', 'leaving', 'leaving']);
    const weak = await row(rollover.id, children.weak!);
    assert.deepEqual([weak.result, weak.pass, weak.margin], [31, 50, 5]);
    assert.equal((await row(rollover.id, children.up!)).toStreamId, await streamId(school, 'Grade 8 East'));
    assert.equal((await row(rollover.id, children.west!)).toStreamId, await streamId(school, 'Grade 8 West'));
  });

  it('is prepared once for a year, and keeps what was decided by hand when the plan changes', async () => {
    const rollover = await prepare();
    assert.equal((await prepare()).id, rollover.id);
    await decide(rollover.id, children.stays!, 'repeating', 'At the parents’ wish');
    const east = await streamId(school, 'Grade 8 East');
    await act(async () =>
      rollovers.replan(school.office, rollover.id, {
        pass: 50,
        margin: 5,
        streams: { [await streamId(school, 'Grade 7 West')]: east },
      }),
    );
    assert.equal((await row(rollover.id, children.west!)).toStreamId, east);
    const stays = await row(rollover.id, children.stays!);
    assert.deepEqual(
      [stays.decision, stays.reason, stays.toStreamId],
      ['repeating', 'At the parents’ wish', await streamId(school, 'Grade 8 West')],
    );
  });

  it('takes no decision by hand without a reason, and none that leads nowhere', async () => {
    const { id } = await prepare();
    await assert.rejects(decide(id, children.weak!, 'promoted', '  '), /Enter a reason for this manual decision/);
    await assert.rejects(decide(id, children.last!, 'promoted', 'A try'), /Choose a class/);
  });

  it('does not begin while somebody is undecided, has changed, or is in no class', async () => {
    const { id } = await prepare();
    await assert.rejects(
      act(() => rollovers.commit(school.office, id, 1)),
      /1 student is still to be decided/,
    );
    await decide(id, children.near!, 'promoted', 'Made good progress');
    const late = await aStudent(school, { place: 'Grade 7 West' });
    await assert.rejects(
      act(() => rollovers.commit(school.office, id, 1)),
      /register has changed.*1 student/,
    );
    await act(() => rollovers.refresh(school.office, id));
    assert.equal((await row(id, children.near!)).reason, 'Made good progress');
    const nowhere = await aStudent(school, { place: null });
    await assert.rejects(
      act(() => rollovers.commit(school.office, id, 1)),
      new RegExp(`${nowhere.surname}.*not in a class`),
    );
    await act(() => school.get(Register).putAside(school.office, nowhere.id, 'test'));
    children.late = late;
  });

  it('leaves nothing half done when it is cut off in the middle', async () => {
    const { id } = await prepare();
    const before = await register();
    const admin = await school.database.admin();
    try {
      await admin.query('begin');
      await admin.query('lock table students_status_changes in share mode');
      const cut = assert.rejects(act(() => rollovers.commit(school.office, id, 1)));
      let killed = 0;
      for (let tries = 0; killed === 0 && tries < 200; tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        // Inside a transaction the list of who waits is read once, unless it is thrown away.
        await admin.query('select pg_stat_clear_snapshot()');
        const { rowCount } = await admin.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%students_status_changes%'",
        );
        killed = rowCount ?? 0;
      }
      assert.equal(killed, 1);
      await cut;
      await admin.query('rollback');
    } finally {
      await admin.end();
    }
    assert.equal(await register(), before);
    assert.equal((await act(() => school.get(ROLLOVER_STORE).find(id)))!.status, 'draft');
  });

  it('moves everybody at once; nobody is lost, leavers have no open line, and a second time changes nothing', async () => {
    const { id } = await prepare();
    await assert.rejects(
      act(() => rollovers.commit(school.office, id, 0)),
      /1 student leaves the school/,
    );
    const done = await act(() => rollovers.commit(school.office, id, 1));
    assert.deepEqual([done.activeBefore, done.promoted, done.repeating, done.leaving], [7, 4, 2, 1]);
    const after = await register();
    await act(() => rollovers.commit(school.office, id, 1));
    assert.equal(await register(), after);
    const admin = await school.database.admin();
    try {
      const { rows } = await admin.query(
        `select s.status, s.class_id, (select count(*)::int from students_enrolments e where e.student_id = s.id and e.left_on is null) as open,
        (select exit_reason from students_enrolments e where e.student_id = s.id order by entered_on limit 1) as ended from students s where s.id = $1`,
        [children.last!.id],
      );
      assert.deepEqual(rows, [{ status: 'graduated', class_id: null, open: 0, ended: 'graduated' }]);
      const events = await admin.query(
        "select name, count(*)::int as n from platform_outbox where payload->>'reason' in ('promoted', 'repeating', 'completed') group by name order by name",
      );
      assert.deepEqual(events.rows, [
        { name: 'students.enrolled', n: 6 },
        { name: 'students.left', n: 1 },
      ]);
      await assert.rejects(admin.query('update students_rollovers set promoted = promoted - 1'), /nobody_lost/);
    } finally {
      await admin.end();
    }
  });

  it('is taken back to the same register, but not after a mark or when somebody has moved on', async () => {
    const { id } = await prepare();
    marks.marked = true;
    await assert.rejects(
      act(() => rollovers.undo(school.office, id)),
      /Marks have been entered/,
    );
    marks.marked = false;
    const to = await streamId(school, 'Grade 8 West');
    const back = await streamId(school, 'Grade 8 East');
    const move = (stream: string): Promise<unknown> =>
      act(() => school.get(Enrolments).move(school.office, children.up!.id, { streamId: stream, on: '2027-02-01', note: null }));
    const before = await register();
    await move(to);
    await assert.rejects(
      act(() => rollovers.undo(school.office, id)),
      new RegExp(`${children.up!.surname}.*has moved since`),
    );
    assert.notEqual(await register(), before);
    const admin = await school.database.admin();
    try {
      await admin.query('delete from students_enrolments where student_id = $1 and stream_id = $2 and left_on is null', [
        children.up!.id,
        to,
      ]);
      await admin.query(
        "update students_enrolments set left_on = null, exit_reason = null where student_id = $1 and stream_id = $2 and entry_reason = 'promoted'",
        [children.up!.id, back],
      );
    } finally {
      await admin.end();
    }
    await act(() => rollovers.undo(school.office, id));
    const rows = JSON.parse(await register()) as [
      { id: string; status: string; stream_id: string }[],
      { left_on: string | null; year_id: string }[],
    ];
    assert.equal(rows[1].filter((line) => line.year_id === years.to).length, 0);
    assert.equal(rows[1].filter((line) => line.left_on !== null).length, 0);
    assert.equal(rows[0].find((one) => one.id === children.last!.id)!.status, 'active');
    assert.equal(rows[0].find((one) => one.id === children.up!.id)!.stream_id, await streamId(school, 'Grade 7 East'));
  });

  it('runs through its pages for a head, and is closed to a teacher', async () => {
    const head = await school.as('head');
    assert.equal((await (await school.as('teacher')).get('/students/rollovers')).status, 403);
    const made = await head.submit(
      '/students/rollovers',
      { fromYearId: years.from, toYearId: years.to },
      '/students/rollovers/new',
    );
    assert.equal(made.status, 303, made.html);
    const path = made.location!;
    const counts = await head.get(path);
    assert.match(counts.html, /Where each class goes/);
    assert.match(counts.html, /Grade 7 East/);
    const wrong = await head.submit(
      `${path}/students/${children.up!.id}`,
      { decision: 'repeating' },
      `${path}/students/${children.up!.id}/edit`,
    );
    assert.equal(wrong.status, 422);
    assert.match(wrong.html, /Enter a reason for this manual decision/);
    assert.equal(
      (
        await head.submit(
          `${path}/students/${children.up!.id}`,
          { decision: 'repeating', reason: 'Illness' },
          `${path}/students/${children.up!.id}/edit`,
        )
      ).status,
      303,
    );
    assert.match((await head.get(`${path}/students`)).html, /Illness/);
    assert.match((await head.get(`${path}/check`)).html, /Move 7 students/);
    const check = await head.get(`${path}/check`);
    assert.match(check.html, /Yes, 2 students leave the school\./);
    assert.match(check.html, /data-test="leaving"[^]*Grade 8 East[^]*Not a last class/);
    assert.match(check.html, /Nothing is billed now/);
    const silent = await head.submit(`${path}/commitment`, {}, `${path}/check`);
    assert.equal(silent.location, `${path}/check`);
    assert.match((await head.get(`${path}/check`)).html, /2 students leave the school\. Check their classes, then tick/);
    const moved = await head.submit(`${path}/commitment`, { leaving: '2' }, `${path}/check`);
    assert.equal(moved.location, path);
    assert.match((await head.get(path)).html, /4 promoted, 1 repeating, 2 left/);
    const undone = await head.submit(`${path}/undo`, {}, path);
    assert.equal(undone.status, 303);
    assert.match((await head.get(path)).html, /Undone/);
  });
});

describe('a class whose next one comes with the curriculum', () => {
  let school: SchoolUnderTest;
  before(async () => {
    school = await aSchool({
      years: [2026, 2027],
      clock: { now: () => new Date('2026-11-10T09:00:00Z') },
      stages: ['senior', 'secondary-844'],
      classes: [
        { name: 'Grade 10', streams: ['East', 'West'] },
        { name: 'Form 4', streams: ['East'] },
      ],
    });
  });
  after(() => school.stop());

  it('goes up: Grade 11 is made for 2027 with the streams of Grade 10, and only Form 4 leaves', async () => {
    const [kid, last] = [await aStudent(school, { place: 'Grade 10 West' }), await aStudent(school, { place: 'Form 4 East' })];
    const [from, to] = await school.run(() => school.get(SCHOOL).years());
    const head = await school.as('head');
    const made = await head.submit('/students/rollovers', { fromYearId: from!.id, toYearId: to!.id }, '/students/rollovers/new');
    assert.equal(made.status, 303, made.html);
    const { classes, streams } = await school.run(() => school.get(SUBJECTS).classList());
    assert.deepEqual(classes.map((one) => one.name).sort(), ['Form 4', 'Grade 10', 'Grade 11']);
    assert.deepEqual(
      streams.filter((one) => one.label.startsWith('Grade 11')).map((one) => one.label),
      ['Grade 11 East', 'Grade 11 West'],
    );
    const row = async (student: Student) =>
      (await school.run(() => school.get(ROLLOVER_STORE).row(made.location!.split('/').at(-1)!, student.id)))!;
    assert.equal((await row(kid)).toStreamId, await streamId(school, 'Grade 11 West'));
    assert.equal((await row(last)).decision, 'leaving');
    assert.match((await head.get(`${made.location}/check`)).html, /data-test="leaving"[^]*Form 4 East[^]*Last class/);
  });
});

describe('classes to which a new curriculum comes', () => {
  let school: SchoolUnderTest;
  let now = '2027-08-10T09:00:00Z';
  before(async () => {
    school = await aSchool({
      country: 'NG',
      years: [2026, 2027],
      clock: { now: () => new Date(now) },
      classes: ['Primary 2', 'Primary 3', 'Primary 4', 'JSS 3'].map((name) => ({ name, streams: ['A'] })),
    });
  });
  after(() => school.stop());

  const subjects = () =>
    school.run(async () => {
      const [{ classes }, all] = [await school.get(SUBJECTS).classList(), await school.get(SUBJECTS).subjects()];
      return Object.fromEntries(
        classes.map(({ id, name }) => [
          name,
          all
            .filter((one) => one.classIds.includes(id))
            .map((one) => one.name)
            .sort(),
        ]),
      );
    });

  it('change their subjects when everyone moves, as the check says before, and undoing brings the old ones back', async () => {
    await aStudent(school, { place: 'Primary 2 A' });
    const [from, to] = await school.run(() => school.get(SCHOOL).years());
    const head = await school.as('head');
    const { location } = await head.submit(
      '/students/rollovers',
      { fromYearId: from!.id, toYearId: to!.id },
      '/students/rollovers/new',
    );
    const before = await subjects();
    assert.ok(
      before['Primary 3']!.includes('National Values Education') &&
        !before['Primary 3']!.includes('Social and Citizenship Studies'),
    );
    const { html } = await head.get(`${location}/check`);
    assert.match(
      html,
      /data-test="turns"[^]*Primary 3[^]*starts: [^<]*Social and Citizenship Studies[^]*ends: [^<]*National Values Education/,
    );
    assert.doesNotMatch(/data-test="turns"[^]*?<\/section>/.exec(html)![0], /Primary 2|Primary 4/);
    await head.submit(`${location}/commitment`, {}, `${location}/check`);
    const after = await subjects();
    assert.ok(
      after['Primary 3']!.includes('Social and Citizenship Studies') &&
        !after['Primary 3']!.includes('National Values Education'),
    );
    assert.ok(after['JSS 3']!.includes('Digital Technologies') && !after['JSS 3']!.includes('Pre-Vocational Studies'));
    assert.deepEqual([after['Primary 2'], after['Primary 4']], [before['Primary 2'], before['Primary 4']]);
    await head.submit(`${location}/undo`, {}, location!);
    assert.deepEqual(await subjects(), before);
  });

  it('and whoever teaches what goes stops with the old year, and goes on when it is taken back, unless they have left', async () => {
    const head = await school.as('head');
    const named = (name: string) =>
      school.run(async () => (await school.get(SUBJECTS).subjects()).find((one) => one.name === name)!.id);
    const values = await named('National Values Education');
    const maths = await named('Mathematics');
    const [stays, leaves] = [(await aStaffMember(school)).id, (await aStaffMember(school)).id];
    const { streams } = await school.run(() => school.get(SUBJECTS).classList());
    const stream = streams.find((one) => one.label === 'Primary 3 A')!.id;
    const allocate = async (subjectId: string, staffId: string): Promise<void> => {
      const fields = { subjectId, streamId: stream, staffId, periods: '4', fromOn: '2027-01-11' };
      const answer = await head.submit('/subjects/allocations', fields, '/students/rollovers/new');
      assert.equal(answer.status, 303);
    };
    for (const staffId of [stays, leaves]) await allocate(values, staffId);
    await allocate(maths, stays);
    const open = () =>
      sql(
        school.database,
        `select s.name, a.staff_id = '${stays}' as stays, a.to_on::text as "to" from subjects_allocations a
           join subjects s on s.id = a.subject_id order by 1, 2`,
      );
    const before = await open();
    assert.deepEqual(
      before.map((one) => one['to']),
      [null, null, null],
    );
    const [from, to] = await school.run(() => school.get(SCHOOL).years());
    const { location } = await head.submit(
      '/students/rollovers',
      { fromYearId: from!.id, toYearId: to!.id },
      '/students/rollovers/new',
    );
    await head.submit(`${location}/commitment`, {}, `${location}/check`);
    assert.deepEqual(await open(), [
      { name: 'Mathematics', stays: true, to: null },
      { name: 'National Values Education', stays: false, to: from!.endsOn },
      { name: 'National Values Education', stays: true, to: from!.endsOn },
    ]);
    const { code, name, shortName, department, kind, papers, classIds, version } = await school.run(async () =>
      (await school.get(SUBJECTS).subjects()).find((one) => one.id === values)!,
    );
    const fields = {
      code,
      name,
      shortName,
      department,
      kind,
      papers: String(papers),
      version: String(version),
      classIds: [...classIds],
    };
    const edited = await head.submit(`/subjects/${values}/edit`, fields);
    assert.equal(edited.status, 303, 'the old year still runs, and its subjects can be edited');
    now = '2027-09-20T09:00:00Z';
    await school.run(() =>
      school.get(RUN)(office(school), recordLeaving, { id: leaves, leftOn: '2027-09-15', reason: 'Retired', closeNow: false }),
    );
    await head.submit(`${location}/undo`, {}, location!);
    assert.deepEqual(await open(), [
      { name: 'Mathematics', stays: true, to: null },
      { name: 'National Values Education', stays: false, to: from!.endsOn },
      { name: 'National Values Education', stays: true, to: null },
    ]);
    now = '2027-08-10T09:00:00Z';
    await sql(school.database, 'delete from subjects_allocations');
  });

  it('are changed once by two who move everyone at once, taken back once by two, and what the school has changed itself stays', async () => {
    const head = await school.as('head');
    const turn = async () => {
      const [from, to] = await school.run(() => school.get(SCHOOL).years());
      return (await head.submit('/students/rollovers', { fromYearId: from!.id, toYearId: to!.id }, '/students/rollovers/new'))
        .location!;
    };
    const all = await school.run(() => school.get(SUBJECTS).subjects());
    const named = (name: string) => all.find((one) => one.name === name)!;
    const { classes } = await school.run(() => school.get(SUBJECTS).classList());
    const jss = classes.find((one) => one.name === 'JSS 3')!.id;
    const store = school.get(SUBJECT_STORE);
    const values = named('National Values Education');
    await school.run(() =>
      school.get(UNIT)(async () => {
        await store.update({
          ...values,
          classIds: values.classIds.filter((id) => id !== classes.find((one) => one.name === 'Primary 3')!.id),
        });
        await store.update({ ...named('Digital Technologies'), active: false });
      }),
    );
    const before = await subjects();
    const path = await turn();
    const check = await head.get(`${path}/check`);
    assert.doesNotMatch(check.html, /Digital Technologies/, 'the school has closed it');
    assert.match(
      check.html,
      /<b>Primary 3<\/b>[^\n]*ends: Basic Science and Technology<\/li>/,
      'National Values Education was taken off before',
    );
    const turns = async () =>
      Number((await sql(school.database, "select count(*)::int as n from audit_entries where action = 'subjects.turn'"))[0]!.n);
    const noted = await turns();
    const both = async (at: string, page: string) =>
      (await Promise.all([head, await school.as('head')].map((one) => one.submit(at, {}, page)))).map((one) => one.status);
    assert.deepEqual(await both(`${path}/commitment`, `${path}/check`), [303, 303]);
    assert.equal(await turns(), noted + 1);
    assert.ok(
      !(await school.run(() => school.get(SUBJECTS).subjects())).some(
        (one) => one.name === 'Digital Technologies' && one.classIds.includes(jss),
      ),
    );
    await both(`${path}/undo`, path);
    assert.equal(await turns(), noted + 2);
    assert.deepEqual(await subjects(), before);
  });
});
