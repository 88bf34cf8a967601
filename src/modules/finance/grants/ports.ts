import type { ServiceIdentifier } from 'inversify';
import type { Page } from '../../../kernel/page.js';
import type { GrantPart } from './grant.rules.js';

export interface Grant {
  id: string;
  /** Counted from 1, without a gap. */
  number: number;
  fundId: string;
  /** The bank account that the money came into. */
  accountId: string;
  receivedOn: string;
  giver: string;
  reference: string;
  learners: number | null;
  amountMinor: number;
  note: string;
  state: 'received' | 'reversed';
  endedWhy: string;
  entryId: string;
  byName: string;
  createdAt: Date;
}

export interface GrantFilter {
  fundId: string | null;
  state: Grant['state'] | null;
}

export interface GrantStore {
  /** The grant that a form was booked as. */
  ofKey(key: string): Promise<string | null>;
  /** The number is taken last. @throws Invalid when the fund has a grant with this reference */
  insert(
    grant: Omit<Grant, 'number' | 'state' | 'endedWhy' | 'createdAt'> & { key: string },
    parts: readonly GrantPart[],
  ): Promise<number>;
  find(id: string): Promise<(Grant & { parts: GrantPart[] }) | null>;
  /** Newest first. */
  list(filter: GrantFilter, cursor: string | null, limit: number): Promise<Page<Grant>>;
  /** False when it was taken back already. */
  takeBack(id: string, why: string): Promise<boolean>;
  /** Those that don't agree with their heads or their entry. */
  differing(): Promise<{ id: string; number: number }[]>;
  /** Number of each of these that is there. */
  numbers(ids: readonly string[]): Promise<Map<string, number>>;
}

export const GRANT_STORE: ServiceIdentifier<GrantStore> = Symbol('FinanceGrantStore');
