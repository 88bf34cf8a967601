import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

/** Values of a file that a person has told to read as others. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'imports', (t) => {
    t.columns.jsonb('replacements').notNullable().defaultTo('[]');
    t.check('replacements', "jsonb_typeof(replacements) = 'array'");
  });
  await addComment(knex, 'imports', 'replacements', 'In order: [{ column, from, to }]; each row is read through all of them');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('imports', (t) => t.dropColumn('replacements'));
}
