import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

/** Cards and letters that were handed out: what the code on them is compared with. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(
    knex,
    'students_documents',
    (t) => {
      t.ref('student_id', 'students');
      t.columns.text('kind').notNullable();
      t.columns.text('code').notNullable();
      t.columns.text('reference');
      t.columns.date('issued_on').notNullable();
      t.columns.date('valid_until');
      t.columns.jsonb('facts').notNullable().defaultTo('{}');
      t.columns.uuid('by_user_id');
      t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
      t.check('kind', "kind in ('id-card', 'transfer', 'leaving')");
      t.uniqueOn(['code']);
      t.indexed(['student_id', 'kind', 'created_at']);
    },
    { appendOnly: true },
  );
  await addComment(knex, 'students_documents', 'code', 'Random, in the address behind the QR; nobody can guess another one');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTableIfExists('students_documents');
}
