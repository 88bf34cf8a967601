import type { ServiceIdentifier } from 'inversify';
import type { Actor } from '../../kernel/actor.js';
import type { AcademicYear, Term } from '../../kernel/school-calendar.js';
import type { Placing, SchoolDay } from './calendar/calendar.rules.js';
import type { ListItem, ListKind } from './profile/lists.rules.js';
import type { CountryPack, Level, PackId } from '../../kernel/packs/types.js';
import type { GradingScale } from './profile/scale.rules.js';
import type { AssetKind, SchoolBrand, SchoolProfile, SchoolType } from './profile/school.rules.js';

export type {
  AcademicYear,
  AssetKind,
  CountryPack,
  GradingScale,
  Level,
  ListItem,
  ListKind,
  PackId,
  SchoolBrand,
  SchoolDay,
  SchoolProfile,
  Term,
};
export type { Placing } from './calendar/calendar.rules.js';
export type { IdentifierType, Pathway, Stage, Subject } from '../../kernel/packs/types.js';
export { bandOf } from './profile/scale.rules.js';
export { LIST_KINDS } from './profile/lists.rules.js';

/** What the school has settled about itself. All questions are answered from memory; only numbers touch the database. */
export interface SchoolApi {
  profile(): Promise<SchoolProfile>;
  brand(): Promise<SchoolBrand>;
  /** Name, address, colours and pictures as the head of a paper; `signatory` picks whose signature, else the newest. */
  letterhead(options?: { stamp?: boolean; signature?: boolean; signatory?: string }): Promise<PaperHead>;
  /** Address, phones and mail, as a letterhead has them. */
  contactLines(): Promise<readonly string[]>;
  /** Oldest first. */
  years(): Promise<readonly AcademicYear[]>;
  /** The year of today; between two, the one that comes. @throws RuleBroken when the school has no year yet */
  currentYear(): Promise<AcademicYear>;
  /** The term of a day, or of today; null in the holidays. */
  currentTerm(day?: string): Promise<{ year: AcademicYear; term: Term } | null>;
  /** `YYYY-MM-DD` in the school's zone. */
  today(): Promise<string>;
  zone(): Promise<string>;
  /** What each day of a span is, exceptions counted in; at most two years. */
  days(from: string, to: string): Promise<SchoolDay[]>;
  /** In the school's order; `all` brings those that are switched off too. */
  lists(kind: ListKind, options?: { all?: boolean }): Promise<ListItem[]>;
  scales(): Promise<readonly GradingScale[]>;
  pack(): Promise<CountryPack>;
  /** Classes of the pack that run in this school in a calendar year; this one when none is named. */
  levels(year?: number): Promise<Level[]>;
  isOn(module: string): Promise<boolean>;
  /** Taken for good: a number is never given twice, and others wait for theirs until this transaction ends. */
  nextAdmissionNumber(): Promise<string>;
  nextAdmissionNumbers(count: number): Promise<string[]>;
  /** Numbers that came from elsewhere: the count goes on above those that the pattern could have made. */
  admissionNumbersSeen(numbers: readonly string[]): Promise<void>;
  nextStaffNumber(): Promise<string>;
  /** The next of a count of its own, such as `letter-transfer:2026`; taken for good, as above. */
  nextSerial(count: string): Promise<number>;
  /** True until the owner has gone through the set-up at `/school/setup`. */
  setupPending(): Promise<boolean>;
}

export const SCHOOL: ServiceIdentifier<SchoolApi> = Symbol('School');

/** What a paper of the school carries at its head and foot; pictures are PNG or JPEG. */
export interface PaperHead {
  schoolName: string;
  /** In whose words it is printed. */
  country: string;
  motto: string;
  lines: string[];
  colours: { first: string; second: string };
  logo: Buffer | null;
  stamp: Buffer | null;
  signature: { name: string; title: string; image: Buffer | null } | null;
}

