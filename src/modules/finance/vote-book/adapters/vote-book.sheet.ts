import type { Column } from '../../../../platform/sheets/columns.js';
import type { VoteAccount } from '../vote-book.rules.js';
import { voteTotals } from '../vote-book.rules.js';
import type { VoteLine } from '../../ports.js';

export interface VoteSheetRow {
  code: string;
  name: string;
  month: string;
  allocationMinor: number | null;
  incomeMinor: number;
  spentMinor: number;
  balanceMinor: number;
}

export type HeadWords = ReadonlyMap<string | null, { code: string; name: string }>;

export const voteColumns: Column<VoteSheetRow>[] = [
  { key: 'code', head: 'Code', kind: 'id', value: (row) => row.code },
  { key: 'name', head: 'Vote head', kind: 'text', width: 30, value: (row) => row.name },
  { key: 'month', head: 'Month', kind: 'id', value: (row) => row.month },
  { key: 'allocation', head: 'Allocation', kind: 'money', value: (row) => row.allocationMinor },
  { key: 'income', head: 'Income', kind: 'money', value: (row) => row.incomeMinor },
  { key: 'spent', head: 'Spent', kind: 'money', value: (row) => row.spentMinor },
  { key: 'balance', head: 'Balance', kind: 'money', value: (row) => row.balanceMinor },
];

/** A row for each head and month in which something happened, the allocation with the first; the totals as the last row. */
export function voteSheetRows(accounts: readonly VoteAccount[], words: HeadWords, total: string): VoteSheetRow[] {
  const rows = accounts.flatMap(({ headId, allocationMinor, months }): VoteSheetRow[] => {
    const moved = months.filter((one) => one.incomeMinor !== 0 || one.spentMinor !== 0);
    const shown = moved.length > 0 || allocationMinor === null ? moved : months.slice(0, 1);
    return shown.map((one, n) => ({
      code: words.get(headId)?.code ?? '',
      name: words.get(headId)?.name ?? '',
      ...one,
      allocationMinor: n === 0 ? allocationMinor : null,
    }));
  });
  return [...rows, { code: '', name: total, month: '', ...voteTotals(accounts) }];
}

export const voteLineColumns: Column<VoteLine>[] = [
  { key: 'postedOn', head: 'Date', kind: 'date', value: (row) => row.postedOn },
  { key: 'number', head: 'No.', kind: 'integer', value: (row) => row.number },
  { key: 'memo', head: 'Details', kind: 'text', width: 40, value: (row) => row.memo },
  { key: 'account', head: 'Account', kind: 'text', width: 30, value: (row) => row.account },
  { key: 'income', head: 'Income', kind: 'money', value: (row) => row.incomeMinor },
  { key: 'spent', head: 'Spent', kind: 'money', value: (row) => row.spentMinor },
];
