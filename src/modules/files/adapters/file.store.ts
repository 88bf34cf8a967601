import { query } from '../../../platform/db/index.js';
import { naming } from '../../../platform/people-shown.js';
import type { FileOwner } from '../index.js';
import type { FileRow, FileStore } from '../ports.js';

/** Owners that are people: a photo shows somebody as a list does. */
const PEOPLE = new Set(['student', 'guardian', 'staff']);

interface Row {
  id: string;
  owner_kind: string;
  owner_id: string;
  purpose: string;
  name: string;
  type: string;
  size: number;
  sha256: string;
  object_key: string;
  created_by: string | null;
  created_at: Date;
}

export class PgFileStore implements FileStore {
  async insert(file: FileRow): Promise<void> {
    await query(
      'files.insert',
      `insert into files (id, owner_kind, owner_id, purpose, name, type, size, sha256, object_key, created_by, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        file.id,
        file.owner.kind,
        file.owner.id,
        file.purpose,
        file.name,
        file.type,
        file.size,
        file.sha256,
        file.objectKey,
        file.createdBy,
        file.createdAt,
      ],
    );
  }

  async count(): Promise<number> {
    const [row] = await query<{ n: number }>('files.count', 'select count(*)::int as n from files where deleted_at is null');
    return row!.n;
  }

  async following(after: string | null, limit: number): Promise<FileRow[]> {
    const rows = await query<Row>(
      'files.following',
      `select id, owner_kind, owner_id, purpose, name, type, size, sha256, object_key, created_by, created_at
       from files where deleted_at is null and ($1::uuid is null or id > $1) order by id limit $2`,
      [after, limit],
    );
    return rows.map(toFile);
  }

  async find(id: string): Promise<FileRow | null> {
    const [row] = await query<Row>(
      'files.find',
      `select id, owner_kind, owner_id, purpose, name, type, size, sha256, object_key, created_by, created_at
       from files where id = $1 and deleted_at is null`,
      [id],
    );
    naming(row ? [row] : [], (one) => (PEOPLE.has(one.owner_kind) ? one.owner_id : null));
    return row ? toFile(row) : null;
  }

  async remove(ids: readonly string[], at: Date): Promise<void> {
    await query('files.remove', 'update files set deleted_at = $2 where id = any($1::uuid[]) and deleted_at is null', [ids, at]);
  }

  async removeOf(purpose: string, owner: FileOwner, at: Date): Promise<void> {
    await query(
      'files.remove-of',
      'update files set deleted_at = $4 where owner_kind = $1 and owner_id = $2 and purpose = $3 and deleted_at is null',
      [owner.kind, owner.id, purpose, at],
    );
  }

  async removed(ids: readonly string[]): Promise<Set<string>> {
    const rows = await query<{ id: string }>(
      'files.removed-among',
      'select id from files where id = any($1::uuid[]) and deleted_at is not null',
      [ids],
    );
    return new Set(rows.map((row) => row.id));
  }

  async restore(ids: readonly string[]): Promise<void> {
    await query('files.restore', 'update files set deleted_at = null where id = any($1::uuid[])', [ids]);
  }

  async handOver(purpose: string, files: readonly { id: string; owner: FileOwner }[]): Promise<void> {
    await query(
      'files.hand-over',
      `update files f set purpose = $1, owner_kind = x.kind, owner_id = x.owner
        from unnest($2::uuid[], $3::text[], $4::uuid[]) as x(id, kind, owner) where f.id = x.id and f.deleted_at is null`,
      [purpose, files.map((one) => one.id), files.map((one) => one.owner.kind), files.map((one) => one.owner.id)],
    );
  }

  async removedBefore(then: Date): Promise<string[]> {
    const rows = await query<{ object_key: string }>('files.removed', 'select object_key from files where deleted_at < $1', [
      then,
    ]);
    return rows.map((row) => row.object_key);
  }

  async known(keys: readonly string[]): Promise<Set<string>> {
    const rows = await query<{ object_key: string }>('files.known', 'select object_key from files where object_key = any($1)', [
      keys,
    ]);
    return new Set(rows.map((row) => row.object_key));
  }

  async forget(keys: readonly string[]): Promise<void> {
    await query('files.forget', 'delete from files where object_key = any($1) and deleted_at is not null', [keys]);
  }
}

function toFile(row: Row): FileRow {
  const { id, purpose, name, type, size, sha256 } = row;
  const owner = { kind: row.owner_kind, id: row.owner_id };
  return {
    id,
    owner,
    purpose,
    name,
    type,
    size,
    sha256,
    objectKey: row.object_key,
    createdBy: row.created_by,
    createdAt: row.created_at,
  };
}
