import { createHash } from 'node:crypto';
import type { Knex } from 'knex';

export interface TableOptions {
  /** The application may add and read rows, but neither change nor remove them. */
  appendOnly?: boolean;
  /** Core tables only: the column by which a school's role reads its own rows. */
  schoolColumn?: string;
  comment?: string;
}

export interface ReferenceOptions {
  null?: boolean;
  /** Without it a row that is referred to can't be deleted. */
  onDelete?: 'cascade' | 'set null';
}

export interface IndexOptions {
  /** A partial index: SQL of the condition. */
  where?: string;
  /** A name of its own instead of the one made of table and columns. */
  name?: string;
}

/** What a migration says about one table. The key's prefix (`school_id`) is put before every index and reference. */
export class TableDefinition {
  /** Knex's own table builder, for plain columns. */
  columns!: Knex.CreateTableBuilder;
  private readonly statements: string[] = [];
  private readonly references: string[] = [];
  private readonly firstColumns = new Set<string>();

  constructor(
    private readonly knex: Knex,
    private readonly table: string,
    private readonly prefix: readonly string[],
  ) {}

  /** A column that refers to the key of another table, with the index that finds the rows behind it. */
  ref(column: string, table: string, options: ReferenceOptions = {}): void {
    const built = this.columns.uuid(column);
    if (!options.null) built.notNullable();
    const own = this.list([...this.prefix, column]);
    const theirs = this.list([...this.prefix, 'id']);
    // A plain SET NULL would empty school_id as well.
    const onDelete =
      options.onDelete === 'set null' ? ` on delete set null ("${column}")` : ` on delete ${options.onDelete ?? 'no action'}`;
    const name = this.nameOf([column], 'fkey');
    this.statements.push(
      `alter table "${this.table}" add constraint "${name}" foreign key (${own}) references "${table}" (${theirs})${onDelete}`,
    );
    this.references.push(column);
  }

  indexed(columns: string[], options: IndexOptions = {}): void {
    this.addIndex('index', columns, 'idx', options);
  }

  uniqueOn(columns: string[], options: IndexOptions & { nullsNotDistinct?: boolean } = {}): void {
    this.addIndex('unique index', columns, 'key', options, options.nullsNotDistinct ? ' nulls not distinct' : '');
  }

  /** A rule that a single row must keep; `name` says it. */
  check(name: string, condition: string): void {
    this.statements.push(`alter table "${this.table}" add constraint "${shorten(`${this.table}_${name}`)}" check (${condition})`);
  }

  apply(columns: Knex.CreateTableBuilder, define: (t: TableDefinition) => void): void {
    this.columns = columns;
    define(this);
  }

  /** What can only be said once the table is there. */
  async finish(): Promise<void> {
    for (const column of this.references) {
      if (!this.firstColumns.has(column)) this.indexed([column]);
    }
    for (const statement of this.statements) await this.knex.raw(statement.replaceAll('?', '\\?'));
  }

  private addIndex(kind: string, columns: string[], suffix: string, options: IndexOptions, after = ''): void {
    const name = options.name ?? this.nameOf(columns, suffix);
    const where = options.where ? ` where ${options.where}` : '';
    this.statements.push(
      `create ${kind} "${name}" on "${this.table}" (${this.list([...this.prefix, ...columns])})${after}${where}`,
    );
    if (!options.where) this.firstColumns.add(columns[0] ?? '');
  }

  private list(columns: string[]): string {
    return columns.map((column) => (/^\w+$/.test(column) ? `"${column}"` : column)).join(', ');
  }

  private nameOf(columns: string[], suffix: string): string {
    return shorten(`${[this.table, ...columns].join('_').replaceAll(/\W+/g, '_')}_${suffix}`);
  }
}

/** PostgreSQL cuts names after 63 bytes, which makes two of them equal. */
function shorten(name: string): string {
  if (name.length <= 63) return name;
  return `${name.slice(0, 54)}_${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
}
