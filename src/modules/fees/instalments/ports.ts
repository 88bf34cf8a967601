import { token } from '../../../kernel/shapes/tokens.js';
import type { Page } from '../../../kernel/page.js';
import type { PlanFacts, PlanState } from './plan.rules.js';

/** What a family pays in instalments for one student, with what it follows from. */
export interface FeePlan extends PlanFacts {
  id: string;
  studentId: string;
  agreedOn: string;
  /** Who agreed to it for the family. */
  agreedWith: string;
  note: string;
  byName: string;
  endedOn: string | null;
  endedWhy: string;
  endedBy: string;
}

export type NewPlan = Pick<
  FeePlan,
  'id' | 'studentId' | 'agreedOn' | 'agreedWith' | 'note' | 'byName' | 'totalMinor' | 'graceDays' | 'instalments'
>;

export interface PlanFilter {
  /** Of these students only. */
  studentIds: readonly string[] | null;
  state: PlanState | null;
  today: string;
}

export interface PlanStore {
  /** @throws Conflict where the student has a plan that isn't over */
  insert(plan: NewPlan): Promise<void>;
  find(id: string): Promise<FeePlan | null>;
  /** Newest first. */
  list(filter: PlanFilter, cursor: string | null, limit: number): Promise<Page<FeePlan>>;
  /** Student → the plan that isn't over. */
  running(studentIds: readonly string[]): Promise<Map<string, FeePlan>>;
  /** False where it is over already. */
  end(
    id: string,
    how: { endedAs: 'cancelled' | 'completed'; endedOn: string; endedWhy: string; endedBy: string },
  ): Promise<boolean>;
}

export const PLAN_STORE = token<PlanStore>('FeePlanStore');
