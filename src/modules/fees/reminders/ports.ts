import { token } from '../../../kernel/shapes/tokens.js';
import type { Page } from '../../../kernel/page.js';
import type { PlanFacts } from '../instalments/plan.rules.js';
import type { FeePromise } from './promise.rules.js';

/** What the family of one student owes; minor units. */
export interface Debt {
  studentId: string;
  /** All that is open, due or not. */
  openMinor: number;
  /** Of it: what is past its day. */
  overdueMinor: number;
  /** Of what is overdue: on bills that are younger than the plan; zero without one. */
  sinceMinor: number;
  /** The day on which the oldest of it was due, of bills or instalments. */
  dueOn: string;
  /** The newest one. */
  promise: FeePromise | null;
  /** The one that isn't over. */
  plan: (PlanFacts & { id: string }) | null;
}

export interface DebtFilter {
  /** Of these students only. */
  studentIds: readonly string[] | null;
  /** Owes at least this, in minor units. */
  atLeastMinor: number;
  /** The oldest of it was due on this day or before. */
  dueBy: string;
  /** What was due before this day is overdue. */
  today: string;
}

export interface DefaulterStore {
  /** Of whom a bill or an instalment is overdue, who owes most first. */
  debts(filter: DebtFilter, cursor: string | null, limit: number): Promise<Page<Debt>>;
  insertPromise(promise: Omit<FeePromise, 'paidMinor'> & { studentId: string }): Promise<void>;
  /** Newest first. */
  promisesOf(studentId: string): Promise<FeePromise[]>;
}

export const DEFAULTER_STORE = token<DefaulterStore>('FeeDefaulterStore');
