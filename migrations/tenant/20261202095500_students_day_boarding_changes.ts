import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

/** Since when a child boards is known: a term in which that changes is charged by its days. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'students', (t) => {
    t.columns.jsonb('boarding_changes').notNullable().defaultTo('[]');
  });
  await addComment(
    knex,
    'students',
    'boarding_changes',
    'Days on which the child went from day to boarding or back, oldest first',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('students', (t) => t.dropColumn('boarding_changes'));
}
