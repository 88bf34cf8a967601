import { Invalid } from './errors.js';

/** A slice of a list that is paged by key: `next` is the cursor of the row after the last one, or null. */
export interface Page<Row> {
  rows: Row[];
  next: string | null;
}

/** The key values of the last row seen, as an opaque text for an address. */
export function encodeCursor(keys: readonly (string | number | null)[]): string {
  return Buffer.from(JSON.stringify(keys)).toString('base64url');
}

/** @throws Invalid when the text was not made by `encodeCursor` with so many keys. */
export function decodeCursor(cursor: string, keys: number): (string | number | null)[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parsed) && parsed.length === keys && parsed.every(isKey)) return parsed;
  } catch {
    // falls through to the one refusal below
  }
  throw new Invalid({ cursor: 'This page address is not complete. Go back to the start of the list.' });
}

function isKey(value: unknown): value is string | number | null {
  return value === null || typeof value === 'number' || (typeof value === 'string' && !value.includes('\0'));
}

/** Cuts a result that was read with one row more than asked for. */
export function toPage<Row>(rows: Row[], limit: number, keysOf: (row: Row) => (string | number | null)[]): Page<Row> {
  if (rows.length <= limit) return { rows, next: null };
  const shown = rows.slice(0, limit);
  return { rows: shown, next: encodeCursor(keysOf(shown[limit - 1]!)) };
}
