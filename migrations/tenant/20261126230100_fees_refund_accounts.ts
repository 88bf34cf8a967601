import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

/** Which account of the books a refund left, now that a school has several banks. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'fees_refunds', (t) => t.columns.uuid('account_id'));
  await addComment(knex, 'fees_refunds', 'account_id', 'The account of the books that the money left; null until it is paid');
  await knex.raw(`
    update fees_refunds f set account_id = l.account_id from finance_lines l
      where l.school_id = f.school_id and l.entry_id = f.entry_id and l.amount_minor < 0`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table fees_refunds drop column account_id');
}
