import type { Container, ServiceIdentifier } from 'inversify';
import type { Actor } from '../kernel/actor.js';
import type { AnyRecord } from '../kernel/shapes/record.js';
import type { EventType } from '../kernel/events.js';
import type { Routes } from './http/routes/routes.js';
import type { PersonalData, RetentionClass } from '../kernel/people/personal-data.js';
import type { WholeExportPart } from './whole-export.js';

export type Get = <T>(token: ServiceIdentifier<T>) => T;

/**
 * One permission, as the matrix shows it. `roles` are those that hold it from the start. A module of schools names
 * schools' roles, one of the platform (`Module<PlatformRole>`) the platform's, and one of both (`Module<AnyRole>`) both.
 */
export interface Permission<Role extends AnyRole = RoleName> {
  key: `${string}.${string}`;
  label: string;
  group: string;
  roles: readonly Role[];
  /** Only an owner may grant these, and whoever holds one signs in with a second step. */
  guarded?: 'money' | 'health' | 'pay' | 'personal files' | 'exports' | 'accounts';
}

export const ROLE_NAMES = [
  'owner',
  'administrator',
  'head',
  'registrar',
  'bursar',
  'class-teacher',
  'teacher',
  'hr-officer',
  'librarian',
  'nurse',
  'caterer',
  'auditor',
  'guardian',
  'student',
] as const;
export type RoleName = (typeof ROLE_NAMES)[number];

/** People of the platform itself; no school knows these roles. */
export const PLATFORM_ROLES = ['super-admin', 'support', 'analyst'] as const;
export type PlatformRole = (typeof PLATFORM_ROLES)[number];

export type AnyRole = RoleName | PlatformRole;

export const ROLES_OF: Record<'core' | 'tenant', readonly AnyRole[]> = { core: PLATFORM_ROLES, tenant: ROLE_NAMES };

export const FAMILY_ROLES: readonly string[] = ['guardian', 'student'] satisfies RoleName[];

/** Roles of people who work at the school. */
export const STAFF_ROLES: readonly RoleName[] = ROLE_NAMES.filter((role) => !FAMILY_ROLES.includes(role));

export const MENU_GROUPS = ['', 'People', 'Teaching', 'Money', 'Care', 'School'] as const;

export interface MenuItem {
  group: (typeof MENU_GROUPS)[number];
  label: string;
  href: string;
  /** Where its pages lie, when they don't lie under `href`. */
  under?: string;
  icon: string;
  can: string;
  /** Place inside the group; lower comes first. */
  order: number;
}

/** Acts that a module writes into the audit, as people read them. */
export interface Acts {
  /** Under what they are looked for. */
  area: string;
  /** `students.admit` → `Admitted`. */
  words: Readonly<Record<string, string>>;
  /** What they are done to, where its name does not say it: `fee-till` → `Till`. */
  things?: Readonly<Record<string, string>>;
}

export interface Subscriber {
  event: string;
  /** Unique and stable: deliveries are remembered by it. */
  name: string;
  handle(payload: unknown, eventId: string): Promise<void>;
  /** What came together, in the order in which it happened; where it fails, each is handled alone. */
  handleAll?(payloads: readonly unknown[]): Promise<void>;
}

/** `on(StudentEnrolled, 'fees.bill', …)`: idempotent by `eventId`, since an event may come twice. */
export function on<Payload>(
  type: EventType<Payload>,
  name: string,
  handle: (payload: Payload, eventId: string) => Promise<void>,
): Subscriber {
  return { event: type.eventName, name, handle: (payload, eventId) => handle(payload as Payload, eventId) };
}

/** For work that costs little more for many than for one: the turn of a year enrols a whole school at once. */
export function onAll<Payload>(
  type: EventType<Payload>,
  name: string,
  handle: (payloads: readonly Payload[]) => Promise<void>,
): Subscriber {
  const handleAll = (payloads: readonly unknown[]): Promise<void> => handle(payloads as readonly Payload[]);
  return { event: type.eventName, name, handle: (payload) => handleAll([payload]), handleAll };
}

