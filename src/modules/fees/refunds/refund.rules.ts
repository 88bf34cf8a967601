import { Invalid, RuleBroken } from '../../../kernel/errors.js';
import type { Payer } from '../documents/document.rules.js';

export const REFUND_METHODS = ['cash', 'mobile', 'bank', 'cheque'] as const;
export type RefundMethod = (typeof REFUND_METHODS)[number];

/** Asked, decided by somebody else, paid; `cancelled` was decided but not paid out, `reversed` was paid and taken back. */
export const REFUND_STATES = ['asked', 'approved', 'paid', 'refused', 'withdrawn', 'cancelled', 'reversed'] as const;
export type RefundState = (typeof REFUND_STATES)[number];

/** The account of the books, by what it is used for, that the money leaves where none is chosen: a cheque of the school is drawn on its bank. */
export const ACCOUNT_OF_REFUND = {
  cash: 'cash',
  mobile: 'clearing.mobile',
  bank: 'bank',
  cheque: 'bank',
} as const satisfies Record<RefundMethod, string>;

/** What of a receipt settles nothing and is in no refund. */
export interface ReceiptCredit {
  receiptId: string;
  paymentId: string;
  number: string;
  studentId: string;
  payer: Payer;
  /** Minor units. */
  creditMinor: number;
  /** Who brought the money, and how. */
  payerName: string;
  payerPhone: string | null;
  method: string;
  receivedOn: string;
}

export interface RefundPart {
  receiptId: string;
  amountMinor: number;
}

/** Whether the money leaves a bank, of which a school has several. */
export function leavesBank(method: RefundMethod): boolean {
  return ACCOUNT_OF_REFUND[method] === 'bank';
}

/**
 * What each receipt gives, the newest first: bills use the oldest first.
 * @param credits newest first, of one payer
 * @throws Invalid when they come to less, or belong to several payers
 */
export function partsOf(amountMinor: number, credits: readonly ReceiptCredit[]): RefundPart[] {
  if (credits.length === 0) throw new Invalid({ receipts: 'Choose the receipts whose credit is to be refunded' });
  if (new Set(credits.map((one) => one.payer.id)).size > 1)
    throw new Invalid({ receipts: 'These receipts were paid by different people: make a separate refund for each' });
  const parts: RefundPart[] = [];
  let left = amountMinor;
  for (const { receiptId, creditMinor } of credits) {
    const part = Math.min(left, creditMinor);
    if (part > 0) parts.push({ receiptId, amountMinor: part });
    left -= part;
  }
  if (left > 0) throw new Invalid({ amount: 'This is more than the credit on these receipts' });
  return parts;
}

/**
 * The journal has the last word: nobody is paid what they aren't ahead by.
 * @param balanceMinor what the payer owes; below zero it has paid ahead
 * @param setApartMinor other refunds of the payer that wait to be decided or paid
 * @throws RuleBroken when a bill came in meanwhile
 */
export function demandAhead(
  amountMinor: number,
  { balanceMinor, setApartMinor }: { balanceMinor: number; setApartMinor: number },
): void {
  if (amountMinor > -balanceMinor - setApartMinor)
    throw new RuleBroken(
      'not-ahead',
      'The family has less credit than this, because fees are owed. Once this refund is refused or cancelled, its credit settles the bill.',
      'amount',
    );
}

/** Everything but cash leaves a trace by which it is found again. @throws RuleBroken at the field */
export function demandReference(method: RefundMethod, reference: string): void {
  if (method === 'cash' || reference !== '') return;
  const asked = {
    mobile: 'Enter the code from the message',
    bank: 'Enter the number of the transfer',
    cheque: 'Enter the number of the cheque',
  }[method];
  throw new RuleBroken('no-reference', asked, 'reference');
}
