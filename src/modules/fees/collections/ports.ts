import { token } from '../../../kernel/shapes/tokens.js';
import type { Page } from '../../../kernel/page.js';
import type { Collected, CollectedBy, Expected } from './collections.rules.js';
import type { Method } from '../documents/document.rules.js';

export interface CollectionSpan {
  /** Days on which it counts in the books, both included. */
  from: string;
  to: string;
}

/** Which money; what is null is not asked for, and an empty text asks for money that names none. */
export type CollectionFilter = Record<Exclude<CollectedBy, 'day'>, string | null>;

/** A part of a receipt that counts on a day: what came in, or below zero what was taken back. */
export interface CollectedLine {
  entryId: string;
  n: number;
  paymentId: string;
  postedOn: string;
  /** Numbers of the receipts of this child in the payment. */
  numbers: string;
  studentId: string | null;
  headId: string | null;
  classId: string | null;
  termId: string | null;
  method: Method;
  cashier: string;
  takenBack: boolean;
  amountMinor: number;
}

/** What stands as received on a day, however much of it was booked later. */
export interface ReceivedDay {
  on: string;
  /** Minor units. */
  minor: number;
  payments: number;
}

/** What of the money waits for somebody. */
export interface MoneyChores {
  /** Codes that were shown and not seen yet. */
  toVerify: number;
  /** Refunds that were agreed to and are not paid. */
  toPayOut: number;
  /** Tills that nobody has counted since an earlier day. */
  tillsLeftOpen: number;
}

/** What the first page says of the money. */
export interface MoneyAtAGlance {
  /** Days with money, in their order. */
  days: ReceivedDay[];
  chores: MoneyChores;
}

export interface CollectionStore {
  /** What came in until today, the end of the span, and what waits. */
  atAGlance(span: CollectionSpan, zone: string): Promise<MoneyAtAGlance>;
  /** Sums by two things; cashiers go by their key. */
  cross(span: CollectionSpan, rows: CollectedBy, columns: CollectedBy): Promise<Collected[]>;
  /** Key → name of everybody who took something in these days. */
  cashiers(span: CollectionSpan): Promise<{ key: string; name: string }[]>;
  /** Oldest first. */
  lines(span: CollectionSpan, filter: CollectionFilter, cursor: string | null, limit: number): Promise<Page<CollectedLine>>;
  /** What was billed for a term and what of it is settled, today. */
  expected(termId: string): Promise<Expected[]>;
}

export const COLLECTION_STORE = token<CollectionStore>('FeeCollectionStore');
