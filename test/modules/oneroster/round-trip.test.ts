import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import type { Browser } from '../../support/browser.js';
import type { RosterRow } from '../../../src/modules/oneroster/format/spec.rules.js';
import { act, check } from './pages.js';
import { judge, zipOf, type Bundle, type ReadBundle } from './support.js';

const name = fc.constantFrom(
  'Ọláńrewájú',
  'O’Brien',
  'N’Dour',
  'Wanjirũ',
  'Mary-Jane',
  'Abdi',
  'Çelik',
  'Ng’ang’a',
  'Müller',
  'Zawadi',
);
const learner = fc.record({
  givenName: name,
  familyName: name,
  middleName: fc.option(name, { nil: '' }),
  birthDate: fc.option(
    fc.integer({ min: 0, max: 2500 }).map((days) => new Date(Date.UTC(2010, 0, 1 + days)).toISOString().slice(0, 10)),
    { nil: '' },
  ),
  sex: fc.constantFrom('female', 'male'),
  room: fc.integer({ min: 0, max: 3 }),
  parent: fc.option(fc.integer({ min: 0, max: 5 }), { nil: null }),
  lessons: fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 3 }),
});
const parent = fc.record({
  givenName: name,
  familyName: name,
  sex: fc.constantFrom('female', 'male', ''),
  role: fc.constantFrom('parent', 'guardian', 'relative'),
  email: fc.boolean(),
});

/** Any small school. */
const aRoster = fc
  .record({
    learners: fc.array(learner, { minLength: 1, maxLength: 12 }),
    parents: fc.array(parent, { minLength: 6, maxLength: 6 }),
  })
  .map(({ learners, parents }): Bundle => {
    const rooms = ['Grade 7 North', 'Grade 7 South', 'Grade 9', 'Nursery Stars'];
    const users: RosterRow[] = [];
    const demographics: RosterRow[] = [];
    const enrollments: RosterRow[] = [];
    const user = (row: RosterRow, role: string, sex: string, birthDate = ''): void => {
      users.push({ enabledUser: 'true', orgSourcedIds: 'o', role, username: row.sourcedId!, ...row });
      if (sex || birthDate) demographics.push({ sourcedId: row.sourcedId!, sex, birthDate });
    };
    const enrol = (classId: string, userId: string, role: string): void => {
      const sourcedId = `${classId}/${userId}`;
      if (!enrollments.some((row) => row.sourcedId === sourcedId))
        enrollments.push({
          sourcedId,
          classSourcedId: classId,
          schoolSourcedId: 'o',
          userSourcedId: userId,
          role,
          primary: 'false',
        });
    };
    for (let subject = 0; subject < 3; subject += 1) {
      user(
        { sourcedId: `t${subject}`, givenName: 'Daniel', familyName: `Teacher${'abc'[subject]}`, identifier: `T/${subject}` },
        'teacher',
        'male',
      );
      enrol(`l${subject}`, `t${subject}`, 'teacher');
    }
    learners.forEach((one, at) => {
      const id = `s${at}`;
      user(
        {
          sourcedId: id,
          givenName: one.givenName,
          familyName: one.familyName,
          middleName: one.middleName,
          identifier: `N/${100 + at}`,
          agentSourcedIds: one.parent === null ? '' : `p${one.parent}`,
        },
        'student',
        one.sex,
        one.birthDate,
      );
      enrol(`h${one.room}`, id, 'student');
      for (const lesson of one.lessons) enrol(`l${lesson}`, id, 'student');
    });
    const used = new Set(learners.flatMap((one) => (one.parent === null ? [] : [one.parent])));
    parents.forEach((one, at) => {
      if (used.has(at))
        user(
          {
            sourcedId: `p${at}`,
            givenName: one.givenName,
            familyName: one.familyName,
            sms: `+25472248190${at}`,
            email: one.email ? `p${at}@home.test` : '',
          },
          one.role,
          one.sex,
        );
    });
    const course = (row: RosterRow): RosterRow => ({ orgSourcedId: 'o', ...row });
    return {
      orgs: [{ sourcedId: 'o', name: 'Any School', type: 'school' }],
      academicSessions: [
        { sourcedId: 'y', title: '2027', type: 'schoolYear', startDate: '2027-01-04', endDate: '2027-11-26', schoolYear: '2027' },
      ],
      courses: [
        ...rooms.map((title, at) => course({ sourcedId: `k${at}`, title: title.replace(/ (North|South|Stars)$/, '') })),
        ...['Chess', 'Pottery', 'Latin'].map((title, at) =>
          course({ sourcedId: `c${at}`, title, courseCode: title.slice(0, 3).toUpperCase() }),
        ),
      ],
      classes: [
        ...rooms.map((title, at) => ({
          sourcedId: `h${at}`,
          title,
          courseSourcedId: `k${at}`,
          classType: 'homeroom',
          schoolSourcedId: 'o',
          termSourcedIds: 'y',
        })),
        ...[0, 1, 2].map((at) => ({
          sourcedId: `l${at}`,
          title: `Lesson ${at}`,
          courseSourcedId: `c${at}`,
          classType: 'scheduled',
          schoolSourcedId: 'o',
          termSourcedIds: 'y',
        })),
      ],
      users,
      demographics,
      enrollments,
    };
  });

