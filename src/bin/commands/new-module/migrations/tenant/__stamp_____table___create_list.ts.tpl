import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, '__table__', (t) => {
    t.columns.text('name').notNullable();
    t.columns.text('name_folded').notNullable();
    t.columns.text('note');
    t.columns.boolean('active').notNullable().defaultTo(true);
    t.columns.integer('version').notNullable().defaultTo(1);
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.columns.timestamp('updated_at').notNullable().defaultTo(knex.fn.now());
    t.uniqueOn(['name_folded']);
    t.indexed(['name_folded', 'id']);
  });
  await addComment(knex, '__table__', 'name_folded', 'The name without case and marks, for order, search and uniqueness');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTableIfExists('__table__');
}
