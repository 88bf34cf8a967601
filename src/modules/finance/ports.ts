import type { ServiceIdentifier } from 'inversify';
import type { Page } from '../../kernel/page.js';
import type { Account, AccountKind, CostCentre, Fund } from './chart/account.rules.js';
import type { Books } from './books/books.rules.js';
import type { Entry, Line, Party, PartyKind } from './ledger/entry.rules.js';
import type { Movement } from './statements/statements.rules.js';
import type { Result } from './books/year-end.rules.js';

export * from './cash-book/ports.js';
export * from './grants/ports.js';
export * from './vote-book/ports.js';

/** Accounts in the order of their codes, with what they are grouped by. */
export interface Chart {
  accounts: readonly Account[];
  funds: readonly Fund[];
  costCentres: readonly CostCentre[];
}

export interface BooksStore {
  /** Null until the books are opened. */
  find(): Promise<Books | null>;
  insert(books: Books): Promise<void>;
  /** False when somebody else changed them since that version. */
  update(books: Books): Promise<boolean>;
  /** The books as they stay until the transaction ends: nobody closes or opens a month meanwhile. Null until the books are opened. */
  hold(): Promise<Books | null>;
  /** Waits until nobody posts, and keeps everybody from it until the transaction ends; the books as they are then. */
  holdAll(): Promise<Books | null>;
  addClosing(closing: Omit<Closing, 'at'>): Promise<void>;
  /** Newest first. */
  closings(): Promise<Closing[]>;
}

export interface Closing {
  id: string;
  kind: 'close' | 'reopen' | 'year-end';
  throughOn: string;
  reason: string;
  byUserId: string | null;
  byName: string;
  at: Date;
}

export interface ChartStore {
  chart(): Promise<Chart>;
  insertAll(chart: Chart): Promise<void>;
  /** @throws Invalid when the code or the role is taken */
  insertAccount(account: Account): Promise<void>;
  /** @throws Invalid when the code is taken; false when somebody else changed it since that version */
  updateAccount(account: Account): Promise<boolean>;
  /** Whether anything was ever posted to it: waits for those who post to it, and keeps others from it until the transaction ends. */
  holdUsed(accountId: string): Promise<boolean>;
  insertGroup(kind: 'fund' | 'cost-centre', group: Fund): Promise<void>;
  updateGroup(kind: 'fund' | 'cost-centre', group: Fund): Promise<boolean>;
}

/** An entry as lists show it; `number` comes a moment after the commit. */
export interface EntryLine {
  id: string;
  number: number | null;
  valueOn: string;
  postedOn: string;
  sourceKind: string;
  sourceKey: string;
  memo: string;
  byName: string;
  createdAt: Date;
  reversesId: string | null;
  /** The sum of its debits. */
  amountMinor: number;
}

export interface PostedEntry extends EntryLine {
  reversedById: string | null;
  lines: (Line & { n: number })[];
}

export interface JournalFilter {
  from: string | null;
  to: string | null;
  source: string | null;
  text: string | null;
}

/** One line of an account's own page; `balanceMinor` runs from the oldest. */
export interface LedgerLine {
  entryId: string;
  n: number;
  number: number | null;
  valueOn: string;
  postedOn: string;
  memo: string;
  amountMinor: number;
  balanceMinor: number;
  party: Party | null;
  /** Codes of the accounts on the other side. */
  against: string[];
}

/** A line in the ledger of all accounts; its balance runs within its account. */
export interface GeneralLine extends Pick<
  LedgerLine,
  'entryId' | 'n' | 'number' | 'postedOn' | 'memo' | 'amountMinor' | 'balanceMinor'
> {
  accountId: string;
  code: string;
  name: string;
  kind: AccountKind;
}

/** What a party owed before a span, and what changed in it; one row for each entry. */
export interface PartyStatement {
  openingMinor: number;
  rows: {
    entryId: string;
    postedOn: string;
    valueOn: string;
    memo: string;
    sourceKind: string;
    /** The entry that this one takes back. */ reversesId: string | null;
    amountMinor: number;
  }[];
}

/** A part of an account's balance. */
export interface Share {
  termId: string | null;
  voteHeadId: string | null;
  classId: string | null;
  balanceMinor: number;
}

