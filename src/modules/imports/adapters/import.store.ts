import { decodeCursor, toPage, type Page } from '../../../kernel/page.js';
import { currentDatabase, db, query, runWith } from '../../../platform/db/index.js';
import { camel, snake, type Row } from '../../../platform/db/rows/rows.js';
import type { ImportStatus } from '../import.rules.js';
import type { RestoredBase } from '../restored.rules.js';
import type { Import, ImportStore, ImportTouch } from '../ports.js';

const JSON_COLUMNS = new Set([
  'sheets',
  'wantedSheets',
  'headers',
  'mapping',
  'replacements',
  'questions',
  'answers',
  'counts',
  'actor',
]);

export class PostgresImportStore implements ImportStore {
  async list(kinds: readonly string[], cursor: string | null, limit: number): Promise<Page<Import>> {
    const after = cursor === null ? ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'] : decodeCursor(cursor, 2);
    const rows = await query<Row>(
      'imports.list',
      'select * from imports where kind = any($1) and (created_at, id) < ($2::timestamptz, $3::uuid) order by created_at desc, id desc limit $4',
      [kinds, ...after, limit + 1],
    );
    return toPage(
      rows.map((row) => camel<Import>(row)),
      limit,
      (row) => [row.createdAt.toISOString(), row.id],
    );
  }

  async find(id: string): Promise<Import | null> {
    const [row] = await query<Row>('imports.find', 'select * from imports where id = $1', [id]);
    return row ? camel<Import>(row) : null;
  }

  touching(kind: string, entityId: string, limit: number): Promise<ImportTouch[]> {
    return query<ImportTouch>(
      'imports.touching',
      `select i.id as "importId", i.file_name as "fileName", w.action, i.written_at as at, i.by_name as "byName", i.undone_at as "undoneAt"
        from imports_written w join imports i on i.school_id = w.school_id and i.id = w.import_id
        where w.entity_id = $2 and i.kind = $1 and i.written_at is not null order by i.written_at desc limit $3`,
      [kind, entityId, limit],
    );
  }

  async insert(made: Import): Promise<void> {
    await db()('imports').insert(packed(made));
  }

  async change(id: string, changes: Partial<Omit<Import, 'id'>>): Promise<void> {
    await db()('imports').where({ id }).update(packed(changes));
  }

  async step(id: string, from: readonly ImportStatus[], changes: Partial<Omit<Import, 'id'>>): Promise<boolean> {
    return (
      (await db()('imports')
        .where({ id })
        .whereIn('status', [...from])
        .update(packed(changes))) === 1
    );
  }

  async remove(id: string): Promise<void> {
    await query('imports.remove', 'delete from imports where id = $1', [id]);
  }

  async hold(id: string): Promise<void> {
    await query('imports.hold', "select pg_advisory_xact_lock(hashtextextended('imports:' || $1, 0))", [id]);
  }

  /**
   * Plans that were made when a table was empty read it from end to end, also those behind foreign keys, and nothing
   * inside of one transaction tells the planner that 100,000 rows have been added since.
   */
  async byIndex(): Promise<void> {
    await query('imports.forget-plans', 'discard plans');
    await query('imports.by-index', "select set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)");
  }

  async learnSizes(tables: readonly string[]): Promise<void> {
    await query('imports.learn-sizes', 'select app.learn_sizes($1)', [tables]);
  }

  progress(id: string, done: number): Promise<void> {
    return runWith(currentDatabase(), async () => {
      await query('imports.progress', 'update imports set done = $2 where id = $1', [id, done]);
    });
  }

  async transaction(): Promise<string> {
    const [row] = await query<{ xid: string }>('imports.transaction', 'select pg_current_xact_id()::xid::text as xid');
    return row!.xid;
  }

  restoredBases(writtenAfter: Date): Promise<RestoredBase[]> {
    return query<RestoredBase>(
      'imports.restored-bases',
      `select b ->> 'id' as id, b -> 'xids' as xids, i.undone_in as "undoneIn"
        from imports i join imports_written w on w.school_id = i.school_id and w.import_id = i.id
          cross join lateral jsonb_array_elements(w.trace -> 'base') as b
        where i.undone_in is not null and i.written_at > $1 order by i.undone_at`,
      [writtenAfter],
    );
  }

  async stale(before: { unwritten: Date; written: Date }): Promise<Pick<Import, 'id' | 'kind' | 'fileId' | 'status'>[]> {
    return query(
      'imports.stale',
      `select id, kind, file_id as "fileId", status from imports i
        where (status in ('checked', 'refused', 'failed') and created_at < $1)
           or (status in ('done', 'undone') and created_at < $2 and exists (select 1 from imports_rows r where r.import_id = i.id))`,
      [before.unwritten, before.written],
    );
  }
}

function packed(values: Partial<Import>): Row {
  return snake(
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        key,
        JSON_COLUMNS.has(key) && value !== null ? JSON.stringify(value) : value,
      ]),
    ),
  );
}
