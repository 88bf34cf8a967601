import type { ServiceIdentifier } from 'inversify';
import type { Actor } from '../../kernel/actor.js';
import type { Account, SystemRole } from './chart/account.rules.js';
import type { Books } from './books/books.rules.js';
import type { EntryDraft, Party } from './ledger/entry.rules.js';
import type { AccountUse, EntryPapers, HeadNames, LedgerCheck, PartyStatement, Share } from './ports.js';

export type { Account, AccountKind, SystemRole } from './chart/account.rules.js';
export { NO_BOOKS } from './books/books.rules.js';
export type { Books, Variant } from './books/books.rules.js';
export type { Dimensions, LineDraft, Party, PartyKind, Source } from './ledger/entry.rules.js';
export { paperKey } from './cash-book/cash-book.rules.js';
export { INCOME_ACCOUNTS } from './chart/chart.rules.js';
export type {
  AccountUse,
  Difference,
  EntryPaper,
  EntryPapers,
  HeadName,
  HeadNames,
  LedgerCheck,
  PartyStatement,
  Share,
} from './ports.js';

/** What is to be booked. `by: 'rail'` is for money that has moved already: it is never refused for its day. */
export interface Posting extends Omit<EntryDraft, 'postedOn'> {
  by: 'person' | 'rail';
  /** Where a person wrote the day, for what is said of it; `valueOn` when left out. */
  dayField?: string;
}

/** `again`: the same source was booked before, and nothing was written now. */
export interface Posted {
  entryId: string;
  again: boolean;
}

/** The school's journal. Joins the caller's transaction; the caller has asked for the permission. */
export interface LedgerApi {
  /** Null until the books are opened. */
  openBooks(): Promise<Books | null>;
  /** The whole chart, by code; empty before the books are opened. */
  accounts(): Promise<readonly Account[]>;
  /** Banks that money can go to or come from; the first is taken where nobody chooses. */
  banks(): Promise<readonly Account[]>;
  /** The account that fills a role, of one fund where several have one. @throws RuleBroken before the books are opened */
  account(role: SystemRole, fundId?: string | null): Promise<Account>;
  /** @throws RuleBroken or Invalid for what can't be booked */
  post(actor: Actor, posting: Posting): Promise<Posted>;
  postAll(actor: Actor, postings: readonly Posting[]): Promise<Posted[]>;
  reverse(actor: Actor, entryId: string, memo: string): Promise<Posted>;
  /** Many at once, in the order of their ids. @throws Conflict when one of them is reversed already */
  reverseAll(actor: Actor, entryIds: readonly string[], memo: string): Promise<Posted[]>;
  /** What was booked on each party's own account from a day on, oldest first, and what stood before; by their ids, of everybody asked for. */
  statementsOf(
    kind: Party['kind'],
    ids: readonly string[],
    from: string,
    to: string,
  ): Promise<ReadonlyMap<string, PartyStatement>>;
  /** What lies on an account for each term, vote head and class; what comes to nothing is left out. */
  standingOn(accountId: string): Promise<Share[]>;
  /** What a party owes, in minor units; below zero it has paid beyond that. */
  balance(party: Party): Promise<number>;
  /** The same of many at once, by their ids; who never owed or paid anything is left out. */
  balances(partyIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

export const LEDGER: ServiceIdentifier<LedgerApi> = Symbol('Ledger');

/** Bound by each module whose documents must agree with the journal. */
export const LEDGER_CHECKS: ServiceIdentifier<LedgerCheck> = Symbol('LedgerChecks');

/** Bound by each module that keeps the id of an account. */
export const ACCOUNT_USES: ServiceIdentifier<AccountUse> = Symbol('AccountUses');

/** Bound by the module that charges by vote heads: the books name their columns by it. */
export const HEAD_NAMES: ServiceIdentifier<HeadNames> = Symbol('HeadNames');

/** Bound by each module whose documents move money. */
export const ENTRY_PAPERS: ServiceIdentifier<EntryPapers> = Symbol('EntryPapers');
