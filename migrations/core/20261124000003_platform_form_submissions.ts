import type { Knex } from 'knex';
import { addComment, coreTable } from '../../src/platform/db/migration.js';

/** Each form that was sent, by the token that was in it: sent twice, it acts once. */
export async function up(knex: Knex): Promise<void> {
  await coreTable(knex, 'platform_form_submissions', (t) => {
    t.columns.uuid('actor_id');
    t.columns.text('result_url');
    t.columns.specificType('created_at', 'timestamptz').notNullable().defaultTo(knex.fn.now());
    t.indexed(['created_at']);
  });
  await addComment(knex, 'platform_form_submissions', 'id', 'The token in the form.');
  await addComment(knex, 'platform_form_submissions', 'result_url', 'Where the first sending led; shown again to the second.');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('platform_form_submissions');
}
