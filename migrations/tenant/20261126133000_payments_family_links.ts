import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

/** A link to pay by is of one child, or of its family. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'payments_links', (t) => t.columns.boolean('family').notNullable().defaultTo(false));
  await addComment(knex, 'payments_links', 'family', 'Brothers and sisters are shown and paid for too');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('payments_links', (t) => t.dropColumn('family'));
}
