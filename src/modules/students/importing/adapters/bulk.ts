import { idSeries } from '../../../../kernel/id.js';
import { arrayOf } from '../../../../platform/db/rows/arrays.js';
import { query } from '../../../../platform/db/index.js';
import type { Row } from '../../../../platform/db/rows/rows.js';
import type { Term } from '../../search/search.rules.js';
import { storedTerm } from '../../search/adapters/student-search.sql.js';

/** What the columns of a table are, asked once: a process serves one schema. */
const types = new Map<string, Map<string, string>>();

async function typesOf(table: string): Promise<Map<string, string>> {
  let known = types.get(table);
  if (!known) {
    const rows = await query<{ name: string; type: string }>(
      'students.import.column-types',
      'select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = to_regclass($1) and attnum > 0 and not attisdropped',
      [table],
    );
    known = new Map(rows.map((row) => [row.name, row.type]));
    types.set(table, known);
  }
  return known;
}

/**
 * Rows of one table by one statement; all of them have the same columns, named as in the database. They go column by
 * column, which costs the database a third of what the same rows as JSON do, and the school is asked for once instead
 * of by each row's default.
 */
export async function insertRows(table: string, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.keys(rows[0]!).sort();
  const known = await typesOf(table);
  const names = columns.includes('school_id') ? columns : ['school_id', ...columns];
  const values = columns === names ? columns : ['(select app.current_school())', ...columns];
  await query(
    `students.import.insert.${table}.${columns.length}`,
    `insert into ${table} (${names.join(', ')}) select ${values.join(', ')}
      from unnest(${columns.map((column, at) => `$${at + 1}::${known.get(column)!}[]`).join(', ')}) as x(${columns.join(', ')})`,
    columns.map((column) => arrayOf(rows, (row) => row[column])),
  );
}

/** Sets all of the named columns in the rows with these ids. */
export async function updateRows(table: string, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.keys(rows[0]!)
    .filter((column) => column !== 'id' && column !== 'school_id')
    .sort();
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
export async function insertTerms(students: readonly { id: string; sortName: string; terms: readonly Term[] }[]): Promise<void> {
  if (students.length === 0) return;
  const words = students
    .flatMap(({ id, sortName, terms }) => terms.map((one) => ({ id, sortName, term: storedTerm(one) })))
    .sort((one, other) => (one.term < other.term ? -1 : one.term > other.term ? 1 : 0));
  const nextId = idSeries();
  await query(
    'students.import.insert.terms',
    `insert into students_terms (school_id, id, student_id, sort_name, term)
      select (select app.current_school()), id, student_id, sort_name, term from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) as x(id, student_id, sort_name, term)`,
    [
      arrayOf(words, nextId),
      arrayOf(words, (word) => word.id),
      arrayOf(words, (word) => word.sortName),
      arrayOf(words, (word) => word.term),
    ],
  );
}
