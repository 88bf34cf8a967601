/** Use cases and prints of fees, for the commands that build demo schools and measure. */
export { receiptA5Drawing, type PrintedReceipt, type PrintedReceipts } from './adapters/reports/receipt.pdf.js';
export { Awards } from './application/awards.js';
export { BillingRuns } from './application/billing-runs.js';
export { FeeSettingsKeeping } from './application/fee-settings.js';
export { Sponsors } from './application/sponsors.js';
export { Structures } from './application/structures.js';
export { Subscriptions } from './application/subscriptions.js';
export { VoteHeads } from './application/vote-heads.js';
