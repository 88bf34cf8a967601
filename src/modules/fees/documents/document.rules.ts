/** Who owes: the student's family, or somebody who pays for them. */
export interface Payer {
  kind: 'student' | 'sponsor';
  id: string;
}

export const DOCUMENT_KINDS = ['invoice', 'opening', 'debit-note', 'credit-note'] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

export const METHODS = ['cash', 'cheque', 'bank', 'mobile', 'card', 'kind', 'opening'] as const;
/** How money came: `mobile` is mobile money, `kind` goods at their value, `opening` credit brought from the old books. */
export type Method = (typeof METHODS)[number];

/** `provisional`: somebody showed a code, the money itself was not seen yet; nothing is booked. */
export type PaymentState = 'provisional' | 'posted' | 'rejected' | 'reversed' | 'bounced';

/** A number by which somebody else knows a payment: `{ scheme: 'mpesa', issuer: '', value: 'SFF6XYZ123' }`, or a cheque's with its bank as issuer. */
export interface Reference {
  scheme: string;
  /** As it was written where people read it, plain where numbers are compared. */
  issuer: string;
  value: string;
}

/** Sees invoices, receipts, balances and statements of students. */
export const SEES_ACCOUNTS = 'fees.accounts';
/** Gives families an address under which their statement is read without signing in. */
export const SHARES = 'fees.links';
/** Bills, corrects and takes back. */
export const WRITES = 'fees.bill';
