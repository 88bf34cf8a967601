import { fold } from '../../../kernel/people/names.js';
import { parsePhone, phoneExample } from '../../../kernel/people/phone.js';
import { MAX_CELL, type Choice, type Column, type RawCell, type RawRow } from '../columns.js';
import { dayExample, parseDay, type DayContext, type DayOrder } from './dates.js';
import type { Mapping } from './mapping.js';
import { saysNothing } from './nothing.js';
import { parseAmount, parseInteger, parseNumber } from './numbers.js';
import { asciiDigits, cleanLine, cleanText, shown } from '../text.js';

export interface CellContext extends DayContext {
  /** How the days of a column are written, by its key; it holds for the whole column. */
  orders?: Readonly<Record<string, DayOrder>>;
  /** For money; two decimals when it isn't named. */
  currency?: string;
}

export type CellValue = string | number | boolean | null;

/** A message to the person who sent the file; `text` and `vars` are the same for a translation. */
export interface CellProblem {
  message: string;
  text: string;
  vars: Record<string, string>;
}

export interface RowProblem extends CellProblem {
  /** The row can be taken all the same; a mistake when left out. */
  severity?: 'warning';
  /** Key of the column; null for the row as a whole. */
  column: string | null;
  head: string;
}

export interface ParsedRow {
  values: Record<string, CellValue>;
  problems: RowProblem[];
  /** The template's own example row: to be left out in silence. */
  example: boolean;
}

type AnyColumn = Omit<Column<never>, 'value'>;
/** `rest` is what else a cell says beside its value, as it is written. */
type Parsed = { value: CellValue; rest?: readonly string[] } | { problem: CellProblem };

const ERROR = /^#(?:N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|FIELD!|BLOCKED!)$/;

/** One cell as its column's kind; an empty cell is null. */
export function parseCell(column: AnyColumn, raw: RawCell, context: CellContext): Parsed {
  if (typeof raw === 'string' && raw.length > MAX_CELL) {
    return refuse('{{head}} is too long: a cell may hold 5,000 characters.', { head: column.head });
  }
  const cell =
    typeof raw === 'string'
      ? column.kind === 'text'
        ? cleanText(raw)
        : cleanLine(column.kind === 'phone' ? raw.trim().replace(/[\r\n]+/g, ' / ') : raw)
      : raw;
  if (typeof cell === 'string' && cell.charCodeAt(0) === 35 && ERROR.test(cell)) {
    return refuse('{{head}} is "{{value}}", a mistake in the spreadsheet. Type the value itself.', {
      head: column.head,
      value: cell,
    });
  }
  if (cell === null || cell === '' || isNothing(column, cell)) {
    return column.required ? refuse('{{head}} is missing.', { head: column.head }) : { value: null };
  }
  return KINDS[column.kind](column, cell, context);
}

/** One of a choice's own words beats a word for nothing: an orphan status may be `None`. */
function isNothing(column: AnyColumn, cell: Cell): boolean {
  if (cell === 0) return column.kind === 'phone' || column.kind === 'date' || column.kind === 'id';
  if (typeof cell !== 'string') return false;
  if (column.kind === 'choice' && choiceIndex(column.choices ?? []).has(foldChoice(cell))) return false;
  return saysNothing(column.kind, cell);
}

type Cell = string | number | boolean | Date;
type Kind = (column: AnyColumn, cell: Cell, context: CellContext) => Parsed;

