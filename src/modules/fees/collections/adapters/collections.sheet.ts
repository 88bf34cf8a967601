import type { Column } from '../../../../platform/sheets/columns.js';
import type { CrossTable } from '../collections.rules.js';
import type { CollectedLine } from '../../ports.js';

export interface CrossSheetRow {
  label: string;
  cells: readonly number[];
  total: number;
}

/** One column for each of the table's, then their sum. */
export function crossColumns(head: string, { columns }: Pick<CrossTable, 'columns'>): Column<CrossSheetRow>[] {
  return [
    { key: 'label', head, kind: 'text', width: 30, value: (row) => row.label },
    ...columns.map(({ label }, n): Column<CrossSheetRow> => ({
      key: `c${n}`,
      head: label,
      kind: 'money',
      width: 16,
      value: (row) => row.cells[n]!,
    })),
    { key: 'total', head: 'Total', kind: 'money', width: 18, value: (row) => row.total },
  ];
}

/** The totals as the last row. */
export function crossSheetRows({ rows, totals, totalMinor }: CrossTable, total: string): CrossSheetRow[] {
  return [
    ...rows.map(({ label, cells, totalMinor: sum }) => ({ label, cells, total: sum })),
    { label: total, cells: totals, total: totalMinor },
  ];
}

export interface ExpectedSheetRow {
  className: string;
  head: string;
  billedMinor: number;
  discountMinor: number;
  expectedMinor: number;
  settledMinor: number;
  openMinor: number;
  basisPoints: number | null;
}

export const expectedColumns: Column<ExpectedSheetRow>[] = [
  { key: 'class', head: 'Class', kind: 'text', value: (row) => row.className },
  { key: 'head', head: 'Vote head', kind: 'text', value: (row) => row.head },
  { key: 'billed', head: 'Billed', kind: 'money', value: (row) => row.billedMinor },
  { key: 'discount', head: 'Discounts', kind: 'money', value: (row) => row.discountMinor },
  { key: 'expected', head: 'Expected', kind: 'money', value: (row) => row.expectedMinor },
  { key: 'collected', head: 'Collected', kind: 'money', value: (row) => row.settledMinor },
  { key: 'percent', head: 'Per cent', kind: 'number', value: (row) => (row.basisPoints === null ? null : row.basisPoints / 100) },
  { key: 'open', head: 'Open', kind: 'money', value: (row) => row.openMinor },
];

/** A line with the words for what it names. */
export type NamedLine = CollectedLine & {
  student: string;
  admissionNo: string;
  head: string;
  className: string;
  term: string;
  by: string;
};

export const collectedLineColumns: Column<NamedLine>[] = [
  { key: 'postedOn', head: 'Counts on', kind: 'date', value: (row) => row.postedOn },
  { key: 'receipt', head: 'Receipt', kind: 'id', value: (row) => row.numbers },
  { key: 'admissionNo', head: 'Admission number', kind: 'id', value: (row) => row.admissionNo },
  { key: 'student', head: 'Student', kind: 'name', width: 30, value: (row) => row.student },
  { key: 'class', head: 'Class', kind: 'text', value: (row) => row.className },
  { key: 'head', head: 'Vote head', kind: 'text', value: (row) => row.head },
  { key: 'term', head: 'Term', kind: 'text', value: (row) => row.term },
  { key: 'method', head: 'Method', kind: 'text', value: (row) => row.by },
  { key: 'cashier', head: 'Cashier', kind: 'text', value: (row) => row.cashier },
  { key: 'takenBack', head: 'Reversed', kind: 'flag', value: (row) => row.takenBack },
  { key: 'amount', head: 'Amount', kind: 'money', value: (row) => row.amountMinor },
];
