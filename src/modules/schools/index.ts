import type { Actor } from '../../kernel/actor.js';
import type { Page } from '../../kernel/page.js';
import { token } from '../../platform/tokens.js';
import type { Size } from './countries.rules.js';
import type { MoveReason, SchoolState } from './life.rules.js';

export type { MoveReason, SchoolState, Size };
export { COUNTRIES, countryOf, SIZES, type Country } from './countries.rules.js';
export { REASON_WORDS, SCHOOL_STATES, STATE_WORDS } from './life.rules.js';
export { tidySubdomain } from './subdomain.rules.js';

export interface SchoolOwner {
  name: string;
  email: string;
  /** E.164 */
  phone: string | null;
}

export interface SchoolDossier {
  id: string;
  subdomain: string;
  name: string;
  /** Two letters, as in `COUNTRIES`. */
  country: string;
  town: string | null;
  /** Id of one of the country's curricula; null where nobody was asked. */
  curriculum: string | null;
  pupils: Size | null;
  /** Of the people who run it: `en`, `fr`, `sw`. */
  language: string | null;
  /** Null for schools of the operator, and once the school is deleted. */
  owner: SchoolOwner | null;
}

/** How the school's process fares; kept by whoever starts and stops it. */
export interface Deployment {
  running: boolean;
  startedAt: Date | null;
  nextJobAt: Date | null;
}

export interface RegisteredSchool extends SchoolDossier, Deployment {
  state: SchoolState;
  /** Since when it is in this state. */
  stateAt: Date;
  /** What platform people wrote beside the reason; gone with the school. */
  stateNote: string | null;
  /** Until when a school that is closing can be read; null in every other state. */
  closesAt: Date | null;
  createdAt: Date;
}

/** What a school's process says about itself when it calls. */
export interface BootReport {
  /** Of this start of the process. */
  boot: string;
  schemaHead: string;
  /** It can serve; when false, its database has been filled and nothing more. */
  ready: boolean;
}

export interface Boot {
  filledAt: Date | null;
  readyAt: Date | null;
  deploymentReady: boolean;
}

/** Facts about a new school; those that are left out are not known. */
export type SchoolEntry = Pick<SchoolDossier, 'id' | 'subdomain' | 'name' | 'country' | 'town'> & Partial<SchoolDossier>;

export interface EnterOptions {
  /** `ready` when left out: a school that the operator has made already. */
  state?: 'draft' | 'ready';
  /** When a draft was begun; now when left out. */
  at?: Date;
  actor?: Actor;
}

export interface Transition {
  id: string;
  from: SchoolState | null;
  to: SchoolState;
  reason: MoveReason;
  actorId: string | null;
  actorName: string;
  at: Date;
}

export interface SchoolFilter {
  /** Part of a name or an address. */
  text?: string;
  state?: SchoolState;
  country?: string;
}

/** The platform's register of schools: each joins the caller's transaction. */
export interface SchoolRegister {
  find(schoolId: string): Promise<RegisteredSchool | null>;
  findBySubdomain(subdomain: string): Promise<RegisteredSchool | null>;
  /** By name. Deleted ones only when the filter asks for that state. */
  list(filter?: SchoolFilter, paging?: { cursor?: string | null; limit?: number }): Promise<Page<RegisteredSchool>>;
  /** Taken by a school, even a deleted one, or so like one that people would mistake them. */
  isTaken(subdomain: string): Promise<boolean>;
  /** Why nobody can have this address, in one sentence that doesn't tell who is here; null when it is free. */
  refusalOf(subdomain: string): Promise<string | null>;
  /** Free addresses made of a school's name and town, at most `count`. */
  suggest(name: string, town: string, count: number): Promise<string[]>;
  /**
   * Enters a school, or brings its dossier up to date when it is there already.
   * @throws Conflict `subdomain-taken`
   */
  enter(school: SchoolEntry, options?: EnterOptions): Promise<void>;
  /** Nothing happens when it is in that state already. @throws NotFound, RuleBroken when the life of a school has no such step. */
  moveTo(schoolId: string, state: SchoolState, step: { reason: MoveReason; actor: Actor; note?: string | null }): Promise<void>;
  /** Those that are closing until then or less. */
  closingUntil(then: Date): Promise<RegisteredSchool[]>;
  /** Oldest first. */
  transitionsOf(schoolId: string): Promise<Transition[]>;
  noteRunning(schoolId: string, running: boolean, nextJobAt: Date | null): Promise<void>;
  /** False when this start of its process had said the same before. */
  noteBoot(schoolId: string, report: BootReport): Promise<boolean>;
  bootOf(schoolId: string): Promise<Boot | null>;
}

export const SCHOOL_REGISTER = token<SchoolRegister>('SchoolRegister');

/** How far the making or removing of a school is; what `provisioning` tells of its newest run. */
export interface SchoolWork {
  kind: 'make' | 'remove';
  state: 'waiting' | 'running' | 'done' | 'failed';
  /** Why it failed. */
  reason: string | null;
  /** Path of the page that shows the steps to whoever has it. */
  page: string;
  steps: {
    name: string;
    state: 'waiting' | 'running' | 'done' | 'failed';
    attempts: number;
    ms: number | null;
    reason: string | null;
  }[];
}

/** Who makes and removes schools; that module knows this one, so it binds itself here. */
export interface SchoolMaker {
  progress(schoolId: string): Promise<SchoolWork | null>;
  /** @throws RuleBroken when nothing has failed */
  retry(schoolId: string, actor: Actor): Promise<void>;
  /** Asking again is harmless. @throws RuleBroken when it isn't closed */
  remove(schoolId: string, actor: Actor): Promise<unknown>;
}

export const SCHOOL_MAKER = token<SchoolMaker>('SchoolMaker');

/** What is done to an open school and its owner is written to about. */
export type SchoolMove = 'suspension' | 'resumption' | 'closing';
/** What comes after a closing by itself, and its owner is written to about, too. */
export type SchoolEnd = 'reminder' | 'end';

/** Letters to whom a school belongs. Nothing happens, and false comes back, for a school without an owner. */
export interface OwnerLetters {
  /** Where the school is and how one signs in. The same key sends one letter. */
  sendAddress(schoolId: string, dedupeKey?: string): Promise<boolean>;
  /** Where one sees how far the opening is. */
  sendProgress(schoolId: string, page: string): Promise<boolean>;
  sendMove(schoolId: string, move: SchoolMove, reason: MoveReason): Promise<boolean>;
  /** The same closing sends one of each. */
  sendEnd(schoolId: string, end: SchoolEnd): Promise<boolean>;
  /** Removes the letters to this address. */
  forget(email: string): Promise<void>;
}

export const OWNER_LETTERS = token<OwnerLetters>('OwnerLetters');
