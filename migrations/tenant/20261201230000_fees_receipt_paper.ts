import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'fees_receiving_settings', (t) => {
    t.columns.text('receipt_paper').notNullable().defaultTo('roll');
    t.check('receipt_paper', "receipt_paper in ('roll', 'a5')");
  });
  await addComment(knex, 'fees_receiving_settings', 'receipt_paper', 'What the desk prints receipts on: an 80 mm roll or A5');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table fees_receiving_settings drop column receipt_paper');
}
