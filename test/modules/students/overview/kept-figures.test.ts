import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Duplicates } from '../../../../src/modules/students/duplicates/duplicates.js';
import { Enrolments } from '../../../../src/modules/students/enrolments/enrolments.js';
import { Guardians } from '../../../../src/modules/students/guardians/guardians.js';
import { Register } from '../../../../src/modules/students/register/register.js';
import { Rollovers } from '../../../../src/modules/students/rollovers/rollovers.js';
import { PostgresOverviewStore } from '../../../../src/modules/students/overview/adapters/overview.store.js';
import { PostgresStudentStore } from '../../../../src/modules/students/register/adapters/student.store.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { GUARDIAN_STORE, OVERVIEW_STORE, STUDENT_STORE } from '../../../../src/modules/students/ports.js';
import { PostgresClassStore } from '../../../../src/modules/subjects/classes/adapters/class.store.js';
import { CLASS_STORE } from '../../../../src/modules/subjects/ports.js';
import { SCHOOL } from '../../../../src/modules/school/index.js';
import { aSchool, type SchoolUnderTest } from '../../../support/app.js';
import type { Browser } from '../../../support/browser.js';
import { aStudent, streamId } from '../../../support/people/students.js';
import { check, undo, write } from '../../imports/support.js';

/** What homes and lists show of the whole register is kept, and dropped with every change that touches it. */
describe('what is kept of the register is what would be counted', () => {
  let school: SchoolUnderTest;
  let owner: Browser;
  let child: Student;
  let twin: Student;

  before(async () => {
    school = await aSchool({ years: [2026, 2027], background: true });
    owner = await school.as('owner');
    child = await aStudent(school, { surname: 'Otieno', guardians: [{ fullName: 'Mary Otieno', phone: '+254711000001' }] });
    twin = await aStudent(school, { surname: 'Otieno', firstName: 'Twin', place: 'Grade 7 West' });
  });
  after(() => school.stop());

  /** Looks before, so that something is kept; changes; looks again beside stores that keep nothing yet. */
  async function staysTrue(change: () => Promise<unknown>): Promise<void> {
    await figures();
    await change();
    assert.deepEqual(await figures(), await countedNow());
  }

  const figures = () =>
    school.run(async () => read(school.get(OVERVIEW_STORE), school.get(STUDENT_STORE), school.get(CLASS_STORE)));
  const countedNow = () =>
    school.run(() => read(new PostgresOverviewStore(), new PostgresStudentStore(), new PostgresClassStore()));

  async function read(
    overviews: Pick<PostgresOverviewStore, 'overview' | 'missing'>,
    students: Pick<PostgresStudentStore, 'counts'>,
    classes: Pick<PostgresClassStore, 'sizes'>,
  ): Promise<unknown> {
    const { countedAt, ...overview } = await overviews.overview('2026-01-01');
    assert.ok(countedAt instanceof Date);
    return { overview, missing: await overviews.missing(), counts: await students.counts(), sizes: await classes.sizes() };
  }

  const act =
    <Result>(work: () => Promise<Result>) =>
    () =>
      school.run(work);
  const tieOf = async (id: string) => (await school.run(() => school.get(GUARDIAN_STORE).tiesOfStudent(id)))[0]!;

  it('after somebody is admitted', () => staysTrue(() => aStudent(school)));

  it('after a guardian is tied, loses the phone, is barred and is untied', async () => {
    const guardians = school.get(Guardians);
    const person = {
      guardianId: null,
      fullName: 'Peter Otieno',
      phone: '+254711000009',
      otherPhone: null,
      email: null,
      nationalId: null,
      occupation: null,
      address: null,
      language: null,
      relationship: 'father' as const,
      priority: 1,
      livesWith: true,
      paysFees: true,
      getsSms: true,
      getsReports: true,
      mayCollect: true,
      barred: false,
      barredReason: null,
    };
    await staysTrue(act(() => guardians.attach(school.office, twin.id, person)));
    const { tie, ...known } = await tieOf(twin.id);
    await staysTrue(act(() => school.get(GUARDIAN_STORE).update({ ...known, phone: null })));
    await staysTrue(
      act(() => guardians.changeTie(school.office, twin.id, known.id, { ...tie, barred: true, barredReason: 'By order' })),
    );
    await staysTrue(act(() => guardians.detach(school.office, twin.id, known.id)));
  });

  it('after a move, a suspension, its undoing and a leaving', async () => {
    const to = await streamId(school, 'Grade 8 East');
    await staysTrue(
      act(() => school.get(Enrolments).move(school.office, child.id, { streamId: to, on: '2026-03-02', note: null })),
    );
    const step = (key: string, reason: string) =>
      act(() =>
        school.get(Register).changeStatus(school.office, child.id, { key, reason, on: '2026-03-03', note: null } as never),
      );
    await staysTrue(step('suspend', 'discipline'));
    await staysTrue(step('readmit', 'served'));
    await staysTrue(step('withdraw', 'moved'));
  });

  it('after a list is imported and taken back', async () => {
    const body = 'Surname,First name,Sex,Class\nKamau,Ann,F,Grade 7 East\nKamau,Ben,M,Grade 7 West\n';
    let path = '';
    await staysTrue(async () => {
      path = (await check(owner, { name: 'list.csv', body })).path;
      await write(owner, path);
    });
    await staysTrue(() => undo(owner, path));
  });

  it('after records are merged and one is put aside', async () => {
    const again = await aStudent(school, { surname: 'Otieno', firstName: 'Again', place: 'Grade 7 East' });
    await staysTrue(act(() => school.get(Duplicates).merge(school.office, twin.id, again.id)));
    const mistake = await aStudent(school);
    await staysTrue(act(() => school.get(Register).putAside(school.office, mistake.id, 'twice')));
  });

  it('after the year is turned and turned back', async () => {
    const [from, to] = await school.run(() => school.get(SCHOOL).years());
    const rollovers = school.get(Rollovers);
    const made = await school.run(() =>
      rollovers.prepare(school.office, { fromYearId: from!.id, toYearId: to!.id, pass: null, margin: 0 } as never),
    );
    await staysTrue(act(async () => rollovers.commit(school.office, made.id, (await rollovers.obstacles(made)).leave)));
    await staysTrue(act(() => rollovers.undo(school.office, made.id)));
  });
});
