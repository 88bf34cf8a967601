import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

/** What somebody has typed into the form of a new student and not sent yet: one for each account. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'students_drafts', (t) => {
    t.columns.uuid('user_id').notNullable();
    t.columns.jsonb('typed').notNullable();
    t.columns.timestamp('kept_at').notNullable().defaultTo(knex.fn.now());
    t.uniqueOn(['user_id']);
    t.indexed(['kept_at']);
  });
  await addComment(
    knex,
    'students_drafts',
    'typed',
    'Fields of the form by their names, as text; goes with the admission, by hand, or after some days',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('students_drafts');
}
