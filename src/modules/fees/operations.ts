/** Use cases and prints of fees, for the commands that build demo schools and measure. */
export { receiptA5Drawing, type PrintedReceipt, type PrintedReceipts } from './receiving/adapters/receipt.pdf.js';
export { Awards } from './application/awards.js';
export { BillingRuns } from './application/billing-runs.js';
export { Cashier, type FamilyPayment } from './receiving/cashier.js';
export { Defaulters, type Defaulter } from './application/defaulters.js';
export { FeeSettingsKeeping } from './application/fee-settings.js';
export { Plans } from './application/plans.js';
export { ReceiptNotices } from './application/receipt-notices.js';
export { Refunds } from './application/refunds.js';
export { Reminders } from './application/reminders.js';
export { Releases } from './application/releases.js';
export { Sponsors } from './application/sponsors.js';
export { Structures } from './application/structures.js';
export { Subscriptions } from './application/subscriptions.js';
export { TakingBack } from './reversals/reversals.js';
export { cashUp, dropCash, openTill } from './tills/tills.js';
export { VoteHeads } from './application/vote-heads.js';
