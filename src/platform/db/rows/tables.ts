import { query } from '../context.js';

export interface TableColumn {
  name: string;
  /** As PostgreSQL writes it: `bigint`, `timestamp with time zone`. */
  type: string;
}

export interface SchoolTable {
  name: string;
  /** Without `school_id`, which is the same in every row. */
  columns: TableColumn[];
}

/** The tables of a school by name: those that `tenantTable` made, with a school and an id. */
export async function schoolTables(): Promise<SchoolTable[]> {
  return query<SchoolTable>(
    'platform.school-tables',
    `select c.relname as name, json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, null)) order by a.attnum) as columns
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and a.attname <> 'school_id'
        and 2 = (select count(*) from pg_attribute k where k.attrelid = c.oid and k.attname in ('school_id', 'id') and not k.attisdropped)
      group by c.relname order by c.relname`,
  );
}

/**
 * Rows of one table in the order of their ids, a page at a time, each value as PostgreSQL writes it.
 * @param where a condition of the program's own, never of a person's
 */
export async function* tableRows(
  { name, columns }: SchoolTable,
  where = 'true',
  perPage = 1000,
): AsyncGenerator<readonly Record<string, string | null>[]> {
  const list = columns.map((column) => `${quoted(column.name)}::text`).join(', ');
  const text = `select ${list}, id::text as "~id" from ${quoted(name)} where ($1::uuid is null or id > $1) and (${where}) order by id limit ${perPage}`;
  let after: string | null = null;
  for (;;) {
    const rows: Record<string, string | null>[] = await query(`platform.table-rows.${name}`, text, [after]);
    if (rows.length > 0) yield rows;
    if (rows.length < perPage) return;
    after = rows.at(-1)!['~id']!;
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
