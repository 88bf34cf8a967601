import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

/** Above a sum of the school's own a voucher takes two people. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'finance_books', (t) => {
    t.columns.bigInteger('voucher_limit_minor').notNullable().defaultTo(5_000_000);
    t.check('voucher_limit', 'voucher_limit_minor >= 0');
  });
  await addComment(
    knex,
    'finance_books',
    'voucher_limit_minor',
    'Up to this sum one person books a voucher that touches no money',
  );
  await knex.raw('grant update (voucher_limit_minor) on finance_books to aims_app');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table finance_books drop column voucher_limit_minor');
}
