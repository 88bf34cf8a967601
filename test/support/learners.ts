import { Register, type Admission } from '../../src/modules/students/application/register.js';
import type { Student } from '../../src/modules/students/domain/student.js';
import { SUBJECTS } from '../../src/modules/subjects/index.js';
import type { SchoolUnderTest } from './app.js';

const SURNAMES = ['Otieno', 'Wanjiku', 'Kiprono', 'Hassan', 'Mutua', 'Achieng', 'Kariuki-Oduya', 'Njoroge', 'Barasa', 'Wafula'];
const FIRST_NAMES = ['Amina', 'Brian', 'Chebet', 'Daniel', 'Esther', 'Faith', 'Wilhelmina', 'Hadija', 'Ian', 'Joy'];
let calls = 0;

export interface AskedLearner {
  /** Position in the list, from 0: what the default names and numbers follow. */
  index: number;
  streamId: string;
  classId: string;
}

/** Admits so many children through the use case, with a guardian each, spread over all streams in turn. */
export async function admitMany(school: SchoolUnderTest, count: number, differently?: (asked: AskedLearner) => Partial<Admission>): Promise<Student[]> {
  const register = school.get<Register>(Register);
  calls += 1;
  return school.run(async () => {
    const { streams } = await school.get(SUBJECTS).classList();
    const made: Student[] = [];
    for (let index = 0; index < count; index += 1) {
      const stream = streams[index % streams.length]!;
      const usual = admission(index, stream.id, stream.classId);
      made.push(await register.admit(school.office, { ...usual, ...differently?.({ index, streamId: stream.id, classId: stream.classId }) }));
    }
    return made;
  });
}

function admission(index: number, streamId: string, classId: string): Admission {
  const surname = SURNAMES[index % SURNAMES.length]!;
  return {
    surname,
    firstName: FIRST_NAMES[Math.floor(index / SURNAMES.length) % FIRST_NAMES.length]!,
    middleName: index % 3 === 0 ? 'Nyambura' : null,
    preferredName: null,
    sex: index % 2 === 0 ? 'F' : 'M',
    bornOn: `20${String(10 + (index % 5)).padStart(2, '0')}-0${1 + (index % 9)}-1${index % 9}`,
    birthCertificateNo: null,
    nationality: null,
    homeArea: null,
    religion: null,
    firstLanguage: null,
    address: null,
    previousSchool: null,
    specialNeeds: index % 20 === 0 ? 'Asthma' : null,
    orphanStatus: null,
    boarding: index % 4 === 0 ? 'boarder' : 'day',
    admissionNo: null,
    status: 'active',
    joinedOn: '2026-01-06',
    streamId,
    classId,
    identifiers: [],
    guardians: [guardian(index, surname)],
  };
}

function guardian(index: number, surname: string): Admission['guardians'][number] {
  const number = `${calls}${String(index).padStart(5, '0')}`.padStart(7, '0').slice(-7);
  return {
    guardianId: null, fullName: `Grace ${surname}`, phone: `+25471${number}`, otherPhone: null, email: null, nationalId: null, occupation: null, address: null,
    language: null, relationship: 'mother', priority: 1, livesWith: true, paysFees: true, getsSms: true, getsReports: true, mayCollect: true, barred: false,
    barredReason: null,
  };
}
