import type { LineDraft, Posting } from '../../finance/index.js';
import type { DocumentLine } from '../billing/billing.rules.js';
import type { DocumentKind, Payer } from './document.rules.js';
import type { Release } from '../clearance/release.rules.js';
import type { VoteHead } from '../structures/vote-head.rules.js';

/** The accounts of the books that documents are booked to. */
export interface FeeAccounts {
  receivable: string;
  advance: string;
  discounts: string;
  accumulated: string;
}

export interface ToPost {
  id: string;
  kind: DocumentKind;
  studentId: string;
  termId: string | null;
  classId: string | null;
  payer: Payer;
  lines: readonly DocumentLine[];
}

/**
 * The entry of a document: each line debits what the payer owes (or credits it, where something is taken off) with every
 * dimension, against the account that its head ends in.
 */
export function postingOf(
  document: ToPost,
  on: string,
  memo: string,
  accounts: FeeAccounts,
  heads: ReadonlyMap<string, VoteHead>,
): Posting {
  const { id, kind, studentId, termId, classId, payer } = document;
  const lines = document.lines.flatMap((line): LineDraft[] => {
    const shared = { studentId, voteHeadId: line.headId, termId, classId, memo: line.description };
    return [
      { ...shared, accountId: accounts.receivable, amountMinor: line.amountMinor, party: payer },
      { ...shared, accountId: otherSide(kind, line, termId, accounts, heads.get(line.headId)!), amountMinor: -line.amountMinor },
    ];
  });
  return { source: { kind: `fees.${kind}`, key: id }, valueOn: on, memo, by: 'person', lines };
}

/** What was owed before the books began is no income of now; a discount is shown as one; income of a term waits until it is released. */
function otherSide(kind: DocumentKind, line: DocumentLine, termId: string | null, accounts: FeeAccounts, head: VoteHead): string {
  if (kind === 'opening') return accounts.accumulated;
  if (line.kind === 'discount') return accounts.discounts;
  return head.kind === 'income' && termId !== null ? accounts.advance : head.accountId;
}

/** The entry of what a term releases; `key` names the term and the day or month, so that it is booked once. */
export function releasePosting(
  releases: readonly Release[],
  { key, on, memo }: { key: string; on: string; memo: string },
  advance: string,
  accounts: ReadonlyMap<string, string>,
): Posting {
  const lines = releases.flatMap(({ termId, headId, classId, amountMinor }): LineDraft[] => {
    const shared = { voteHeadId: headId, termId, classId };
    return [
      { ...shared, accountId: advance, amountMinor },
      { ...shared, accountId: accounts.get(headId)!, amountMinor: -amountMinor },
    ];
  });
  return { source: { kind: 'fees.release', key }, valueOn: on, memo, by: 'rail', lines };
}
