import type { RawCell } from '../columns.js';
import { headerFinder, headerIdentity, isFilled, joinHeaders, SAMPLE_ROWS, type FoundHeader, type Merge } from './header.js';
import { headingMatcher } from './mapping.js';
import type { ReadRequest, SheetInfo } from '../messages.js';
import { SheetRefused } from './refused.js';
import type { Sink } from '../writing/sink.js';
import { SheetRows, type SheetRow } from '../xlsx/rows.js';
import { Workbook, type WorkbookSheet } from '../xlsx/workbook.js';

interface Surveyed {
  sheet: WorkbookSheet;
  header: FoundHeader | null;
  rows: number;
}

/**
 * Reads a workbook in two passes: the first looks at every sheet (headings, merged cells, number of rows) and refuses
 * what is too large before a row has been handed out, the second sends the rows of the sheets that were chosen.
 */
export async function readXlsx(request: ReadRequest, sink: Sink): Promise<void> {
  const book = await Workbook.open(request.path, request.name, request.limits);
  try {
    const surveyed: Surveyed[] = [];
    for (const sheet of book.sheets) surveyed.push(await survey(book, sheet, request));
    const chosen = choose(surveyed, request);
    sink.found({ kind: 'xlsx', sheets: surveyed.map((each) => infoOf(each, chosen)), date1904: book.tables.date1904 });
    refuseUnreadable(chosen, request);
    const joined = joinHeaders(chosen.map(({ header }) => header!.headers));
    for (const { sheet, header } of chosen) sink.header({ sheet: sheet.name, headerRow: header!.row, headers: joined.headers });
    for (const [index, each] of chosen.entries()) {
      await sendRows(book, each, { places: joined.places[index]!, width: joined.headers.length }, sink);
      if (sink.enough) return;
    }
  } finally {
    await book.close();
  }
}

async function survey(book: Workbook, sheet: WorkbookSheet, request: ReadRequest): Promise<Surveyed> {
  const sample: SheetRow[] = [];
  const reader = new SheetRows(book.tables);
  let rows = 0;
  let last = 0;
  for await (const piece of book.text(sheet)) {
    for (const row of reader.write(piece)) {
      if (!row.cells.some(isFilled)) continue;
      rows += 1;
      if (row.row < last)
        throw new SheetRefused(
          `The rows of "${sheet.name}" are out of order. Open the workbook in Excel, save it and send it again.`,
        );
      last = row.row;
      if (sample.length < SAMPLE_ROWS) sample.push(row);
    }
    if (rows > request.limits.xlsxRows + SAMPLE_ROWS) refuseLong(request.limits.xlsxRows);
  }
  const header = readHeader(sample, reader.merges, request);
  const above = header ? sample.filter((row) => row.row <= header.row).length : 0;
  return { sheet, header, rows: rows - above };
}

function readHeader(sample: SheetRow[], merges: Merge[], request: ReadRequest): FoundHeader | null {
  const found = headerFinder(request.headings)(sample, merges);
  if (!found) return null;
  const width = found.headers.findLastIndex((header) => header !== '') + 1;
  return { row: found.row, headers: found.headers.slice(0, width) };
}

function refuseLong(rows: number): never {
  throw new SheetRefused(
    `The workbook has more than ${rows.toLocaleString('en-GB')} rows. Save the sheet as CSV and send that: CSV files can have more.`,
  );
}

/**
 * The sheets that were named; else, of the visible ones, those that share the headings which the wanted columns know
 * best (of equals, the group with more rows, then the first).
 */
function choose(surveyed: Surveyed[], request: ReadRequest): Surveyed[] {
  if (request.sheets) {
    const wanted = request.sheets;
    return surveyed.filter(({ sheet }) => wanted.includes(sheet.name));
  }
  const match = headingMatcher(request.headings);
  const groups = new Map<string, Surveyed[]>();
  for (const each of surveyed.filter(({ sheet, header, rows }) => !sheet.hidden && header && rows > 0)) {
    const identity = headerIdentity(each.header!.headers);
    groups.set(identity, [...(groups.get(identity) ?? []), each]);
  }
  const ranked = [...groups.values()].map((group) => ({
    group,
    known: match(group[0]!.header!.headers).filter(Boolean).length,
    rows: group.reduce((sum, { rows }) => sum + rows, 0),
  }));
  return ranked.sort((a, b) => b.known - a.known || b.rows - a.rows)[0]?.group ?? [];
}

function infoOf({ sheet, header, rows }: Surveyed, chosen: Surveyed[]): SheetInfo {
  return {
    name: sheet.name,
    hidden: sheet.hidden,
    headerRow: header?.row ?? null,
    headers: header?.headers ?? [],
    rows,
    chosen: chosen.some((each) => each.sheet === sheet),
  };
}

function refuseUnreadable(chosen: Surveyed[], request: ReadRequest): void {
  const without = chosen.find(({ header }) => !header);
  if (without)
    throw new SheetRefused(`The sheet "${without.sheet.name}" has no row of headings. Put a heading above each column.`);
  if (!chosen.length) {
    throw new SheetRefused(
      request.sheets
        ? 'The chosen sheets are not in the workbook.'
        : 'There is no visible sheet with headings and rows in the workbook.',
    );
  }
  if (chosen.reduce((sum, { rows }) => sum + rows, 0) > request.limits.xlsxRows) refuseLong(request.limits.xlsxRows);
}

async function sendRows(
  book: Workbook,
  { sheet, header }: Surveyed,
  target: { places: number[]; width: number },
  sink: Sink,
): Promise<void> {
  const reader = new SheetRows(book.tables);
  for await (const piece of book.text(sheet)) {
    for (const { row, cells } of reader.write(piece)) {
      if (row <= header!.row || !cells.some(isFilled) || repeats(cells, header!.headers)) continue;
      await sink.row({ sheet: sheet.name, row, cells: align(cells, target) });
      if (sink.enough) return;
    }
  }
}

function align(cells: RawCell[], { places, width }: { places: number[]; width: number }): RawCell[] {
  const aligned = new Array<RawCell>(width).fill(null);
  for (let at = 0; at < places.length; at += 1) aligned[places[at]!] = cells[at] ?? null;
  return aligned;
}

/** Sheets made for printing repeat the headings on each page. */
function repeats(cells: RawCell[], headers: string[]): boolean {
  return cells[0] === headers[0] && headers.length > 1 && headers.every((header, at) => (cells[at] ?? '') === header);
}
