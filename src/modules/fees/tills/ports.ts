import { token } from '../../../kernel/shapes/tokens.js';
import type { Page } from '../../../kernel/page.js';
import type { Method } from '../documents/document.rules.js';
import type { Movement, Taking } from './till.rules.js';

export interface TillSession {
  id: string;
  cashierId: string;
  cashierName: string;
  openedAt: Date;
  floatMinor: number;
  state: 'open' | 'closed';
  closedAt: Date | null;
  /** By method: of an open session as it stands now, of a closed one as it stood when the cash was counted. */
  takings: Taking[];
  movements: (Movement & {
    id: string;
    note: string;
    byName: string;
    at: Date;
    /** Of what went to the bank. */ slip: {
      id: string;
      accountId: string;
      number: string;
      undoneOn: string | null;
      undoneWhy: string;
    } | null;
  })[];
  /** Receipts of the session that were taken back before the count: they keep their numbers and count for nothing. */
  voided: { number: string; method: Method; amountMinor: number; why: string }[];
  /** Null until the cash is counted, like `countedMinor`. */
  expectedMinor: number | null;
  countedMinor: number | null;
  note: string;
  /** The entry of the difference. */
  entryId: string | null;
}

/** What closing writes. */
export type TillCount = Pick<TillSession, 'id' | 'takings' | 'note' | 'entryId'> & {
  expectedMinor: number;
  countedMinor: number;
};

export interface NewMovement extends Movement {
  id: string;
  sessionId: string;
  note: string;
  entryId: string | null;
  /** The payment that was taken back, of what is returned. */
  paymentId: string | null;
  /** Of what was paid out as a refund, or came back of one. */
  refundId?: string;
  byName: string;
}

export interface TillFilter {
  /** `different`: closed with more or less than was expected. */
  state: 'open' | 'closed' | 'different' | null;
  /** Opened on these days of the zone. */
  from: string | null;
  to: string | null;
  zone: string;
}

export interface TillStore {
  /** The open session of a cashier, kept from closing until the transaction ends; others may book into it meanwhile. */
  holdOpenOf(cashierId: string): Promise<string | null>;
  /** Keeps a session from closing until the transaction ends. False when it is closed. */
  holdOpen(id: string): Promise<boolean>;
  /** Waits for everybody who books into the session, and keeps the next from it. */
  lockOpenOf(cashierId: string): Promise<string | null>;
  openOf(cashierId: string): Promise<TillSession | null>;
  find(id: string): Promise<TillSession | null>;
  /** Newest first. */
  list(filter: TillFilter, cursor: string | null, limit: number): Promise<Page<TillSession>>;
  /** False when the cashier has an open session. */
  insert(session: Pick<TillSession, 'id' | 'cashierId' | 'cashierName' | 'floatMinor'>): Promise<boolean>;
  insertMovement(movement: NewMovement): Promise<void>;
  close(count: TillCount): Promise<void>;
}

export const TILL_STORE = token<TillStore>('FeeTillStore');
