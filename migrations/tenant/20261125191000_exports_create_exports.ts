import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await tenantTable(
    knex,
    'exports',
    (t) => {
      t.columns.text('state').notNullable();
      t.columns.integer('done').notNullable().defaultTo(0);
      t.columns.integer('total').notNullable().defaultTo(0);
      t.columns.text('language').notNullable();
      t.columns.uuid('by_user_id');
      t.columns.text('by_name').notNullable();
      t.columns.uuid('file_id');
      t.columns.bigInteger('bytes');
      t.columns.specificType('created_at', 'timestamptz').notNullable();
      t.columns.specificType('finished_at', 'timestamptz');
      t.check('state', "state in ('waiting', 'making', 'done', 'failed', 'over')");
      t.check('file', "(state = 'done') = (file_id is not null)");
      t.indexed(['created_at', 'id']);
      t.uniqueOn([], { name: 'exports_one_at_work_key', where: "state in ('waiting', 'making')" });
    },
    { comment: 'Orders of the one file with everything that the school holds' },
  );
  await addComment(knex, 'exports', 'total', 'Files that it will have, about; done may stand above it');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('exports');
}
