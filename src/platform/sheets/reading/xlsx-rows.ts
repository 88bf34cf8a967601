import type { EventEmitter } from 'node:events';
import type ExcelJS from 'exceljs';
import type { ColumnKind } from '../columns.js';
import type { OutCell, Table } from '../table.js';

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

/** What the library has and its typing doesn't. */
interface Inside {
  stream: { write(xml: string): void; pipes: OldStream[] };
}
interface Styles {
  styles: { addStyleModel(style: object, type: ExcelJS.ValueType): number };
}

export function streamOf(sheet: ExcelJS.Worksheet): Inside['stream'] {
  return (sheet as unknown as Inside).stream;
}

/** As the library counts kinds of values, which its own module would have to be loaded for. */
const TYPES = { number: 2, string: 3, date: 4, boolean: 9 } as const satisfies Record<string, ExcelJS.ValueType>;
type Type = keyof typeof TYPES;

/**
 * The rows of a sheet that the library has begun and will end. It would make an object of every cell and look up its
 * style again; thirty times as many rows can be written as text, with the styles asked for once.
 */
export class RowWriter<Row> {
  count = 0;
  /** For each column the beginning of a cell by its type, as far as it has been met. */
  private readonly begins: Partial<Record<Type, string>>[];
  private readonly letters: string[];

  constructor(
    private readonly book: ExcelJS.stream.xlsx.WorkbookWriter,
    readonly sheet: ExcelJS.Worksheet,
    private readonly table: Table<Row>,
  ) {
    sheet.columns = table.widths.map((width, at) => ({ width, style: styleOf(table.kinds[at]!) }));
    addHeader(sheet, table.heads);
    this.letters = table.heads.map((_head, at) => sheet.getColumn(at + 1).letter);
    this.begins = table.heads.map(() => ({}));
  }

  add(rows: readonly Row[]): void {
    let xml = '';
    for (const row of rows) xml += this.row(this.table.cells(row));
    streamOf(this.sheet).write(xml);
  }

  /** The headings are row 1. */
  private row(cells: readonly OutCell[]): string {
    this.count += 1;
    const number = this.count + 1;
    let xml = `<row r="${number}">`;
    for (let at = 0; at < cells.length; at += 1) {
      const cell = cells[at]!;
      if (cell !== null) xml += `<c r="${this.letters[at]}${number}"${this.begin(at, typeOf(cell))}${valueOf(cell)}</v></c>`;
    }
    return `${xml}</row>`;
  }

  private begin(at: number, type: Type): string {
    return (this.begins[at]![type] ??= this.makeBegin(at, type));
  }

  private makeBegin(at: number, type: Type): string {
    const style = (this.book as unknown as Styles).styles.addStyleModel({ ...styleOf(this.table.kinds[at]!) }, TYPES[type]);
    return `${style ? ` s="${style}"` : ''}${type === 'string' ? ' t="str"' : type === 'boolean' ? ' t="b"' : ''}><v>`;
  }
}

function typeOf(cell: Exclude<OutCell, null>): Type {
  return cell instanceof Date ? 'date' : (typeof cell as 'string' | 'number' | 'boolean');
}

const DAY = 86_400_000;
/** 1 January 1970, counted from the last day of 1899. */
const EPOCH = 25_569;

function valueOf(cell: Exclude<OutCell, null>): string {
  if (typeof cell === 'string') return escapeXml(safeText(cell));
  if (typeof cell === 'boolean') return cell ? '1' : '0';
  return String(cell instanceof Date ? EPOCH + cell.getTime() / DAY : cell);
}

const MARKS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '\u007f': '' };

function escapeXml(text: string): string {
  return /[&<>"'\u007f]/.test(text) ? text.replace(/[&<>"'\u007f]/g, (mark) => MARKS[mark]!) : text;
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
