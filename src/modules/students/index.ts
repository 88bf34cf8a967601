import type { ServiceIdentifier } from 'inversify';
import { eventType } from '../../kernel/events.js';
import type { Actor } from '../../kernel/actor.js';
import type {
  AccountHolder,
  AlertBrief,
  FoundStudent,
  GuardianBrief,
  GuardianMarks,
  LearnerOnRoll,
  PlaceToCome,
  RollDay,
  StudentBrief,
} from './register/briefs.rules.js';
import type { Sex, Student } from './register/student.rules.js';
import type { Status } from './enrolments/life-cycle.rules.js';
import type { StudentOnFile } from './ports.js';

export type { Student, Sex, Status };
export type * from './register/briefs.rules.js';
export {
  CLEARANCE_LINES,
  STUDENT_PANELS,
  STUDENT_TIES,
  YEAR_BILLS,
  type ClearanceLine,
  type StudentOnFile,
  type StudentPanel,
  type StudentTies,
  type TermBill,
  type YearBills,
} from './ports.js';

/** It came with a list, whose page promises that nobody is billed or written to for it. */
interface PerhapsImported {
  imported?: true;
}

/** A child has a place in a class: at admission, after a move, at the start of a year. */
export const StudentEnrolled = eventType<
  { studentId: string; yearId: string; classId: string; streamId: string | null; on: string; reason: string } & PerhapsImported
>('students.enrolled');
/** A child has left its class: withdrawn, transferred or graduated. */
export const StudentLeft = eventType<{ studentId: string; on: string; status: Status; reason: string } & PerhapsImported>(
  'students.left',
);
export const StudentChanged = eventType<{ studentId: string; fields: string[] } & PerhapsImported>('students.changed');
/**
 * A turn of the year was taken back: these children are in their old classes again, and what followed from the new ones
 * is void. `leavers` are those of them who had left by it, with the day.
 */
export const YearTakenBack = eventType<{ yearId: string; studentIds: string[]; leavers?: { studentId: string; on: string }[] }>(
  'students.year-taken-back',
);
/** Two records of one child became one; whoever holds the old id moves to the new. */
export const StudentsMerged = eventType<{ keptId: string; mergedId: string }>('students.merged');

export { isPresent } from './enrolments/life-cycle.rules.js';
export { FOUND_BY_WORDS } from './search/search.rules.js';
export type { FoundBy } from './search/search.rules.js';

/** What other modules may ask about children. A child that the actor may not see is not there. */
export interface StudentsApi {
  briefs(actor: Actor, ids: readonly string[]): Promise<StudentBrief[]>;
  byPaymentNo(paymentNo: string): Promise<StudentBrief | null>;
  /** Whose payment number, or admission number without separators, this is: capitals and digits. More than one where two come to the same. */
  byPlainNumber(plainNumber: string): Promise<StudentBrief[]>;
  /** Everybody for whom something can be paid, those who have left too, in register order. */
  payees(): Promise<StudentBrief[]>;
  /** Those who are there, whoever asks: the caller has asked for its own permission. In register order. */
  holders(ids: readonly string[]): Promise<AccountHolder[]>;
  /** Child → its brothers and sisters: those who share a guardian that isn't a sponsor. Whoever asks, as above. */
  siblingsOf(ids: readonly string[]): Promise<ReadonlyMap<string, readonly AccountHolder[]>>;
  /** Those of the guardian who is signed in, or the student itself; nobody's for others, and none of whom the guardian is barred from. */
  ownChildren(actor: Actor): Promise<AccountHolder[]>;
  /** By the register's own search, of those that the actor may see: the nearest first. */
  search(actor: Actor, text: string, limit: number): Promise<FoundStudent[]>;
  /** Children of a stream on a day, in register order. */
  inStream(streamId: string): Promise<StudentBrief[]>;
  /** All who are here, suspended or expected and have a class, in register order; whoever asks has asked for the permission. */
  onRoll(): Promise<LearnerOnRoll[]>;
  /**
   * By the enrolment ledger: who has a place in a year, with the class of that day, those who have left since too; in
   * register order. `joining` are taken as if their places in that year were theirs already. Whoever asks, as above.
   */
  onRollIn(of: RollDay, joining?: readonly PlaceToCome[]): Promise<LearnerOnRoll[]>;
  /** Child → its alerts of today, of the kinds that the actor may see. */
  alertsOf(actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, readonly AlertBrief[]>>;
  /** Child → its guardians, by priority. */
  guardiansOf(actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, readonly GuardianBrief[]>>;
  /** Child → by what its guardians are known, by priority; neither who is barred nor sponsors. Whoever asks has asked for the permission. */
  guardianMarks(ids: readonly string[]): Promise<ReadonlyMap<string, readonly GuardianMarks[]>>;
  /** Every child that the actor may see with what the register has on it, in register order; read a page at a time. */
  onFile(actor: Actor): AsyncIterable<StudentOnFile>;
}

export const STUDENTS: ServiceIdentifier<StudentsApi> = Symbol('Students');
