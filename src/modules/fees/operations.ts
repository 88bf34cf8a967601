/** Use cases and prints of fees, for the commands that build demo schools and measure. */
export { receiptA5Drawing, type PrintedReceipt, type PrintedReceipts } from './receiving/adapters/receipt.pdf.js';
export { Awards } from './awards/awards.js';
export { BillingRuns } from './billing/billing-runs.js';
export { Cashier, type FamilyPayment } from './receiving/cashier.js';
export { Defaulters, type Defaulter } from './reminders/defaulters.js';
export { FeeSettingsKeeping } from './structures/fee-settings.js';
export { Plans } from './instalments/plans.js';
export { ReceiptNotices } from './receiving/receipt-notices.js';
export { Refunds } from './refunds/refunds.js';
export { Reminders } from './reminders/reminders.js';
export { Releases } from './clearance/releases.js';
export { Sponsors } from './awards/sponsors.js';
export { Structures } from './structures/structures.js';
export { Subscriptions } from './billing/subscriptions.js';
export { TakingBack } from './reversals/reversals.js';
export { cashUp, dropCash, openTill } from './tills/tills.js';
export { VoteHeads } from './structures/vote-heads.js';
