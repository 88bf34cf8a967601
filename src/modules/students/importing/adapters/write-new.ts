import { newId } from '../../../../kernel/id.js';
import { yearOn } from '../../../../kernel/school-calendar.js';
import type { Base, LineToWrite, WrittenLine } from '../../../imports/index.js';
import type { SchoolApi } from '../../../school/index.js';
import { PRESENT_STATUSES } from '../../enrolments/life-cycle.rules.js';
import { paymentNumber, paymentNumberVariant, type Student } from '../../register/student.rules.js';
import { searchTerms } from '../../search/search.rules.js';
import { StudentEnrolled } from '../../index.js';
import type { Batch } from './batch.js';
import type { Given, GivenGuardian } from './given.js';
import type { GuardianBook } from './guardian-book.js';
import { takenNumbers } from './lookups.js';
import type { Reference } from './reference.js';
import { inSlices } from './slices.js';
import type { Row } from '../../../../platform/db/rows/rows.js';

/** What a written row leaves behind for the way back. */
export interface Trace {
  /** Guardians that this row has made. */
  made?: string[];
  /** Guardians that this row has changed, as they were. */
  changed?: Row[];
  /** What hangs on the child right after the import, in short. */
  print?: string;
  /** Which transactions had written the child, and each guardian that was changed, until this row. */
  base?: Base[];
  /** Words to find children by, which this row took away or added. */
  terms?: { removed: Row[]; added: string[] };
}

export interface NewLine {
  line: LineToWrite;
  given: Given;
}

export interface Numbers {
  admissionNo: string;
  paymentNo: string;
}

/** New children, with all that the rows say of them. */
export function writeNew(
  lines: readonly NewLine[],
  numbers: readonly Numbers[],
  batch: Batch,
  book: GuardianBook,
  ref: Reference,
): Promise<WrittenLine[]> {
  return inSlices(lines, ({ line, given }, at) => {
    const student = newStudent(given, numbers[at]!, ref);
    const trace: Trace = {};
    const guardians = tieAll(student.id, given.guardians, [], 0, batch, book, trace);
    batch.newStudent(student, searchTerms(student, guardians));
    batch.status(student, null, 'imported', student.statusOn);
    for (const one of given.identifiers) batch.identifier(student.id, one);
    for (const one of given.consents) batch.consent(student.id, one.purpose, one.given);
    for (const one of given.assignments) batch.assignment(student.id, one);
    if (student.classId) enrol(student, given, batch, ref);
    return {
      n: line.n,
      action: 'create',
      entityId: student.id,
      before: null,
      trace: Object.keys(trace).length > 0 ? trace : null,
    };
  });
}

/** Ties guardians that are found or made; returns them as the search words need them. */
export function tieAll(
  studentId: string,
  given: readonly GivenGuardian[],
  has: readonly string[],
  lastPriority: number,
  batch: Batch,
  book: GuardianBook,
  trace: Trace,
): { fullName: string; phone: string | null }[] {
  const taken = new Set(has);
  return given.map((one, at) => {
    const { id, made, changed } = book.resolve(one, taken);
    taken.add(id);
    if (made) (trace.made ??= []).push(id);
    if (changed) noteChanged(trace, changed, book);
    batch.tie(studentId, id, one, lastPriority + at + 1);
    return book.guardian(id);
  });
}

/** A guardian as it was, and who had written it. */
export function noteChanged(trace: Trace, row: Row, book: GuardianBook): void {
  (trace.changed ??= []).push(row);
  (trace.base ??= []).push({ id: row.id as string, xids: book.writersOf(row.id as string) });
}

function newStudent(given: Given, numbers: Numbers, ref: Reference): Student {
  const { details } = given;
  const status = given.status ?? 'active';
  const here = PRESENT_STATUSES.includes(status) || status === 'expected' || status === 'applicant';
  const place = here ? given.place : null;
  return {
    preferredName: null,
    middleName: null,
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
    joinedOn: null,
    ...(details as Pick<Student, 'surname' | 'firstName' | 'sex'>),
    boarding: details.boarding ?? 'day',
    boardingChanges: given.boardingSince === null ? [] : [given.boardingSince],
    custom: given.custom,
    id: newId(),
    ...numbers,
    photoFileId: null,
    status,
    statusOn: given.statusOn ?? earlier(details.joinedOn ?? null, ref.today),
    classId: place?.classId ?? null,
    streamId: place?.streamId ?? null,
    version: 1,
  };
}

function earlier(day: string | null, today: string): string {
  return day !== null && day < today ? day : today;
}

function enrol(student: Student, given: Given, batch: Batch, ref: Reference): void {
  const on = entryDay(given, ref);
  const year = yearOn(ref.years, on)!;
  const { id: studentId, classId, streamId } = student;
  batch.enrolment({ studentId, yearId: year.id, classId: classId!, streamId, enteredOn: on, entryReason: 'imported' });
  batch.events.push(
    StudentEnrolled({ studentId, yearId: year.id, classId: classId!, streamId, on, reason: 'imported', imported: true }),
  );
}

/** Since when the child is in its class, as the sheet says or as the form would have it; never before the year of its line begins. */
export function entryDay({ status, placedSince, details }: Given, { placing }: Reference): string {
  return placing.from(placedSince ?? details.joinedOn ?? null, status === 'expected' || status === 'applicant');
}

/** Numbers that the sheet gives, else the next of the school's pattern; payment numbers that nobody has. */
export async function giveNumbers(rows: readonly Given[], school: SchoolApi): Promise<Numbers[]> {
  const given = rows.flatMap((row) => row.admissionNo ?? []);
  if (given.length > 0) await school.admissionNumbersSeen(given);
  const next = await freeNumbers(rows.length - given.length, school);
  const admissionNos = rows.map((row) => row.admissionNo ?? next.pop()!);
  const paymentNos = await freePaymentNumbers(rows.map((row, at) => row.paymentNo ?? paymentNumber(admissionNos[at]!)));
  return admissionNos.map((admissionNo, at) => ({ admissionNo, paymentNo: paymentNos[at]! }));
}

/** From the highest to the lowest, so that the last one is the first to be given. */
async function freeNumbers(count: number, school: SchoolApi): Promise<string[]> {
  const free: string[] = [];
  while (free.length < count) {
    const some = await school.nextAdmissionNumbers(count - free.length);
    const taken = await takenNumbers('admission_no', some);
    free.push(...some.filter((number) => !taken.has(number)));
  }
  return free.reverse();
}

async function freePaymentNumbers(bases: readonly string[]): Promise<string[]> {
  const given: (string | null)[] = bases.map(() => null);
  const used = new Set<string>();
  for (let attempt = 1; given.includes(null); attempt += 1) {
    const open = [...given.keys()].filter((at) => given[at] === null);
    const wanted = open.map((at) => (attempt === 1 ? bases[at]! : paymentNumberVariant(bases[at]!, attempt)));
    const taken = await takenNumbers('payment_no', wanted);
    for (const [index, at] of open.entries()) {
      const number = wanted[index]!;
      if (taken.has(number) || used.has(number)) continue;
      used.add(number);
      given[at] = number;
    }
  }
  return given as string[];
}
