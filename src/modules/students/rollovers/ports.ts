import type { ServiceIdentifier } from 'inversify';
import type { Page } from '../../../kernel/page.js';
import type { SubjectChange } from '../../subjects/index.js';
import type { ByHand, Decision, Rollover, RolloverRow } from './rollover.rules.js';
import type { Sex } from '../register/student.rules.js';
import type { PlaceToCome } from '../register/briefs.rules.js';

/** A child whose class ends with the year. */
export interface LearnerToMove {
  studentId: string;
  enrolmentId: string;
  classId: string;
  streamId: string | null;
}

export interface RolloverCount {
  classId: string;
  streamId: string | null;
  total: number;
  promoted: number;
  repeating: number;
  leaving: number;
  review: number;
  byHand: number;
}

/** A line of the rollover as its list shows it. */
export interface RolloverLine extends RolloverRow {
  surname: string;
  firstName: string;
  middleName: string | null;
  admissionNo: string;
  sex: Sex;
  sortName: string;
}

export interface RolloverFilter {
  streamId: string | null;
  decision: Decision | null;
  /** What a person should look at: to decide, held back, or decided by hand. */
  exceptions: boolean;
  text: string | null;
}

export interface NamedStudent {
  id: string;
  surname: string;
  firstName: string;
  admissionNo: string;
}

export type NewRollover = Pick<
  Rollover,
  'id' | 'fromYearId' | 'toYearId' | 'closesOn' | 'opensOn' | 'pass' | 'margin' | 'plan' | 'byUserId' | 'byName'
>;

export interface RolloverStore {
  list(): Promise<Rollover[]>;
  find(id: string): Promise<Rollover | null>;
  findForChange(id: string): Promise<Rollover | null>;
  /** The one that isn't taken back, if there is one into that year. */
  standingInto(yearId: string): Promise<Rollover | null>;
  /** The year in which most of those who are present are placed. */
  yearOfMost(): Promise<string | null>;
  insert(rollover: NewRollover): Promise<void>;
  setRule(id: string, rule: Pick<Rollover, 'plan' | 'pass' | 'margin'>): Promise<void>;
  remove(id: string): Promise<void>;
  /** Active and suspended children whose open line is not of that year yet. */
  toMove(toYearId: string): Promise<LearnerToMove[]>;
  /** Active and suspended children who are in no class. */
  unplaced(): Promise<NamedStudent[]>;
  /** Children who are to come, by class. */
  intake(): Promise<{ classId: string | null; streamId: string | null; count: number }[]>;
  byHand(rolloverId: string): Promise<ReadonlyMap<string, ByHand>>;
  replaceRows(rolloverId: string, rows: readonly RolloverRow[]): Promise<void>;
  row(rolloverId: string, studentId: string): Promise<RolloverLine | null>;
  rows(rolloverId: string, filter: RolloverFilter, cursor: string | null, limit: number): Promise<Page<RolloverLine>>;
  counts(rolloverId: string): Promise<RolloverCount[]>;
  /** Moves of these children that are planned: the new year takes their place. */
  plans(rolloverId: string): Promise<number>;
  /** Who has a place in the new year by it. */
  placesToCome(rolloverId: string): Promise<PlaceToCome[]>;
  /** How many learners each stream and class has afterwards. */
  sizes(rolloverId: string): Promise<{ classId: string; streamId: string | null; count: number }[]>;
  /** Holds still all children of the rollover, then counts those of whom the register says something else now. */
  lockAndCountDrift(rollover: Rollover): Promise<number>;
  countDrift(rollover: Rollover): Promise<number>;
  /** Set statements for the whole school; the table refuses the end when somebody was lost on the way. */
  commit(rollover: Rollover, by: { userId: string | null; name: string }): Promise<void>;
  /** What changed of the subjects, for taking it back. */
  keepSubjects(id: string, changes: readonly SubjectChange[]): Promise<void>;
  keptSubjects(id: string): Promise<SubjectChange[]>;
  /** Where everybody is after the commit, for the events. */
  moved(
    rolloverId: string,
  ): Promise<{ studentId: string; decision: Decision; classId: string | null; streamId: string | null; on: string }[]>;
  /** Children who are not where the rollover has put them. */
  movedSince(rolloverId: string): Promise<NamedStudent[]>;
  undo(rollover: Rollover, by: { userId: string | null; name: string }, today: string): Promise<void>;
}

export const ROLLOVER_STORE: ServiceIdentifier<RolloverStore> = Symbol('RolloverStore');
