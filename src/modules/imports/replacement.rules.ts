import { Invalid } from '../../kernel/errors.js';

/** In one column of a file, what is written as `from` is read as `to`. */
export interface Replacement {
  column: string;
  from: string;
  to: string;
}

/** What is written in cells that can't be read, and in how many rows it is. */
export interface Misread {
  column: string;
  text: string;
  rows: number;
  /** Of the first of them. */
  remark: { text: string; vars?: Record<string, string | number> };
}

/** So many at once that a person looks through them. */
export const MISREAD_SHOWN = 8;
export const MOST_LETTERS = 200;
const MOST_REPLACEMENTS = 200;

type Cell = string | number | boolean | Date | null;

/** Reads cells of a file with these columns. In the order in which they were given, so that a later one mends an earlier. */
export function readingAs(replacements: readonly Replacement[], mapping: readonly (string | null)[]): (cells: Cell[]) => Cell[] {
  const known = replacements
    .map(({ column, from, to }) => ({ at: mapping.indexOf(column), from: plain(from), to }))
    .filter(({ at }) => at >= 0);
  if (known.length === 0) return (cells) => cells;
  return (cells) => {
    const read = [...cells];
    for (const { at, from, to } of known) if (plain(read[at] ?? null) === from) read[at] = to;
    return read;
  };
}

/** @throws Invalid when there is nothing new, too much, or a column that the file hasn't got */
export function withReplacements(
  known: readonly Replacement[],
  wanted: readonly Replacement[],
  mapping: readonly (string | null)[],
): Replacement[] {
  const given = wanted.map((one) => ({ ...one, to: one.to.trim() })).filter(({ from, to }) => to !== '' && to !== plain(from));
  if (given.length === 0) throw new Invalid({ 'to.0': 'Enter a correction for at least one of them' });
  if (given.some(({ column }) => !mapping.includes(column)))
    throw new Invalid({ 'to.0': 'The columns have changed. Check the file again.' });
  if (given.some(({ from, to }) => to.length > MOST_LETTERS || from.length > MOST_LETTERS))
    throw new Invalid({ 'to.0': 'This is too long for one cell' });
  const all = [...known, ...given];
  if (all.length > MOST_REPLACEMENTS)
    throw new Invalid({ 'to.0': 'There are too many corrections to make here. Correct the file and upload it again.' });
  return all;
}

/** As forms send it back: without blanks at its ends, lines ended alike. */
function plain(cell: Cell): string {
  return (cell instanceof Date ? cell.toISOString() : String(cell ?? '')).replace(/\r\n?/g, '\n').trim();
}
