import type pg from 'pg';

export interface Column {
  name: string;
  /** As PostgreSQL writes it: `text`, `uuid`, `timestamp with time zone`, `text[]`. */
  type: string;
  /** First label of an enum. */
  label: string | null;
  /** Must be given: not null, no default, not generated. */
  demanded: boolean;
}

export interface Table {
  schema: string;
  name: string;
  columns: Column[];
}

/** Every table of a school's own schemas, read from the catalogue so that a new one is never left out. */
export async function tablesOf(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Column & { schema: string; table: string }>(
    `select n.nspname as schema, c.relname as table, a.attname as name, format_type(a.atttypid, null) as type,
            (select enumlabel from pg_enum e where e.enumtypid = a.atttypid order by enumsortorder limit 1) as label,
            a.attnotnull and not a.atthasdef and a.attidentity = '' as demanded
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relkind in ('r', 'p') and n.nspname in ('public', 'app')
      order by n.nspname, c.relname, a.attnum`,
  );
  const tables = new Map<string, Table>();
  for (const { schema, table, ...column } of rows) {
    const entry = tables.get(`${schema}.${table}`) ?? { schema, name: table, columns: [] };
    entry.columns.push(column);
    tables.set(`${schema}.${table}`, entry);
  }
  return [...tables.values()];
}

let counter = 0;

/** A value that fits the type and differs from earlier ones, as SQL text. */
export function sampleOf(column: Column): string {
  counter += 1;
  if (column.label !== null) return `'${column.label}'`;
  if (column.type.endsWith('[]')) return "'{}'";
  return SAMPLES[column.type]?.(counter) ?? `'sample ${counter}'`;
}

const day = (n: number) => `date '2020-01-01' + ${n}`;
const SAMPLES: Record<string, (n: number) => string> = {
  uuid: () => 'gen_random_uuid()',
  boolean: () => 'false',
  smallint: String,
  integer: String,
  bigint: String,
  numeric: String,
  'double precision': String,
  real: String,
  date: day,
  'timestamp with time zone': (n) => `(${day(n)})::timestamptz`,
  'time without time zone': (n) => `time '08:00' + make_interval(secs => ${n})`,
  interval: (n) => `make_interval(secs => ${n})`,
  json: () => "'{}'",
  jsonb: () => "'{}'",
  bytea: (n) => `'\\x${n.toString(16).padStart(8, '0')}'`,
  inet: () => "'127.0.0.1'",
  daterange: (n) => `daterange(${day(n)}, ${day(n + 1)})`,
  tstzrange: (n) => `tstzrange((${day(n)})::timestamptz, (${day(n + 1)})::timestamptz)`,
};
