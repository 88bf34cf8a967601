import type { Knex } from 'knex';
import { changeTenantTable } from '../../src/platform/db/migration.js';

/** Who saves a subject from a page that somebody else has overtaken is told so. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'subjects', (t) => {
    t.columns.integer('version').notNullable().defaultTo(1);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('subjects', (t) => t.dropColumn('version'));
}
