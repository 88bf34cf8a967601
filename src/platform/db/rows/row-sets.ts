import { query } from '../context.js';
import type { Row } from './rows.js';

/** Rows of one table by one statement; all of them have the same columns, named as in the database. */
export async function insertRows(table: string, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.keys(rows[0]!).sort().join(', ');
  await query(
    `rows.insert.${table}.${columns.length}`,
    `insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, $1::json)`,
    [JSON.stringify(rows)],
  );
}

/** Sets all of the named columns in the rows with these ids. */
export async function updateRows(table: string, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.keys(rows[0]!)
    .filter((column) => column !== 'id' && column !== 'school_id')
    .sort();
  const set = columns.map((column) => `${column} = x.${column}`).join(', ');
  await query(
    `rows.update.${table}.${set.length}`,
    `update ${table} t set ${set} from json_populate_recordset(null::${table}, $1::json) x where t.id = x.id`,
    [JSON.stringify(rows)],
  );
}

export async function deleteRows(table: string, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await query(`rows.delete.${table}`, `delete from ${table} where id = any($1::uuid[])`, [ids]);
}

/** The rows as the table holds them, locked until the transaction ends. */
export async function holdRows(table: string, ids: readonly string[]): Promise<Map<string, Row>> {
  if (ids.length === 0) return new Map();
  const rows = await query<{ row: Row }>(
    `rows.hold.${table}`,
    `select to_jsonb(t) as row from ${table} t where id = any($1::uuid[]) order by id for update`,
    [ids],
  );
  return new Map(rows.map(({ row }) => [row.id as string, row]));
}

/** The transaction that has written each of these rows last. */
export async function writersOf(table: string, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await query<{ id: string; xid: string }>(
    `rows.writers.${table}`,
    `select id, xmin::text as xid from ${table} where id = any($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row.xid]));
}

/** Which of these rows another transaction than this has written since, or are gone; `back` names others that put a row back to what it was. */
export async function changedSince(
  table: string,
  ids: readonly string[],
  writtenIn: string,
  back: readonly { id: string; xid: string }[] = [],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await query<{ id: string }>(
    `rows.changed-since.${table}`,
    `select x.id from unnest($1::uuid[]) as x(id) left join ${table} t on t.id = x.id where t.id is null or (t.xmin::text <> $2
      and not exists (select 1 from unnest($3::uuid[], $4::text[]) as a(id, xid) where a.id = t.id and a.xid = t.xmin::text))`,
    [ids, writtenIn, back.map((one) => one.id), back.map((one) => one.xid)],
  );
  return rows.map((row) => row.id);
}