export interface EntryStore {
  /** Those whose source is new; the others are left out, since they are there already. The sums of parties go along. */
  insert(
    entries: readonly Entry[],
    by: { userId: string | null; name: string },
    receivableId: string | null,
  ): Promise<Set<string>>;
  idOfSource(kind: string, key: string): Promise<string | null>;
  find(id: string): Promise<PostedEntry | null>;
  journal(filter: JournalFilter, cursor: string | null, limit: number): Promise<Page<EntryLine>>;
  /** Lines of one account from a day on, oldest first, with the balance after each. */
  ledger(accountId: string, from: string, to: string, cursor: string | null, limit: number): Promise<Page<LedgerLine>>;
  /** All of them, from one cursor; within a snapshot. */
  wholeLedger(accountId: string, from: string, to: string): AsyncIterable<readonly LedgerLine[]>;
  /** Gives the next numbers to entries that have none yet; how many. */
  giveNumbers(): Promise<number>;
  balanceOf(party: Party): Promise<number>;
  balancesOf(partyIds: readonly string[]): Promise<Map<string, number>>;
  /** Parties' lines on the receivable account, one row for each entry; a party without any is there too. */
  statementsOf(
    kind: Party['kind'],
    ids: readonly string[],
    receivableId: string,
    from: string,
    to: string,
  ): Promise<Map<string, PartyStatement>>;
  /** What an account's balance is made of. */
  sharesOf(accountId: string): Promise<Share[]>;
  /** Those that are there, with their lines and what reversed them. */
  findAll(ids: readonly string[]): Promise<Pick<PostedEntry, 'id' | 'reversedById' | 'lines'>[]>;
}

export interface StatementStore {
  /** What each account did from one day to another, both included; `withYearEnd` counts the entries of years' ends. */
  movements(from: string, to: string, options: { withYearEnd: boolean; fundId?: string | null }): Promise<Movement[]>;
  /** What each account came to in each fund. */
  results(from: string, to: string): Promise<Result[]>;
  /** Lines of all accounts, by code and then oldest first. */
  generalLedger(
    from: string,
    to: string,
    fundId: string | null,
    cursor: string | null,
    limit: number,
  ): Promise<Page<GeneralLine>>;
  /** All of them, from one cursor; within a snapshot. */
  wholeGeneralLedger(from: string, to: string, fundId: string | null): AsyncIterable<readonly GeneralLine[]>;
  /** Balance of each account at the end of a day. */
  balances(on: string): Promise<{ accountId: string; balanceMinor: number }[]>;
  /** What parties had paid beyond what they owed, at the end of a day; above or equal to zero. */
  creditBalances(receivableId: string, on: string): Promise<number>;
}

/** One thing that doesn't agree with another, as the bursar's page says it. */
export interface Difference {
  check: string;
  /** What it is about: the id of an entry, a party, a document. */
  subject: string;
  sentence: string;
}

/** Of all that counts up to a day. */
export interface ClosedFigures {
  entries: number;
  digest: string;
}

export interface LedgerCheck {
  name: string;
  run(): Promise<Difference[]>;
}

/** What else of the school books to an account, so that it isn't switched off under it. */
export interface AccountUse {
  /** The name of one thing that does: `vote head TUI Tuition`; null when there is none. */
  userOf(accountId: string): Promise<string | null>;
}

export interface CheckStore {
  unbalanced(): Promise<{ entryId: string; sumMinor: number; lines: number }[]>;
  wrongSums(receivableId: string): Promise<{ partyKind: PartyKind; partyId: string; keptMinor: number; derivedMinor: number }[]>;
  /** Lines on the control account that name no party. */
  homeless(receivableId: string): Promise<{ entryId: string; amountMinor: number }[]>;
  misdated(): Promise<{ entryId: string }[]>;
  /** Entries that count in a closed month and were written, or dated, after it was closed. */
  inClosed(): Promise<{ entryId: string; postedOn: string }[]>;
  /** What counted when the books were closed last, and what counts up to the same day now; null where nothing is closed. */
  sinceClosing(): Promise<{ throughOn: string; then: ClosedFigures; now: ClosedFigures } | null>;
  /** Entries and grants whose number isn't the one that was noted when it was given. */
  renumbered(): Promise<{ id: string; kind: 'entry' | 'grant'; number: number | null; given: number | null }[]>;
  save(result: { id: string; ranAt: Date; differences: readonly Difference[] }): Promise<void>;
  last(): Promise<{ ranAt: Date; differences: Difference[] } | null>;
}

export const BOOKS_STORE: ServiceIdentifier<BooksStore> = Symbol('FinanceBooksStore');
export const CHART_STORE: ServiceIdentifier<ChartStore> = Symbol('FinanceChartStore');
export const ENTRY_STORE: ServiceIdentifier<EntryStore> = Symbol('FinanceEntryStore');
export const STATEMENT_STORE: ServiceIdentifier<StatementStore> = Symbol('FinanceStatementStore');
export const CHECK_STORE: ServiceIdentifier<CheckStore> = Symbol('FinanceCheckStore');
