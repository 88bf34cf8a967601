import type pg from 'pg';
import type { TestSchool } from '../database.js';

/** Asks a school's database as a superuser, for arranging and looking; returns the rows. */
export async function sql<Row extends pg.QueryResultRow = Record<string, string>>(
  database: TestSchool,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const admin = await database.admin();
  try {
    return (await admin.query<Row>(text, values)).rows;
  } finally {
    await admin.end();
  }
}

/** How many rows: `students where sex = 'F'`. */
export async function countRows(database: TestSchool, from: string, values: unknown[] = []): Promise<number> {
  const [row] = await sql<{ n: number }>(database, `select count(*)::int as n from ${from}`, values);
  return row!.n;
}
