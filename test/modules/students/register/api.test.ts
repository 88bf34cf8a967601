import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../../src/kernel/id.js';
import { RUN } from '../../../../src/kernel/shapes/command.js';
import { IDENTITY } from '../../../../src/modules/identity/index.js';
import { hireStaff } from '../../../../src/modules/hr/operations.js';
import { Classes } from '../../../../src/modules/subjects/classes/classes.js';
import { SUBJECTS } from '../../../../src/modules/subjects/index.js';
import { StudentScope } from '../../../../src/modules/students/register/scope.js';
import { STUDENT_STORE } from '../../../../src/modules/students/ports.js';
import type { RoleName } from '../../../../src/platform/module.js';
import { aSchool, type SchoolUnderTest } from '../../../support/app.js';
import type { Answer } from '../../../support/browser.js';
import { countRows } from '../../../support/database/sql.js';
import { aStudent, streamId } from '../../../support/people/students.js';

const PASSWORD = 'correct-horse-battery-staple-7';

describe('the students API', () => {
  let school: SchoolUnderTest;
  let registrar: Caller;
  let east: string;

  type Caller = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
  async function caller(email: string, roles: RoleName[], person: { kind: 'staff'; id: string } | null = null): Promise<Caller> {
    await school.run(() =>
      school.get(IDENTITY).createAccount({ name: email, email, roles, person, by: { password: PASSWORD }, actor: school.office }),
    );
    const browser = school.stranger();
    const token = await browser.token(email, PASSWORD);
    return (method, path, body, headers = {}) =>
      browser.json(method, `/api/v1${path}`, body, { authorization: `Bearer ${token}`, ...headers });
  }

  before(async () => {
    school = await aSchool();
    registrar = await caller('registrar@school.test', ['registrar']);
    east = await streamId(school, 'Grade 7 East');
  });
  after(() => school.stop());

  const child = () => ({
    surname: 'Hassan',
    first_name: 'Khadija',
    sex: 'F',
    born_on: '2013-08-09',
    joined_on: '2026-01-06',
    stream_id: east,
    identifiers: { upi: 'k9qx4t' },
    guardians: [{ full_name: 'Hassan Abdi Noor', relationship: 'father', phone: '0722 481 903', pays_fees: true }],
  });
  const fields = (answer: Answer): string[] => answer.json<{ errors: { field: string }[] }>().errors.map((one) => one.field);

  it('takes a limit beyond the ends for the nearer end', async () => {
    for (const limit of ['1e9', '-3']) assert.equal((await registrar('GET', `/students?limit=${limit}`)).status, 200, limit);
    assert.equal((await registrar('GET', '/students?limit=many')).status, 422);
  });

  it('admits a student with guardians and enrolment, once for one key', async () => {
    const key = { 'idempotency-key': 'import-77-row-3' };
    const answers = [await registrar('POST', '/students', child(), key), await registrar('POST', '/students', child(), key)];
    assert.deepEqual(
      answers.map((answer) => answer.status),
      [201, 201],
    );
    const [made, again] = answers.map((answer) => answer.json<{ id: string; admission_no: string; payment_no: string }>());
    assert.equal(made!.id, again!.id);
    const full = (await registrar('GET', `/students/${made!.id}`)).json<Record<string, unknown>>();
    assert.equal(full.class, 'Grade 7 East');
    assert.deepEqual(
      (full.guardians as { full_name: string; phone: string }[]).map((one) => [one.full_name, one.phone]),
      [['Hassan Abdi Noor', '+254722481903']],
    );
    assert.deepEqual(full.identifiers, [{ type: 'upi', value: 'K9QX4T' }]);
    assert.equal((full.enrolments as unknown[]).length, 1);
  });

  it('says what is wrong in the names that it was sent, and writes nothing', async () => {
    const wrong = {
      ...child(),
      first_name: 'Zz9',
      born_on: '2031-01-01',
      guardians: [{ full_name: 'A B', relationship: 'father', phone: '0722' }],
      identifiers: { upi: '!' },
    };
    const refused = await registrar('POST', '/students', wrong);
    assert.equal(refused.status, 422);
    assert.equal(refused.headers['content-type'], 'application/problem+json; charset=utf-8');
    assert.deepEqual(fields(refused).sort(), ['first_name', 'guardians.0.phone', 'identifiers.upi']);
    const future = await registrar('POST', '/students', { ...child(), first_name: 'Zuhura', born_on: '2031-01-01' });
    assert.deepEqual(fields(future), ['born_on']);
    assert.equal((await registrar('GET', '/students?q=zuhura')).json<{ data: unknown[] }>().data.length, 0);
  });

  it('ignores what a caller may not set', async () => {
    const stolen = newId();
    const taken = await registrar('POST', '/students', child());
    assert.deepEqual([taken.status, fields(taken)], [422, ['identifiers.upi']], 'a government number belongs to one child');
    const made = await registrar('POST', '/students', {
      ...child(),
      identifiers: {},
      id: stolen,
      payment_no: 'MINE',
      status_on: '2020-01-01',
      version: 9,
      school_id: stolen,
      put_aside_at: '2026-01-01',
      classId: stolen,
    });
    assert.equal(made.status, 201);
    const { id } = made.json<{ id: string }>();
    const { version } = (await registrar('GET', `/students/${id}`)).json<{ version: number }>();
    assert.notEqual(id, stolen);
    const patched = await registrar('PATCH', `/students/${id}`, {
      version,
      first_name: 'Halima',
      status: 'graduated',
      payment_no: 'MINE',
      class_id: null,
      photo_file_id: stolen,
      school_id: stolen,
    });
    assert.equal(patched.status, 200);
    const student = (await school.run(() => school.get(STUDENT_STORE).find(id)))!;
    assert.deepEqual(
      [student.firstName, student.status, student.paymentNo === 'MINE', student.streamId, student.photoFileId],
      ['Halima', 'active', false, east, null],
    );
  });

  it('changes what is named, and refuses an old version with 409', async () => {
    const one = await aStudent(school, { homeArea: 'Nakuru' });
    const first = await registrar('PATCH', `/students/${one.id}`, { version: one.version, middle_name: 'Njoki' });
    assert.equal(first.json<{ version: number }>().version, one.version + 1);
    const late = await registrar('PATCH', `/students/${one.id}`, { version: one.version, middle_name: 'Late' });
    assert.equal(late.status, 409);
    const student = (await school.run(() => school.get(STUDENT_STORE).find(one.id)))!;
    assert.deepEqual([student.middleName, student.homeArea], ['Njoki', 'Nakuru']);
    assert.equal((await registrar('PATCH', `/students/${one.id}`, { version: student.version, surname: '<b>' })).status, 422);
  });

  it('lists the enrolments of everybody page by page, each once', async () => {
    await aStudent(school);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { data, next }: { data: { id: string; student_id: string }[]; next: string | null } = (
        await registrar('GET', `/enrolments?limit=2${cursor && `&cursor=${cursor}`}`)
      ).json();
      assert.ok(data.length <= 2);
      seen.push(...data.map((row) => row.id));
      cursor = next;
    }
    assert.equal(new Set(seen).size, seen.length);
    assert.equal(seen.length, await countRows(school.database, 'students_enrolments'));
  });

  it('gives a teacher the own classes only; another’s child is not there', async () => {
    const other = await aStudent(school, { place: 'Grade 8 West' });
    const own = await aStudent(school, { place: 'Grade 7 East' });
    const staff = await school.run(() =>
      school.get(RUN)(school.office, hireStaff, {
        staffNo: null,
        surname: 'Njoroge',
        firstName: 'Joyce',
        middleName: null,
        title: null,
        sex: 'F',
        phone: null,
        email: 'joyce@school.test',
        nationalId: null,
        registrationNo: null,
        job: 'Teacher',
        category: 'teaching',
        joinedOn: '2026-01-05',
      }),
    );
    const stream = (await school.run(() => school.get(SUBJECTS).classList())).streams.find((one) => one.id === east)!;
    await school.run(() =>
      school.get(Classes).changeStream(school.office, east, stream.version, { ...stream, classTeacherId: staff.id }),
    );
    const teacher = await caller('joyce@school.test', ['class-teacher'], { kind: 'staff', id: staff.id });
    const list = (await teacher('GET', '/students?limit=200')).json<{ data: { id: string; class: string }[] }>().data;
    assert.ok(list.some((row) => row.id === own.id));
    assert.deepEqual([...new Set(list.map((row) => row.class))], ['Grade 7 East']);
    assert.equal((await teacher('GET', `/students/${own.id}`)).status, 200);
    const [theirs, nobody] = [await teacher('GET', `/students/${other.id}`), await teacher('GET', `/students/${newId()}`)];
    assert.equal(theirs.status, 404);
    const plain = (answer: Answer): unknown => ({ ...answer.json<object>(), instance: null, request_id: null, reference: null });
    assert.deepEqual(plain(theirs), plain(nobody), 'a foreign child and no child look the same');
    assert.equal((await teacher('GET', `/enrolments?student_id=${other.id}`)).status, 404);
    const enrolled = (await teacher('GET', '/enrolments?limit=200'))
      .json<{ data: { student_id: string }[] }>()
      .data.map((row) => row.student_id);
    assert.deepEqual([enrolled.includes(own.id), enrolled.includes(other.id)], [true, false]);
    assert.equal((await teacher('PATCH', `/students/${own.id}`, { version: 1, first_name: 'X' })).status, 403);
    const guardians = (await teacher('GET', '/guardians?limit=200')).json<{ data: { children: string }[] }>().data;
    assert.ok(
      guardians.every((one) => !one.children.includes(other.surname)),
      'guardians of the own class only',
    );
    assert.deepEqual(await school.run(() => school.get(StudentScope).of({ ...school.office, permissions: new Set() })), {
      kind: 'children',
      studentIds: [],
    });
  });
});
