import { token } from '../../../kernel/shapes/tokens.js';
import type { Payer } from '../documents/document.rules.js';
import type { SettledLine } from '../receiving/payment.rules.js';

/** A receipt as it was booked. */
export interface BookedReceipt {
  id: string;
  paymentId: string;
  number: string;
  studentId: string;
  payer: Payer;
  classId: string | null;
  amountMinor: number;
  state: 'issued' | 'reversed';
  /** What of it is in a refund that stands, in minor units. */
  refundedMinor: number;
  /** What it settled at the time, by head and term; what settled nothing is not in it. */
  lines: SettledLine[];
}

export interface MoveStore {
  find(receiptId: string): Promise<BookedReceipt | null>;
  /** It doesn't count any more, and what it settled is open. */
  takeBack(receiptId: string, why: string): Promise<void>;
  /** Entries that moved money of a payment between children, oldest first. */
  entriesOf(paymentId: string): Promise<string[]>;
}

export const MOVE_STORE = token<MoveStore>('FeeMoveStore');
