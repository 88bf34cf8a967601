import type { Browser } from '../browser.js';
import { readAll } from './read.js';

/** A sheet of figures as a person gets it: rows by the words of their heads. */
export interface Figures {
  heads: string[];
  rows: Record<string, string>[];
  /** Every figure of a column in minor units, the last row (the total) too; an empty cell is zero. */
  minors(head: string): number[];
}

/** Heads by which the reader knows the row of headings, where days or months stand beside them. */
const KNOWN = ['Vote head', 'Class', 'Method', 'Cashier', 'Day', 'Total', 'Date', 'Student'].map((head) => ({ key: head, head }));

/** Downloads what a page shows and reads the file again. */
export async function figuresOf(who: Browser, address: string, format: 'csv' | 'xlsx' = 'xlsx'): Promise<Figures> {
  const answer = await who.get(`${address}${address.includes('?') ? '&' : '?'}format=${format}`);
  if (answer.status !== 200) throw new Error(`${address} as ${format} answered ${answer.status}`);
  const { headers, rows } = await readAll(answer.body, { columns: KNOWN }, `figures.${format}`);
  const heads = headers[0]!.headers;
  const table = rows.map(({ cells }) => Object.fromEntries(heads.map((head, n) => [head, String(cells[n] ?? '')])));
  return { heads, rows: table, minors: (head) => table.map((row) => Math.round(Number(row[head] ?? NaN) * 100)) };
}

/** Everything but the last row. */
export function sumAbove(minors: readonly number[]): number {
  return minors.slice(0, -1).reduce((sum, minor) => sum + minor, 0);
}
