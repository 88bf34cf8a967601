import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

/** What each vote head may spend in a financial year. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(
    knex,
    'finance_head_allocations',
    (t) => {
      t.columns.uuid('head_id').notNullable();
      t.columns.date('year_starts_on').notNullable();
      t.columns.bigInteger('amount_minor').notNullable();
      t.columns.integer('version').notNullable().defaultTo(1);
      t.check('amount', 'amount_minor >= 0');
      t.uniqueOn(['head_id', 'year_starts_on']);
    },
    { comment: 'One amount for each vote head and financial year, as the bursar wrote it' },
  );
  await addComment(knex, 'finance_head_allocations', 'head_id', 'A vote head of the module that charges by them');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTableIfExists('finance_head_allocations');
}
