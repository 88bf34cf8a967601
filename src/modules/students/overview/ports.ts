import type { ServiceIdentifier } from 'inversify';
import type { Status } from '../enrolments/life-cycle.rules.js';
import type { Missing } from '../register/ports.js';

/** The whole register in a few numbers. */
export interface Overview {
  here: number;
  girls: number;
  boys: number;
  boarders: number;
  expected: number;
  suspended: number;
  aside: number;
  missing: Record<Missing, number>;
  classes: { classId: string; girls: number; boys: number }[];
  /** The newest first. */
  moves: {
    id: string;
    surname: string;
    firstName: string;
    streamId: string | null;
    status: Status;
    reason: string;
    on: string;
  }[];
  countedAt: Date;
}

export interface OverviewStore {
  /** `since`: the first day whose comings and goings count. */
  overview(since: string): Promise<Overview>;
  /** How many of those who are here lack what. */
  missing(): Promise<Overview['missing']>;
}

export const OVERVIEW_STORE: ServiceIdentifier<OverviewStore> = Symbol('OverviewStore');
