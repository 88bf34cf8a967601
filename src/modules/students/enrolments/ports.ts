import type { ServiceIdentifier } from 'inversify';

/** A move to another class on a day that is still to come. */
export interface PlannedMove {
  id: string;
  studentId: string;
  classId: string;
  streamId: string | null;
  onDay: string;
  note: string | null;
  byName: string | null;
}

/** Why a plan came to nothing. */
export type EndedWhy = 'by hand' | 'replaced' | 'left' | 'merged' | 'not possible';

export interface PlannedMoveStore {
  /** The one of a child that waits. */
  ofStudent(studentId: string): Promise<PlannedMove | null>;
  insert(move: PlannedMove): Promise<void>;
  /** Those whose day is there; the earliest first. */
  due(today: string): Promise<PlannedMove[]>;
  /** Holds it; false when somebody else has dealt with it meanwhile. */
  hold(id: string): Promise<boolean>;
  done(id: string): Promise<void>;
  cancel(id: string, why: EndedWhy): Promise<void>;
  /** Plans again what a leaving has ended, as far as its day is still to come. */
  planAgain(studentId: string, today: string): Promise<void>;
}

export const PLANNED_MOVE_STORE: ServiceIdentifier<PlannedMoveStore> = Symbol('PlannedMoveStore');
