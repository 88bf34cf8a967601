import type { Progress, RunKind, StepName } from './domain/saga.js';
import type { SchoolNames, SchoolRole } from './domain/names.js';

/** How one role reaches one database, directly and not through a pooler. */
export interface Connection {
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
}

export type SchoolConnections = Record<SchoolRole, Connection>;

export type SchoolPasswords = Record<SchoolRole, string>;

/** One part of making a school's database that can be asked for and done again. */
export interface Step {
  name: string;
  isDone(): Promise<boolean>;
  apply(): Promise<void>;
}

export interface SchoolOrder {
  names: SchoolNames;
  schoolId: string;
  /** Null when only asked what is there. */
  passwords: SchoolPasswords | null;
}

/** The cluster, through the only role that may make databases and roles. */
export interface SchoolDatabases {
  /** Runs the work with the steps for this school, all on the same few connections. */
  withSteps<Result>(order: SchoolOrder, work: (steps: Step[]) => Promise<Result>): Promise<Result>;
  connections(names: SchoolNames, passwords: SchoolPasswords): SchoolConnections;
  /** Removes the database and its roles; a school that isn't there is no error. */
  drop(names: SchoolNames): Promise<void>;
}

export interface SchemaMigrator {
  /** Brings a school's database to the newest schema; returns the names of what it ran. */
  migrate(owner: Connection): Promise<string[]>;
  /** What it would run. */
  pending(owner: Connection): Promise<string[]>;
}

export interface RoleMap {
  /** Says to which school the login roles belong. @throws Conflict when one belongs to another school. */
  assign(owner: Connection, roles: readonly string[], schoolId: string): Promise<void>;
  isAssigned(owner: Connection, roles: readonly string[], schoolId: string): Promise<boolean>;
}

export interface NewRun {
  id: string;
  schoolId: string;
  kind: RunKind;
  token: string;
  orderedBy: string;
  steps: readonly StepName[];
}

/** Runs with their steps, and the orders that the provisioner takes. */
export interface RunStore {
  /** Writes the run, its steps and its order, and wakes the provisioner with the commit. */
  order(run: NewRun): Promise<void>;
  /** Orders a failed run once more. */
  again(runId: string): Promise<void>;
  newest(schoolId: string): Promise<Progress | null>;
}
