import { token } from '../../../kernel/shapes/tokens.js';
import type { Page } from '../../../kernel/page.js';
import type { ChequeState } from './cheque.rules.js';

export interface ChequeFilter {
  /** A number, a bank, a payer or a receipt. */
  text: string | null;
  state: ChequeState | null;
  /** Received on these days. */
  from: string | null;
  to: string | null;
}

export interface ChequeLine {
  paymentId: string;
  number: string;
  bank: string;
  amountMinor: number;
  receivedOn: string;
  /** Since it was received. */
  days: number;
  payerName: string;
  studentIds: string[];
  receiptNumbers: string[];
  state: ChequeState;
  depositId: string | null;
  slipNumber: string | null;
  bankedOn: string | null;
  clearedOn: string | null;
  endedOn: string | null;
  endedWhy: string;
}

/** Cheques in hand by age, youngest first: one step for each of CHEQUE_AGES, and those beyond. */
export type ChequeAges = { count: number; minor: number }[];

export interface ChequeDeposit {
  id: string;
  accountId: string;
  slipNumber: string;
  bankedOn: string;
  amountMinor: number;
  entryId: string;
  byName: string;
}

export interface ChequeStore {
  /** Newest first, with the ages of all that are in hand, whatever the filter; null where the page has no row. */
  list(
    filter: ChequeFilter,
    today: string,
    cursor: string | null,
    limit: number,
  ): Promise<Page<ChequeLine> & { ages: ChequeAges | null }>;
  /** Oldest first, at most 300. */
  inHand(today: string): Promise<ChequeLine[]>;
  /** Locked until the transaction ends, in the order of their ids: those of these that are booked cheques. */
  hold(paymentIds: readonly string[]): Promise<{ id: string; accountId: string; amountMinor: number; number: string }[]>;
  /** Whether any of them went to the bank; to be asked once they are held. */
  areBanked(paymentIds: readonly string[]): Promise<boolean>;
  insertDeposit(deposit: ChequeDeposit, paymentIds: readonly string[]): Promise<void>;
  /** With the account that its slip stands on now. */
  findDeposit(id: string, today: string): Promise<(ChequeDeposit & { slipId: string; cheques: ChequeLine[] }) | null>;
  /** Those on the slip that wait for the bank; how many there were. */
  clear(depositId: string, paymentIds: readonly string[], on: string, byName: string): Promise<number>;
  /** The bank's account of the books that has its money, where it was banked. */
  bankOf(paymentId: string): Promise<string | null>;
  noteReturned(paymentId: string, entryId: string): Promise<void>;
}

export const CHEQUE_STORE = token<ChequeStore>('FeeChequeStore');
