import { query } from '../context.js';

/** Sends the statement for these ids, which stand at $1, with whatever else it takes from $2 on. */
export type OfIds = <Row>(ids: readonly string[], ...others: readonly unknown[]) => Promise<Row[]>;

/**
 * A statement about one thing or many: `text` writes what comes after a column of ids. PostgreSQL keeps the plan for one id; for
 * a list, whose length it doesn't know beforehand, it plans at each call, which for many tables takes longer than the reading.
 */
export function ofIds(name: string, text: (ids: string) => string): OfIds {
  const [one, many] = [text('= $1::uuid'), text('= any($1::uuid[])')];
  return <Row>(ids: readonly string[], ...others: readonly unknown[]) =>
    ids.length === 1 ? query<Row>(`${name}.one`, one, [ids[0], ...others]) : query<Row>(name, many, [ids, ...others]);
}
