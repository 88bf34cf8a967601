import { StringDecoder } from 'node:string_decoder';
import { MAX_CELL, type RawCell } from '../columns.js';
import { dateOfSerial } from '../reading/dates.js';
import type { Merge } from '../reading/header.js';
import { SheetRefused } from '../reading/refused.js';
import type { NumberFormat } from './formats.js';
import { attributesOf, XmlScanner, type XmlHandler } from './xml.js';

export interface SheetRow {
  row: number;
  cells: RawCell[];
}

/** What a sheet's cells refer to. */
export interface CellTables {
  strings: string[];
  formats: NumberFormat[];
  date1904: boolean;
  columns: number;
}

/** Merged cells further down than any heading are of no interest. */
const MERGE_ROWS = 60;
const FORMULA_WITHOUT_RESULT = '#CALC!';

/** Rows of one sheet part that have something in them, in the order of the file, as text comes in by `write`. */
export class SheetRows implements XmlHandler {
  readonly merges: Merge[] = [];
  private readonly scanner = new XmlScanner(this);
  private ready: SheetRow[] = [];
  private row = 0;
  private column = -1;
  private cells: RawCell[] = [];
  private filled = false;
  private type = '';
  private style = 0;
  private formula = false;
  private hasValue = false;
  private value = '';
  private collecting = false;
  private phonetic = false;

  constructor(private readonly tables: CellTables) {}

  /** Rows that were finished by this piece. */
  write(piece: string): SheetRow[] {
    this.scanner.write(piece);
    const rows = this.ready;
    this.ready = [];
    return rows;
  }

  open(name: string, attributes: string): void {
    if (name === 'c') this.openCell(attributes);
    else if (name === 'v' || (name === 't' && !this.phonetic)) {
      this.collecting = true;
      this.hasValue = true;
    } else if (name === 'f') this.formula = true;
    else if (name === 'rPh') this.phonetic = true;
    else if (name === 'row') this.openRow(attributes);
    else if (name === 'mergeCell') this.addMerge(attributesOf(attributes).ref ?? '');
  }

  text(text: string): void {
    if (this.collecting && this.value.length <= MAX_CELL)
      this.value += text.length > MAX_CELL ? text.slice(0, MAX_CELL + 1) : text;
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.collecting = false;
    else if (name === 'c') this.closeCell();
    else if (name === 'rPh') this.phonetic = false;
    else if (name === 'row' && this.filled) this.ready.push({ row: this.row, cells: this.cells });
  }

  private openRow(attributes: string): void {
    const told = Number(attributesOf(attributes).r);
    this.row = told > 0 ? told : this.row + 1;
    this.column = -1;
    this.cells = [];
    this.filled = false;
  }

  private openCell(text: string): void {
    const { r, t, s } = attributesOf(text);
    this.column = r ? columnOf(r) : this.column + 1;
    this.type = t ?? 'n';
    this.style = s ? Number(s) : 0;
    this.formula = false;
    this.hasValue = false;
    this.value = '';
  }

  private closeCell(): void {
    const cell = this.hasValue ? this.read() : this.formula ? FORMULA_WITHOUT_RESULT : null;
    if (cell === null || cell === '') return;
    if (this.column >= this.tables.columns) {
      throw new SheetRefused(`The sheet has more than ${this.tables.columns} columns. Remove the ones that are not needed.`);
    }
    while (this.cells.length < this.column) this.cells.push(null);
    this.cells[this.column] = cell;
    this.filled = true;
  }

  private read(): RawCell {
    const { value } = this;
    if (this.type === 's') return this.tables.strings[Number(value)] ?? null;
    if (this.type === 'n') return this.readNumber(value);
    if (this.type === 'b') return value === '1' || value === 'true';
    if (this.type === 'd') return isoDate(value);
    return unescapeText(value);
  }

  private readNumber(text: string): RawCell {
    if (text === '') return null;
    const value = Number(text);
    if (Number.isNaN(value)) return text;
    const format = this.tables.formats[this.style];
    if (format?.kind === 'date') return dateOfSerial(value, this.tables.date1904);
    return format?.kind === 'digits' ? format.show(value) : value;
  }

  private addMerge(ref: string): void {
    const match = /^\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})$/.exec(ref);
    if (!match || Number(match[2]) > MERGE_ROWS || this.merges.length >= 2000) return;
    this.merges.push({ top: Number(match[2]), bottom: Number(match[4]), left: columnOf(match[1]!), right: columnOf(match[3]!) });
  }
}

/** `B7` → 1. */
function columnOf(reference: string): number {
  let column = 0;
  for (let at = 0; at < reference.length && at < 7; at += 1) {
    const code = reference.charCodeAt(at);
    if (code < 65 || code > 90) break;
    column = column * 26 + code - 64;
  }
  return column - 1;
}

function isoDate(text: string): RawCell {
  const date = new Date(/^\d{4}-\d\d-\d\dT[\d:.]+$/.test(text) ? `${text}Z` : text);
  return Number.isNaN(date.getTime()) ? text : date;
}

/** Characters that XML can't hold are written `_x000D_`. */
export function unescapeText(text: string): string {
  return text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    : text;
}

/** The pieces of an XML part as text: UTF-8, or UTF-16 by its mark. */
export async function* textOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let decoder: { write(chunk: Buffer): string; end(): string } | null = null;
  for await (const chunk of chunks) {
    decoder ??= decoderFor(chunk);
    yield decoder.write(chunk);
  }
  if (decoder) yield decoder.end();
}

function decoderFor(first: Buffer): { write(chunk: Buffer): string; end(): string } {
  if (first[0] === 0xfe && first[1] === 0xff) {
    const decoder = new TextDecoder('utf-16be');
    return { write: (chunk) => decoder.decode(chunk, { stream: true }), end: () => decoder.decode() };
  }
  return new StringDecoder(first[0] === 0xff && first[1] === 0xfe ? 'utf16le' : 'utf8');
}
