import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import type { ColumnKind } from '../columns.js';
import { writeNumber } from '../reading/numbers.js';
import { pagesOf, type OutCell, type Rows, type Table } from '../table.js';
import { escapeFormula } from '../text.js';

const BOM = '\ufeff';
const CHUNK = 65_536;

/**
 * Streams a table as CSV: UTF-8 with a mark (or Excel takes it for Windows-1252), CRLF. Returns the number of rows.
 * An error before the first piece leaves the stream untouched, a later one destroys it, so that a cut file is never taken for a whole one.
 */
export async function streamCsv<Row>(stream: Writable, table: Table<Row>, rows: Rows<Row>): Promise<number> {
  const count = { rows: 0 };
  const pieces = csvPieces(table, rows, count);
  const first = await pieces.next();
  await pipeline(Readable.from(follow(first.value ?? '', pieces), { objectMode: true }), stream);
  return count.rows;
}

/** The same as text in pieces, for whoever packs it into something else. */
export function csvText<Row>(table: Table<Row>, rows: Rows<Row>): AsyncIterable<string> {
  return csvPieces(table, rows, { rows: 0 });
}

async function* follow(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}

async function* csvPieces<Row>(table: Table<Row>, rows: Rows<Row>, count: { rows: number }): AsyncGenerator<string> {
  const { kinds } = table;
  let text = BOM + line(table.heads.map((head) => quote(escapeFormula(head))));
  for await (const page of pagesOf(rows)) {
    for (const row of page) {
      const cells = table.cells(row);
      for (let at = 0; at < cells.length; at += 1) text += (at === 0 ? '' : ',') + csvCell(cells[at]!, kinds[at]!);
      text += '\r\n';
      count.rows += 1;
      if (text.length < CHUNK) continue;
      yield text;
      text = '';
      // Rows that are in memory already would keep everybody else waiting.
      await turn();
    }
  }
  if (text) yield text;
}

function line(cells: string[]): string {
  return `${cells.join(',')}\r\n`;
}

/** Most cells: a letter or a digit at both ends and nothing in between that a program could take for more than text. */
const PLAIN = /^[A-Za-z0-9](?:[\w ./:'-]*[A-Za-z0-9])?$/;

function csvCell(cell: OutCell, kind: ColumnKind): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return PLAIN.test(cell) ? cell : quote(isPhone(cell, kind) ? cell : escapeFormula(cell));
  if (typeof cell === 'number')
    return kind === 'text' || kind === 'name' || kind === 'id' ? quote(String(cell)) : writeNumber(cell);
  return cell instanceof Date ? cell.toISOString().slice(0, 10) : cell ? 'Yes' : 'No';
}

/** `+254722481903` is a number to a spreadsheet program, and as that it does no harm. */
function isPhone(text: string, kind: ColumnKind): boolean {
  return kind === 'phone' && /^\+\d{7,15}$/.test(text);
}

/** Spaces at an end are kept by quotes as well. */
function quote(text: string): string {
  return /[",;\t\r\n|]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
