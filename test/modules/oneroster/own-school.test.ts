import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Allocations } from '../../../src/modules/subjects/allocations/allocations.js';
import { Classes } from '../../../src/modules/subjects/classes/classes.js';
import { Subjects } from '../../../src/modules/subjects/subjects/subjects.js';
import { SUBJECTS } from '../../../src/modules/subjects/index.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import type { Browser } from '../../support/browser.js';
import { aGuardian, aStaffMember, aStudent, streamCalled } from '../../support/build.js';
import { fingerprint } from '../../support/database/fingerprint.js';
import { sql } from '../../support/database/sql.js';
import { act, check, parts } from './pages.js';
import { skuli } from './skuli.js';
import { judge, zipOf, type ReadBundle } from './support.js';

/** A school that has worked for a year: classes, subjects, people and lessons of its own, some under the names and codes of the bundle. */
async function aSchoolOfItsOwn(): Promise<SchoolUnderTest> {
  const school = await aSchool({
    background: true,
    classes: [
      { name: 'Grade 6', streams: ['East'] },
      { name: 'Grade 7', streams: ['East', 'North'] },
      { name: 'Grade 8', streams: ['West'] },
    ],
  });
  const teacher = await aStaffMember(school, { surname: 'Mutua', staffNo: 'OWN/1' });
  for (const stream of ['Grade 6 East', 'Grade 7 East', 'Grade 7 North'])
    await aGuardian(school, await aStudent(school, { stream }));
  await school.run(async () => {
    const { classes } = await school.get(SUBJECTS).classList();
    const grade6 = classes.find((one) => one.name === 'Grade 6')!;
    await school.get(Subjects).add(school.office, {
      code: 'ROB',
      nationalCode: null,
      name: 'Robots and code',
      shortName: 'Robots',
      department: 'Makers',
      kind: 'elective',
      choice: null,
      practical: true,
      papers: 2,
      periods: 2,
      classIds: [grade6.id],
    });
    const special = await school.get(Classes).addClass(school.office, {
      name: 'Special unit',
      shortName: 'SU',
      level: 'primary',
      order: 200,
      nextClassId: null,
      ranked: false,
    });
    await school.get(Classes).addStream(school.office, {
      classId: special,
      name: '',
      order: 1,
      capacity: 8,
      classTeacherId: teacher.id,
      room: 'Garden',
      campus: null,
    });
    const west = await streamCalled(school, 'Grade 8 West');
    await school
      .get(Classes)
      .changeStream(school.office, west.id, west.version, { ...west, capacity: 40, classTeacherId: teacher.id });
    const east = await streamCalled(school, 'Grade 7 East');
    const maths = (await school.get(SUBJECTS).subjects()).find(
      (one) => one.name === 'Mathematics' && one.classIds.includes(east.classId),
    )!;
    await school.get(Allocations).allocate(school.office, {
      subjectId: maths.id,
      streamId: east.id,
      staffId: teacher.id,
      periods: 5,
      fromOn: '2026-01-06',
      toOn: null,
      replaces: null,
    });
  });
  return school;
}

const LISTS = /^(students|subjects|hr_|school_)/;
const listsOf = async (school: SchoolUnderTest) =>
  Object.fromEntries(Object.entries(await fingerprint(school.database)).filter(([name]) => LISTS.test(name)));

