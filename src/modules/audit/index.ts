import type { ServiceIdentifier } from 'inversify';

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

/** A field whose value differs between before and after; null where there was none. */
export interface Difference {
  field: string;
  before: string | null;
  after: string | null;
}

export interface AuditApi {
  /** What has happened to one thing, newest first. Reads (`….read`) are left out. */
  trailOf(entity: string, id: string, limit: number): Promise<(TrailEntry & { differences: Difference[] })[]>;
}

export const AUDIT_API: ServiceIdentifier<AuditApi> = Symbol('AuditApi');
