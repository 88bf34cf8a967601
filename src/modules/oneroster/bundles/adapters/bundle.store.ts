import { newId } from '../../../../kernel/id.js';
import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { currentDatabase, db, query, runWith } from '../../../../platform/db/index.js';
import { camel, snake, type Row } from '../../../../platform/db/rows/rows.js';
import type { WrittenLine } from '../../../imports/index.js';
import type { Bundle, BundleStatus, BundleStore, Identity, IdentityKind, Part } from '../../ports.js';

const JSON_COLUMNS = new Set(['choices', 'findings', 'outcome', 'actor']);
const NEWEST = ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];

export class PostgresBundleStore implements BundleStore {
  async list(cursor: string | null, limit: number): Promise<Page<Bundle>> {
    const rows = await query<Row>(
      'oneroster.list',
      'select * from oneroster_bundles where (created_at, id) < ($1::timestamptz, $2::uuid) order by created_at desc, id desc limit $3',
      [...(cursor === null ? NEWEST : decodeCursor(cursor, 2)), limit + 1],
    );
    return toPage(
      rows.map((row) => camel<Bundle>(row)),
      limit,
      (row) => [row.createdAt.toISOString(), row.id],
    );
  }

  async find(id: string): Promise<Bundle | null> {
    const [row] = await query<Row>('oneroster.find', 'select * from oneroster_bundles where id = $1', [id]);
    return row ? camel<Bundle>(row) : null;
  }

  async insert(bundle: Bundle): Promise<void> {
    await db()('oneroster_bundles').insert(packed(bundle));
  }

  async change(id: string, changes: Partial<Omit<Bundle, 'id'>>): Promise<void> {
    await db()('oneroster_bundles').where({ id }).update(packed(changes));
  }

  async step(id: string, from: readonly BundleStatus[], changes: Partial<Omit<Bundle, 'id'>>): Promise<boolean> {
    return (
      (await db()('oneroster_bundles')
        .where({ id })
        .whereIn('status', [...from])
        .update(packed(changes))) === 1
    );
  }

  async remove(id: string): Promise<void> {
    await query('oneroster.remove', 'delete from oneroster_bundles where id = $1', [id]);
  }

  progress(id: string, step: string, done: number, total: number): Promise<void> {
    return runWith(currentDatabase(), async () => {
      await query('oneroster.progress', 'update oneroster_bundles set step = $2, done = $3, total = $4 where id = $1', [
        id,
        step,
        done,
        total,
      ]);
    });
  }

  async hold(): Promise<void> {
    await query('oneroster.hold', "select pg_advisory_xact_lock(hashtextextended('oneroster', 0))");
    // Plans made when a table was empty would read it from end to end for each row that is added in this transaction.
    await query('oneroster.forget-plans', 'discard plans');
    await query('oneroster.by-index', "select set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)");
  }

  async learnSizes(tables: readonly string[]): Promise<void> {
    await query('oneroster.learn-sizes', 'select app.learn_sizes($1)', [tables]);
  }

  async transaction(): Promise<string> {
    const [row] = await query<{ xid: string }>('oneroster.transaction', 'select pg_current_xact_id()::xid::text as xid');
    return row!.xid;
  }

  async keep(id: string, part: Part, lines: readonly WrittenLine[]): Promise<void> {
    await query(
      'oneroster.written.keep',
      `insert into oneroster_written (id, bundle_id, part, n, action, entity_id, before, trace)
        select gen_random_uuid(), $1, $2, n, action, entity_id, before, trace from unnest($3::int[], $4::text[], $5::uuid[], $6::jsonb[], $7::jsonb[]) as x(n, action, entity_id, before, trace)`,
      [
        id,
        part,
        lines.map((line) => line.n),
        lines.map((line) => line.action),
        lines.map((line) => line.entityId),
        lines.map((line) => (line.before === null ? null : JSON.stringify(line.before))),
        lines.map((line) => (line.trace === null ? null : JSON.stringify(line.trace))),
      ],
    );
  }

  written(id: string, part: Part, before: number, limit: number): Promise<WrittenLine[]> {
    return query(
      'oneroster.written.page',
      'select n, action, entity_id as "entityId", before, trace from oneroster_written where bundle_id = $1 and part = $2 and n < $3 order by n desc limit $4',
      [id, part, before, limit],
    );
  }

  identities(source: string): Promise<Identity[]> {
    return query(
      'oneroster.identities',
      'select kind, sourced_id as "sourcedId", entity_id as "entityId" from oneroster_identities where source = $1',
      [source],
    );
  }

  async addIdentities(source: string, bundleId: string, identities: readonly Identity[]): Promise<void> {
    await query(
      'oneroster.identities.add',
      `insert into oneroster_identities (id, source, kind, sourced_id, entity_id, bundle_id)
        select id, $1, kind, sourced_id, entity_id, $2 from unnest($3::uuid[], $4::text[], $5::text[], $6::uuid[]) as x(id, kind, sourced_id, entity_id)
        on conflict (school_id, source, kind, sourced_id) do update set entity_id = excluded.entity_id`,
      [
        source,
        bundleId,
        identities.map(() => newId()),
        identities.map((one) => one.kind),
        identities.map((one) => one.sourcedId),
        identities.map((one) => one.entityId),
      ],
    );
  }

  async removeIdentities(bundleId: string): Promise<void> {
    await query('oneroster.identities.remove', 'delete from oneroster_identities where bundle_id = $1', [bundleId]);
  }

  async moveIdentities(kind: IdentityKind, fromId: string, toId: string): Promise<void> {
    await query(
      'oneroster.identities.move',
      'update oneroster_identities set entity_id = $3 where kind = $1 and entity_id = $2',
      [kind, fromId, toId],
    );
  }
}

function packed(values: Partial<Bundle>): Row {
  return snake(
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        key,
        JSON_COLUMNS.has(key) && value !== null ? JSON.stringify(value) : value,
      ]),
    ),
  );
}