for (const version of ['1.1', '1.2'] as const) {
  describe(`a bundle of OneRoster ${version} in a school that has subjects, classes and people of its own`, () => {
    let school: SchoolUnderTest;
    let head: Browser;
    let own: Snapshot;
    let path: string;
    before(async () => {
      school = await aSchoolOfItsOwn();
      head = await school.as('head', 'administrator');
      own = await snapshot(school);
      const seen = await check(head, await zipOf(version, skuli(version)));
      assert.equal(seen.status, 'checked', seen.text.slice(0, 1500));
      // Two of the four streams are here; both subjects are: Mathematics by its name, Robotics by its code.
      assert.deepEqual(
        [parts(seen.html)['Classes and streams'], parts(seen.html).Subjects],
        [
          [2, 2, 0, 0],
          [0, 1, 1, 0],
        ],
        seen.text.slice(0, 2500),
      );
      path = seen.path;
      assert.equal((await act(head, path, 'commit')).status, 'done');
    });
    after(() => school?.stop());

    it('makes no class, stream or subject double', async () => {
      const twice = await sql(
        school.database,
        `select 'code' as what, lower(code) as name from subjects group by 2 having count(*) > 1 union all select 'class', lower(name) from subjects_classes group by 2 having count(*) > 1
        union all select 'stream', class_id || ' ' || lower(name) from subjects_streams group by 2 having count(*) > 1`,
      );
      assert.deepEqual(twice, []);
      assert.equal((await snapshot(school)).subjects.length, own.subjects.length);
    });

    it('takes Mathematics of the classes it speaks of, not the one that primary school has', async () => {
      const lessons = await sql<{ code: string; label: string }>(
        school.database,
        `select s.code, c.name || ' ' || t.name as label from subjects_allocations a join subjects s on s.id = a.subject_id join subjects_streams t on t.id = a.stream_id
        join subjects_classes c on c.id = t.class_id where s.name = 'Mathematics' group by 1, 2 order by 2`,
      );
      assert.deepEqual(
        lessons.map((one) => `${one.code} ${one.label}`),
        ['JS-MAT Grade 7 East', 'JS-MAT Grade 7 West', 'JS-MAT Grade 8 East', 'JS-MAT Grade 8 West'],
      );
    });

    it('loses nothing of the school’s own: names, seats, people, lessons, and classes that it doesn’t know', async () => {
      const now = await snapshot(school);
      for (const was of own.subjects) {
        const { class_ids: had, version: before_, ...rest } = was;
        const { class_ids: has, version: since, ...same } = now.subjects.find((one) => one.id === was.id)!;
        assert.deepEqual(same, rest);
        assert.equal(since, Number(before_) + (has.length > had.length ? 1 : 0), `${was.code} has changed once, or not at all`);
        assert.deepEqual(
          had.filter((id) => !has.includes(id)),
          [],
          `${was.code} keeps its classes`,
        );
      }
      for (const kind of ['students', 'guardians', 'staff', 'allocations', 'classes'] as const) {
        const byId = new Map(now[kind].map((row) => [row.id, row]));
        assert.deepEqual(
          own[kind].map((row) => byId.get(row.id)),
          own[kind],
          kind,
        );
      }
      // What the bundle says of a stream is written there; the rest of it stays.
      const streams = new Map(now.streams.map((row) => [row.id, row]));
      for (const was of own.streams)
        assert.deepEqual([streams.get(was.id)!.name, streams.get(was.id)!.capacity], [was.name, was.capacity]);
      assert.equal(
        (await sql(school.database, "select room from subjects_streams where name = '' and room = 'Garden'")).length,
        1,
      );
    });

    it('changes nothing the second time', async () => {
      const before_ = await listsOf(school);
      const again = await check(head, await zipOf(version, skuli(version)));
      assert.match(again.text, /is already in the school/);
      assert.deepEqual(
        Object.values(parts(again.html))
          .map(([made, changed]) => [made, changed])
          .flat()
          .filter(Boolean),
        [],
      );
      assert.deepEqual(await listsOf(school), before_);
    });

    it('goes out, and into another school that has its own, and out again, and nothing is lost', async () => {
      const out = (await head.get(`/oneroster.zip?version=${version}`)).body;
      const read = await judge(out);
      assert.deepEqual(read.problems, []);
      assert.match((await check(head, out)).text, /is already in the school/);
      const other = await aSchoolOfItsOwn();
      try {
        const person = await other.as('head', 'administrator');
        const seen = await check(person, out);
        assert.equal(seen.status, 'checked', seen.text.slice(0, 1500));
        assert.equal((await act(person, seen.path, 'commit')).status, 'done');
        const back = await judge((await person.get(`/oneroster.zip?version=${version}`)).body);
        assert.deepEqual(back.problems, []);
        const [came, has] = [statements(read), new Set(statements(back))];
        assert.deepEqual(
          came.filter((one) => !has.has(one)),
          [],
        );
        assert.match((await check(person, out)).text, /is already in the school/);
      } finally {
        await other.stop();
      }
    });

    it('is taken back to what the school had', async () => {
      assert.equal((await act(head, path, 'undo')).status, 'undone');
      assert.deepEqual(await snapshot(school), own);
    });
  });
}

interface Row extends Record<string, unknown> {
  id: string;
}
interface Snapshot {
  subjects: (Row & { code: string; class_ids: string[] })[];
  classes: Row[];
  streams: (Row & { name: string; capacity: number | null })[];
  students: Row[];
  guardians: Row[];
  staff: Row[];
  allocations: Row[];
}

async function snapshot({ database }: SchoolUnderTest): Promise<Snapshot> {
  const rows = (from: string): Promise<Row[]> => sql<Row>(database, `select * from ${from} order by id`);
  return {
    subjects: await sql(
      database,
      'select s.*, array(select class_id from subjects_of_classes c where c.subject_id = s.id order by 1) as class_ids from subjects s order by id',
    ),
    classes: await rows('subjects_classes'),
    streams: (await rows('subjects_streams')) as Snapshot['streams'],
    students: await rows('students'),
    guardians: await rows('students_guardians'),
    staff: await rows('hr_staff'),
    allocations: await rows('subjects_allocations'),
  };
}

/** What a bundle says, sentence by sentence, without the ids that each system gives itself. */
function statements({ rows }: ReadBundle): string[] {
  const people = new Map(
    rows.users.map((row) => [
      row.sourcedId!,
      [row.familyName, row.givenName, row.middleName, row.identifier, row.sms].map((cell) => cell ?? '').join('|'),
    ]),
  );
  const courses = new Map(rows.courses.map((row) => [row.sourcedId!, row.title]));
  const classes = new Map(
    rows.classes.map((row) => [row.sourcedId!, `${row.classType} ${row.title} of ${courses.get(row.courseSourcedId!)}`]),
  );
  return [
    ...people.values(),
    ...classes.values(),
    ...rows.courses.map((row) => `course ${row.title} ${row.courseCode ?? ''}`),
    ...rows.users.flatMap((row) =>
      (row.agentSourcedIds ?? '')
        .split(',')
        .filter(Boolean)
        .map((id) => `${people.get(row.sourcedId!)} > ${people.get(id)}`),
    ),
    ...rows.demographics
      .filter((row) => row.birthDate)
      .map((row) => `${people.get(row.sourcedId!)} ${row.birthDate} ${row.sex ?? ''}`),
    ...rows.enrollments.map((row) => `${classes.get(row.classSourcedId!)}: ${row.role} ${people.get(row.userSourcedId!)}`),
  ].sort();
}
