import { growsByCredit, type Account, type AccountKind } from '../chart/account.rules.js';

/** What one account did in a span, in minor units; `openingMinor` is above zero for a debit balance, credits are given as what they are, without a sign. */
export interface Movement {
  accountId: string;
  openingMinor: number;
  debitMinor: number;
  creditMinor: number;
}

export interface TrialRow extends Movement {
  code: string;
  name: string;
  kind: AccountKind;
  closingMinor: number;
}

export interface TrialBalance {
  rows: TrialRow[];
  totals: {
    openingDebit: number;
    openingCredit: number;
    debit: number;
    credit: number;
    closingDebit: number;
    closingCredit: number;
  };
}

/** Accounts that never moved are left out. */
export function trialBalance(accounts: readonly Account[], movements: readonly Movement[]): TrialBalance {
  const byAccount = new Map(movements.map((one) => [one.accountId, one]));
  const rows = accounts.flatMap(({ id, code, name, kind }) => {
    const moved = byAccount.get(id);
    return moved ? [{ ...moved, code, name, kind, closingMinor: moved.openingMinor + moved.debitMinor - moved.creditMinor }] : [];
  });
  const sum = (of: (row: TrialRow) => number): number => rows.reduce((total, row) => total + of(row), 0);
  return {
    rows,
    totals: {
      openingDebit: sum((row) => Math.max(row.openingMinor, 0)),
      openingCredit: sum((row) => Math.max(-row.openingMinor, 0)),
      debit: sum((row) => row.debitMinor),
      credit: sum((row) => row.creditMinor),
      closingDebit: sum((row) => Math.max(row.closingMinor, 0)),
      closingCredit: sum((row) => Math.max(-row.closingMinor, 0)),
    },
  };
}

export interface StatementLine {
  accountId: string | null;
  code: string;
  name: string;
  /** As a reader expects it: income and expenses, assets and liabilities all above zero when they are what they usually are. */
  amountMinor: number;
}

export interface Section {
  kind: AccountKind;
  lines: StatementLine[];
  totalMinor: number;
}

export interface IncomeStatement {
  income: Section;
  expense: Section;
  surplusMinor: number;
}

/** @param movements of the span, the entries of a year's end left out */
export function incomeStatement(accounts: readonly Account[], movements: readonly Movement[]): IncomeStatement {
  const changed = movements.map((one) => ({ accountId: one.accountId, balanceMinor: one.debitMinor - one.creditMinor }));
  const income = section('income', accounts, changed);
  const expense = section('expense', accounts, changed);
  return { income, expense, surplusMinor: income.totalMinor - expense.totalMinor };
}

export interface BalanceSheet {
  assets: Section;
  liabilities: Section;
  equity: Section;
}

export interface BalanceSheetParts {
  /** What families and sponsors have paid beyond what they owe, as one sum above or equal to zero. */
  creditBalancesMinor: number;
  receivableId: string | null;
  /** Words for the two lines that are no account. */
  words: { credits: string; surplus: string };
}

/**
 * Balances of a day. Credit balances of families stay in the receivable account and are shown as what they are, a
 * liability; income less expenses that no year's end has taken over is shown as the surplus so far.
 */
export function balanceSheet(
  accounts: readonly Account[],
  balances: readonly { accountId: string; balanceMinor: number }[],
  parts: BalanceSheetParts,
): BalanceSheet {
  const { creditBalancesMinor, receivableId, words } = parts;
  const shown = balances.map((one) =>
    one.accountId === receivableId ? { ...one, balanceMinor: one.balanceMinor + creditBalancesMinor } : one,
  );
  const assets = section('asset', accounts, shown);
  const liabilities = section('liability', accounts, shown);
  const equity = section('equity', accounts, shown);
  const surplus = section('income', accounts, shown).totalMinor - section('expense', accounts, shown).totalMinor;
  return {
    assets,
    liabilities: creditBalancesMinor === 0 ? liabilities : withLine(liabilities, words.credits, creditBalancesMinor),
    equity: surplus === 0 ? equity : withLine(equity, words.surplus, surplus),
  };
}

function section(
  kind: AccountKind,
  accounts: readonly Account[],
  balances: readonly { accountId: string; balanceMinor: number }[],
): Section {
  const byAccount = new Map(balances.map((one) => [one.accountId, one.balanceMinor]));
  const lines = accounts
    .filter((account) => account.kind === kind && (byAccount.get(account.id) ?? 0) !== 0)
    .map(({ id, code, name }) => ({
      accountId: id,
      code,
      name,
      amountMinor: (growsByCredit(kind) ? -1 : 1) * byAccount.get(id)!,
    }));
  return { kind, lines, totalMinor: lines.reduce((sum, line) => sum + line.amountMinor, 0) };
}

function withLine(of: Section, name: string, amountMinor: number): Section {
  return {
    ...of,
    lines: [...of.lines, { accountId: null, code: '', name, amountMinor }],
    totalMinor: of.totalMinor + amountMinor,
  };
}
