import { token } from '../../../kernel/shapes/tokens.js';
import type { Page } from '../../../kernel/page.js';
import type { ClearanceTerms, Outcome } from './clearance.rules.js';

export interface Clearance extends ClearanceTerms {
  id: string;
  termId: string;
  asOf: string;
  byUserId: string | null;
  byName: string;
  createdAt: Date;
  /** Null while its rows are being written. */
  counts: { cleared: number; held: number } | null;
}

export interface ClearanceRow {
  n: number;
  studentId: string;
  classId: string | null;
  streamId: string | null;
  /** Of the term; minor units, as the others. */
  billedMinor: number;
  /** Open past its day and the days of grace. */
  countedMinor: number;
  limitMinor: number;
  outcome: Outcome;
}

export interface ClearanceRowFilter {
  classId: string | null;
  streamId: string | null;
  studentIds: readonly string[] | null;
  held: boolean | null;
}

export interface ClearanceException {
  id: string;
  studentId: string;
  /** The last day on which it counts. */
  until: string;
  reason: string;
  byName: string;
  createdAt: Date;
  endedAt: Date | null;
  endedBy: string;
}

export interface ClearanceStore {
  insert(clearance: Omit<Clearance, 'createdAt' | 'counts'>): Promise<void>;
  /** Until the transaction ends: two jobs of one snapshot go one after the other. */
  hold(id: string): Promise<void>;
  find(id: string): Promise<Clearance | null>;
  /** Newest first. */
  list(cursor: string | null, limit: number): Promise<Page<Clearance>>;
  finish(id: string, rows: readonly ClearanceRow[], counts: { cleared: number; held: number }): Promise<void>;
  /** In the order of the register on that day. */
  rows(id: string, filter: ClearanceRowFilter, cursor: string | null, limit: number): Promise<Page<ClearanceRow>>;
  /** Student → what was due before a day and is open now, and what the term was billed at; whoever owes nothing is left out. */
  debts(
    studentIds: readonly string[],
    termId: string,
    dueBefore: string,
  ): Promise<Map<string, { countedMinor: number; billedMinor: number }>>;
  /** Of these students, those for whom an exception counts on a day. */
  excepted(studentIds: readonly string[], on: string): Promise<ReadonlySet<string>>;
  insertException(exception: Omit<ClearanceException, 'createdAt' | 'endedAt' | 'endedBy'>): Promise<void>;
  findException(id: string): Promise<ClearanceException | null>;
  /** Newest first. */
  exceptions(cursor: string | null, limit: number): Promise<Page<ClearanceException>>;
  /** False where it was ended already. */
  endException(id: string, byName: string): Promise<boolean>;
}

export const CLEARANCE_STORE = token<ClearanceStore>('FeeClearanceStore');
