import type { UsualFee } from '../../../kernel/packs/types.js';

export type { UsualFee };

/** What becomes of the money: the school's income, a deposit that goes back, somebody else's (an examination body's), or a grant of the state, which nobody is charged. */
export const HEAD_KINDS = ['income', 'deposit', 'for-others', 'grant'] as const;
export type HeadKind = (typeof HEAD_KINDS)[number];

/** `once` is charged in a learner's first year at the school: admission, caution money. */
export const FREQUENCIES = ['term', 'year', 'once'] as const;
export type Frequency = (typeof FREQUENCIES)[number];

export const LAST_PRIORITY = 99;

/** One thing that the school charges for; schools of the state call it a vote head. */
export interface VoteHead {
  id: string;
  code: string;
  name: string;
  kind: HeadKind;
  frequency: Frequency;
  /** Charged to everybody whom a structure is for; others only to those who take it (transport, meals). */
  mandatory: boolean;
  accountId: string;
  /** 1 to `LAST_PRIORITY`: inside one invoice a payment settles the lower number first. */
  priority: number;
  active: boolean;
  version: number;
}

/** A deposit is owed back and money for others goes on: only the rest is the school's income. */
export function kindOf({ books }: UsualFee): HeadKind {
  return books === 'deposit' || books === 'for-others' ? books : 'income';
}

/** Whether the school has a head of this code or name, in use or not. */
export function isCharged(fee: UsualFee, heads: readonly Pick<VoteHead, 'code' | 'name'>[]): boolean {
  return heads.some((head) => head.code === fee.code || head.name.toLowerCase() === fee.name.toLowerCase());
}
