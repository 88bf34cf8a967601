import type { ServiceIdentifier } from 'inversify';
import type { CashRow } from './cash-book.rules.js';
import type { Source } from '../ledger/entry.rules.js';

export interface CashBookStore {
  /** What stood on the account before a day, and its rows from then on to the last day, oldest first; one more than `most` at most. */
  read(accountId: string, from: string, to: string, most: number): Promise<{ openingMinor: number; rows: CashRow[] }>;
}

/** A vote head as the books name it. */
export interface HeadName {
  id: string;
  code: string;
  name: string;
  kind: string;
  /** The account of the books that it ends in. */
  accountId: string;
  active: boolean;
}

/** The module that charges by vote heads binds it: in its own order. */
export interface HeadNames {
  all(): Promise<readonly HeadName[]>;
}

/** What people call the document behind an entry, and where it is. */
export interface EntryPaper {
  number: string;
  href: string;
}

/** Bound by each module whose documents move money: of these sources, those that are its own, by `paperKey`. */
export interface EntryPapers {
  of(sources: readonly Source[]): Promise<ReadonlyMap<string, EntryPaper>>;
}

export const CASH_BOOK_STORE: ServiceIdentifier<CashBookStore> = Symbol('FinanceCashBookStore');
