import type { ServiceIdentifier } from 'inversify';

/** What other modules will answer for once they are there; each has a plain answer until then. */
export interface StudentTies {
  /** Why this child can't be merged away or put aside (`3 receipts`), or an empty list. */
  obstaclesToRemoval(studentId: string): Promise<string[]>;
  /** Which of these children have any such reason; one statement, however many they are. */
  withRecords(studentIds: readonly string[]): Promise<string[]>;
  /** Moves what hangs on one child to another, in the caller's transaction. */
  moveTo(fromStudentId: string, toStudentId: string): Promise<void>;
  /** The mean of each child's results in a year, 0 to 100; a child whom nobody has marked is not in it. */
  yearResults(studentIds: readonly string[], yearId: string): Promise<ReadonlyMap<string, number>>;
  /** Whether anything was marked in a year: from then on a rollover into it can't be undone. */
  yearHasMarks(yearId: string): Promise<boolean>;
}

/** Multi-bound: every module that hangs something on a child adds its own. */
export const STUDENT_TIES: ServiceIdentifier<StudentTies> = Symbol('StudentTies');
