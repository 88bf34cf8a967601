/** What students need from outside, by topic. */
export type { AuditTrail } from '../../kernel/audit.js';
export type { Relationship } from './domain/guardian.js';
export * from './ports/alerts.js';
export * from './ports/bulk.js';
export * from './ports/clearance.js';
export * from './ports/custom-fields.js';
export * from './ports/drafts.js';
export * from './ports/duplicates.js';
export * from './ports/guardians.js';
export * from './ports/held-documents.js';
export * from './ports/holders.js';
export * from './ports/overview.js';
export * from './ports/panels.js';
export * from './ports/prints.js';
export * from './ports/register.js';
export * from './ports/rollovers.js';
export * from './ports/ties.js';
export * from './ports/updates.js';
