import type { Account } from '../chart/account.rules.js';
import { holdsMoney } from '../chart/account.rules.js';
import type { Source } from '../ledger/entry.rules.js';

/** Columns for what names no vote head: money that families have paid ahead, moves between the school's own money, and all else. */
export const OTHER_COLUMNS = ['ahead', 'contra', 'other'] as const;

export interface CashRow {
  entryId: string;
  number: number | null;
  postedOn: string;
  memo: string;
  /** Where it comes from; of what takes an entry back, where that came from. */
  source: Source;
  takenBack: boolean;
  /** Above zero money that came, below zero money that went. */
  minor: number;
  /** What it was for, by vote head or one of the other columns; together they come to `minor`. */
  parts: Readonly<Record<string, number>>;
}

export interface CashSide {
  /** Keys of the columns that hold something, in the order of the vote heads. */
  columns: string[];
  rows: CashRow[];
  /** By column, without a sign. */
  totals: Record<string, number>;
  totalMinor: number;
}

/** One account over some days: what stood there, what came, what went, and what stands there at the end. */
export interface CashBook {
  openingMinor: number;
  receipts: CashSide;
  payments: CashSide;
  closingMinor: number;
}

/** @param order ids of the vote heads; one that is not in it comes after them */
export function cashBook(openingMinor: number, rows: readonly CashRow[], order: readonly string[]): CashBook {
  const receipts = side(
    rows.filter((row) => row.minor > 0),
    order,
  );
  const payments = side(
    rows.filter((row) => row.minor < 0),
    order,
  );
  return { openingMinor, receipts, payments, closingMinor: openingMinor + receipts.totalMinor - payments.totalMinor };
}

function side(rows: readonly CashRow[], order: readonly string[]): CashSide {
  const shown = rows.map((row) => (row.minor < 0 ? turned(row) : row));
  const totals: Record<string, number> = {};
  for (const { parts } of shown) for (const [key, minor] of Object.entries(parts)) totals[key] = (totals[key] ?? 0) + minor;
  const held = Object.keys(totals).filter((key) => shown.some((row) => row.parts[key]));
  return { columns: inOrder(held, order), rows: shown, totals, totalMinor: shown.reduce((sum, row) => sum + row.minor, 0) };
}

/** Payments are written without a sign on their own side. */
function turned({ parts, minor, ...row }: CashRow): CashRow {
  return { ...row, minor: -minor, parts: Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, -part])) };
}

/** Vote heads as the school orders them, then the other columns. */
export function inOrder(keys: readonly string[], order: readonly string[]): string[] {
  const all = [...order, ...OTHER_COLUMNS];
  const place = (key: string): number => (all.includes(key) ? all.indexOf(key) : order.length - 0.5);
  return [...new Set(keys)].sort((a, b) => place(a) - place(b));
}

/** Accounts that have a cash book. */
export function cashAccounts(accounts: readonly Account[]): Account[] {
  return accounts.filter((account) => holdsMoney(account));
}

export function paperKey({ kind, key }: Source): string {
  return `${kind} ${key}`;
}
