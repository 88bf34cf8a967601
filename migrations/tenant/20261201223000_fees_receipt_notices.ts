import type { Knex } from 'knex';
import { addComment, changeTenantTable, tenantTable } from '../../src/platform/db/migration.js';

/** Whose family was told of a receipt by which message, once, and again where the receipt was taken back. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(
    knex,
    'fees_receipt_notices',
    (t) => {
      t.ref('receipt_id', 'fees_receipts');
      t.columns.uuid('message_id');
      t.columns.timestamp('told_at').notNullable().defaultTo(knex.fn.now());
      t.columns.timestamp('taken_back_at');
      t.columns.uuid('taken_back_message_id');
      t.uniqueOn(['receipt_id']);
    },
    { comment: 'Receipts whose families were told of them' },
  );
  await addComment(knex, 'fees_receipt_notices', 'message_id', 'None where nobody could be written to');
  await changeTenantTable(knex, 'fees_receiving_settings', (t) =>
    t.columns.boolean('tell_families').notNullable().defaultTo(true),
  );
  await addComment(knex, 'fees_receiving_settings', 'tell_families', 'Whether a guardian is told of each payment');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table fees_receiving_settings drop column tell_families');
  await knex.schema.dropTableIfExists('fees_receipt_notices');
}
