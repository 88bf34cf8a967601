import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import type { Browser } from '../../support/browser.js';
import { fingerprint } from '../../support/database/fingerprint.js';
import { sql } from '../../support/database/sql.js';
import { act, check, parts } from './pages.js';
import { skuli } from './skuli.js';
import { judge, zipOf } from './support.js';

/** A digest of every table that holds people, classes and days. */
async function lists(school: SchoolUnderTest): Promise<Record<string, string>> {
  const all = await fingerprint(school.database);
  return Object.fromEntries(Object.entries(all).filter(([name]) => /^(students|subjects|hr_|school_)/.test(name)));
}

for (const version of ['1.1', '1.2'] as const) {
  describe(`a bundle of OneRoster ${version} from another system`, () => {
    let school: SchoolUnderTest;
    let head: Browser;
    let path: string;
    let before_: Record<string, string>;

    before(async () => {
      school = await aSchool({ background: true, classes: [{ name: 'Grade 7', streams: ['East'] }] });
      head = await school.as('head', 'administrator');
      before_ = await lists(school);
    });
    after(() => school?.stop());

    it('is not for a teacher or a registrar', async () => {
      for (const person of [await school.as('teacher'), await school.as('registrar')]) {
        assert.equal((await person.get('/oneroster/bundles')).status, 403);
        assert.equal((await person.get('/oneroster/bundles/new')).status, 403);
      }
    });

    it('is shown with what it would make, and nothing is written by looking', async () => {
      const made = await check(head, await zipOf(version, skuli(version)));
      assert.equal(made.status, 'checked', made.text.slice(0, 1500));
      path = made.path;
      assert.deepEqual(
        parts(made.html),
        {
          'School years': [1, 0, 0, 0],
          Staff: [4, 0, 0, 0],
          'Classes and streams': [3, 1, 0, 0],
          Subjects: [1, 0, 1, 0],
          Students: [40, 0, 0, 0],
          'Who teaches what': [5, 0, 0, 0],
          'Students whose subjects differ from the class': [4, 0, 46, 0],
        },
        made.text.slice(0, 3000),
      );
      assert.deepEqual(await lists(school), before_);
    });

    it('makes a school that works: class lists, guardians, class teachers, lessons', async () => {
      const done = await act(head, path, 'commit');
      assert.equal(done.status, 'done', done.text.slice(0, 1500));
      const [counts] = await sql(
        school.database,
        "select (select count(*)::int from students where status = 'active') as students, (select count(*)::int from students_guardians) as guardians, (select count(*)::int from subjects_allocations) as lessons",
      );
      assert.deepEqual(counts, { students: 40, guardians: 20, lessons: 5 });
      const list = await head.get('/students?classId=&q=SK/2001');
      assert.match(list.html, /SK\/2001/);
      const rows = await sql(
        school.database,
        `select c.name || ' ' || s.name as label, count(*)::int as learners, t.surname as teacher from students x join subjects_streams s on s.id = x.stream_id
        join subjects_classes c on c.id = s.class_id left join hr_staff t on t.id = s.class_teacher_id group by 1, 3 order by 1`,
      );
      assert.deepEqual(
        rows.map((row) => [row.label, row.learners, row.teacher]),
        [
          ['Grade 7 East', 10, 'MwalimuEast'],
          ['Grade 7 West', 10, 'MwalimuWest'],
          ['Grade 8 East', 10, 'MwalimuEast'],
          ['Grade 8 West', 10, 'MwalimuWest'],
        ],
      );
      const [tie] = await sql(
        school.database,
        "select g.full_name, g.phone, t.relationship from students_guardians g join students_guardianships t on t.guardian_id = g.id join students s on s.id = t.student_id where s.admission_no = 'SK/2001'",
      );
      assert.deepEqual([tie!.full_name, tie!.relationship], ['Grace Mwangi', 'mother']);
    });

    it('goes out again with everything that came in', async () => {
      const out = await judge((await head.get(`/oneroster.zip?version=${version}`)).body);
      assert.deepEqual(out.problems, []);
      const seen = (rows: typeof out.rows): unknown => ({
        people: rows.users
          .map((row) =>
            [
              row.familyName,
              row.givenName,
              row.middleName ?? '',
              row.identifier ?? '',
              row.sms?.replace(/\s/g, '').replace(/^0/, '+254') ?? '',
              row.email ?? '',
              row.userIds ?? '',
              row.grades ?? '',
            ].join('|'),
          )
          .sort(),
        demographics: rows.demographics
          .filter((row) => row.birthDate)
          .map((row) => `${row.birthDate} ${row.sex}`)
          .sort(),
        lessons: rows.classes
          .filter((row) => row.classType === 'scheduled')
          .map((row) => rows.enrollments.filter((one) => one.classSourcedId === row.sourcedId).length)
          .sort(),
        homerooms: rows.classes
          .filter((row) => row.classType === 'homeroom')
          .map((row) => [row.title!.replace('Grade ', ''), row.location, row.grades].join('|'))
          .sort(),
      });
      const came = await judge(await zipOf(version, skuli(version)));
      const filled = (rows: typeof out.rows): typeof out.rows => ({
        ...rows,
        users: rows.users.map((row) => (row.familyName?.startsWith('Mwalimu') || row.grades ? row : { ...row, email: '' })),
      });
      assert.deepEqual(seen(filled(out.rows)), seen(filled(came.rows)));
    });

    it('is taken back with one press, to the last row', async () => {
      const undone = await act(head, path, 'undo');
      assert.equal(undone.status, 'undone', undone.text.slice(0, 900));
      assert.deepEqual(await lists(school), before_);
      const [left] = await sql(school.database, 'select count(*)::int as n from oneroster_identities');
      assert.equal(left!.n, 0);
    });

    it('changes nothing the second time, and by its ids only what has changed the third time', async () => {
      const first = await check(head, await zipOf(version, skuli(version)));
      assert.equal((await act(head, first.path, 'commit')).status, 'done');
      const again = await check(head, await zipOf(version, skuli(version)));
      assert.match(again.text, /is already in the school/);
      const bundle = skuli(version);
      const users = bundle.users!.map((row) =>
        row.sourcedId === 's-3'
          ? { ...row, familyName: 'Newname', identifier: 'OTHER/1' }
          : row.sourcedId === 't-07-East'
            ? { ...row, email: 'new@skuli.test' }
            : row,
      );
      const moved = bundle.enrollments!.map((row) =>
        row.userSourcedId === 's-5' && row.classSourcedId === 'h-07-East'
          ? { ...row, classSourcedId: 'h-07-West', sourcedId: 'moved', beginDate: '' }
          : row,
      );
      const third = await check(head, await zipOf(version, { ...bundle, users, enrollments: moved }));
      assert.deepEqual(
        [parts(third.html).Staff, parts(third.html).Students],
        [
          [0, 1, 3, 0],
          [0, 2, 38, 0],
        ],
        third.text.slice(0, 2500),
      );
      const written = await act(head, third.path, 'commit');
      assert.equal(written.status, 'done', written.text.slice(0, 900));
      const [child] = await sql(school.database, "select surname from students where admission_no = 'SK/2003'");
      assert.equal(child!.surname, 'Newname');
      assert.equal((await act(head, third.path, 'undo')).status, 'undone');
    });
  });
}
