import { isUtf8 } from 'node:buffer';
import { MAX_CELL } from '../columns.js';
import { parseCsv, type CsvRecord } from '../csv.js';
import type { ReadRequest, SheetInfo } from '../messages.js';
import { SheetRefused } from './refused.js';
import type { Sink } from '../writing/sink.js';
import { unescapeFormula } from '../text.js';
import { Zip, type ZipWords } from '../../zip/read.js';

export const BUNDLE_WORDS: ZipWords = {
  damaged: 'The archive is damaged or is not a zip file. Create it again and send that.',
  bomb: 'The archive is too large when unpacked. Export one school at a time.',
  locked: 'The archive is protected by a password. Create it without one and send it again.',
};

/** A row that belongs to a file of this many columns more than its headings say is no row of it. */
const ROWS_OF_A_BUNDLE = 1_000_000;

/**
 * Reads the named CSV files of a zip archive into the sink, in the order of the names; each is a sheet with headings of
 * its own. They lie at the root or in folders, each once. What else is in the archive is told and left alone.
 */
export async function readBundle(request: ReadRequest, sink: Sink): Promise<void> {
  const zip = await Zip.open(request.path, request.limits, BUNDLE_WORDS);
  try {
    const files = filesOf(zip.names(), request.bundle!);
    const wanted = request.bundle!.filter((name) => files.has(name.toLowerCase()));
    if (wanted.length === 0)
      throw new SheetRefused(
        `The archive has none of the files that it should have, such as ${request.bundle!.slice(0, 3).join(', ')}.`,
      );
    const chosen = new Set(wanted.map((name) => name.toLowerCase()));
    const sheets = [...files].map(([key, path]): SheetInfo => ({
      name: baseOf(path),
      hidden: false,
      headerRow: null,
      headers: [],
      rows: null,
      chosen: chosen.has(key),
    }));
    sink.found({ kind: 'bundle', sheets, date1904: false });
    let rows = 0;
    for (const name of wanted)
      rows += await readOne(zip, name, files.get(name.toLowerCase())!, request, sink, ROWS_OF_A_BUNDLE - rows);
  } finally {
    await zip.close();
  }
}

const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Name in small letters → path in the archive; what a Mac adds is none of it. */
function filesOf(paths: readonly string[], bundle: readonly string[]): Map<string, string> {
  const own = paths.filter((path) => !path.startsWith('__MACOSX/') && !baseOf(path).startsWith('.') && /\.csv$/i.test(path));
  for (const name of bundle) {
    if (own.filter((path) => baseOf(path).toLowerCase() === name.toLowerCase()).length > 1) {
      throw new SheetRefused(
        `There is a ${name} in several folders of the archive. Each file may be in it once: export one school at a time.`,
      );
    }
  }
  return new Map(own.map((path) => [baseOf(path).toLowerCase(), path]));
}

async function readOne(zip: Zip, name: string, path: string, request: ReadRequest, sink: Sink, most: number): Promise<number> {
  const chunks: Buffer[] = [];
  for await (const chunk of zip.read(path)) chunks.push(chunk);
  const records = recordsOf(name, Buffer.concat(chunks), request);
  const head = records.next();
  if (head.done) throw new SheetRefused(`${name} is empty; it has not even headings.`);
  const headers = (head.value as CsvRecord).cells.map((cell) => cell.trim());
  await sink.flush();
  sink.header({ sheet: name, headerRow: 1, headers });
  let rows = 0;
  for (const { row, cells } of records) {
    if (cells.length === 1 && cells[0]!.trim() === '') continue;
    rows += 1;
    if (rows > most)
      throw new SheetRefused(`The files in the archive have more than ${ROWS_OF_A_BUNDLE.toLocaleString('en-GB')} rows.`);
    const problem =
      cells.length === headers.length ? undefined : `This row has ${cells.length} cells; there are ${headers.length} headings.`;
    await sink.row({ sheet: name, row, cells: headers.map((_head, at) => kept(cells[at] ?? '')), ...(problem && { problem }) });
  }
  return rows;
}

function recordsOf(name: string, bytes: Buffer, { limits }: ReadRequest): Generator<CsvRecord> {
  if (!isUtf8(bytes) || bytes.includes(0))
    throw new SheetRefused(`${name} is not in UTF-8. Export it in that encoding and send it again.`);
  const text = new TextDecoder('utf-8').decode(bytes);
  return parseCsv(text, { delimiter: separatorOf(text), start: 0, recordChars: limits.recordChars, columns: limits.columns });
}

const SEPARATORS = [',', ';', '\t'] as const;

/** By the headings, in which no other sign of these stands: programs of other countries write semicolons. */
function separatorOf(text: string): string {
  const headings = /^[^\r\n]*/.exec(text)![0];
  return SEPARATORS.reduce((best, one) => (headings.split(one).length > headings.split(best).length ? one : best));
}

function kept(cell: string): string {
  return unescapeFormula(cell.length > MAX_CELL ? cell.slice(0, MAX_CELL + 1) : cell);
}
