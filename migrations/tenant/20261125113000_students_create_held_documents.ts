import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

/** Papers that families hand in. `students_documents` are those that the school has handed out. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'students_document_kinds', (t) => {
    t.columns.text('name').notNullable();
    t.columns.boolean('required').notNullable().defaultTo(false);
    t.columns.boolean('expires').notNullable().defaultTo(false);
    t.columns.integer('warn_days').notNullable().defaultTo(60);
    t.columns.integer('position').notNullable().defaultTo(1);
    t.columns.boolean('active').notNullable().defaultTo(true);
    t.columns.integer('version').notNullable().defaultTo(1);
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.check('name', "name <> ''");
    t.check('warn_days', 'warn_days between 0 and 730');
    t.uniqueOn(['lower(name)'], { name: 'students_document_kinds_name_key' });
  });
  await addComment(knex, 'students_document_kinds', 'warn_days', 'So many days before its last day a paper is called expiring');

  await tenantTable(knex, 'students_held_documents', (t) => {
    t.ref('student_id', 'students', { onDelete: 'cascade' });
    t.ref('kind_id', 'students_document_kinds');
    t.columns.uuid('file_id').notNullable();
    t.columns.text('file_name').notNullable();
    t.columns.date('expires_on');
    t.columns.text('note');
    t.columns.uuid('by_user_id');
    t.columns.text('by_name');
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.columns.timestamp('replaced_at');
    t.uniqueOn(['student_id', 'kind_id'], { where: 'replaced_at is null', name: 'students_held_documents_one_current' });
    t.indexed(['student_id', 'kind_id', 'created_at']);
  });
  await addComment(
    knex,
    'students_held_documents',
    'replaced_at',
    'A newer one took its place, or it was removed; its file is gone with it',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTableIfExists('students_held_documents');
  await knex.schema.dropTableIfExists('students_document_kinds');
}
