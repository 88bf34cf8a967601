import { once, type EventEmitter } from 'node:events';
import { PassThrough, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import type ExcelJS from 'exceljs';
import type { ColumnKind } from './columns.js';
import type { OutCell, Rows, SheetMeta, Table } from './table.js';

/** Number formats by kind: `@` keeps digits that somebody types there later as text. */
export const FORMATS: Partial<Record<ColumnKind, string>> = {
  text: '@',
  name: '@',
  id: '@',
  phone: '@',
  email: '@',
  choice: '@',
  flag: '@',
  date: 'dd/mm/yyyy',
  integer: '0',
  money: '#,##0.00',
};
/** So many rows are made before others get their turn: some milliseconds' work. */
const SLICE = 100;
/** The archiver would keep a megabyte in each of its stages; its typing knows only the options of zlib. */
const BUFFERS = { highWaterMark: 65_536 } as Partial<ExcelJS.stream.xlsx.ArchiverZipOptions>;

/** Loaded where it is used: it is large, and most processes never write a workbook. */
export async function excel(): Promise<typeof ExcelJS> {
  return (await import('exceljs')).default;
}

/**
 * Streams a table as a workbook with one sheet, no faster than the stream takes it. Returns the number of rows.
 * An error before the first row leaves the stream untouched, a later one destroys it.
 */
export async function streamXlsx<Row>(stream: Writable, table: Table<Row>, rows: Rows<Row>, meta: SheetMeta): Promise<number> {
  const { stream: streams } = await excel();
  const iterator = cellsOf(table, rows);
  const first = await iterator.next();
  const out = new PassThrough();
  const sent = pipeline(out, stream);
  sent.catch(() => undefined);
  const book = new streams.xlsx.WorkbookWriter({ stream: out, useStyles: true, useSharedStrings: false, zip: BUFFERS });
  Object.assign(book, { creator: meta.author, lastModifiedBy: meta.author });
  const sheet = book.addWorksheet(sheetName(meta.title), { views: [{ state: 'frozen', ySplit: 1 }] });
  try {
    const count = await addRows(sheet, table, follow(first, iterator), out);
    sheet.commit();
    await Promise.all([Promise.race([book.commit(), sent]), sent]);
    return count;
  } catch (error) {
    out.destroy(error as Error);
    await sent.catch(() => undefined);
    throw error;
  }
}

async function* cellsOf<Row>(table: Table<Row>, rows: Rows<Row>): AsyncGenerator<OutCell[]> {
  for await (const row of rows) yield table.cells(row);
}

async function* follow(first: IteratorResult<OutCell[]>, rest: AsyncIterable<OutCell[]>): AsyncGenerator<OutCell[]> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}

async function addRows(
  sheet: ExcelJS.Worksheet,
  table: Table<never>,
  rows: AsyncIterable<OutCell[]>,
  out: PassThrough,
): Promise<number> {
  sheet.columns = table.widths.map((width, at) => ({ width, style: styleOf(table.kinds[at]!) }));
  addHeader(sheet, table.heads);
  let count = 0;
  for await (const cells of rows) {
    sheet.addRow(cells.map(xlsxCell)).commit();
    count += 1;
    if (count % SLICE === 0) await breathe(sheet, out);
  }
  return count;
}

export function styleOf(kind: ColumnKind): Partial<ExcelJS.Style> {
  const numFmt = FORMATS[kind];
  return numFmt ? { numFmt } : {};
}

export function addHeader(sheet: ExcelJS.Worksheet, heads: string[]): void {
  const row = sheet.addRow(heads.map(safeText));
  row.font = { bold: true };
  row.eachCell((cell) => (cell.numFmt = '@'));
  row.commit();
}

/** A stream of readable-stream 2, as the archiver makes it: `writableNeedDrain` came later. */
type OldStream = EventEmitter & { _writableState: { needDrain: boolean } };

/**
 * Lets others have a turn and waits while the archive is behind. The library buffers without end; the pipe between
 * its sheet and the archive is the one place where that shows.
 */
async function breathe(sheet: ExcelJS.Worksheet, out: PassThrough): Promise<void> {
  await turn();
  const pipe = (sheet as unknown as { stream: { pipes: OldStream[] } }).stream.pipes[0];
  while (!out.destroyed && pipe?._writableState.needDrain) {
    const either = new AbortController();
    const events = [once(pipe, 'drain', either), once(out, 'close', either)];
    await Promise.race(events).finally(() => either.abort());
    await Promise.allSettled(events);
  }
  if (out.destroyed) throw out.errored ?? new Error('The receiver has gone away.');
}

function xlsxCell(cell: OutCell): OutCell {
  return typeof cell === 'string' ? safeText(cell) : cell;
}

/**
 * What XML and a cell can hold. A cell of text is never a formula, whatever it begins with; `_x0041_` is how a
 * workbook writes characters, so a text that looks like it gets its underscore written that way.
 */
export function safeText(text: string): string {
  const clean = /[^\x20-\x7e]|_x/.test(text)
    ? text
        .replace(/\p{Surrogate}/gu, '\ufffd')
        .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
        .replace(/_x(?=[0-9A-Fa-f]{4}_)/g, '_x005F_x')
    : text;
  return clean.length > 32_767 ? clean.slice(0, 32_767) : clean;
}

/** A sheet's name holds 31 characters and none of `\ / * ? : [ ]`. */
export function sheetName(title: string): string {
  return (
    title
      .replace(/[\\/*?:[\]']+/g, ' ')
      .trim()
      .slice(0, 31)
      .trim() || 'Sheet'
  );
}
