import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

/** Cheques after they were taken: brought to a bank on a slip, and cleared there. One without a row here is in hand. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(
    knex,
    'fees_cheque_deposits',
    (t) => {
      t.columns.uuid('account_id').notNullable();
      t.columns.text('slip_number').notNullable();
      t.columns.date('banked_on').notNullable();
      t.columns.bigInteger('amount_minor').notNullable();
      t.columns.uuid('entry_id').notNullable();
      t.columns.text('by_name').notNullable();
      t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
      t.check('amount', 'amount_minor > 0');
    },
    { appendOnly: true, comment: 'Cheques that were brought to the bank on one slip' },
  );
  await addComment(knex, 'fees_cheque_deposits', 'account_id', 'The account of the books that stands for the bank');

  await tenantTable(
    knex,
    'fees_cheque_bankings',
    (t) => {
      t.ref('deposit_id', 'fees_cheque_deposits');
      t.ref('payment_id', 'fees_payments');
      t.columns.date('cleared_on');
      t.columns.text('cleared_by');
      t.columns.uuid('returned_entry_id');
      t.check('cleared', '(cleared_on is null) = (cleared_by is null)');
      t.uniqueOn(['payment_id']);
    },
    { comment: 'One cheque on a slip, and what the bank said of it' },
  );
  await addComment(
    knex,
    'fees_cheque_bankings',
    'returned_entry_id',
    'The entry that took it from the bank again, when its payment was taken back or bounced',
  );
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['fees_cheque_bankings', 'fees_cheque_deposits']) await knex.schema.dropTableIfExists(table);
}
