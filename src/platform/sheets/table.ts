import { currencyExponent } from '../../kernel/money.js';
import { REJECT_HEADS, type Column, type ColumnKind, type RawCell, type RawRow } from './columns.js';

/** What a file says about itself and how its cells are written. */
export interface SheetMeta {
  /** Name of the sheet. */
  title: string;
  author: string;
  /** For money columns; two decimals when it isn't named. */
  currency?: string;
}

/** A cell on its way out: money in major units, days as dates. */
export type OutCell = string | number | boolean | Date | null;

/** Columns and rows as both writers understand them. */
export interface Table<Row> {
  heads: string[];
  kinds: ColumnKind[];
  widths: number[];
  cells(row: Row): OutCell[];
}

/** One after the other, or as they come from the database: a page at a time, which spares a wait for each row. */
export type Rows<Row> = AsyncIterable<Row> | Iterable<Row> | Pages<Row>;

export interface Pages<Row> {
  pages: AsyncIterable<readonly Row[]>;
}

const PAGE = 200;

export async function* pagesOf<Row>(rows: Rows<Row>): AsyncGenerator<readonly Row[]> {
  if ('pages' in rows) return yield* rows.pages;
  let page: Row[] = [];
  for await (const row of rows) {
    if (page.push(row) < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

/** `asText`: days stay as they are written, for files that know no dates. */
export function tableOf<Row>(columns: readonly Column<Row>[], meta: Partial<SheetMeta>, asText = false): Table<Row> {
  const exponent = currencyExponent(meta.currency ?? '');
  const cells = columns.map((column) => (asText && column.kind === 'date' ? column.value : cellOf(column, exponent)));
  return {
    heads: columns.map((column) => column.head),
    kinds: columns.map((column) => column.kind),
    widths: columns.map((column) => column.width ?? Math.max(WIDTHS[column.kind], column.head.length + 2)),
    cells: (row) => cells.map((cell) => cell(row)),
  };
}

const WIDTHS: Record<ColumnKind, number> = {
  text: 28,
  name: 20,
  date: 12,
  number: 10,
  integer: 8,
  phone: 17,
  email: 28,
  choice: 14,
  flag: 8,
  money: 14,
  id: 16,
};

function cellOf<Row>(column: Column<Row>, exponent: number): (row: Row) => OutCell {
  switch (column.kind) {
    case 'date':
      return (row) => dateCell(column.value(row));
    case 'money':
      return (row) => {
        const minor = column.value(row);
        return typeof minor === 'number' ? minor / 10 ** exponent : minor;
      };
    case 'flag':
      return (row) => {
        const value = column.value(row);
        return typeof value === 'boolean' ? (value ? 'Yes' : 'No') : value;
      };
    case 'choice': {
      const labels = new Map(column.choices?.map((choice) => [choice.value, choice.label]));
      return (row) => {
        const value = column.value(row);
        return typeof value === 'string' ? (labels.get(value) ?? value) : value;
      };
    }
    default:
      return (row) => column.value(row);
  }
}

/** Spreadsheets count a day that never was before March 1900; such a day goes out as text. */
function dateCell(value: string | number | boolean | null): OutCell {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value) || value < '1900-03-01') return value;
  return new Date(`${value}T00:00:00Z`);
}

export interface RejectedRow {
  raw: RawRow;
  reasons: string[];
}

/** The cells as they came, then what to correct and where it stood; both of these are ignored when the file is sent again. */
export function rejectTable(headers: readonly string[]): Table<RejectedRow> {
  return {
    heads: [...headers, REJECT_HEADS.reason, REJECT_HEADS.row],
    kinds: [...headers.map((): ColumnKind => 'text'), 'text', 'text'],
    widths: [...headers.map((head) => Math.max(14, head.length + 2)), 60, 22],
    cells: ({ raw, reasons }) => {
      const cells: RawCell[] = headers.map((_header, at) => raw.cells[at] ?? null);
      return [...cells, reasons.join(' '), `${raw.sheet} ${raw.row}`.trim()];
    },
  };
}
