import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Allocations } from '../../../src/modules/subjects/allocations/allocations.js';
import { Classes } from '../../../src/modules/subjects/classes/classes.js';
import { Takers } from '../../../src/modules/subjects/allocations/takers.js';
import { SUBJECTS } from '../../../src/modules/subjects/index.js';
import type { Student } from '../../../src/modules/students/index.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import { aFamily, aGuardian, aStaffMember, aStudent, streamCalled } from '../../support/build.js';
import { sql } from '../../support/database/sql.js';
import { readAll } from '../../support/sheets/read.js';
import { judge, type ReadBundle } from './support.js';

describe('a school as a OneRoster bundle', () => {
  let school: SchoolUnderTest;
  let children: Student[];
  let teacher: { id: string };

  before(async () => {
    school = await aSchool();
    const family = await aFamily(school, 2, { stream: 'Grade 7 East' });
    const other = await aStudent(school, {
      stream: 'Grade 8 West',
      surname: 'O\'Brien, "Bee"'.replace(/[",]/g, ''),
      bornOn: null,
      identifiers: [{ type: 'nemis-upi', value: 'A1B2C3' }],
    });
    children = [...family.students, other];
    await aGuardian(school, other, {
      fullName: 'Barred Person',
      phone: '+254722000111',
      barred: true,
      barredReason: 'Court order',
    });
    await aStudent(school, { stream: null, status: 'applicant', surname: 'Notyet' });
    teacher = await aStaffMember(school, { surname: 'Mutua' });
    await aStaffMember(school, { surname: 'Cook', job: 'Cook', category: 'non-teaching' });
    await school.run(async () => {
      const east = await streamCalled(school, 'Grade 7 East');
      const subjects = await school.get(SUBJECTS).subjects();
      const day = '2026-01-06';
      const taught = subjects.find(
        (one) => one.kind === 'compulsory' && one.choice === null && one.classIds.includes(east.classId),
      )!;
      await school.get(Allocations).allocate(school.office, {
        subjectId: taught.id,
        streamId: east.id,
        staffId: teacher.id,
        periods: 5,
        fromOn: day,
        toOn: null,
        replaces: null,
      });
      await school.get(Classes).changeStream(school.office, east.id, east.version, { ...east, classTeacherId: teacher.id });
      const one = family.students[0]!;
      await school.get(Takers).set(school.office, taught.id, east.id, day, new Map([[one.id, null]]));
    });
  });
  after(() => school?.stop());

  it('is nothing for a teacher, a guardian or a stranger', async () => {
    for (const person of [await school.as('teacher'), await school.as('registrar'), await school.as('guardian')]) {
      for (const path of ['/oneroster', '/oneroster.zip']) assert.equal((await person.get(path)).status, 403, path);
    }
    assert.notEqual((await school.stranger().get('/oneroster.zip')).status, 200);
  });

  for (const version of ['1.1', '1.2'] as const) {
    describe(`of version ${version}`, () => {
      let read: ReadBundle;
      before(async () => {
        const head = await school.as('head');
        const answer = await head.get(`/oneroster.zip?version=${version}`);
        assert.equal(answer.status, 200);
        assert.match(
          String(answer.headers['content-disposition']),
          new RegExp(`oneroster-${version}-2026-11-\\d\\d\\.zip|oneroster-${version}`),
        );
        read = await judge(answer.body);
      });

      it('has no mistake by the standard: headings, words, dates, and every key leads somewhere', () => {
        assert.deepEqual(read.problems, []);
        assert.equal(read.version, version);
      });

      it('holds those who are here, their guardians and the staff, once each, and nobody who is barred', () => {
        const names = read.rows.users.map((row) => row.familyName);
        assert.equal(read.rows.users.filter((row) => children.some((child) => child.id === row.sourcedId)).length, 3);
        assert.equal(names.includes('Person'), false);
        assert.equal(names.includes('Notyet'), false);
        // Three children, the two parents of two of them, two of the staff.
        assert.equal(read.rows.users.length, 7);
        const roles = version === '1.1' ? read.rows.users.map((row) => row.role) : read.rows.roles.map((row) => row.role);
        assert.deepEqual(roles.sort(), ['aide', 'parent', 'parent', 'student', 'student', 'student', 'teacher']);
      });

      it('says who sits where, who teaches, and who does not take a subject', () => {
        const homeroom = read.rows.classes.find((row) => row.title === 'Grade 7 East')!;
        const lesson = read.rows.classes.find((row) => row.classType === 'scheduled')!;
        const inside = (id: string | undefined, role: string): string[] =>
          read.rows.enrollments.filter((row) => row.classSourcedId === id && row.role === role).map((row) => row.userSourcedId!);
        assert.deepEqual(inside(homeroom.sourcedId, 'student').sort(), [children[0]!.id, children[1]!.id].sort());
        assert.deepEqual(inside(homeroom.sourcedId, 'teacher'), [teacher.id]);
        assert.deepEqual(inside(lesson.sourcedId, 'student'), [children[0]!.id]);
        assert.deepEqual(inside(lesson.sourcedId, 'teacher'), [teacher.id]);
        assert.equal(homeroom.grades, '07');
      });

      it('gives children their number, birthday and official numbers, and no password', () => {
        const child = read.rows.users.find((row) => row.sourcedId === children[2]!.id)!;
        assert.equal(child.identifier, children[2]!.admissionNo);
        assert.equal(child.userIds, '{nemis-upi:A1B2C3}');
        assert.equal(
          read.rows.users.some((row) => row.password),
          false,
        );
        assert.equal(read.rows.demographics.find((row) => row.sourcedId === children[0]!.id)!.birthDate, children[0]!.bornOn);
      });
    });
  }

  it('is UTF-8 without a mark, with a manifest that names every file of the standard', async () => {
    const { body } = await (await school.as('head')).get('/oneroster.zip?version=1.2');
    const { rows, headers } = await readAll(body, { bundle: ['manifest.csv'] }, 'bundle.zip');
    assert.deepEqual(headers[0]!.headers, ['propertyName', 'value']);
    const said = new Map(rows.map((row) => row.cells as [string, string]));
    assert.equal(said.get('manifest.version'), '1.0');
    assert.equal(said.get('file.roles'), 'bulk');
    assert.equal(said.get('file.results'), 'absent');
    assert.equal(said.get('source.systemName'), 'AIMS');
  });

  it('stands in the audit with the number of people it held, as every export does', async () => {
    await (await school.as('owner')).get('/oneroster.zip');
    const [entry] = await sql(
      school.database,
      "select after from audit_entries where action = 'list.export' order by at desc, id desc limit 1",
    );
    assert.deepEqual(entry!.after, { name: 'oneroster-1.1', format: 'zip', rows: 7 });
  });
});
