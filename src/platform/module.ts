import type { Container, ServiceIdentifier } from 'inversify';
import type { Router } from 'express';
import type { Actor } from '../kernel/actor.js';
import type { EventType } from '../kernel/events.js';
import type { Routes } from './http/routes.js';

export type Get = <T>(token: ServiceIdentifier<T>) => T;

/** One permission, as the school's matrix shows it. `roles` are those that hold it in a new school. */
export interface Permission {
  key: `${string}.${string}`;
  label: string;
  group: string;
  roles: readonly RoleName[];
  /** Only an owner may grant these. */
  guarded?: 'money' | 'health' | 'pay';
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

/** Roles of people who work at the school; the other two are families. */
export const STAFF_ROLES: readonly RoleName[] = ROLE_NAMES.filter((role) => role !== 'guardian' && role !== 'student');

export const MENU_GROUPS = ['', 'People', 'Teaching', 'Money', 'Care', 'School'] as const;

export interface MenuItem {
  group: (typeof MENU_GROUPS)[number];
  label: string;
  href: string;
  icon: string;
  can: string;
  /** Place inside the group; lower comes first. */
  order: number;
}

export interface Subscriber {
  event: string;
  /** Unique and stable: deliveries are remembered by it. */
  name: string;
  handle(payload: unknown, eventId: string): Promise<void>;
}

/** `on(StudentEnrolled, 'fees.bill', …)`: idempotent by `eventId`, since an event may come twice. */
export function on<Payload>(
  type: EventType<Payload>,
  name: string,
  handle: (payload: Payload, eventId: string) => Promise<void>,
): Subscriber {
  return { event: type.eventName, name, handle: (payload, eventId) => handle(payload as Payload, eventId) };
}

export interface SearchHit {
  kind: string;
  label: string;
  note: string;
  href: string;
}

/** What the find box asks each module; at most `limit` hits that the actor may see. */
export type Search = (text: string, actor: Actor, limit: number) => Promise<SearchHit[]>;

export interface DashboardCard {
  order: number;
  can: string;
  /** A view part that draws the card. */
  view: string;
  load(actor: Actor): Promise<object>;
}

export interface JobInfo {
  id: string;
  attempt: number;
  maxAttempts: number;
  signal: AbortSignal;
}
export type JobHandler = (payload: unknown, job: JobInfo) => Promise<void>;

/** What a module brings beyond pages; made once, when everything is bound. */
export interface ModuleWork {
  jobs?: Record<string, JobHandler>;
  /** Job name → crontab line in UTC. */
  cron?: Record<string, string>;
  subscribe?: Subscriber[];
  search?: Search;
  dashboard?: DashboardCard[];
}

export interface Module {
  name: string;
  permissions: readonly Permission[];
  menu?: readonly MenuItem[];
  bind(container: Container): void;
  routes?(routes: Routes, get: Get): void;
  work?(get: Get): ModuleWork;
  /** For the rare thing that no helper covers; the routes in it are still declared through `routes`. */
  raw?(router: Router, get: Get): void;
}
