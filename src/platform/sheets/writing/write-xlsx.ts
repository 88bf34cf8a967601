import { once } from 'node:events';
import { PassThrough, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import type ExcelJS from 'exceljs';
import { pagesOf, type Rows, type SheetMeta, type Table } from '../table.js';
import { RowWriter, streamOf } from '../reading/xlsx-rows.js';

/** So many rows are made before others get their turn: some milliseconds' work. */
const SLICE = 200;
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
  const pages = pagesOf(rows);
  const first = await pages.next();
  const out = new PassThrough();
  const sent = pipeline(out, stream);
  sent.catch(() => undefined);
  const book = new streams.xlsx.WorkbookWriter({ stream: out, useStyles: true, useSharedStrings: false, zip: BUFFERS });
  Object.assign(book, { creator: meta.author, lastModifiedBy: meta.author });
  const sheet = book.addWorksheet(sheetName(meta.title), { views: [{ state: 'frozen', ySplit: 1 }] });
  try {
    const count = await addRows(new RowWriter(book, sheet, table), first.done ? [] : follow(first.value, pages), out);
    sheet.commit();
    await Promise.all([Promise.race([book.commit(), sent]), sent]);
    return count;
  } catch (error) {
    out.destroy(error as Error);
    await sent.catch(() => undefined);
    throw error;
  }
}

async function* follow<Row>(first: readonly Row[], rest: AsyncIterable<readonly Row[]>): AsyncGenerator<readonly Row[]> {
  yield first;
  yield* rest;
}

async function addRows<Row>(
  writer: RowWriter<Row>,
  pages: Iterable<readonly Row[]> | AsyncIterable<readonly Row[]>,
  out: PassThrough,
): Promise<number> {
  for await (const page of pages) {
    for (let at = 0; at < page.length; at += SLICE) {
      writer.add(page.slice(at, at + SLICE));
      await breathe(writer.sheet, out);
    }
  }
  return writer.count;
}

/**
 * Lets others have a turn and waits while the archive is behind. The library buffers without end; the pipe between
 * its sheet and the archive is the one place where that shows.
 */
async function breathe(sheet: ExcelJS.Worksheet, out: PassThrough): Promise<void> {
  await turn();
  const pipe = streamOf(sheet).pipes[0];
  while (!out.destroyed && pipe?._writableState.needDrain) {
    const either = new AbortController();
    const events = [once(pipe, 'drain', either), once(out, 'close', either)];
    await Promise.race(events).finally(() => either.abort());
    await Promise.allSettled(events);
  }
  if (out.destroyed) throw out.errored ?? new Error('The receiver has gone away.');
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
