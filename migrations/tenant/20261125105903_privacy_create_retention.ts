import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'privacy_rules', (t) => {
    t.columns.text('key').notNullable();
    t.columns.boolean('on').notNullable();
    t.columns.integer('months').notNullable();
    t.check('months', 'months between 1 and 600');
    t.uniqueOn(['key']);
  });
  await tenantTable(
    knex,
    'privacy_runs',
    (t) => {
      t.columns.text('key').notNullable();
      t.columns.date('kept_from').notNullable();
      t.columns.integer('removed').notNullable();
      t.columns.jsonb('refused').notNullable().defaultTo('[]');
      t.columns.text('by_name').notNullable();
      t.columns.timestamp('at').notNullable().defaultTo(knex.fn.now());
      t.indexed(['at', 'id']);
    },
    { appendOnly: true },
  );
  await addComment(knex, 'privacy_runs', 'refused', 'Records that could not be erased, by number, with why');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTableIfExists('privacy_runs');
  await knex.schema.dropTableIfExists('privacy_rules');
}