/** A year that isn't in the calendar yet. */
export interface NewYear {
  name: string;
  startsOn: string;
  endsOn: string;
  terms: { name: string; startsOn: string; endsOn: string }[];
}

/** Years that others than the calendar's own pages need: those of another system, those of before, the one to come. */
export interface SchoolCalendar {
  /** @throws RuleBroken or Invalid when the year or its terms break a rule of the calendar */
  addYear(actor: Actor, year: NewYear): Promise<AcademicYear>;
  /** A year of before, with the usual dates of the country, as far as the years around it leave room. */
  addFormerYear(actor: Actor, startYear: number): Promise<AcademicYear>;
  /** The year after the last of the calendar, with the usual dates; null while the calendar has a year to come. It is chosen by its first day. */
  comingYear(): Promise<NewYear | null>;
  /** What a form's choice of a year means: one by its id, or the coming one by its first day, which is added then. */
  chosenYear(actor: Actor, choice: string): Promise<AcademicYear | null>;
  /**
   * The year of a day; between two, the one that comes. Where the calendar ends before the day, the coming year is added
   * with the usual dates: nobody is placed in a year that is over. Null for a day beyond that year too, and without any year.
   */
  yearFor(actor: Actor, day: string): Promise<AcademicYear | null>;
  /** From which day somebody who joins has a place; pages, lists and the API ask it alike. `most` is the year in which most are, if anybody is. */
  placing(most: string | null): Promise<Placing>;
  /** @throws Conflict when something of the school hangs on it */
  removeYear(actor: Actor, id: string): Promise<AcademicYear>;
}

export const SCHOOL_CALENDAR: ServiceIdentifier<SchoolCalendar> = Symbol('SchoolCalendar');

/** Entries of short lists that come with a list from elsewhere. */
export interface SchoolLists {
  /** Switched on, at the end of its list; one of that name that is there already stays. */
  addItem(actor: Actor, kind: ListKind, name: string): Promise<void>;
}

export const SCHOOL_LISTS: ServiceIdentifier<SchoolLists> = Symbol('SchoolLists');

/** Makes the school in its empty database, with everything that its country's pack knows. */
export interface SchoolBootstrap {
  /** Whether this database has its school already. */
  isThere(): Promise<boolean>;
  bootstrapSchool(actor: Actor, start: SchoolStart): Promise<SchoolProfile>;
}

export interface SchoolStart {
  name: string;
  shortName?: string;
  motto?: string;
  /** `KE`, `NG`, `GH`, `UG`, `ZA`. */
  country: string;
  town?: string;
  region?: string;
  address?: string;
  phones?: string[];
  email?: string;
  website?: string;
  type?: SchoolType;
  code?: string;
  /** Stages of the pack; those of the curriculum when left out, and all without one. */
  stages?: string[];
  /** Id of one of the pack’s curricula. One that the pack doesn’t know counts as none. */
  curriculum?: string;
  /** About how many it has: the set-up proposes streams by it. */
  learners?: number;
  colours?: { first: string; second: string };
  /** Leading letters of numbers, `KA` in `KA/2026/0034`; made of the name when left out. */
  prefix?: string;
  /** Calendar years in which the school years to make begin; the running one when left out. */
  years?: number[];
  lists?: Partial<Record<ListKind, { name: string; capacity?: number }[]>>;
  /** The owner need not go through the set-up. */
  ready?: boolean;
}

export const SCHOOL_BOOTSTRAP: ServiceIdentifier<SchoolBootstrap> = Symbol('SchoolBootstrap');

/** What the set-up needs from the module that keeps classes; that module binds it. */
export interface ClassSeeder {
  seedFromPack(actor: Actor, packId: string, classes: { name: string; streams: string[] }[]): Promise<void>;
}

export const CLASS_SEEDER: ServiceIdentifier<ClassSeeder> = Symbol('ClassSeeder');
