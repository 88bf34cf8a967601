import type { Page } from '../../kernel/page.js';
import type { RunKind, RunState, StepState } from '../provisioning/index.js';
import type { SchoolState } from '../schools/index.js';
import type { Day } from './period.rules.js';
import type { Look } from './standing.rules.js';
import type { UsageReport } from './usage.rules.js';

export interface Totals {
  states: Partial<Record<SchoolState, number>>;
  pupils: number;
  staff: number;
  /** People who were at work within so many days, by the last report of each school that is as young. */
  active1: number;
  active7: number;
  active30: number;
  databaseBytes: number;
  reporting: number;
  /** Open schools that have not reported for a day, and how many of them only sleep. */
  silent: number;
  asleep: number;
  behind: number;
  /** What goes through schools in thirty days, by their reports of as many days. */
  money: { currency: string; schools: number; collectedMinor: number; sms: number }[];
}

export interface FunnelStep {
  key: 'signup' | 'code' | 'ready' | 'class' | 'student' | 'receipt';
  reached: number;
  /** Seconds from the step before, the middle one of all who reached it; null where nobody did. */
  median: number | null;
}

/** How long something takes, in seconds. */
export interface Times {
  name: string;
  done: number;
  failed: number;
  median: number | null;
  p95: number | null;
}

export interface Course {
  funnel: FunnelStep[];
  /** Sign-ups that are not a school yet; they are forgotten after two weeks. */
  unfinished: number;
  whole: Times;
  steps: Times[];
}

export interface SchoolRow {
  schoolId: string;
  subdomain: string;
  name: string;
  country: string;
  state: SchoolState;
  createdAt: Date;
  running: boolean;
  startedAt: Date | null;
  nextJobAt: Date | null;
  reportedAt: Date | null;
  version: string | null;
  schemaHead: string | null;
  databaseBytes: number | null;
  pupils: number | null;
  active7: number | null;
  /** Of the last seven days. */
  signIns: number;
  failedSignIns: number;
  lockOuts: number;
  /** One value for each of the last seven days, oldest first. */
  course: number[];
  run: { state: RunState; reason: string | null; step: string | null; position: number; steps: number } | null;
  look: Look;
}

export interface SchoolsFilter {
  q?: string;
  state?: SchoolState;
  country?: string;
  version?: string;
  look?: Look;
  silent?: boolean;
}

export interface ListAsk {
  cursor: string | null;
  limit: number;
  sort: SchoolSort;
}

export const SCHOOL_SORTS = ['look', 'name', 'pupils', 'size'] as const;
export type SchoolSort = (typeof SCHOOL_SORTS)[number];

export interface RunRow {
  runId: string;
  schoolId: string;
  subdomain: string;
  name: string;
  kind: RunKind;
  state: RunState;
  attempts: number;
  reason: string | null;
  orderedBy: string;
  orderedAt: Date;
  /** Seconds from the order to its end, or until now. */
  seconds: number;
  steps: { name: string; state: StepState; attempts: number; seconds: number | null; reason: string | null }[];
}

export interface RunsFilter {
  q?: string;
  state?: RunState;
  kind?: RunKind;
}

/** Each is one statement. */
export interface Reader {
  totals(newestSchema: string): Promise<Totals>;
  /** Of the period and as many days before it. */
  days(since: string): Promise<Day[]>;
  course(since: string): Promise<Course>;
  schools(filter: SchoolsFilter, ask: ListAsk, newestSchema: string): Promise<Page<SchoolRow>>;
  versions(): Promise<string[]>;
  runs(filter: RunsFilter, cursor: string | null, limit: number): Promise<Page<RunRow>>;
}

export interface UsageStore {
  /** Whatever comes twice or late changes nothing. */
  keep(schoolId: string, report: UsageReport): Promise<void>;
  forget(schoolId: string): Promise<void>;
}