export interface SearchHit {
  kind: string;
  label: string;
  note: string;
  href: string;
  /** What in it was found, where that isn't plain from the label. */
  why?: string;
  /** The way to everything that was found, where this is only the beginning. */
  all?: boolean;
}

/** In the order in which they are shown. */
export const OFFER_KINDS = ['Things to do', 'Pages'] as const;

/** A page or something to do that the find box offers by its name; who may is said where its address is declared. */
export interface Offer {
  kind: (typeof OFFER_KINDS)[number];
  label: string;
  href: string;
  /** Other words that people look for it by. */
  also?: string;
}

/** What the find box asks each module; at most `limit` hits that the actor may see. */
export type Search = (text: string, actor: Actor, limit: number) => Promise<SearchHit[]>;

/** A headline number of the first page; of all that are offered the first few by rank are shown. */
export interface Figure {
  rank: number;
  label: string;
  value: string;
  unit?: string;
  after?: string;
  note?: string;
  status?: { kind: string; word: string } | null;
}

/** What figures are written with: the helpers of the page. */
export interface FigureWords {
  t(text: string, values?: Record<string, string | number>): string;
  number(value: number): string;
  amount(minor: number): string;
  money(minor: number): string;
  can(permission: string): boolean;
  school: { currency: string };
}

export interface DashboardCard {
  order: number;
  /** A permission, or `signed-in` where the card itself knows whom it has something to say to. */
  can: string;
  /** A view part that draws the card. */
  view: string;
  /** Null leaves the card out: it has nothing to say to this person. What the page itself reads of it: `finding`, `figures(words)`, and `above` for what stands over the figures. */
  load(actor: Actor): Promise<object | null>;
}

/** How much waits behind a place of the menu for this person, by its address. Drawn on every page, so it reads from memory. */
export type MenuCounts = Record<string, (actor: Actor) => Promise<number>>;

export interface JobInfo {
  id: string;
  attempt: number;
  maxAttempts: number;
  signal: AbortSignal;
}
export type JobHandler = (payload: unknown, job: JobInfo) => Promise<void>;

/** A job that may keep the processor so long that pages would feel it. */
export interface Apart {
  when(payload: unknown): Promise<boolean>;
  /** Its process ended without an answer at the last try: nobody else will say how it went. */
  lost(payload: unknown): Promise<void>;
}

/** What a module brings beyond pages; made once, when everything is bound. */
export interface ModuleWork {
  jobs?: Record<string, JobHandler>;
  /** Job name → when it works in a process of its own. */
  apart?: Record<string, Apart>;
  /** Job name → crontab line in UTC. */
  cron?: Record<string, string>;
  subscribe?: Subscriber[];
  search?: Search;
  dashboard?: DashboardCard[];
  menuCounts?: MenuCounts;
  personalData?: PersonalData[];
  retention?: RetentionClass[];
  /** Lists and files for the one file with which a school takes everything along; its tables are in it anyway. */
  wholeExport?: WholeExportPart[];
  /** Done once, when the schema is current and before the first page is served; tried again until it works. */
  atOpening?: () => Promise<void>;
  /** Done when a new day of the school begins, before this process serves the first page of it; again without harm. */
  atDay?: (today: string) => Promise<void>;
  /** A line for `/healthz` (`ledger: degraded`) while something is wrong that does not stop the process; null while all is well. */
  health?: () => Promise<string | null>;
  /** Gives back what the module holds beside the database. */
  atStop?: () => Promise<void>;
}

export interface Module<Role extends AnyRole = RoleName> {
  name: string;
  permissions: readonly Permission<Role>[];
  acts?: readonly Acts[];
  /** What it keeps plainly: the audit knows its fields by their labels. */
  records?: readonly AnyRecord[];
  menu?: readonly MenuItem[];
  offers?: readonly Offer[];
  bind(container: Container): void;
  routes?(routes: Routes, get: Get): void;
  work?(get: Get): ModuleWork;
}
