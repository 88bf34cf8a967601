import type { Writable } from 'node:stream';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type ExcelJS from 'exceljs';
import type { Column } from '../columns.js';
import { parseDay } from '../reading/dates.js';
import { tableOf, type SheetMeta } from '../table.js';
import { excel, sheetName } from './write-xlsx.js';
import { addHeader, safeText, styleOf } from '../reading/xlsx-rows.js';

/** Lists to choose from are offered in so many rows. */
const ROWS = 5000;
/** A list that is written into a cell's rule may be so long; longer ones stand in a hidden sheet. */
const INLINE_LIST = 250;

/**
 * A blank workbook to fill in: headings, one example row (which the import leaves out), lists to choose from, and a
 * sheet that explains each column.
 */
export async function streamTemplate(stream: Writable, columns: readonly Column<never>[], meta: SheetMeta): Promise<void> {
  const { Workbook } = await excel();
  const book = new Workbook();
  Object.assign(book, { creator: meta.author, lastModifiedBy: meta.author });
  const sheet = book.addWorksheet(sheetName(meta.title), { views: [{ state: 'frozen', ySplit: 1 }] });
  const table = tableOf(columns, meta);
  sheet.columns = table.widths.map((width, at) => ({ width, style: styleOf(table.kinds[at]!) }));
  addHeader(sheet, table.heads);
  const example = sheet.addRow(columns.map(exampleCell));
  example.font = { italic: true, color: { argb: 'FF6B7280' } };
  addNotes(book, columns);
  addLists(book, sheet, columns);
  const bytes = await book.xlsx.writeBuffer();
  await pipeline(Readable.from([Buffer.from(bytes)]), stream);
}

function exampleCell(column: Column<never>): string | Date | null {
  if (!column.example) return null;
  const day = column.kind === 'date' ? parseDay(column.example, { country: '', today: '2000-01-01' }) : null;
  return day ? new Date(`${day}T00:00:00Z`) : safeText(column.example);
}

function addNotes(book: ExcelJS.Workbook, columns: readonly Column<never>[]): void {
  const notes = book.addWorksheet('Notes', { views: [{ state: 'frozen', ySplit: 1 }] });
  notes.columns = [26, 12, 24, 70].map((width) => ({
    width,
    style: { numFmt: '@', alignment: { wrapText: true, vertical: 'top' } },
  }));
  addHeader(notes, ['Column', 'Needed', 'Example', 'What to enter']);
  for (const column of columns) {
    const choices = column.choices?.map((choice) => choice.label).join(', ');
    const text = [column.note, choices && `One of: ${choices}.`].filter(Boolean).join(' ');
    notes.addRow([column.head, column.required ? 'Yes' : '', column.example ?? '', text].map(safeText));
  }
}

function addLists(book: ExcelJS.Workbook, sheet: ExcelJS.Worksheet, columns: readonly Column<never>[]): void {
  const lists = book.addWorksheet('Lists', { state: 'hidden' });
  // Rules for a whole range: the library has them, its typing only those of a cell.
  const rules = (sheet as unknown as { dataValidations: { add(range: string, rule: ExcelJS.DataValidation): void } })
    .dataValidations;
  columns.forEach((column, at) => {
    const labels = column.kind === 'flag' ? ['Yes', 'No'] : column.choices?.map((choice) => choice.label);
    if (!labels?.length) return;
    const letter = sheet.getColumn(at + 1).letter;
    rules.add(`${letter}2:${letter}${ROWS}`, {
      type: 'list',
      allowBlank: true,
      formulae: [listFormula(lists, labels)],
      showErrorMessage: true,
      errorStyle: 'warning',
      error: 'Choose from the list, or leave it empty.',
    });
  });
  if (!lists.columnCount) book.removeWorksheet(lists.id);
}

function listFormula(lists: ExcelJS.Worksheet, labels: string[]): string {
  const inline = labels.join(',');
  if (inline.length <= INLINE_LIST && !labels.some((label) => /[",]/.test(label))) return `"${inline}"`;
  const column = lists.getColumn(lists.columnCount + 1);
  column.values = labels.map(safeText);
  return `Lists!$${column.letter}$1:$${column.letter}$${labels.length}`;
}
