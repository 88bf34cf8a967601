import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Knex } from 'knex';

export type DatabaseKind = 'core' | 'tenant';

interface MigrationModule {
  up(knex: Knex): Promise<void>;
  down(knex: Knex): Promise<void>;
}

/** A migration waits this long for a lock, then gives way to the people at work and is tried again later. */
const LOCK_TIMEOUT = '5s';

/** The folder of one kind: beside this code in the build, else in the project. */
export function migrationsFolder(kind: DatabaseKind): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const candidate = path.join(folder, 'migrations', kind);
    if (existsSync(candidate)) return candidate;
    const above = path.dirname(folder);
    if (above === folder) throw new Error(`There is no folder migrations/${kind} above ${fileURLToPath(import.meta.url)}.`);
    folder = above;
  }
}

/** Names without an extension: a database that was migrated from sources can be migrated on from the build. */
export function migrationSource(kind: DatabaseKind): Knex.MigrationSource<string> {
  const folder = migrationsFolder(kind);
  return {
    getMigrations: () => Promise.resolve(filesOf(folder)),
    getMigrationName: (file) => path.parse(file).name,
    getMigration: async (file) => {
      const migration = (await import(pathToFileURL(path.join(folder, file)).href)) as MigrationModule;
      return { up: step(file, migration.up), down: step(file, migration.down) };
    },
  };
}

export function migrationNames(kind: DatabaseKind): string[] {
  return filesOf(migrationsFolder(kind)).map((file) => path.parse(file).name);
}

/** Changes with every migration's text: names the template database. */
export function migrationsHash(kind: DatabaseKind, ...also: string[]): string {
  const folder = migrationsFolder(kind);
  const hash = createHash('sha256').update(also.join('\n'));
  for (const file of filesOf(folder)) hash.update(`\n${path.parse(file).name}\n`).update(readFileSync(path.join(folder, file)));
  return hash.digest('hex').slice(0, 16);
}

/** What a database still lacks; before its first migration, everything. For the readiness answer: `pendingMigrations(db(), 'tenant')`. */
export async function pendingMigrations(knex: Knex, kind: DatabaseKind): Promise<string[]> {
  if (!(await knex.schema.hasTable('knex_migrations'))) return migrationNames(kind);
  const rows = await knex('knex_migrations').select<{ name: string }[]>('name');
  const applied = new Set(rows.map((row) => row.name));
  return migrationNames(kind).filter((name) => !applied.has(name));
}

export async function migrateLatest(knex: Knex, kind: DatabaseKind): Promise<string[]> {
  const [, names] = (await knex.migrate.latest({ migrationSource: migrationSource(kind) })) as [number, string[]];
  return names.map((name) => path.parse(name).name);
}

function filesOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => /\.(ts|js)$/.test(file) && !file.endsWith('.d.ts'))
    .sort();
}

function step(file: string, work: (knex: Knex) => Promise<void>): (knex: Knex) => Promise<void> {
  return async (knex) => {
    await knex.raw(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
    try {
      await work(knex);
    } catch (error) {
      throw new Error(`Migration ${path.parse(file).name} failed: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  };
}
