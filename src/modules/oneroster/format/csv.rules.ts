import type { Field, RosterRow } from './spec.rules.js';

/** A spreadsheet program would take such a cell for a formula; a phone number does no harm as one. */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;
const PHONE = /^\+\d{7,15}$/;

/** RFC 4180: quotes where they are needed, doubled inside; lines end with CR LF. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

export function headerLine(fields: readonly Field[]): string {
  return csvLine(fields.map((field) => field.name));
}

export function rowLine(fields: readonly Field[], row: RosterRow): string {
  return csvLine(fields.map((field) => row[field.name] ?? ''));
}

function cellOf(text: string): string {
  const safe = FORMULA.test(text) && !PHONE.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
