import type { ServiceIdentifier } from 'inversify';
import type { SchoolNames, SchoolRole } from './databases/names.rules.js';
import type { Progress, RunKind, StepName } from './saga.rules.js';

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
  /**
   * Runs the work with the steps for this school, all on the same few connections.
   * @throws OfAnotherSchool when something of these names belongs to another one; nothing was touched then
   */
  withSteps<Result>(order: SchoolOrder, work: (steps: Step[]) => Promise<Result>): Promise<Result>;
  connections(names: SchoolNames, passwords: SchoolPasswords): SchoolConnections;
  /** Removes the school's database and roles, and nothing of another that has these names; a school that isn't there is no error. */
  drop(names: SchoolNames, schoolId: string): Promise<void>;
  /** Makes the template that schools are cloned from, so that the first one need not wait for it. */
  warmUp(): Promise<void>;
}

export interface SchemaMigrator {
  /** Brings a school's database to the newest schema; returns the names of what it ran. */
  migrate(owner: Connection): Promise<string[]>;
  /** What it would run. */
  pending(owner: Connection): Promise<string[]>;
}

export interface RoleMap {
  /** Says to which school the login roles belong. @throws OfAnotherSchool when one belongs to another school. */
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
  /** What the run waits for has happened: its order is due now. Nothing happens when there is none. */
  wake(schoolId: string): Promise<void>;
  newest(schoolId: string): Promise<Progress | null>;
  byToken(token: string): Promise<Progress | null>;
  /** Binds the page to the first browser that opens it; says whether this is the one. */
  bindBrowser(runId: string, browserHash: string): Promise<boolean>;
  begun(runId: string, step: StepName): Promise<void>;
  done(runId: string, step: StepName): Promise<void>;
  /** The step didn't work this time; `final` when nothing more is tried by itself. */
  stumbled(runId: string, step: StepName, reason: string, final: boolean): Promise<void>;
  finished(runId: string): Promise<void>;
}

/** An order that is held by this process and by no other; killed, the process lets go of it at once. */
export interface HeldOrder {
  runId: string;
  schoolId: string;
  /** Lets go of it: for good, or until it is due again. */
  release(again: { inMs: number } | null): Promise<void>;
}

export interface Orders {
  /** The order that has been due longest and that nobody holds. */
  take(): Promise<HeldOrder | null>;
  /** In how many ms the next one is due; null when there is none. */
  nextDueIn(): Promise<number | null>;
  close(): Promise<void>;
}

/** A school as those who run schools know it. */
export interface SchoolToRun {
  id: string;
  subdomain: string;
}

/** Where a school's secrets lie: a file on one machine, the cluster's own store elsewhere. */
export interface SecretStore {
  /** Passwords of its roles, made when first asked for. */
  passwords(school: SchoolToRun): Promise<SchoolPasswords>;
  /** Everything that its process needs lies where that will find it. */
  isHandedOver(school: SchoolToRun): Promise<boolean>;
  handOver(school: SchoolToRun): Promise<void>;
  forget(school: SchoolToRun): Promise<void>;
}

/**
 * Whoever runs the processes of schools. `start` says that this school shall run and doesn't wait for it: the
 * school calls by itself when it can serve. Adapters: a launcher on this machine; a file of values in a repository.
 */
export interface Deployer {
  start(school: SchoolToRun): Promise<void>;
  /** Resolves when nothing of it runs any more and it can't be reached. */
  stop(school: SchoolToRun): Promise<void>;
}

export const DEPLOYER: ServiceIdentifier<Deployer> = Symbol('Deployer');

/** What a school keeps outside of its database. */
export interface SchoolFiles {
  remove(school: SchoolToRun): Promise<void>;
}

/** Signed calls that were believed. */
export interface CallStore {
  /** False when this nonce was used before. */
  use(schoolId: string, nonce: string): Promise<boolean>;
  prune(): Promise<void>;
  /** Of a school that is deleted, whose calls nobody believes any more. */
  forget(schoolId: string): Promise<void>;
}

/** A call whose signature was right. */
export interface SchoolCall {
  schoolId: string;
  nonce: string;
  boot: string;
  schemaHead: string;
  ready: boolean;
}

export interface Tickets {
  /** Lets the owner of this address into this school once, within two minutes. */
  make(schoolId: string, email: string): string;
}
