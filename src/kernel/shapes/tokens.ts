import type { AuditTrail } from '../audit.js';
import type { Clock } from '../clock.js';
import type { Later, Publish, Unit } from '../unit-of-work.js';

/** A name in the container, with the type of what it stands for; a class stands for its one instance. */
// What a class is made from is its own matter, and the container takes any.
/* eslint-disable @typescript-eslint/no-explicit-any */
export type Token<Thing> = string | symbol | (new (...args: any[]) => Thing) | (abstract new (...args: any[]) => Thing);
/* eslint-enable @typescript-eslint/no-explicit-any */

export function token<Thing>(name: string): Token<Thing> {
  return Symbol(name);
}

/** What a class asks for, by the names that it calls them: `static readonly needs = { store: STAFF, school: SCHOOL }`. */
export type Needs = Readonly<Record<string, Token<unknown>>>;

/** What it is given for that. */
export type Given<Asked extends Needs> = {
  readonly [Name in keyof Asked]: Asked[Name] extends Token<infer Thing> ? Thing : never;
};

/** The same thing, of which only these are asked for. */
export function only<Thing, Name extends keyof Thing>(whole: Token<Thing>, ..._names: Name[]): Token<Pick<Thing, Name>> {
  return whole as Token<Pick<Thing, Name>>;
}

export const CLOCK = token<Clock>('Clock');
export const UNIT = token<Unit>('Unit');
export const PUBLISH = token<Publish>('Publish');
export const LATER = token<Later>('Later');
export const AUDIT = token<AuditTrail>('AuditTrail');
