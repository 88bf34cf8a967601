import type { ReportKit } from './kit.js';
import type { Column, Row } from './table.js';
import type { Text } from './text.js';

/** One row of a table whose columns need more than one sheet. */
export interface WideRow {
  /** Repeated on every sheet. */
  fixed: readonly Text[];
  cells: readonly Text[];
  strong?: boolean;
}

export interface WideTable {
  fixed: readonly Column[];
  /** As many as there are: those that don't fit beside each other go on to a further sheet. Each has a width. */
  columns: readonly (Column & { width: number })[];
  rows: readonly (WideRow | { group: string; note?: string })[];
  totals?: readonly WideRow[];
  /** As in a plain table. */
  carry?: (done: number, label: string) => WideRow;
  size?: number;
  empty?: string;
}

/** A column without a width of its own gets at least this, in millimetres. */
const LEAST = 38;

/** The same rows on as many sheets as the columns need, beside the same fixed columns: laid side by side they are the whole table. */
export function drawWideTable(kit: ReportKit, table: WideTable): void {
  const parts = partsOf(table, kit.width);
  parts.forEach(({ from, to }, index) => {
    if (index > 0) kit.newPage();
    if (parts.length > 1)
      kit.paragraph(kit.t('Sheet {{n}} of {{m}}, side by side', { n: index + 1, m: parts.length }), { size: 8.5, gap: 1 });
    const cellsOf = ({ fixed, cells }: WideRow): Text[] => [...fixed, ...cells.slice(from, to)];
    const { carry } = table;
    kit.table({
      columns: [...table.fixed, ...table.columns.slice(from, to)],
      rows: table.rows.map((row): Row => ('group' in row ? row : { cells: cellsOf(row), strong: row.strong })),
      totals: table.totals?.map(cellsOf),
      carry: carry && ((done, label) => cellsOf(carry(done, label))),
      size: table.size,
      empty: table.empty,
    });
  });
}

/** As few sheets as the widths allow, with about as many columns on each. */
function partsOf({ fixed, columns }: WideTable, width: number): { from: number; to: number }[] {
  const room = width - widthOf(fixed);
  for (let sheets = 1; ; sheets += 1) {
    const each = Math.max(1, Math.ceil(columns.length / sheets));
    const parts = Array.from({ length: Math.max(1, Math.ceil(columns.length / each)) }, (_, n) => ({
      from: n * each,
      to: Math.min((n + 1) * each, columns.length),
    }));
    if (each === 1 || parts.every(({ from, to }) => widthOf(columns.slice(from, to)) <= room)) return parts;
  }
}

function widthOf(columns: readonly Column[]): number {
  return columns.reduce((sum, column) => sum + (column.width ?? LEAST), 0);
}
