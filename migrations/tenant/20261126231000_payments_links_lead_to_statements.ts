import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

/** A pay link that went to the family with its bill leads to the statement too; one that was given by hand shows as little as before. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'payments_links', (t) => t.columns.boolean('statement').notNullable().defaultTo(false));
  await addComment(
    knex,
    'payments_links',
    'statement',
    'It went to the family with a bill: whoever has it may read the statement of fees too',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('payments_links', (t) => t.dropColumn('statement'));
}
