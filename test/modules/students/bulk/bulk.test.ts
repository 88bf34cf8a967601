import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../../src/kernel/id.js';
import { BulkChanges } from '../../../../src/modules/students/bulk/bulk.js';
import { STUDENT_STORE } from '../../../../src/modules/students/ports.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { SCHOOL } from '../../../../src/modules/school/index.js';
import { aSchool, type SchoolUnderTest } from '../../../support/app.js';
import type { Browser } from '../../../support/browser.js';
import { aStudent, streamId } from '../../../support/people/students.js';

describe('one change for many ticked students', () => {
  let school: SchoolUnderTest;
  let registrar: Browser;
  let three: Student[];

  before(async () => {
    school = await aSchool({ lists: { houses: [{ name: 'Kilimanjaro' }, { name: 'Elgon' }] } });
    registrar = await school.as('registrar');
    three = [await aStudent(school), await aStudent(school), await aStudent(school, { place: 'Grade 8 West' })];
  });
  after(() => school.stop());

  const ids = (): string[] => three.map((one) => one.id);
  const profile = async (id: string) => (await school.run(() => school.get(STUDENT_STORE).profile(id, { kind: 'all' })))!;
  const ticked = (path: string): string =>
    `${path}?${ids()
      .map((id) => `student=${id}`)
      .join('&')}`;
  async function auditOf(action: string): Promise<number> {
    const admin = await school.database.admin();
    try {
      return (await admin.query('select count(*)::int as n from audit_entries where action = $1', [action])).rows[0].n as number;
    } finally {
      await admin.end();
    }
  }

  it('shows who goes where before anything moves', async () => {
    const west = await streamId(school, 'Grade 8 West');
    assert.match((await registrar.get(ticked('/students/bulk/move'))).html, /Move 3 students/);
    const unfinished = await registrar.submit(
      '/students/bulk/move/preview',
      { student: ids(), on: '2026-11-02' },
      ticked('/students/bulk/move'),
    );
    assert.equal(unfinished.status, 422);
    assert.match(unfinished.html, /Choose a class/);
    const preview = await registrar.submit(
      '/students/bulk/move/preview',
      { student: ids(), streamId: west, on: '2026-11-02' },
      ticked('/students/bulk/move'),
    );
    assert.equal(preview.status, 200);
    assert.match(preview.html, /Move 2 students\?/);
    assert.match(preview.html, /already in this class/);
    assert.equal((await profile(ids()[0]!)).student.streamId, three[0]!.streamId ?? (await streamId(school, 'Grade 7 East')));
  });

  it('moves all of them in one step, with one audit entry each and a page with the result', async () => {
    const west = await streamId(school, 'Grade 8 West');
    const done = await registrar.submit(
      '/students/bulk/move',
      { student: ids(), streamId: west, on: '2026-11-02', note: 'New stream' },
      ticked('/students/bulk/move'),
    );
    assert.equal(done.status, 303, done.html);
    assert.match((await registrar.get(done.location!)).html, /2 students have moved/);
    for (const id of ids()) assert.equal((await profile(id)).student.streamId, west);
    assert.equal(await auditOf('students.move'), 2);
    assert.deepEqual(
      (await profile(ids()[0]!)).enrolments.map((line) => [line.enteredOn, line.leftOn]),
      [
        ['2026-11-02', null],
        ['2026-01-06', '2026-11-01'],
      ],
    );
  });

  it('moves nobody when one of them can’t be moved, and says who', async () => {
    const east = await streamId(school, 'Grade 7 East');
    const refused = await registrar.submit(
      '/students/bulk/move',
      { student: ids(), streamId: east, on: '2026-02-01' },
      ticked('/students/bulk/move'),
    );
    assert.equal(refused.status, 422);
    assert.match(refused.html, new RegExp(`${three[0]!.surname}|${three[1]!.surname}`));
    assert.match(refused.html, /began on 2 November 2026/);
    for (const id of ids()) assert.notEqual((await profile(id)).student.streamId, east);
  });

  it('changes what is named and leaves the rest as it is', async () => {
    const [house] = await school.run(() => school.get(SCHOOL).lists('houses'));
    const none = await registrar.submit(
      '/students/bulk/edit',
      { student: ids(), on: '2026-11-03' },
      ticked('/students/bulk/edit'),
    );
    assert.equal(none.status, 422);
    const preview = await registrar.submit(
      '/students/bulk/edit/preview',
      { student: ids(), boarding: 'boarder', 'places.houses': house!.id, on: '2026-11-03' },
      ticked('/students/bulk/edit'),
    );
    assert.match(preview.html, /Kilimanjaro/);
    const done = await registrar.submit(
      '/students/bulk/edit',
      { student: ids(), boarding: 'boarder', 'places.houses': house!.id, on: '2026-11-03' },
      ticked('/students/bulk/edit'),
    );
    assert.equal(done.status, 303, done.html);
    for (const [index, id] of ids().entries()) {
      const { student, assignments } = await profile(id);
      assert.deepEqual(
        [student.boarding, student.surname, assignments[0]?.itemId],
        ['boarder', three[index]!.surname, house!.id],
      );
    }
    assert.equal(await auditOf('students.change'), 3);
    assert.equal(await auditOf('students.assign-houses'), 3);
  });

  it('takes at most 500 at once, nobody twice, and none that is not there', async () => {
    const many = Array.from({ length: 501 }, () => newId());
    const west = await streamId(school, 'Grade 7 West');
    const refused = await registrar.submit(
      '/students/bulk/move',
      { student: many, streamId: west, on: '2026-11-05' },
      ticked('/students/bulk/move'),
    );
    assert.equal(refused.status, 422);
    assert.match(refused.html, /At most 500 students at once/);
    await assert.rejects(
      school.run(() => school.get(BulkChanges).move(school.office, many, { streamId: west, on: '2026-11-05', note: null })),
      /At most 500/,
    );
    const foreign = await registrar.submit(
      '/students/bulk/move',
      { student: [newId()], streamId: west, on: '2026-11-05' },
      ticked('/students/bulk/move'),
    );
    assert.equal(foreign.status, 422);
  });

  it('is closed to those who may not change students', async () => {
    const teacher = await school.as('teacher');
    assert.equal((await teacher.get(ticked('/students/bulk/move'))).status, 403);
    assert.equal((await teacher.get('/students/bulk/edit')).status, 403);
  });
});
