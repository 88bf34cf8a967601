/** A row with the database's names, as a statement or `to_jsonb` gives it. */
export type Row = Record<string, unknown>;

/** `first_name` → `firstName`, for every column of a row. */
export function camel<Shape>(row: Row): Shape {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase()), value]),
  ) as Shape;
}

/** `firstName` → `first_name`, for a patch or a new row. */
export function snake(values: object): Row {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value as unknown,
    ]),
  );
}
