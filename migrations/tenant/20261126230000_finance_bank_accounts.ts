import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

/** Schools have several accounts at banks: those of the role stay the ones that the product takes where none is chosen. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'finance_accounts', (t) => {
    t.columns.boolean('at_bank').notNullable().defaultTo(false);
    t.columns.text('bank_name').notNullable().defaultTo('');
    t.columns.text('bank_branch').notNullable().defaultTo('');
    t.columns.text('bank_number').notNullable().defaultTo('');
    t.check('at_bank', "not at_bank or (kind = 'asset' and role is null)");
    t.check('bank_facts', "at_bank or role is not distinct from 'bank' or bank_name || bank_branch || bank_number = ''");
  });
  await addComment(
    knex,
    'finance_accounts',
    'at_bank',
    'Marked by the school as an account at a bank, beside those of the role bank',
  );
  await addComment(knex, 'finance_accounts', 'bank_number', 'The number that the bank gave it');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table finance_accounts drop constraint finance_accounts_bank_facts, drop constraint finance_accounts_at_bank;
    alter table finance_accounts drop column bank_number, drop column bank_branch, drop column bank_name, drop column at_bank`);
}
