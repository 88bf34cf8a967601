import type { App } from '../../src/app.js';
import { allPowers } from '../../src/bin/demo/powers.js';
import { kenya } from '../../src/bin/demo/countries/kenya.js';
import { Random } from '../../src/bin/demo/random.js';
import type { Actor } from '../../src/kernel/actor.js';
import { RUN } from '../../src/kernel/shapes/command.js';
import type { Staff } from '../../src/modules/hr/index.js';
import { hireStaff } from '../../src/modules/hr/operations.js';
import type { NewStaff } from '../../src/modules/hr/staff/staff.record.js';
import { SCHOOL } from '../../src/modules/school/index.js';
import { SUBJECTS, type Stream } from '../../src/modules/subjects/index.js';
import type { Student } from '../../src/modules/students/index.js';
import { Guardians, Register } from '../../src/modules/students/operations.js';
import type { SchoolUnderTest } from './app.js';

/**
 * People for tests, made by the use cases that make the demo schools' people. What a test says nothing of is
 * believable and the same at every run; what it cares for it names.
 */

type Admission = Parameters<Register['admit']>[1];
type NewGuardian = Parameters<Guardians['attach']>[2];
type Hiring = NewStaff;

export interface StudentWishes extends Partial<Admission> {
  /** `Grade 7 East`; the first stream of the school when left out, none for null. */
  stream?: string | null;
  as?: Actor;
}

const FIRST_PHONE = 50_000;
const made = new WeakMap<App, number>();

/** A different person each time, and the same sequence in each school. */
function someone({ app }: SchoolUnderTest): { random: Random; count: number } {
  const count = (made.get(app) ?? 0) + 1;
  made.set(app, count);
  return { random: new Random(count), count };
}

export function office(school: SchoolUnderTest): Actor {
  return allPowers(school.app, 'test');
}

/** An active learner of the first stream, without guardians. */
export async function aStudent(school: SchoolUnderTest, { stream, as, ...wishes }: StudentWishes = {}): Promise<Student> {
  const { random } = someone(school);
  const community = random.pick(kenya.communities);
  const sex = wishes.sex ?? random.pick(['F', 'M'] as const);
  return school.run(async () => {
    const place = stream === null ? null : await streamCalled(school, stream);
    const year = await school.get(SCHOOL).currentYear();
    return school.get(Register).admit(as ?? office(school), {
      surname: random.pick(community.surnames),
      firstName: random.pick(
        (sex === 'F' ? community.firstGirls : community.firstBoys) ?? (sex === 'F' ? kenya.firstGirls : kenya.firstBoys),
      ),
      middleName: random.pick(sex === 'F' ? community.girls : community.boys),
      preferredName: null,
      sex,
      bornOn: `${Number(year.startsOn.slice(0, 4)) - 12}-06-15`,
      birthCertificateNo: null,
      nationality: null,
      homeArea: null,
      religion: null,
      firstLanguage: null,
      address: null,
      previousSchool: null,
      specialNeeds: null,
      orphanStatus: null,
      boarding: 'day',
      admissionNo: null,
      status: 'active',
      joinedOn: year.startsOn,
      classId: place?.classId ?? null,
      streamId: place?.id ?? null,
      identifiers: [],
      guardians: [],
      ...wishes,
    });
  });
}

/** Somebody who looks after this learner; returns the guardian's id. */
export async function aGuardian(
  school: SchoolUnderTest,
  of: Pick<Student, 'id' | 'surname'>,
  wishes: Partial<NewGuardian> & { as?: Actor } = {},
): Promise<string> {
  const { as, ...given } = wishes;
  return school.run(() =>
    school.get(Guardians).attach(as ?? office(school), of.id, { ...guardianNamed(school, of.surname), ...given }),
  );
}

/** A learner and more in a family: they share a surname and both parents. */
export async function aFamily(
  school: SchoolUnderTest,
  children = 2,
  wishes: StudentWishes = {},
): Promise<{ students: Student[]; guardians: NewGuardian[] }> {
  const { random } = someone(school);
  const surname = wishes.surname ?? random.pick(random.pick(kenya.communities).surnames);
  const guardians = [
    guardianNamed(school, surname, 'mother'),
    { ...guardianNamed(school, surname, 'father'), priority: 2, paysFees: false },
  ];
  const students: Student[] = [];
  for (let count = 0; count < children; count += 1) students.push(await aStudent(school, { surname, guardians, ...wishes }));
  return { students, guardians };
}

/** So many learners in one stream. */
export async function aClassOf(school: SchoolUnderTest, count: number, wishes: StudentWishes = {}): Promise<Student[]> {
  const students: Student[] = [];
  while (students.length < count) students.push(await aStudent(school, wishes));
  return students;
}

/** A teacher, unless the test wishes another job. */
export async function aStaffMember(
  school: SchoolUnderTest,
  { as, ...wishes }: Partial<Hiring> & { as?: Actor } = {},
): Promise<Staff> {
  const { random, count } = someone(school);
  const community = random.pick(kenya.communities);
  return school.run(() =>
    school.get(RUN)(as ?? office(school), hireStaff, {
      title: 'Ms',
      surname: random.pick(community.surnames),
      firstName: random.pick(kenya.firstGirls),
      middleName: null,
      sex: 'F',
      phone: phone(count),
      email: `staff${count}@school.test`,
      nationalId: null,
      registrationNo: null,
      job: 'Teacher',
      category: 'teaching',
      joinedOn: '2020-01-06',
      staffNo: null,
      ...wishes,
    }),
  );
}

/** By its label (`Grade 7 East`), else the first of the school. */
export async function streamCalled(school: SchoolUnderTest, label?: string): Promise<Stream> {
  const { streams } = await school.get(SUBJECTS).classList();
  const found = label === undefined ? streams[0] : streams.find((stream) => stream.label === label);
  if (!found) throw new Error(`The school has no stream ${label ?? 'at all'}.`);
  return found;
}

function guardianNamed(school: SchoolUnderTest, surname: string, relationship: 'mother' | 'father' = 'mother'): NewGuardian {
  const { random, count } = someone(school);
  const first = random.pick(relationship === 'mother' ? kenya.firstGirls : kenya.firstBoys);
  return {
    guardianId: null,
    fullName: `${first} ${surname}`,
    phone: phone(count),
    otherPhone: null,
    email: null,
    nationalId: null,
    occupation: null,
    address: null,
    language: null,
    relationship,
    priority: 1,
    livesWith: true,
    paysFees: true,
    getsSms: true,
    getsReports: true,
    mayCollect: true,
    barred: false,
    barredReason: null,
  };
}

function phone(count: number): string {
  return `${kenya.phoneBlock}${FIRST_PHONE + count}`;
}