/** What a bundle says, without the ids that each system gives itself. */
function meaning({ rows }: ReadBundle): unknown {
  const people = new Map(
    rows.users.map((row) => [
      row.sourcedId!,
      [row.familyName, row.givenName, row.middleName, row.identifier, row.sms, row.email, row.role, row.grades]
        .map((cell) => cell ?? '')
        .join('|'),
    ]),
  );
  const classes = new Map(rows.classes.map((row) => [row.sourcedId!, `${row.classType} ${row.title}`]));
  return {
    people: [...people.values()].sort(),
    ties: rows.users
      .flatMap((row) =>
        (row.agentSourcedIds ?? '')
          .split(',')
          .filter(Boolean)
          .map((id) => `${people.get(row.sourcedId!)} > ${people.get(id)}`),
      )
      .sort(),
    demographics: rows.demographics.map((row) => `${people.get(row.sourcedId!)} ${row.birthDate ?? ''} ${row.sex ?? ''}`).sort(),
    seats: rows.enrollments
      .map((row) => `${classes.get(row.classSourcedId!)}: ${row.role} ${people.get(row.userSourcedId!)} ${row.beginDate ?? ''}`)
      .sort(),
    courses: rows.courses.map((row) => `${row.title} ${row.courseCode ?? ''} ${row.grades ?? ''}`).sort(),
    years: rows.academicSessions.map((row) => `${row.type} ${row.title} ${row.startDate} ${row.endDate}`).sort(),
  };
}

describe('in, out, into another school, and out', () => {
  let one: SchoolUnderTest;
  let two: SchoolUnderTest;
  let people: Browser[];
  before(async () => {
    [one, two] = [await aSchool({ background: true, classes: [] }), await aSchool({ background: true, classes: [] })];
    people = [await one.as('head', 'administrator'), await two.as('head', 'administrator')];
  });
  after(async () => {
    await one?.stop();
    await two?.stop();
  });

  async function take(person: Browser, body: Buffer): Promise<string> {
    const seen = await check(person, body);
    assert.equal(seen.status, 'checked', seen.text.slice(0, 900));
    const done = await act(person, seen.path, 'commit');
    assert.equal(done.status, 'done', done.text.slice(0, 900));
    return seen.path;
  }

  it('loses nothing that a school keeps, whatever the school', async () => {
    await fc.assert(
      fc.asyncProperty(aRoster, async (bundle) => {
        const first = await take(people[0]!, await zipOf('1.1', bundle));
        const out = (await people[0]!.get('/oneroster.zip?version=1.1')).body;
        const read = await judge(out);
        assert.deepEqual(read.problems, []);
        const second = await take(people[1]!, out);
        const again = await judge((await people[1]!.get('/oneroster.zip?version=1.1')).body);
        assert.deepEqual(again.problems, []);
        assert.deepEqual(meaning(again), meaning(read));
        // What a school has sent itself is known to it, and changes nothing.
        assert.match((await check(people[0]!, out)).text, /is already in the school/);
        assert.equal((await act(people[0]!, first, 'undo')).status, 'undone');
        assert.equal((await act(people[1]!, second, 'undo')).status, 'undone');
      }),
      { numRuns: 6, seed: 20261125 },
    );
  });
});