const KINDS: Record<Column<never>['kind'], Kind> = {
  text: plain,
  name: plain,
  id,
  date(column, cell, context) {
    const order = context.orders?.[column.key];
    const day = typeof cell === 'boolean' ? null : parseDay(cell, order ? { ...context, order } : context);
    if (day) return { value: day };
    const vars = { head: column.head, value: shown(asText(cell)), example: dayExample(context.country, order) };
    return refuse('{{head}} "{{value}}" is not a date. Enter it as {{example}}.', vars);
  },
  number(column, cell) {
    const value = isNumeric(cell) ? parseNumber(cell) : null;
    return value === null ? notA(column, cell, '{{head}} "{{value}}" is not a number.') : { value };
  },
  integer(column, cell) {
    const value = isNumeric(cell) ? parseInteger(cell) : null;
    return value === null ? notA(column, cell, '{{head}} "{{value}}" is not a whole number.') : { value };
  },
  money(column, cell, context) {
    const value = isNumeric(cell) ? parseAmount(cell, context.currency ?? '') : null;
    return value === null ? notA(column, cell, '{{head}} "{{value}}" is not an amount. Enter it as 12500.50.') : { value };
  },
  phone,
  email(column, cell) {
    const value = typeof cell === 'string' ? cell.replace(/^mailto:/i, '').toLowerCase() : '';
    if (/^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@.,;<>"]{2,}$/.test(value) && value.length <= 254) return { value };
    return notA(column, cell, '{{head}} "{{value}}" is not an email address. Enter it as name@example.org.');
  },
  choice,
  flag(column, cell) {
    const value = typeof cell === 'boolean' ? cell : FLAGS.get(fold(asText(cell)));
    return value === undefined ? notA(column, cell, '{{head}} "{{value}}" must be yes or no.') : { value };
  },
};

function isNumeric(cell: Cell): cell is string | number {
  return typeof cell === 'string' || typeof cell === 'number';
}

function plain(_column: AnyColumn, cell: Cell): Parsed {
  return { value: asText(cell) };
}

/** As a person would type it: days as days, no rounding noise, no exponent. */
function asText(cell: Cell): string {
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'boolean') return cell ? 'Yes' : 'No';
  if (cell instanceof Date) return parseDay(cell, { country: '', today: '' }) ?? cell.toISOString();
  return Number.isInteger(cell) && Math.abs(cell) < 1e21 ? String(cell) : String(Number(cell.toPrecision(15)));
}

/** As spreadsheets write what was too long for them: always a sign and two digits, so that a class `1E0` is a text. */
const SHORTENED = /^\d(?:[.,]\d+)?E\+\d{2}$/i;

function id(column: AnyColumn, cell: Cell): Parsed {
  const lost =
    typeof cell === 'number'
      ? !Number.isSafeInteger(cell) && Number.isInteger(cell)
      : typeof cell === 'string' && SHORTENED.test(cell);
  if (lost) return shortened(column, cell);
  if (cell instanceof Date) {
    return notA(
      column,
      cell,
      '{{head}} "{{value}}" was turned into a date by the spreadsheet. Format the column as text and type it again.',
    );
  }
  return { value: asText(cell) };
}

/** Between two numbers in one cell; a line break came in as a stroke. */
const SEVERAL = /[,;/&]| or | and | au | na | ou | et /i;

function phone(column: AnyColumn, cell: Cell, context: CellContext): Parsed {
  const text = asciiDigits(asText(cell))
    .replace(/^tel:/i, '')
    .replace(/^(\d+)\.0$/, '$1');
  if (SHORTENED.test(text)) return shortened(column, cell);
  const value = parsePhone(text, context.country);
  if (value) return { value };
  const parts = text
    .split(SEVERAL)
    .map((part) => part.trim())
    .filter(Boolean);
  const first = parts.findIndex((part) => parsePhone(part, context.country));
  if (first >= 0) return { value: parsePhone(parts[first]!, context.country), rest: parts.filter((_part, n) => n !== first) };
  const vars = { head: column.head, value: shown(asText(cell)), example: phoneExample(context.country) };
  return refuse('{{head}} "{{value}}" is not a phone number. Enter it as {{example}}.', vars);
}

function shortened(column: AnyColumn, cell: Cell): Parsed {
  return notA(
    column,
    cell,
    '{{head}} "{{value}}" was shortened by the spreadsheet. Format the column as text and type it again.',
  );
}

const FLAGS = new Map<string, boolean>([
  ...['yes', 'y', 'true', 't', '1', 'ndiyo', 'ndio', 'oui', 'vrai', 'sim', 'x', '✓', '✔', '☑', '✅'].map(
    (word) => [word, true] as const,
  ),
  ...['no', 'n', 'false', 'f', '0', 'hapana', 'la', 'non', 'faux', 'nao', '✗', '✘', '☐', '❌'].map(
    (word) => [word, false] as const,
  ),
]);

const choiceIndexes = new WeakMap<readonly Choice[], Map<string, string>>();

function choice(column: AnyColumn, cell: Cell): Parsed {
  const choices = column.choices ?? [];
  const text = foldChoice(asText(cell));
  const value = choiceIndex(choices).get(text);
  if (value !== undefined) return { value };
  const labels = choices.slice(0, 8).map((each) => each.label);
  const vars = { head: column.head, value: shown(asText(cell)), choices: labels.join(', ') + (choices.length > 8 ? ', …' : '') };
  return refuse('{{head}} "{{value}}" is not one of {{choices}}.', vars);
}

