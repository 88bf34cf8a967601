import type { ServiceIdentifier } from 'inversify';
import type { PlaceToCome } from './briefs.rules.js';

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

/** What a turn of the year makes by itself, of one term. */
export interface TermBill {
  term: string;
  students: number;
  amountMinor: number;
}

export interface YearBills {
  /** What would be billed at once when these children have their places in that year; empty where nothing is. */
  expected(yearId: string, joining: readonly PlaceToCome[]): Promise<TermBill[]>;
}

/** Multi-bound: who bills by itself says so before the year turns. */
export const YEAR_BILLS: ServiceIdentifier<YearBills> = Symbol('YearBills');
