import type { Request, RequestHandler } from 'express';
import type { ServiceIdentifier } from 'inversify';
import type { Actor } from '../../kernel/actor.js';
import type { AuditEntry, AuditTrail } from '../../kernel/audit.js';

export type { AuditEntry, AuditTrail };

/** How the pages know who asks. Identity provides it; the platform only calls it. */
export interface SignIn {
  /** express-session, configured; puts `req.session` on requests that aren't for the API. */
  session: RequestHandler;
  /** The person behind the session or the bearer token, or null. Must be right within a second of a revoke. */
  actorOf(req: Request): Promise<SignedIn | null>;
}

export interface SignedIn {
  actor: Actor;
  /** `session` asks for CSRF tokens, `token` is the API's bearer. */
  by: 'session' | 'token';
  /** Something the person must do first (`/profile/factors/new`, `/school/setup`): other pages redirect there. */
  mustVisit?: string | null;
  /** Seconds until the session ends if nothing is asked for. */
  endsIn?: number;
  /** Permissions that the person has once they have set up what this page asks for; until then they go without. */
  heldBack?: { permissions: ReadonlySet<string>; page: string } | null;
  language?: string | null;
  /** How close the rows of lists stand; null as the list has it. */
  density?: 'compact' | 'normal' | null;
  /** When the person last proved who they are, in ms since 1970. */
  provenAt?: number;
  /** The account has read in bulk since then: it opens no more pages about people until its person proves who they are. */
  doubted?: boolean;
  /** The doubt is fresh and a password is all they could say it with: that has to wait. Whoever has it has it twice. */
  paused?: boolean;
  /** Their proofs include a second step, which lifts a doubt at once. */
  secondStep?: boolean;
}

export const SIGN_IN: ServiceIdentifier<SignIn> = Symbol('SignIn');

/** What every page of a school shows. The school module provides it, from a cache. */
export interface SchoolFacts {
  id: string;
  name: string;
  shortName: string;
  place: string;
  country: string;
  currency: string;
  /** What money on phones is called here: operators, and whether one of them tells of payments by itself. */
  mobileMoney: { operators: readonly string[]; tells: boolean };
  zone: string;
  language: string;
  /** `Term 3, week 11`, or what else the day is. */
  termLine: string;
  motto: string;
  /** As one reads it out; null when the school has none. */
  officePhone: string | null;
  /** The next few dates that anybody may know. */
  ahead: readonly { on: string; what: 'begins' | 'ends' | 'day'; name: string }[];
  today: string;
  logoUrl: string | null;
  themeUrl: string | null;
  /** The owner has not gone through the set-up yet. */
  setupPending: boolean;
  /** Modules that the school has switched off. */
  off: ReadonlySet<string>;
}

export interface SchoolSource {
  facts(): Promise<SchoolFacts>;
}

/** Whether an address, a view or a permission belongs to a part that the school has switched off: each begins with the module's name. */
export function isOff(facts: Pick<SchoolFacts, 'off'> | null | undefined, name: string): boolean {
  return facts?.off.has(name.replace(/^\//, '').split(/[/.]/, 1)[0]!) ?? false;
}

/** Whether a school has what is declared for some schools only. */
export type Has = (school: SchoolFacts) => boolean;

export function isHere(facts: SchoolFacts | null | undefined, has: Has | undefined): boolean {
  return !has || !facts || has(facts);
}

export const SCHOOL_SOURCE: ServiceIdentifier<SchoolSource> = Symbol('SchoolSource');

/** Nothing may be changed here for now: why, and whom to write to. */
export interface Lock {
  why: string;
  ask: string;
  /** Until when everything can be looked at, where there is an end to it. */
  until: Date | null;
  /** Nobody gets in at all. */
  shut: boolean;
  /** Whether this very request is refused. */
  refuses: boolean;
}

/** Whether the platform lets this school work. */
export interface StandingSource {
  /** @param changes whether the request would change something: then the answer is at most a second old */
  lock(changes: boolean, path: string): Promise<Lock | null>;
}

export const STANDING: ServiceIdentifier<StandingSource> = Symbol('Standing');

export { AUDIT } from '../../kernel/shapes/tokens.js';
