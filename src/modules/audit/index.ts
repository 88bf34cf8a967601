import type { ServiceIdentifier } from 'inversify';
import { eventType } from '../../kernel/events.js';
import type { Sighting } from './alert.rules.js';
import type { SealedEntry } from './chain.rules.js';
import type { Difference } from './differences.rules.js';

export type { Difference };
export { alertSentence, LOCK_OUT, type AlertRule } from './alert.rules.js';

/** One act, as pages show it. */
export type TrailEntry = Omit<SealedEntry, 'at'> & { at: Date };

/** What was removed for its age: the chain goes on from here. */
export interface Anchor {
  id: string;
  /** The last seal that was removed; so many were, in all. */
  seq: number;
  hash: string;
  /** All that was removed is older. */
  cutoff: Date;
  removed: number;
  madeAt: Date;
}

export type Verdict =
  | { sound: true; seals: number; head: string; anchor: Anchor | null }
  | { sound: false; seq: number; entryId: string | null; what: string };

export interface AuditApi {
  /** What has happened to one thing, newest first. Reads (`….read`) are left out. */
  trailOf(entity: string, id: string, limit: number): Promise<(TrailEntry & { differences: Difference[] })[]>;
  /** Walks the whole chain, from its beginning or the last anchor, and names the first thing that is wrong. */
  verifyChain(): Promise<Verdict>;
}

export const AUDIT_API: ServiceIdentifier<AuditApi> = Symbol('AuditApi');

/** An account has read past its limit on pages or through the API: what it proved up to `at` (ms since 1970) counts no more. */
export const ReadTooMuch = eventType<{ accountId: string; at: number }>('audit.read-too-much');

/** Somebody should look at this. Whoever knows the owners' addresses writes to them; comes once per account, rule and hour. */
export const AlertRaised = eventType<Sighting & { alertId: string }>('audit.alert-raised');
