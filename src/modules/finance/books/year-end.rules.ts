import type { Account } from '../chart/account.rules.js';
import type { LineDraft } from '../ledger/entry.rules.js';

/** What one account came to in one fund over a year; above zero for a debit. */
export interface Result {
  accountId: string;
  fundId: string | null;
  minor: number;
}

/** Takes every account of income and expense back to zero, fund by fund, against that fund's accumulated account. */
export function yearEndLines(accounts: readonly Account[], results: readonly Result[]): LineDraft[] {
  const yearly = new Set(accounts.filter((one) => one.kind === 'income' || one.kind === 'expense').map((one) => one.id));
  const taken = results.filter((one) => yearly.has(one.accountId) && one.minor !== 0);
  const funds = [...new Set(taken.map((one) => one.fundId))];
  return [
    ...taken.map(({ accountId, fundId, minor }) => ({ accountId, fundId, amountMinor: -minor })),
    ...funds.flatMap((fundId) => {
      const amountMinor = taken.filter((one) => one.fundId === fundId).reduce((sum, one) => sum + one.minor, 0);
      return amountMinor === 0 ? [] : [{ accountId: accumulatedOf(accounts, fundId), fundId, amountMinor }];
    }),
  ];
}

function accumulatedOf(accounts: readonly Account[], fundId: string | null): string {
  const all = accounts.filter((one) => one.role === 'accumulated');
  return (all.find((one) => one.fundId === fundId) ?? all[0])!.id;
}
