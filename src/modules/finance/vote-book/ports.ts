import type { ServiceIdentifier } from 'inversify';
import type { Page } from '../../../kernel/page.js';
import type { VoteFacts } from './vote-book.rules.js';

export interface VoteSpan {
  from: string;
  to: string;
  fundId: string | null;
}

export interface Allocation {
  headId: string;
  yearStartsOn: string;
  amountMinor: number;
  /** 0 for one that is not written yet. */
  version: number;
}

/** A line of income or spending; both are null where it is the other. */
export interface VoteLine {
  entryId: string;
  n: number;
  postedOn: string;
  number: number | null;
  memo: string;
  account: string;
  incomeMinor: number | null;
  spentMinor: number | null;
}

export interface VoteBookStore {
  facts(span: VoteSpan): Promise<VoteFacts[]>;
  /** Of one head, or with null of none; oldest first. */
  lines(headId: string | null, span: VoteSpan, cursor: string | null, limit: number): Promise<Page<VoteLine>>;
  allocations(yearStartsOn: string): Promise<Allocation[]>;
  /** False when somebody else wrote it since that version. */
  allocate(allocation: Allocation): Promise<boolean>;
}

export const VOTE_BOOK_STORE: ServiceIdentifier<VoteBookStore> = Symbol('FinanceVoteBookStore');
