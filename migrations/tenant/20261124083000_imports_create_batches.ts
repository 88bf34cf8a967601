import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

/** Files that were sent, the rows in them while they are looked at, and what each row has changed. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'imports', (t) => {
    t.columns.text('kind').notNullable();
    t.columns.text('mode').notNullable();
    t.columns.text('status').notNullable();
    t.columns.uuid('file_id').notNullable();
    t.columns.text('file_name').notNullable();
    t.columns.jsonb('sheets').notNullable().defaultTo('[]');
    t.columns.jsonb('wanted_sheets');
    t.columns.jsonb('headers').notNullable().defaultTo('[]');
    t.columns.jsonb('mapping').notNullable().defaultTo('[]');
    t.columns.jsonb('counts').notNullable();
    t.columns.integer('done').notNullable().defaultTo(0);
    t.columns.text('commit_rows');
    t.columns.text('sentence');
    t.columns.jsonb('actor').notNullable();
    t.columns.uuid('by_user_id');
    t.columns.text('by_name').notNullable();
    t.columns.text('written_in');
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.columns.timestamp('checked_at');
    t.columns.timestamp('written_at');
    t.columns.timestamp('undone_at');
    t.columns.text('undone_by');
    t.check('mode', "mode in ('create', 'update', 'both')");
    t.check('status', "status in ('checking', 'checked', 'refused', 'writing', 'done', 'failed', 'undoing', 'undone')");
    t.check('commit_rows', "commit_rows in ('all', 'valid')");
    t.indexed(['created_at', 'id']);
    t.indexed(['kind', 'created_at', 'id']);
  });
  await addComment(knex, 'imports', 'actor', 'Who sent it and with which rights: the jobs act with these');
  await addComment(knex, 'imports', 'done', 'Rows that the step under way has behind it');
  await addComment(
    knex,
    'imports',
    'written_in',
    'The transaction that wrote it: rows that carry another one have been changed since',
  );

  await tenantTable(knex, 'imports_rows', (t) => {
    t.ref('import_id', 'imports', { onDelete: 'cascade' });
    t.columns.integer('n').notNullable();
    t.columns.text('sheet').notNullable();
    t.columns.integer('row_no').notNullable();
    t.columns.jsonb('cells').notNullable();
    t.columns.jsonb('values').notNullable();
    t.columns.text('state').notNullable();
    t.columns.text('action').notNullable();
    t.columns.jsonb('remarks').notNullable();
    t.columns.specificType('mark_rules', 'text[]').notNullable().defaultTo('{}');
    t.columns.specificType('mark_values', 'text[]').notNullable().defaultTo('{}');
    t.columns.specificType('mark_details', 'text[]').notNullable().defaultTo('{}');
    t.columns.uuid('entity_id');
    t.columns.integer('entity_version');
    t.check('state', "state in ('ready', 'warning', 'error')");
    t.check('action', "action in ('create', 'update', 'unchanged')");
    t.uniqueOn(['import_id', 'n']);
    t.indexed(['import_id', 'state', 'n'], { where: "state <> 'ready'", name: 'imports_rows_to_look_at_idx' });
  });
  await addComment(knex, 'imports_rows', 'row_no', 'As the person sees it in the sheet, from 1');
  await addComment(knex, 'imports_rows', 'mark_values', 'What no two rows of one file may share, by the rules in mark_rules');

  await tenantTable(knex, 'imports_written', (t) => {
    t.ref('import_id', 'imports', { onDelete: 'cascade' });
    t.columns.integer('n').notNullable();
    t.columns.text('action').notNullable();
    t.columns.uuid('entity_id').notNullable();
    t.columns.jsonb('before');
    t.columns.jsonb('trace');
    t.uniqueOn(['import_id', 'n']);
    t.indexed(['entity_id']);
  });
  await addComment(
    knex,
    'imports_written',
    'before',
    'The record before the import, whole, so that the import can be taken back; what came after stands in imports_rows',
  );
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['imports_written', 'imports_rows', 'imports']) await knex.schema.dropTableIfExists(table);
}
