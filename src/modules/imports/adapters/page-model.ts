import type { T } from '../../../platform/i18n/i18n.js';
import type { Misread } from '../replacement.rules.js';
import type { Column, Import, ImportKind, RawCell, Remark, ShownRow } from '../ports.js';

export interface ShownColumn {
  key: string;
  label: string;
  /** `D`, as the spreadsheet calls it; empty where the file has no such column. */
  letter: string;
  at: number;
}

export interface ShownLine {
  row: number;
  sheet: string;
  cells: { text: string; wrong: boolean }[];
  state: ShownRow['state'];
  why: string[];
  /** Of kinds that tell more than the cells. */
  seen: { picture: string | null; name: string } | null;
}

const MOST_COLUMNS = 8;

/** Columns that tell which row it is, then those with something wrong among these rows. */
export function shownColumns(
  found: Import,
  kind: ImportKind,
  columns: readonly Column<never>[],
  rows: readonly ShownRow[],
): ShownColumn[] {
  const wrong = rows.flatMap((row) => row.remarks.flatMap((remark) => remark.column ?? []));
  const wanted = new Set([...kind.shown.filter((key) => found.mapping.includes(key)), ...wrong]);
  const shown = columns.flatMap(({ key, head }): ShownColumn[] => {
    if (!wanted.has(key)) return [];
    const at = found.mapping.indexOf(key);
    return [{ key, label: head, letter: at < 0 ? '' : letters(at), at }];
  });
  if (shown.length <= MOST_COLUMNS) return shown;
  const kept = new Set([...new Set(wrong), ...kind.shown].slice(0, MOST_COLUMNS));
  return shown.filter((column) => kept.has(column.key));
}

export function shownLine(row: ShownRow, shown: readonly ShownColumn[], t: T, kind: Pick<ImportKind, 'seen'>): ShownLine {
  const wrong = new Set(row.remarks.map((remark) => remark.column));
  return {
    row: row.rowNo,
    sheet: row.sheet,
    state: row.state,
    cells: shown.map((column) => ({
      text: column.at < 0 ? '' : cellText(row.cells[column.at] ?? null),
      wrong: wrong.has(column.key),
    })),
    seen: kind.seen?.(row.values) ?? null,
    why: [...row.remarks].sort((one) => (one.severity === 'error' ? -1 : 1)).map((remark) => sentence(remark, t)),
  };
}

export interface ShownMisread {
  key: string;
  label: string;
  /** As the form sends it back. */
  from: string;
  shown: string;
  rows: number;
  why: string;
  /** What may stand there instead. */
  answers: string[];
}

export function shownMisread(misread: readonly Misread[], columns: readonly Column<never>[], t: T): ShownMisread[] {
  return misread.flatMap(({ column, text, rows, remark }) => {
    const one = columns.find(({ key }) => key === column);
    if (!one) return [];
    const answers = [...(one.known ?? one.choices?.map(({ label }) => t(label)) ?? [])];
    return [{ key: column, label: one.head, from: text, shown: cellText(text), rows, why: sentence(remark, t), answers }];
  });
}

export function sentence(remark: Pick<Remark, 'text' | 'vars'>, t: T): string {
  const { head, ...vars } = remark.vars ?? {};
  return t(remark.text, { ...vars, ...(head !== undefined && { head: t(String(head)) }) });
}

/** As the sheet shows it; stored cells hold days as instants. */
export function cellText(cell: RawCell): string {
  if (cell === null) return '';
  if (typeof cell === 'boolean') return cell ? 'TRUE' : 'FALSE';
  const day = typeof cell === 'string' ? /^(\d{4})-(\d\d)-(\d\d)T00:00:00\.000Z$/.exec(cell) : null;
  if (day) return `${day[3]}/${day[2]}/${day[1]}`;
  const text = cell instanceof Date ? cell.toISOString() : String(cell);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** For a file that a person corrects: a day in the one spelling that every country reads alike. */
export function cellToCorrect(cell: RawCell): RawCell {
  return typeof cell === 'string' ? cell.replace(/^(\d{4}-\d\d-\d\d)T00:00:00\.000Z$/, '$1') : cell;
}

export function letters(at: number): string {
  return at < 26 ? String.fromCharCode(65 + at) : letters(Math.floor(at / 26) - 1) + String.fromCharCode(65 + (at % 26));
}

/** As the page asks them. */
export function shownQuestions({ questions, answers }: Import, t: T) {
  return questions.map(({ key, text, vars, choices, standing, needed }) => ({
    key,
    text: t(text, vars),
    chosen: answers[key] ?? standing,
    open: needed && answers[key] === undefined,
    choices: choices.map(({ value, label, examples }) => ({
      value,
      label: t(label),
      examples: examples.map((one) => ({ ...one, day: one.day === true && /^\d/.test(one.to) })),
    })),
  }));
}

/** Columns that every new row needs and no heading fills, as the list calls them. */
export function unmatched(
  { mode, headers, mapping }: Pick<Import, 'mode' | 'headers' | 'mapping'>,
  columns: readonly Column<never>[],
): string[] {
  if (mode === 'update' || headers.length === 0) return [];
  const filled = new Set(mapping);
  return columns
    .filter(({ key, required, unless = [] }) => required && !filled.has(key) && !unless.some((other) => filled.has(other)))
    .map(({ head }) => head);
}
