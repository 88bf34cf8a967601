import { Invalid } from '../../../../kernel/errors.js';
import { guessMapping } from '../../../../platform/sheets/reading/mapping.js';
import { parseAmount } from '../../../../platform/sheets/reading/numbers.js';
import { readSheet } from '../../../../platform/sheets/reading/read.js';
import { SheetRefused } from '../../../../platform/sheets/reading/refused.js';
import type { Heading, RawCell } from '../../../../platform/sheets/columns.js';
import type { WrittenLine } from '../sponsor-split.rules.js';

/**
 * `MH220417, 12,000`, with the child's name before or after the amount if somebody likes; tabs and semicolons divide too. A
 * first line without a digit is a heading.
 */
export function readSplitLines(text: string, currency: string): WrittenLine[] {
  return text
    .split(/\r?\n/)
    .map((line, n) => ({ n: n + 1, line: line.replaceAll('"', '').trim() }))
    .filter(({ n, line }) => line !== '' && !(n === 1 && !/\d/.test(line)))
    .map(({ n, line }) => {
      const [number, ...cells] = cellsOf(line);
      const amounts = cells.map((cell) => parseAmount(cell, currency)).filter((minor) => minor !== null);
      return { n, text: line, number: number!, amountMinor: amounts.length === 1 && amounts[0]! > 0 ? amounts[0]! : null };
    });
}

function cellsOf(line: string): string[] {
  if (/[\t;]/.test(line)) return line.split(/\s*[\t;]\s*/);
  const spaced = /^(\S*[^\s,])\s+(\d[\d,. ]*)$/.exec(line);
  if (spaced) return [spaced[1]!, spaced[2]!];
  const [number, rest = ''] = splitOnce(line, ',');
  // The comma of a thousand divides nothing.
  return [number, ...rest.split(/\s*,\s+|,(?!\d{3}(?:\D|$))/).map((cell) => cell.trim())];
}

function splitOnce(line: string, at: string): [string] | [string, string] {
  const place = line.indexOf(at);
  return place < 0 ? [line] : [line.slice(0, place).trim(), line.slice(place + 1).trim()];
}

const COLUMNS: Heading[] = [
  {
    key: 'number',
    head: 'Admission number',
    aliases: ['Adm no', 'Adm', 'Admission no', 'Reg no', 'Student no', 'Payment number'],
  },
  { key: 'amount', head: 'Amount', aliases: ['Amount awarded', 'Award', 'Bursary', 'Sum', 'Paid'] },
  { key: 'name', head: 'Student', aliases: ['Name', 'Student name', 'Full name', 'Beneficiary'] },
];

/** The lines of a CSV or Excel file, as somebody would write them. @throws Invalid at `file` */
export async function linesOfFile(file: { path: string; name: string }, most: number): Promise<string> {
  const rows: RawCell[][] = [];
  try {
    const { headers } = await readSheet(file, { columns: COLUMNS, take: most + 1 }, (batch) =>
      Promise.resolve(void rows.push(...batch.map((row) => row.cells))),
    );
    const keys = guessMapping(headers, COLUMNS);
    const at = (key: string): number => keys.indexOf(key);
    if (at('number') < 0 || at('amount') < 0)
      throw new Invalid({ file: 'The file needs a column “Admission number” and a column “Amount”' });
    return rows
      .map((cells) => [cells[at('number')], cells[at('amount')], cells[at('name')]].map(written).join('\t').trimEnd())
      .filter((line) => line.trim() !== '')
      .join('\n');
  } catch (error) {
    if (error instanceof SheetRefused) throw new Invalid({ file: error.message });
    throw error;
  }
}

function written(cell: RawCell | undefined): string {
  return cell === null || cell === undefined
    ? ''
    : String(cell instanceof Date ? '' : cell)
        .replace(/\s+/g, ' ')
        .trim();
}
