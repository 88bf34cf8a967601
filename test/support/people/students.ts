import { Register, type Admission } from '../../../src/modules/students/register/register.js';
import type { Student } from '../../../src/modules/students/index.js';
import { SUBJECTS } from '../../../src/modules/subjects/index.js';
import type { SchoolUnderTest } from '../app.js';

export interface ChildOptions extends Partial<Omit<Admission, 'guardians'>> {
  /** `Grade 7 East`; null for no class. */
  place?: string | null;
  guardians?: Partial<Admission['guardians'][number]>[];
}

const PLAIN: Omit<Admission, 'surname' | 'firstName' | 'streamId' | 'classId' | 'guardians'> = {
  middleName: null,
  preferredName: null,
  sex: 'F',
  bornOn: null,
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
  joinedOn: '2026-01-06',
  identifiers: [],
};
const GUARDIAN: Admission['guardians'][number] = {
  guardianId: null,
  fullName: 'Mary Wambui',
  phone: null,
  otherPhone: null,
  email: null,
  nationalId: null,
  occupation: null,
  address: null,
  language: null,
  relationship: 'mother',
  priority: 1,
  livesWith: true,
  paysFees: true,
  getsSms: true,
  getsReports: true,
  mayCollect: true,
  barred: false,
  barredReason: null,
};

let made = 0;

/** A child in the register, by the use case that the form calls. */
export function aStudent(school: SchoolUnderTest, options: ChildOptions = {}): Promise<Student> {
  const { place = 'Grade 7 East', guardians = [], ...rest } = options;
  made += 1;
  return school.run(async () => {
    const stream = (await school.get(SUBJECTS).classList()).streams.find((one) => one.label === place);
    return school.get(Register).admit(school.office, {
      ...PLAIN,
      surname: `Surname${letters(made)}`,
      firstName: `First${letters(made)}`,
      classId: stream?.classId ?? null,
      streamId: stream?.id ?? null,
      ...rest,
      guardians: guardians.map((one) => ({ ...GUARDIAN, ...one })),
    });
  });
}

export async function streamId(school: SchoolUnderTest, label: string): Promise<string> {
  return (await school.run(() => school.get(SUBJECTS).classList())).streams.find((one) => one.label === label)!.id;
}

/** 1 → `b`, 27 → `bb`: names have no digits. */
function letters(count: number): string {
  return count.toString(26).replace(/[0-9a-p]/g, (sign) => String.fromCharCode(97 + parseInt(sign, 26)));
}
