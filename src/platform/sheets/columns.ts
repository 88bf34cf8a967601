export type ColumnKind = 'text' | 'name' | 'date' | 'number' | 'integer' | 'phone' | 'email' | 'choice' | 'flag' | 'money' | 'id';

export interface Choice {
  value: string;
  label: string;
  aliases?: string[];
}

/**
 * Columns that repeat by number (`Guardian 1 phone`, `Guardian 2 phone`). A heading with any of the words,
 * with or without a number, belongs to a group: `Mother tel` and `Father tel` become the first and the second.
 */
export interface ColumnGroup {
  words: string[];
  number: number;
}

/** One list of these gives the blank template, the export and the import of a resource. */
export interface Column<Row> {
  key: string;
  head: string;
  aliases?: string[];
  kind: ColumnKind;
  choices?: Choice[];
  /** What the school has of it, where people write it in many ways: offered when a cell has to be put right. */
  known?: readonly string[];
  required?: boolean;
  /** Keys of columns any of which says it too: where one of them is in the file, this one may be missing. */
  unless?: readonly string[];
  /** In characters. */
  width?: number;
  /** A day is `YYYY-MM-DD`, money is in minor units, a choice is its value (not its label), a phone is E.164. */
  value(row: Row): string | number | boolean | null;
  example?: string;
  note?: string;
  /** Read when a file has it, but not offered in the blank template. */
  spare?: boolean;
  group?: ColumnGroup;
  /** Key of the column that takes the second of two phone numbers in one cell. */
  second?: string;
}

/** A column as far as its heading matters; a plain value that can be sent to another process. */
export type Heading = Pick<Column<never>, 'key' | 'head' | 'aliases' | 'group'>;

export type RawCell = string | number | boolean | Date | null;

export interface RawRow {
  sheet: string;
  /** As a person sees it in the sheet, from 1. */
  row: number;
  /** One for each heading, in the order of the headings. */
  cells: RawCell[];
  /** What is wrong with the row as a whole, such as more cells than headings. */
  problem?: string;
}

/** A cell of more characters is refused by row and column; no real one comes near it. */
export const MAX_CELL = 5000;

/** Headings that only reject files have. They are never mapped, so that a corrected file can be sent as it is. */
export const REJECT_HEADS = { row: 'Row in the first file', reason: 'What to correct' } as const;

export function headingsOf(columns: readonly Heading[]): Heading[] {
  return columns.map(({ key, head, aliases, group }) => ({ key, head, ...(aliases && { aliases }), ...(group && { group }) }));
}
