import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Duplicates } from '../../../../src/modules/students/duplicates/duplicates.js';
import { noTies } from '../../../../src/modules/students/register/ties.js';
import { Register } from '../../../../src/modules/students/register/register.js';
import { DUPLICATE_STORE, STUDENT_STORE, type StudentTies } from '../../../../src/modules/students/ports.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { SCHOOL } from '../../../../src/modules/school/index.js';
import { AUDIT } from '../../../../src/platform/http/ports.js';
import { CLOCK, PUBLISH, UNIT } from '../../../../src/platform/tokens.js';
import { aSchool, type SchoolUnderTest } from '../../../support/app.js';
import { studentTiesContract } from '../../../support/people/student-ties-contract.js';
import { aStudent } from '../../../support/people/students.js';

/** A module with receipts and marks in memory: what later modules do with tables. */
class Receipts implements StudentTies {
  owners: string[] = [];
  marks = new Map<string, Map<string, number>>();

  withRecords = async (ids: readonly string[]) => ids.filter((id) => this.owners.includes(id));
  obstaclesToRemoval = async (id: string): Promise<string[]> => {
    const count = this.owners.filter((owner) => owner === id).length;
    return count > 0 ? [`${count} receipts`] : [];
  };
  moveTo = async (from: string, to: string): Promise<void> => {
    this.owners = this.owners.map((owner) => (owner === from ? to : owner));
  };
  yearResults = async (ids: readonly string[], yearId: string) =>
    new Map([...(this.marks.get(yearId) ?? [])].filter(([id]) => ids.includes(id)));
  yearHasMarks = async (yearId: string) => (this.marks.get(yearId)?.size ?? 0) > 0;
}

describe('what hangs on a child', () => {
  const receipts = new Receipts();
  let pair = 0;
  studentTiesContract({
    ties: () => receipts,
    run: (work) => work(),
    children: async () => {
      pair += 1;
      const [withRecords, without] = [`with-${pair}`, `without-${pair}`];
      receipts.owners.push(withRecords, withRecords);
      receipts.marks.set('2026', new Map([[withRecords, 64]]));
      return { withRecords, without };
    },
    recordsOf: async (id) => receipts.owners.filter((owner) => owner === id).length,
    marks: async () => ({ marked: '2026', mean: 64, unmarked: '2025' }),
  });
});

describe('children who are in the register twice', () => {
  let school: SchoolUnderTest;
  const receipts = new Receipts();
  let kept: Student;
  let merged: Student;

  before(async () => {
    school = await aSchool();
    kept = await aStudent(school, {
      surname: 'Wanjiku',
      firstName: 'Achieng',
      bornOn: '2014-03-14',
      guardians: [{ fullName: 'Mary Wambui', phone: '+254722481903' }],
    });
    merged = await aStudent(school, {
      surname: 'Wanjiko',
      firstName: 'Acheng',
      bornOn: '2014-03-14',
      place: 'Grade 8 East',
      homeArea: 'Nakuru',
      identifiers: [{ type: 'upi', value: 'K9QX4T' }],
      guardians: [
        { fullName: 'Mary Wambui', phone: '+254722481903' },
        { fullName: 'John Otieno', phone: '+254733190266', relationship: 'father' },
      ],
    });
    receipts.owners.push(merged.id);
  });
  after(() => school.stop());

  it('are found by sound and birthday, and compared side by side', async () => {
    const head = await school.as('head');
    assert.equal((await (await school.as('teacher')).get('/students/duplicates')).status, 403);
    const pairs = await head.get('/students/duplicates');
    assert.match(pairs.html, /similar names, same date of birth/);
    const path = pairs.html.match(/href="(\/students\/duplicates\/[^"]+)"/)![1]!;
    const page = await head.get(path);
    assert.match(page.html, /Different/);
    assert.match(page.html, /John Otieno/);
    assert.match((await head.get(`${path}/merge?keep=${kept.id}`)).html, /Keep Wanjiku Achieng/);
    assert.match((await head.get(`${path}/merge?keep=${merged.id}`)).html, /Keep Wanjiko Acheng/);
    assert.equal((await head.get(`/students/duplicates/${kept.id}/${kept.id}`)).status, 404);
  });

  it('become one record: guardians, ledger, identifiers and what other modules hold move to the kept one', async () => {
    const duplicates = new Duplicates(
      school.get(UNIT),
      school.get(PUBLISH),
      school.get(AUDIT),
      school.get(CLOCK),
      school.get(STUDENT_STORE),
      school.get(DUPLICATE_STORE),
      school.get(Register),
      school.get(SCHOOL),
      [noTies, receipts],
    );
    await school.run(() => duplicates.merge(school.office, kept.id, merged.id));
    const [one, other] = await school.run(async () =>
      Promise.all([kept.id, merged.id].map((id) => school.get(STUDENT_STORE).profile(id, { kind: 'all' }))),
    );
    assert.deepEqual(one!.guardians.map((each) => each.fullName).sort(), ['John Otieno', 'Mary Wambui']);
    assert.equal(one!.enrolments.length, 2);
    assert.equal(one!.enrolments.filter((line) => line.leftOn === null).length, 1);
    assert.deepEqual(one!.identifiers, [{ type: 'upi', value: 'K9QX4T' }]);
    assert.equal(one!.student.homeArea, 'Nakuru', 'what the kept one lacked');
    assert.equal(one!.student.surname, 'Wanjiku', 'what the kept one knew stays');
    assert.deepEqual([other!.mergedIntoId, other!.putAsideAt !== null, other!.guardians.length], [kept.id, true, 0]);
    assert.deepEqual(receipts.owners, [kept.id]);
    await assert.rejects(
      school.run(() => school.get(Register).bringBack(school.office, merged.id)),
      /merged into another/,
    );
    await assert.rejects(aStudent(school, { admissionNo: merged.admissionNo }), /had the admission number/);
  });

  it('come up no more once somebody has looked and kept them apart', async () => {
    const one = await aStudent(school, { surname: 'Otieno', firstName: 'Brian', bornOn: '2013-01-02' });
    const twin = await aStudent(school, { surname: 'Otiena', firstName: 'Brayan', bornOn: '2013-01-02' });
    const head = await school.as('head');
    const path = `/students/duplicates/${one.id}/${twin.id}`;
    assert.match((await head.get('/students/duplicates')).html, /Brayan/);
    assert.equal((await head.submit(`${path}/apart`, {}, path)).status, 303);
    assert.doesNotMatch((await head.get('/students/duplicates')).html, /Brayan/);
  });

  it('merges through the pages, once', async () => {
    const one = await aStudent(school, { surname: 'Mutua', firstName: 'Faith', bornOn: '2012-05-06' });
    const copy = await aStudent(school, { surname: 'Mutua', firstName: 'Faith', bornOn: '2012-05-06', place: null });
    const head = await school.as('head');
    const path = `/students/duplicates/${one.id}/${copy.id}/merge`;
    const done = await head.submit(path, {}, path);
    assert.equal(done.location, `/students/${one.id}`);
    assert.match((await head.get(`/students/${copy.id}`)).html, /merged into another/);
    assert.equal((await head.submit(path, {}, '/students/new')).status, 404);
  });
});
