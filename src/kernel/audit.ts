import type { Actor } from './actor.js';

/** Writes down who did what; the audit module provides it. */
export interface AuditTrail {
  record(actor: Actor, entry: AuditEntry): Promise<void>;
}

export interface AuditEntry {
  /** `students.withdraw`: module, dot, verb. */
  action: string;
  entity: string;
  entityId: string | null;
  /** What a person calls the thing: `Hassan Khadija, KA/2026/0034`. */
  label?: string;
  before?: object | null;
  after?: object | null;
  reason?: string | null;
}
