import { isUtf8 } from 'node:buffer';
import { decodeLegacy, guessLegacy, LEGACY_ENCODINGS, type Reading } from './reading/encodings.js';
import { SheetRefused } from './reading/refused.js';
import { isWide } from './reading/sniff.js';

const DELIMITERS = [',', ';', '\t', '|'];

/**
 * The text of a CSV file: by its mark, else UTF-16 by its zeros, else UTF-8 if it is valid, else what its words are likeliest
 * written in, or what a person has said. `readings` is empty unless that is in doubt.
 */
export function decodeCsv(bytes: Buffer, told: string | null = null): { text: string; encoding: string; readings: Reading[] } {
  const wide = isWide(bytes.subarray(0, 4096));
  const unicode = wide || (isUtf8(bytes) || isMostlyUtf8(bytes) ? 'utf-8' : null);
  if (!unicode) {
    const guess = guessLegacy(bytes);
    const encoding = LEGACY_ENCODINGS.find((one) => one === told) ?? guess.encoding;
    return { text: decodeLegacy(bytes, encoding), encoding, readings: guess.readings };
  }
  // A decoder drops the mark itself; a second one is left by programs that add theirs to a marked file.
  const text = new TextDecoder(unicode).decode(bytes);
  return { text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text, encoding: unicode, readings: [] };
}

/** Some broken places in a file that is otherwise UTF-8 don't make it Windows-1252. */
function isMostlyUtf8(bytes: Buffer): boolean {
  const text = bytes.subarray(0, 1_000_000).toString('utf8');
  const broken = text.match(/\ufffd/g)?.length ?? 0;
  const good = text.match(/[\u0080-\ufffc]/g)?.length ?? 0;
  return good > broken * 10;
}

/** A first line `sep=;` is an order to the reader and not part of the table. */
export function delimiterOf(text: string): { delimiter: string; start: number } {
  const told = /^"?sep=(.)"?[ \t]*\r?\n/i.exec(text.slice(0, 20));
  if (told) return { delimiter: told[1]!, start: told[0].length };
  const sample = text.slice(0, 65_536);
  let best = { delimiter: ',', score: 0 };
  for (const delimiter of DELIMITERS) {
    const score = evenness(sample, delimiter, text.length > sample.length);
    if (score > best.score) best = { delimiter, score };
  }
  return { delimiter: best.delimiter, start: 0 };
}

/** How many cells the records have in common: width of the most common record times how common it is. */
function evenness(sample: string, delimiter: string, cut: boolean): number {
  const widths = new Map<number, number>();
  let records = 0;
  try {
    for (const { cells } of parseCsv(sample, { delimiter, start: 0, recordChars: sample.length + 1, columns: Infinity })) {
      if (cells.length === 1 && cells[0] === '') continue;
      records += 1;
      widths.set(cells.length, (widths.get(cells.length) ?? 0) + 1);
      if (records === 200) break;
    }
  } catch {
    return cut && records ? 1 : 0;
  }
  let best = 0;
  for (const [width, count] of widths) if (width > 1) best = Math.max(best, (width - 1) * (count / records) ** 2);
  return best;
}

export interface CsvRecord {
  /** Counted as a spreadsheet program shows it: blank records count, line breaks inside quotes don't. */
  row: number;
  cells: string[];
}

export interface CsvShape {
  delimiter: string;
  start: number;
  recordChars: number;
  columns: number;
}

/**
 * Records of a CSV text. A quote opens only at the start of a cell, so that `5" pipe` is what it says; after a
 * closing quote anything up to the next delimiter is kept.
 * @throws SheetRefused for a record or a number of columns over the limit.
 */
export function* parseCsv(text: string, shape: CsvShape): Generator<CsvRecord> {
  const { delimiter, recordChars } = shape;
  const separator = delimiter.charCodeAt(0);
  const end = text.length;
  let at = shape.start;
  let row = 0;
  while (at < end) {
    const begin = at;
    const cells: string[] = [];
    row += 1;
    for (;;) {
      let cell: string;
      if (text.charCodeAt(at) === 34) {
        const quoted = readQuoted(text, at + 1, begin + recordChars);
        if (!quoted) throw new SheetRefused(`Row ${row} has no end: a quotation mark (") is opened there but not closed.`);
        const rest = plainEnd(text, quoted.end, separator);
        cell = quoted.cell + text.slice(quoted.end, rest).trimEnd();
        at = rest;
      } else {
        const stop = plainEnd(text, at, separator);
        cell = text.slice(at, stop);
        at = stop;
      }
      if (cells.length < shape.columns) cells.push(cell);
      else if (cell !== '')
        throw new SheetRefused(`The file has more than ${shape.columns} columns. Remove the ones that are not needed.`);
      if (at - begin > recordChars) throw new SheetRefused(`Row ${row} is too long for one row of a list. Is this a CSV file?`);
      if (at >= end || text.charCodeAt(at) !== separator) break;
      at += 1;
    }
    if (text.charCodeAt(at) === 13) at += 1;
    if (text.charCodeAt(at) === 10) at += 1;
    yield { row, cells };
  }
}

function plainEnd(text: string, from: number, separator: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === separator || code === 10 || code === 13 || code !== code) return at;
    at += 1;
  }
}

function readQuoted(text: string, from: number, limit: number): { cell: string; end: number } | null {
  let cell = '';
  let at = from;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0 || quote > limit) return null;
    if (text.charCodeAt(quote + 1) !== 34) return { cell: cell + text.slice(at, quote), end: quote + 1 };
    cell += text.slice(at, quote + 1);
    at = quote + 2;
  }
}

/** Records up to a number, to refuse a file that is too long before a row of it is handed out. */
export function hasMoreRecords(text: string, shape: CsvShape, limit: number): boolean {
  let lines = 0;
  for (let at = text.indexOf('\n', shape.start); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  if (lines <= limit && text.includes('\n')) return false;
  let records = 0;
  for (const { cells } of parseCsv(text, shape)) {
    if (cells.length > 1 || cells[0] !== '') records += 1;
    if (records > limit) return true;
  }
  return false;
}
