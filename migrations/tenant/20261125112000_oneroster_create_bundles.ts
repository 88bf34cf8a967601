import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

/** Bundles that were sent, what each has changed, and by which id the other system knows a thing of ours. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'oneroster_bundles', (t) => {
    t.columns.text('status').notNullable();
    t.columns.uuid('file_id').notNullable();
    t.columns.text('file_name').notNullable();
    t.columns.text('version');
    t.columns.text('source_name');
    t.columns.text('source_code');
    t.columns.jsonb('choices').notNullable().defaultTo('{}');
    t.columns.jsonb('findings');
    t.columns.jsonb('outcome');
    t.columns.text('step');
    t.columns.integer('done').notNullable().defaultTo(0);
    t.columns.integer('total').notNullable().defaultTo(0);
    t.columns.text('sentence');
    t.columns.jsonb('actor').notNullable();
    t.columns.text('by_name').notNullable();
    t.columns.text('written_in');
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.columns.timestamp('written_at');
    t.columns.timestamp('undone_at');
    t.columns.text('undone_by');
    t.check('status', "status in ('checking', 'checked', 'refused', 'writing', 'done', 'failed', 'undoing', 'undone')");
    t.check('version', "version in ('1.1', '1.2')");
    t.indexed(['created_at', 'id']);
  });
  await addComment(
    knex,
    'oneroster_bundles',
    'choices',
    'What a person chose: which school, year, class and subject of ours a thing of the bundle is',
  );
  await addComment(knex, 'oneroster_bundles', 'findings', 'What is in the bundle, with what we guess that it is here');
  await addComment(
    knex,
    'oneroster_bundles',
    'outcome',
    'What would be made and changed, or was; with the first of the problems',
  );

  await tenantTable(knex, 'oneroster_written', (t) => {
    t.ref('bundle_id', 'oneroster_bundles', { onDelete: 'cascade' });
    t.columns.text('part').notNullable();
    t.columns.integer('n').notNullable();
    t.columns.text('action').notNullable();
    t.columns.uuid('entity_id').notNullable();
    t.columns.jsonb('before');
    t.columns.jsonb('trace');
    t.uniqueOn(['bundle_id', 'part', 'n']);
  });

  await tenantTable(knex, 'oneroster_identities', (t) => {
    t.columns.text('source').notNullable();
    t.columns.text('kind').notNullable();
    t.columns.text('sourced_id').notNullable();
    t.columns.uuid('entity_id').notNullable();
    t.columns.uuid('bundle_id').notNullable();
    t.check('kind', "kind in ('year', 'stream', 'subject', 'staff', 'student')");
    t.uniqueOn(['source', 'kind', 'sourced_id']);
    t.indexed(['bundle_id']);
    t.indexed(['kind', 'entity_id']);
  });
  await addComment(
    knex,
    'oneroster_identities',
    'source',
    'systemCode of the manifest: sourcedIds are unique in one system only',
  );
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['oneroster_identities', 'oneroster_written', 'oneroster_bundles'])
    await knex.schema.dropTableIfExists(table);
}
