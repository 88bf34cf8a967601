import { createRequire } from 'node:module';
import type pg from 'pg';
import { migrationsHash } from '../../../../platform/db/index.js';
import type { Connection } from '../../ports.js';
import { exists, name, withClient } from './client.store.js';
import { migrateSchema } from './schema.store.js';

/** Grows when the way of making a template changes without a migration. */
const RECIPE = '1';
const PREFIX = 'aims_template_';
const LOCK = 7_203_431;
const NO_SUCH_DATABASE = '3D000';
const TRIES = 3;

/**
 * The migrated, empty database that schools are cloned from: one for each state of the migrations, made by
 * the first who needs it. Older ones are dropped.
 */
export async function ensureTemplate(provisioner: Connection, client: pg.Client): Promise<string> {
  const template = templateName();
  if (await databaseExists(client, template)) return template;
  // Held by a connection of its own and given back when that closes.
  return withClient(provisioner, async (locked) => {
    await locked.query('select pg_advisory_lock($1)', [LOCK]);
    if (await databaseExists(locked, template)) return template;
    await build(provisioner, locked, template);
    await dropOlder(locked, template);
    return template;
  });
}

/** Another version of the product on the same server may drop this one's template between the look and the clone: then it is made again. */
export async function cloneTemplate(provisioner: Connection, client: pg.Client, database: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const template = await ensureTemplate(provisioner, client);
    try {
      await client.query(`create database ${name(database)} template ${name(template)}`);
      return;
    } catch (error) {
      if ((error as { code?: unknown }).code !== NO_SUCH_DATABASE || tries === TRIES) throw error;
    }
  }
}

export function templateName(): string {
  const manifest = createRequire(import.meta.url)('graphile-worker/package.json') as { version: string };
  return `${PREFIX}${migrationsHash('tenant', manifest.version, RECIPE)}`;
}

/** A half-made template never has the final name. */
async function build(provisioner: Connection, client: pg.Client, template: string): Promise<void> {
  const unfinished = `${template}_new`;
  await client.query(`drop database if exists ${name(unfinished)} with (force)`);
  await createEmptyDatabase(client, unfinished);
  const inside = { ...provisioner, database: unfinished };
  await withClient(inside, (owner) => prepareSchemas(owner, 'aims_owner'));
  await migrateSchema(inside, 'tenant');
  await withClient(inside, (owner) => lockSchemas(owner));
  await client.query(`alter database ${name(unfinished)} rename to ${name(template)}`);
  await client.query(`alter database ${name(template)} allow_connections false`);
}

async function dropOlder(client: pg.Client, current: string): Promise<void> {
  const { rows } = await client.query<{ datname: string }>(
    "select datname from pg_database where datname ~ '^aims_template_' and datname <> $1 and not exists (select 1 from pg_stat_activity a where a.datname = pg_database.datname)",
    [current],
  );
  // One that is being cloned at this moment stays for the next time.
  for (const { datname } of rows) await client.query(`drop database if exists ${name(datname)}`).catch(() => undefined);
}

/** Texts compare by their bytes, as the folded columns and the paging by key expect, on every machine alike. */
export async function createEmptyDatabase(client: pg.Client, database: string): Promise<void> {
  const { rows } = await client.query<{ version: number }>("select current_setting('server_version_num')::int as version");
  const locale =
    (rows[0]?.version ?? 0) >= 170000 ? "locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'" : "locale 'C.UTF-8'";
  await client.query(`create database ${name(database)} template template0 encoding 'UTF8' ${locale}`);
  await client.query(`revoke all on database ${name(database)} from public`);
}

/** What the migrations need: the owner of the tables and the worker may each make their schema. */
export async function prepareSchemas(client: pg.Client, tableOwner: string): Promise<void> {
  await client.query(`
    grant create on database ${name(client.database!)} to ${name(tableOwner)}, aims_worker;
    revoke all on schema public from public;
    grant usage, create on schema public to ${name(tableOwner)};
    grant usage on schema public to aims_app, aims_readonly, aims_core_app;`);
}

export async function lockSchemas(client: pg.Client): Promise<void> {
  await client.query(`revoke create on database ${name(client.database!)} from aims_worker`);
}

export async function databaseExists(client: pg.Client, database: string): Promise<boolean> {
  return exists(client, 'select 1 from pg_database where datname = $1', [database]);
}
