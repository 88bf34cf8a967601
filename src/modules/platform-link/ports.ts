import type { ServiceIdentifier } from 'inversify';
import type { Usage } from './usage.rules.js';

/** What the platform has written down about this school: its own row of the register. */
export interface OwnRow {
  name: string;
  country: string;
  town: string | null;
  language: string | null;
  /** Id of one of the country's curricula. */
  curriculum: string | null;
  /** About how many, as a span: `101-300`, `1201-`. */
  pupils: string | null;
  owner: { name: string; email: string; phone: string | null } | null;
}

/** Where the platform says this school stands, and since when and why. */
export interface Standing {
  state: string;
  reason: string | null;
  /** Until when it can be read, while it is closing. */
  until: Date | null;
}

/** The platform's database, in which a school sees its own row and nothing else. */
export interface PlatformRow {
  read(): Promise<OwnRow | null>;
  standing(): Promise<Standing | null>;
}

/** Kept in the school's own database, for the time when the platform's is away. */
export interface StandingStore {
  last(): Promise<Standing | null>;
  keep(standing: Standing): Promise<void>;
}

export interface TicketStore {
  /** False when it was used before. */
  use(nonce: string): Promise<boolean>;
  prune(): Promise<void>;
}

/** Tells the platform how far this process is. @throws when it wasn't heard */
export interface PlatformDoor {
  tell(report: { ready: boolean }): Promise<void>;
  report(usage: Usage): Promise<void>;
}

/** Null where there is no platform: a school on a machine of its own, or a test. */
export const PLATFORM_ROW: ServiceIdentifier<(PlatformRow & { close(): Promise<void> }) | null> = Symbol('PlatformRow');
export const PLATFORM_DOOR: ServiceIdentifier<PlatformDoor | null> = Symbol('PlatformDoor');