/** A label beats another choice's value, and both beat aliases. */
function choiceIndex(choices: readonly Choice[]): Map<string, string> {
  let index = choiceIndexes.get(choices);
  if (!index) {
    index = new Map();
    for (const names of [(c: Choice) => [c.label], (c: Choice) => [c.value], (c: Choice) => c.aliases ?? []]) {
      for (const each of choices)
        for (const name of names(each)) if (!index.has(foldChoice(name))) index.set(foldChoice(name), each.value);
    }
    choiceIndexes.set(choices, index);
  }
  return index;
}

function foldChoice(text: string): string {
  return fold(text)
    .replace(/[\s._\-/'"]+/g, ' ')
    .trim();
}

function notA(column: AnyColumn, cell: Cell, text: string): Parsed {
  return refuse(text, { head: column.head, value: shown(asText(cell)) });
}

function refuse(text: string, vars: Record<string, string>): { problem: CellProblem } {
  return { problem: { message: fill(text, vars), text, vars } };
}

function fill(text: string, vars: Record<string, string>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_all, name: string) => vars[name] ?? '');
}

/**
 * A reader of rows for one mapping; make it once and use it for all rows. Every column of the list has a value
 * in the result (null where it isn't mapped or was refused); a required column that isn't mapped is a problem of each row.
 */
export function rowParser<Row>(
  columns: readonly Column<Row>[],
  mapping: Mapping,
  context: CellContext,
): (raw: RawRow) => ParsedRow {
  const places = columns.map((column) => ({ column: column as AnyColumn, at: mapping.indexOf(column.key) }));
  const isExample = exampleTest(places, context);
  return (raw) => {
    const values: Record<string, CellValue> = {};
    const problems: RowProblem[] = [];
    if (raw.problem) problems.push({ message: raw.problem, text: raw.problem, vars: {}, column: null, head: '' });
    const more: { column: AnyColumn; rest: readonly string[] }[] = [];
    for (const { column, at } of places) {
      const parsed = parseCell(column, at < 0 ? null : (raw.cells[at] ?? null), context);
      if ('value' in parsed) {
        values[column.key] = parsed.value;
        if (parsed.rest?.length) more.push({ column, rest: parsed.rest });
      } else {
        values[column.key] = null;
        problems.push({ ...parsed.problem, column: column.key, head: column.head });
      }
    }
    for (const one of more) problems.push(...spread(one.column, one.rest, values, context));
    return { values, problems, example: isExample(raw) };
  };
}

/** What a cell says beside its value goes to the column for a second one, as far as that is free; the rest is named. */
function spread(
  column: AnyColumn,
  rest: readonly string[],
  values: Record<string, CellValue>,
  context: CellContext,
): RowProblem[] {
  const { key, head, second } = column;
  const numberOf = (part: string): string | null => parsePhone(part, context.country);
  const others = rest.filter((part) => numberOf(part) !== values[key]);
  const next = second !== undefined && values[second] === null ? others.find(numberOf) : undefined;
  if (second !== undefined && next !== undefined) values[second] = numberOf(next);
  const taken = second === undefined ? null : values[second];
  const left = others.filter((part) => taken === null || numberOf(part) !== taken);
  if (left.length === 0) return [];
  const [text, vars] = ['{{head}} has more than one number. “{{value}}” is ignored.', { head, value: shown(left.join(', ')) }];
  return [{ column: key, head, severity: 'warning', message: fill(text, vars), text, vars }];
}

/** The example row is one whose every mapped cell says what the template wrote there, as a value or in letters. */
function exampleTest(places: { column: AnyColumn; at: number }[], context: CellContext): (raw: RawRow) => boolean {
  const mapped = places.filter(({ at }) => at >= 0).map((place) => ({ ...place, text: cleanLine(place.column.example ?? '') }));
  if (mapped.filter(({ text }) => text).length < 2) return () => false;
  const same = ({ column, at, text }: (typeof mapped)[number], raw: RawRow) => {
    const cell = raw.cells[at] ?? null;
    if (cell === null || text === '') return cleanLine(asText(cell ?? '')) === text;
    if (typeof cell === 'string' && cleanLine(cell) === text) return true;
    return typeof cell !== 'string' && valueOf(column, cell, context) === valueOf(column, text, context);
  };
  return (raw) => mapped.every((place) => same(place, raw));
}

function valueOf(column: AnyColumn, raw: RawCell, context: CellContext): CellValue | undefined {
  const parsed = parseCell(column, raw, context);
  return 'value' in parsed ? parsed.value : undefined;
}
