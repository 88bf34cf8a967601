import type { Knex } from 'knex';
import { addComment, changeCoreTable } from '../../src/platform/db/migration.js';

/** What goes through schools in money and text messages, in sums. */
export async function up(knex: Knex): Promise<void> {
  await changeCoreTable(knex, 'admindash_reports', (t) => {
    t.columns.timestamp('first_receipt_at');
    t.columns.text('currency');
    t.columns.bigInteger('collected_30_minor');
    t.columns.integer('sms_30');
    t.check('money', '(currency is null) = (collected_30_minor is null)');
  });
  await addComment(
    knex,
    'admindash_reports',
    'collected_30_minor',
    'What families paid in the last thirty days, in minor units of the currency; null where the school does not say it yet',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table admindash_reports drop constraint admindash_reports_money');
  await knex.schema.alterTable('admindash_reports', (t) =>
    t.dropColumns('first_receipt_at', 'currency', 'collected_30_minor', 'sms_30'),
  );
}
