import type { Model } from 'objection';
import { Invalid, RuleBroken, Stale } from '../../kernel/errors.js';
import { newId } from '../../kernel/id.js';
import { decodeCursor, toPage, type Key, type Page } from '../../kernel/page.js';
import { blank, type RecordDeclaration, type Fields, type Filled, type Rows, type RowOf } from '../../kernel/shapes/record.js';
import { Cached, changed, db, query } from '../db/index.js';
import { camel, snake, snakeName, type Row } from '../db/rows/rows.js';
import { namingPage, opening } from '../people-shown.js';

/** A row as it is written, with what follows from it. */
export function writtenRow<Own extends Fields, Derived extends string>(of: RecordDeclaration<Own, Derived>, row: object): Row {
  const derived = Object.entries(of.derived) as [string, (values: never) => string][];
  return snake({ ...row, ...Object.fromEntries(derived.map(([name, from]) => [name, from(row as never)])) });
}

/** The rows of a record that fit into memory: read at once, kept until one of them changes. */
export class PostgresRows<Of extends RecordDeclaration<Fields, string>> implements Rows<Of> {
  private readonly cached: Cached<RowOf<Of>[]>;
  private model: Promise<typeof Model> | null = null;
  private readonly columns: string;

  constructor(private readonly of: Of) {
    this.columns = ['id', 'version', ...Object.keys(of.fields)].map(snakeName).join(', ');
    this.cached = new Cached(of.table, async () =>
      (await this.read('all', `order by ${snakeName(String(of.order))}, id`)).map(camel<RowOf<Of>>),
    );
  }

  all(): Promise<RowOf<Of>[]> {
    return this.cached.get();
  }

  page(rows: readonly RowOf<Of>[], cursor: string | null, limit: number): Page<RowOf<Of>> {
    const last = cursor === null ? null : decodeCursor(cursor, 2);
    const rest = last ? rows.filter((row) => isAfter(this.keysOf(row), last)) : rows;
    const page = toPage(rest.slice(0, limit + 1), limit, (row) => this.keysOf(row));
    return this.of.people ? namingPage(page, (row) => row.id) : page;
  }

  async find(id: string): Promise<RowOf<Of> | null> {
    const [row] = await this.read('find', 'where id = $1', [id]);
    if (row && this.of.people) opening(id);
    return row ? camel<RowOf<Of>>(row) : null;
  }

  async has(name: keyof Filled<Of> & string, value: string): Promise<boolean> {
    const text = `select 1 from ${this.of.table} where ${snakeName(name)} = $1`;
    return (await query(`${this.of.table}.has.${name}`, text, [value])).length > 0;
  }

  async insert(values: Filled<Of>): Promise<RowOf<Of>> {
    const row = { ...blank(this.of), ...values, id: newId(), version: 1 } as RowOf<Of>;
    const model = await this.modelOf();
    await this.orTaken(model.query(db()).insert(writtenRow(this.of, row)).then());
    await changed(this.of.table);
    return row;
  }

  async update(row: RowOf<Of>): Promise<RowOf<Of>> {
    const { id, version } = row;
    const after = { ...row, version: version + 1 };
    const { id: _same, ...changes } = writtenRow(this.of, { ...after, updatedAt: new Date() });
    const model = await this.modelOf();
    const count = await this.orTaken(model.query(db()).patch(changes).where({ id, version }).then());
    if (count === 0) throw new Stale();
    await changed(this.of.table);
    return after;
  }

  async remove(id: string): Promise<void> {
    const model = await this.modelOf();
    try {
      await model.query(db()).delete().where({ id });
    } catch (error) {
      if (nativeOf(error).code !== '23503') throw error;
      throw new RuleBroken('in-use', 'It can’t be removed: other records refer to it.');
    }
    await changed(this.of.table);
  }

  /** By what it is ordered, and its id. */
  private keysOf(row: RowOf<Of>): Key[] {
    const order = String(this.of.order);
    const derived = this.of.derived[order];
    return [derived ? derived(row) : (row as Record<string, Key>)[order]!, row.id];
  }

  private read(name: string, rest: string, values: readonly unknown[] = []): Promise<Row[]> {
    return query(`${this.of.table}.${name}`, `select ${this.columns} from ${this.of.table} ${rest}`, values);
  }

  /** Loaded with the first change: most processes only read. */
  private modelOf(): Promise<typeof Model> {
    const { table } = this.of;
    return (this.model ??= import('objection').then(
      ({ Model: Base }) =>
        class extends Base {
          static override tableName = table;
        },
    ));
  }

  /** A number that somebody else has becomes a sentence at its field; the database alone decides who was first. */
  private async orTaken<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work;
    } catch (error) {
      const { code, constraint } = nativeOf(error);
      const taken = Object.entries(this.of.fields).find(([name, field]) => field.taken && constraint?.includes(snakeName(name)));
      throw code === '23505' && taken ? new Invalid({ [taken[0]]: taken[1].taken! }) : error;
    }
  }
}

/** What the database said of it. */
function nativeOf(error: unknown): { code?: string; constraint?: string } {
  return (error as { nativeError?: { code?: string; constraint?: string } }).nativeError ?? {};
}

function isAfter(keys: Key[], last: Key[]): boolean {
  return keys[0] === last[0] ? keys[1]! > last[1]! : keys[0]! > last[0]!;
}
