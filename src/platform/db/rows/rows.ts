/** A row with the database's names, as a statement or `to_jsonb` gives it. */
export type Row = Record<string, unknown>;

/** Columns are few and met again on every row. */
const names = new Map<string, string>();
const MOST_NAMES = 2_000;

/** `first_name` → `firstName`. */
export function camelName(column: string): string {
  const known = names.get(column);
  if (known !== undefined) return known;
  const name = column.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
  if (names.size < MOST_NAMES) names.set(column, name);
  return name;
}

/** `first_name` → `firstName`, for every column of a row. */
export function camel<Shape>(row: Row): Shape {
  const shape: Row = {};
  for (const column of Object.keys(row)) shape[camelName(column)] = row[column];
  return shape as Shape;
}

const columns = new Map<string, string>();

/** `firstName` → `first_name`. */
export function snakeName(name: string): string {
  const known = columns.get(name);
  if (known !== undefined) return known;
  const column = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (columns.size < MOST_NAMES) columns.set(name, column);
  return column;
}

/** `firstName` → `first_name`, for a patch or a new row. */
export function snake(values: object): Row {
  const row: Row = {};
  for (const name of Object.keys(values)) row[snakeName(name)] = (values as Row)[name];
  return row;
}
