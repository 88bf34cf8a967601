import type { Page } from '../../kernel/page.js';
import type { Boot, BootReport, RegisteredSchool, SchoolEntry, SchoolFilter, SchoolState, Transition } from './index.js';

export interface SchoolStore {
  find(schoolId: string): Promise<RegisteredSchool | null>;
  findBySubdomain(subdomain: string): Promise<RegisteredSchool | null>;
  page(filter: SchoolFilter, cursor: string | null, limit: number): Promise<Page<RegisteredSchool>>;
  /** Which of these skeletons a school has. */
  takenSkeletons(skeletons: readonly string[]): Promise<Set<string>>;
  /** False when the address or one like it is another school's. */
  insert(school: SchoolEntry, skeleton: string, state: SchoolState): Promise<boolean>;
  /** False when there is no such school. What the entry leaves out stays. */
  update(school: SchoolEntry): Promise<boolean>;
  /** The state, held until the transaction ends. */
  lock(schoolId: string): Promise<{ state: SchoolState; subdomain: string } | null>;
  /** @param graceDays after which a school that is closing is closed; null in every other state */
  setState(schoolId: string, state: SchoolState, note: string | null, graceDays: number | null): Promise<void>;
  closingUntil(then: Date): Promise<RegisteredSchool[]>;
  /** Everything by which a person could be known; the address stays taken. */
  forget(schoolId: string): Promise<void>;
  addTransition(schoolId: string, transition: Omit<Transition, 'at'> & { at: Date | null }): Promise<void>;
  transitionsOf(schoolId: string): Promise<Transition[]>;
  noteRunning(schoolId: string, running: boolean, nextJobAt: Date | null): Promise<void>;
  /** False when it changed nothing. */
  noteBoot(schoolId: string, report: BootReport): Promise<boolean>;
  bootOf(schoolId: string): Promise<Boot | null>;
}

/** So that nobody is flooded by whoever presses the button. */
export interface LetterLimits {
  /** Counts one. @throws TooMany */
  take(schoolId: string): Promise<void>;
}
