import type { Knex } from 'knex';
import { changeTenantTable } from '../../src/platform/db/migration.js';

const TABLES = ['subjects_classes', 'subjects_streams', 'subjects_pathways'];

/** Who saves a class, a stream or a pathway from a page that somebody else has overtaken is told so, as with subjects. */
export async function up(knex: Knex): Promise<void> {
  for (const table of TABLES) {
    await changeTenantTable(knex, table, (t) => {
      t.columns.integer('version').notNullable().defaultTo(1);
    });
  }
}

export async function down(knex: Knex): Promise<void> {
  for (const table of TABLES) await knex.schema.alterTable(table, (t) => t.dropColumn('version'));
}
