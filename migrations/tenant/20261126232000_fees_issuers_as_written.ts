import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

/** `KCB Moi Avenue` is compared as `KCBMOIAVENUE`, and belongs on papers as somebody wrote it. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'fees_payment_references', (t) => t.columns.text('issuer_name').notNullable().defaultTo(''));
  await addComment(
    knex,
    'fees_payment_references',
    'issuer_name',
    'The issuer as it was written; empty for references from before it was kept',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table fees_payment_references drop column issuer_name');
}
