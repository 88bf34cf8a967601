import { Logger, runMigrations } from 'graphile-worker';
import knexFactory from 'knex';
import type { Knex } from 'knex';
import { migrateLatest, pendingMigrations } from '../../../../platform/db/index.js';
import type { DatabaseKind } from '../../../../platform/db/index.js';
import type { Connection, SchemaMigrator } from '../../ports.js';
import { withPoolAs } from './client.store.js';

const quiet = new Logger(() => () => undefined);
const silent = () => undefined;
/** What goes wrong is thrown; Knex would also print it. */
const log = { warn: silent, error: silent, deprecate: silent, debug: silent };

/** Tables of a school belong to this role, which nobody can sign in as; the core's belong to its own owner. */
const TABLE_OWNER: Record<DatabaseKind, string | null> = { tenant: 'aims_owner', core: null };

/** First the job worker's own tables, then ours, which call them. */
export async function migrateSchema(owner: Connection, kind: DatabaseKind): Promise<string[]> {
  await withPoolAs(owner, 'aims_worker', (pgPool) => runMigrations({ pgPool, logger: quiet }));
  return withKnex(owner, kind, (knex) => migrateLatest(knex, kind));
}

export async function withKnex<Result>(
  owner: Connection,
  kind: DatabaseKind,
  work: (knex: Knex) => Promise<Result>,
): Promise<Result> {
  return withPoolAs(owner, TABLE_OWNER[kind], async (pool) => {
    const knex = knexFactory({ client: 'pg', version: '16', connectionPool: pool, log } as Knex.Config);
    try {
      return await work(knex);
    } finally {
      await knex.destroy();
    }
  });
}

export class TenantSchema implements SchemaMigrator {
  migrate(owner: Connection): Promise<string[]> {
    return migrateSchema(owner, 'tenant');
  }

  pending(owner: Connection): Promise<string[]> {
    return withKnex(owner, 'tenant', (knex) => pendingMigrations(knex, 'tenant'));
  }
}
