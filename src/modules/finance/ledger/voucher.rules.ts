import { isBank, type Account } from '../chart/account.rules.js';
import type { JournalRow } from './entry.rules.js';

/**
 * Accounts whose balance a list stands behind: who owes what, and whose money waits. A hand on them would part the two, so
 * they change by the pages that keep both.
 */
export const KEPT_BY_LISTS: Readonly<Partial<Record<NonNullable<Account['role']>, string>>> = {
  receivable: 'Student balances change only through invoices, notes and receipts',
  suspense: 'Unidentified money changes only on the Unmatched payments page',
};

/** Roles that nobody touches by hand alone, beside the banks. */
const BEYOND_ONE: ReadonlySet<string> = new Set(['clearing.mobile', 'clearing.card', ...Object.keys(KEPT_BY_LISTS)]);

/** Debits of a voucher, in minor units. */
export function sumOfVoucher(rows: readonly Pick<JournalRow, 'debitMinor'>[]): number {
  return rows.reduce((sum, { debitMinor }) => sum + (debitMinor ?? 0), 0);
}

/** Whether one person may not book it alone: it touches a bank or what a list stands behind, or more than the school lets one person book. */
export function takesTwo(
  rows: readonly Pick<JournalRow, 'accountId' | 'debitMinor'>[],
  accounts: readonly Account[],
  limitMinor: number,
): boolean {
  if (sumOfVoucher(rows) > limitMinor) return true;
  return rows.some(({ accountId }) =>
    accounts.some((one) => one.id === accountId && (isBank(one) || BEYOND_ONE.has(one.role ?? ''))),
  );
}
