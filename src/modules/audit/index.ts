import type { ServiceIdentifier } from 'inversify';
import type { Difference } from './domain/differences.js';

export type { Difference };

/** One act, as pages show it. */
export interface TrailEntry {
  id: string;
  at: Date;
  actorId: string | null;
  actorName: string;
  actorRoles: string[];
  ip: string | null;
  requestId: string | null;
  action: string;
  entity: string;
  entityId: string | null;
  label: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  reason: string | null;
}

export type Verdict = { sound: true; seals: number; head: string } | { sound: false; seq: number; entryId: string | null; what: string };

export interface AuditApi {
  /** What has happened to one thing, newest first. Reads (`….read`) are left out. */
  trailOf(entity: string, id: string, limit: number): Promise<(TrailEntry & { differences: Difference[] })[]>;
  /** Walks the whole chain and names the first thing that is wrong. */
  verifyChain(): Promise<Verdict>;
}

export const AUDIT_API: ServiceIdentifier<AuditApi> = Symbol('AuditApi');
