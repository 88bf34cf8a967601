import { Invalid } from '../../../kernel/errors.js';
import { formatMoney } from '../../../kernel/money.js';
import type { LineDraft } from '../ledger/entry.rules.js';

/** What was written for one head: an amount, or so much for each learner. */
export interface GrantRow {
  headId: string;
  perLearnerMinor: number | null;
  amountMinor: number | null;
}

export interface GrantPart {
  headId: string;
  perLearnerMinor: number | null;
  amountMinor: number;
}

/** Minor units; rows without anything are left out. @throws Invalid at the box that can't be */
export function grantParts(
  rows: readonly GrantRow[],
  learners: number | null,
  totalMinor: number,
  currency: string,
): GrantPart[] {
  const problems: Record<string, string> = {};
  const parts = rows.flatMap(({ headId, perLearnerMinor, amountMinor }): GrantPart[] => {
    if (perLearnerMinor === null && amountMinor === null) return [];
    if (perLearnerMinor !== null && amountMinor !== null)
      problems[`heads.${headId}.amount`] = 'Either an amount, or a rate per learner';
    if (perLearnerMinor !== null && learners === null) problems.learners = 'Enter the number of learners';
    return [
      { headId, perLearnerMinor, amountMinor: perLearnerMinor === null ? amountMinor! : perLearnerMinor * (learners ?? 0) },
    ];
  });
  const sum = parts.reduce((total, part) => total + part.amountMinor, 0);
  if (Object.keys(problems).length === 0 && sum !== totalMinor)
    problems.total = `The vote heads add up to ${formatMoney(sum, currency)}: ${formatMoney(Math.abs(totalMinor - sum), currency)} ${sum < totalMinor ? 'too little' : 'too much'}`;
  if (Object.keys(problems).length > 0) throw new Invalid(problems);
  return parts;
}

/** The bank account against the income of each head, all in one fund. */
export function grantLines(
  parts: readonly GrantPart[],
  { accountId, fundId, incomeOf }: { accountId: string; fundId: string; incomeOf(headId: string): string },
): LineDraft[] {
  return [
    { accountId, fundId, amountMinor: parts.reduce((sum, part) => sum + part.amountMinor, 0) },
    ...parts.map(({ headId, amountMinor }) => ({
      accountId: incomeOf(headId),
      fundId,
      voteHeadId: headId,
      amountMinor: -amountMinor,
    })),
  ];
}
