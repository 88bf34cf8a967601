import type { Heading, RawCell, RawRow } from './columns.js';
import type { Reading } from './reading/encodings.js';
import type { Limits } from './limits.js';

export interface SheetInfo {
  name: string;
  hidden: boolean;
  /** The last row of the headings, null when none was found. */
  headerRow: number | null;
  headers: string[];
  /** Rows with something in them, beneath the headings; null where it was not counted. */
  rows: number | null;
  /** Whether its rows are read. */
  chosen: boolean;
}

/** Told once for each sheet that is read, before its rows; all sheets of one read share one list of headings. */
export interface SheetHeader {
  sheet: string;
  headerRow: number;
  headers: string[];
}

export interface SheetsFound {
  kind: 'csv' | 'xlsx' | 'bundle';
  sheets: SheetInfo[];
  /** The workbook counts days from 1904: hand it on to the cell parser. */
  date1904: boolean;
  /** Of a CSV file. */
  encoding?: string;
  /** The ways in which its letters may be read, likeliest first, where that is in doubt. */
  readings?: Reading[];
  delimiter?: string;
}

export interface ReadRequest {
  path: string;
  name: string;
  limits: Limits;
  headings: Heading[];
  sheets: string[] | null;
  take: number;
  /** Names of the CSV files of a zip archive to read, in this order; null for a file that is one list. */
  bundle: string[] | null;
  /** What a CSV file is written in, where a person has said so. */
  encoding: string | null;
}

/** A batch travels as JSON; what JSON can't tell from text (days) is listed beside it by row and column. */
export interface RowBatch {
  type: 'rows';
  sheet: string;
  rows: [row: number, cells: Exclude<RawCell, Date>[], problem?: string][];
  dates: number[];
}

export type FromChild =
  | { type: 'found'; found: SheetsFound }
  | { type: 'header'; header: SheetHeader }
  | RowBatch
  | { type: 'done'; rows: number; peakBytes: number }
  | { type: 'refused'; sentence: string }
  | { type: 'failed'; message: string };

export type ToChild = { type: 'read'; request: ReadRequest } | { type: 'more' };

export function packRows(sheet: string, rows: RawRow[]): RowBatch {
  const dates: number[] = [];
  const packed = rows.map(({ row, cells, problem }, index): RowBatch['rows'][number] => {
    cells.forEach((cell, at) => {
      if (cell instanceof Date) dates.push(index, at);
    });
    const plain = dates.at(-2) === index ? cells.map((cell) => (cell instanceof Date ? cell.getTime() : cell)) : cells;
    return problem ? [row, plain as Exclude<RawCell, Date>[], problem] : [row, plain as Exclude<RawCell, Date>[]];
  });
  return { type: 'rows', sheet, rows: packed, dates };
}

export function unpackRows(batch: RowBatch): RawRow[] {
  const rows = batch.rows.map(([row, cells, problem]): RawRow => ({
    sheet: batch.sheet,
    row,
    cells,
    ...(problem && { problem }),
  }));
  for (let i = 0; i < batch.dates.length; i += 2) {
    const { cells } = rows[batch.dates[i]!]!;
    cells[batch.dates[i + 1]!] = new Date(cells[batch.dates[i + 1]!] as number);
  }
  return rows;
}
