import { Invalid } from './errors.js';

/** A slice of a list that is paged by key: `next` is the cursor of the row after the last one, or null. */
export interface Page<Row> {
  rows: Row[];
  next: string | null;
}

/** A value that rows are ordered by. Never null: nothing in SQL comes after a null, so a list is not ordered by what may be empty. */
export type Key = string | number;

/** The key values of the last row seen, as an opaque text for an address. */
export function encodeCursor(keys: readonly Key[]): string {
  if (!keys.every(isKey)) throw new Error('The list is ordered by what may be empty.');
  return Buffer.from(JSON.stringify(keys)).toString('base64url');
}

/** @throws Invalid when the text was not made by `encodeCursor` with so many keys: one with an empty key would answer an empty page. */
export function decodeCursor(cursor: string, keys: number): Key[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parsed) && parsed.length === keys && parsed.every(isKey)) return parsed;
  } catch {
    // falls through to the one refusal below
  }
  throw new Invalid({ cursor: 'This page address is not complete. Go back to the start of the list.' });
}

function isKey(value: unknown): value is Key {
  return typeof value === 'number' || (typeof value === 'string' && !value.includes('\0'));
}

/** Cuts a result that was read with one row more than asked for. */
export function toPage<Row>(rows: Row[], limit: number, keysOf: (row: Row) => Key[]): Page<Row> {
  if (rows.length <= limit) return { rows, next: null };
  const shown = rows.slice(0, limit);
  return { rows: shown, next: encodeCursor(keysOf(shown[limit - 1]!)) };
}
