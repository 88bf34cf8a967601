/** What fees need from outside, by topic. */
export * from './ports/bill-notices.js';
export * from './ports/billing.js';
export * from './ports/cheques.js';
export * from './ports/collections.js';
export * from './ports/clearances.js';
export * from './ports/defaulters.js';
export * from './ports/documents.js';
export * from './ports/moves.js';
export * from './ports/numbers.js';
export * from './ports/payments.js';
export * from './ports/plans.js';
export * from './ports/receipt-notices.js';
export * from './ports/refunds.js';
export * from './ports/register.js';
export * from './ports/slips.js';
export * from './ports/structures.js';
export * from './ports/tills.js';
