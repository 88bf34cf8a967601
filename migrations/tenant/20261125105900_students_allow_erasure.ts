import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

/** An erased record keeps its number and its classes; what was printed on papers is emptied, their codes stay. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'students', (t) => {
    t.columns.timestamp('erased_at');
  });
  await addComment(knex, 'students', 'erased_at', 'Since then nothing in the record tells who it was');
  await knex.raw('grant update (facts) on students_documents to aims_app');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('revoke update (facts) on students_documents from aims_app');
  await knex.schema.alterTable('students', (t) => t.dropColumn('erased_at'));
}
