import { newId } from '../../../../kernel/id.js';
import { query } from '../../../../platform/db/index.js';
import type { Row } from '../../../../platform/db/rows.js';

/** Ids for the rows of one batch: they share a first half and follow each other, which is cheap to make and keeps an index together. */
export function idSeries(): () => string {
  const first = newId().slice(0, 24);
  let count = 0;
  return () => first + (count++).toString(16).padStart(12, '0');
}

/** Rows of one table by one statement; all of them have the same columns, named as in the database. */
export async function insertRows(table: string, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.keys(rows[0]!).sort();
  await query(
    `students.import.insert.${table}.${columns.length}`,
    `insert into ${table} (${columns.join(', ')}) select ${columns.join(', ')} from json_populate_recordset(null::${table}, $1::json)`,
    [JSON.stringify(rows)],
  );
}

/** Sets all of the named columns in the rows with these ids. */
export async function updateRows(table: string, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.keys(rows[0]!).filter((column) => column !== 'id' && column !== 'school_id').sort();
  await query(
    `students.import.update.${table}.${columns.length}`,
    `update ${table} t set ${columns.map((column) => `${column} = x.${column}`).join(', ')} from json_populate_recordset(null::${table}, $1::json) x where t.id = x.id`,
    [JSON.stringify(rows)],
  );
}

export async function deleteRows(table: string, column: 'id' | 'student_id', ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await query(`students.import.delete.${table}.${column}`, `delete from ${table} where ${column} = any($1::uuid[])`, [ids]);
}

/** Ids that follow each other keep new rows together in the index; the words of a batch share the first half of theirs. */
export async function insertTerms(terms: readonly { s: string; t: readonly string[] }[]): Promise<void> {
  if (terms.length === 0) return;
  await query(
    'students.import.insert.terms',
    `insert into students_terms (id, student_id, term)
      select (substr($2, 1, 24) || lpad(to_hex(row_number() over ()), 12, '0'))::uuid, s, term
      from json_to_recordset($1::json) as x(s uuid, t text[]), unnest(t) as term order by term`,
    [JSON.stringify(terms), newId()],
  );
}
