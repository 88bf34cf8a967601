import { MAX_CELL } from '../columns.js';
import { unescapeFormula } from '../text.js';
import { decodeCsv, delimiterOf, hasMoreRecords, parseCsv, type CsvRecord, type CsvShape } from '../csv.js';
import { headerFinder, isFilled, SAMPLE_ROWS } from './header.js';
import type { ReadRequest } from '../messages.js';
import { SheetRefused } from './refused.js';
import type { Sink } from '../writing/sink.js';

/** Reads a CSV file, whose bytes are in memory already, into the sink. */
export async function readCsv(bytes: Buffer, request: ReadRequest, sink: Sink): Promise<void> {
  const { text, encoding, readings } = decodeCsv(bytes, request.encoding);
  const { limits } = request;
  const shape: CsvShape = { ...delimiterOf(text), recordChars: limits.recordChars, columns: limits.columns };
  if (hasMoreRecords(text, shape, limits.csvRows + SAMPLE_ROWS)) refuseLong(limits.csvRows);
  const sample = firstRecords(text, shape);
  if (!sample.length) throw new SheetRefused(`"${request.name}" is empty.`);
  const found = headerFinder(request.headings)(sample, []);
  if (!found) throw new SheetRefused('The file has no row of headings. Put a heading above each column.');
  const sheet = request.name;
  const headers = trimEnd(found.headers);
  const info = { name: sheet, hidden: false, headerRow: found.row, headers, rows: null, chosen: true };
  sink.found({ kind: 'csv', sheets: [info], date1904: false, encoding, readings, delimiter: shape.delimiter });
  sink.header({ sheet, headerRow: found.row, headers });
  await sendRecords(parseCsv(text, shape), found.row, { sheet, headers, limit: limits.csvRows }, sink);
}

function refuseLong(rows: number): never {
  throw new SheetRefused(`The file has more than ${rows.toLocaleString('en-GB')} rows. Split it into several files.`);
}

interface Target {
  sheet: string;
  headers: string[];
  limit: number;
}

async function sendRecords(records: Iterable<CsvRecord>, headerRow: number, target: Target, sink: Sink): Promise<void> {
  const width = target.headers.length;
  let count = 0;
  for (const { row, cells } of records) {
    if (row <= headerRow || isBlank(cells)) continue;
    count += 1;
    if (count > target.limit) refuseLong(target.limit);
    const extra = cells.length > width && cells.slice(width).some(isFilled);
    for (let at = 0; at < width; at += 1) cells[at] = kept(cells[at] ?? '');
    cells.length = width;
    const problem = extra
      ? 'This row has more cells than there are headings. Is there a delimiter inside a cell that needs quotation marks?'
      : undefined;
    await sink.row({ sheet: target.sheet, row, cells, ...(problem && { problem }) });
    if (sink.enough) return;
  }
}

function firstRecords(text: string, shape: CsvShape): CsvRecord[] {
  const records: CsvRecord[] = [];
  for (const record of parseCsv(text, shape)) {
    if (isBlank(record.cells)) continue;
    records.push({ row: record.row, cells: record.cells.map(unescapeFormula) });
    if (records.length === SAMPLE_ROWS) break;
  }
  return records;
}

function isBlank(cells: string[]): boolean {
  for (const cell of cells) if (cell !== '' && cell.trim() !== '') return false;
  return true;
}

function trimEnd(headers: string[]): string[] {
  return headers.slice(0, headers.findLastIndex((header) => header !== '') + 1);
}

/** Of a huge cell so much that the cell parser still sees that it is one. */
function kept(cell: string): string {
  return unescapeFormula(cell.length > MAX_CELL ? cell.slice(0, MAX_CELL + 1) : cell);
}
