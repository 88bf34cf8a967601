import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

/** Which subjects classes got or lost with the turn of a year, where a curriculum is coming in. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'students_rollovers', (t) => {
    t.columns.jsonb('subject_changes').notNullable().defaultTo('[]');
    t.check('subject_changes', "jsonb_typeof(subject_changes) = 'array'");
  });
  await addComment(
    knex,
    'students_rollovers',
    'subject_changes',
    'Subjects that classes got or lost with it, for taking it back',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('students_rollovers', (t) => t.dropColumn('subject_changes'));
}
