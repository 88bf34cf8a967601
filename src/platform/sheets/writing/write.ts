import type { Writable } from 'node:stream';
import type { Column } from '../columns.js';
import { rejectTable, tableOf, type RejectedRow, type Rows, type SheetMeta } from '../table.js';
import { csvText, streamCsv } from './write-csv.js';
import { streamTemplate } from './write-template.js';
import { streamXlsx } from './write-xlsx.js';

export type { Pages, RejectedRow, Rows, SheetMeta } from '../table.js';

/** Writes all rows, ends the stream and returns their number once everything has been taken. */
export function writeCsv<Row>(
  stream: Writable,
  columns: readonly Column<Row>[],
  rows: Rows<Row>,
  meta: Partial<SheetMeta> = {},
): Promise<number> {
  return streamCsv(stream, tableOf(columns, meta, true), rows);
}

/** The text of a CSV file, made while it is read. */
export function csvBody<Row>(
  columns: readonly Column<Row>[],
  rows: Rows<Row>,
  meta: Partial<SheetMeta> = {},
): AsyncIterable<string> {
  return csvText(tableOf(columns, meta, true), rows);
}

/** Writes all rows, ends the stream and returns their number once everything has been taken. */
export function writeXlsx<Row>(
  stream: Writable,
  columns: readonly Column<Row>[],
  rows: Rows<Row>,
  meta: SheetMeta,
): Promise<number> {
  return streamXlsx(stream, tableOf(columns, meta), rows, meta);
}

/** The blank workbook of these columns. */
export function writeTemplate<Row>(stream: Writable, columns: readonly Column<Row>[], meta: SheetMeta): Promise<void> {
  return streamTemplate(stream, columns as readonly Column<never>[], meta);
}

/** The refused rows with the cells they had and what is wrong: to be corrected and sent again as it is. */
export function writeRejects(
  stream: Writable,
  format: 'csv' | 'xlsx',
  headers: readonly string[],
  rows: Rows<RejectedRow>,
  meta: SheetMeta,
): Promise<number> {
  const table = rejectTable(headers);
  return format === 'csv' ? streamCsv(stream, table, rows) : streamXlsx(stream, table, rows, meta);
}
