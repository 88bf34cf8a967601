import ExcelJS from 'exceljs';
import type { Answer } from '../support/browser.js';
import { textOfPdf } from '../support/reading/pdf.js';
import { plain } from './plain.js';

/** Rows in which a sheet says what it is and what its columns are. */
const TOP_ROWS = 4;

/** The address under which a receipt is checked: the school's name and the code differ, and are broken where the paper ends. */
const CHECK = /https?:\/\/school-(?:\s*\S){56}/g;

/** What a file is, and what it says: the top of a sheet, the text of a paper. */
export async function toldOf({ headers, body, html }: Answer): Promise<string> {
  const type = String(headers['content-type']).split(';')[0]!;
  if (type === 'text/csv') return plain(html.split(/\r?\n/, TOP_ROWS).join('\n'));
  if (type === 'application/pdf') return `${type} ${plain(textOfPdf(body).replace(CHECK, 'check'))}`;
  if (type.endsWith('spreadsheetml.sheet')) return plain(await topOf(body));
  return type;
}

async function topOf(body: Buffer): Promise<string> {
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(body as unknown as ArrayBuffer);
  return book.worksheets.map((sheet) => [sheet.name, ...rowsOf(sheet)].join('\n')).join('\n');
}

function rowsOf(sheet: ExcelJS.Worksheet): string[] {
  return (sheet.getRows(1, TOP_ROWS) ?? []).map((row) => {
    const cells: string[] = [];
    row.eachCell({ includeEmpty: false }, (cell) => void cells.push(cell.text));
    return cells.join(' | ');
  });
}
