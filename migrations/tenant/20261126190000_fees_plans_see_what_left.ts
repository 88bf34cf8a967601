import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

/**
 * What was taken back or paid out counts against a plan from its moment on. Rows that are there, and those that an older process
 * writes meanwhile, have none: their receipts count as never written, their refunds from the asking on.
 */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'fees_receipts', (t) => {
    t.columns.timestamp('taken_back_at');
  });
  await addComment(
    knex,
    'fees_receipts',
    'taken_back_at',
    'Read while the account of the student is held: whether it was before or after a plan',
  );
  await changeTenantTable(knex, 'fees_refunds', (t) => {
    t.columns.timestamp('paid_at');
    t.columns.timestamp('taken_back_at');
  });
  await addComment(
    knex,
    'fees_refunds',
    'paid_at',
    'Read while the account of the student is held: whether the money left before or after a plan',
  );
  await addComment(knex, 'fees_refunds', 'taken_back_at', 'The same for money that came back');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table fees_receipts drop column taken_back_at');
  await knex.raw('alter table fees_refunds drop column paid_at, drop column taken_back_at');
}
