import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

/** Receipts that an earlier system wrote: history beside the account, never in the books. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(
    knex,
    'fees_former_receipts',
    (t) => {
      t.ref('student_id', 'students');
      t.columns.text('number').notNullable();
      t.columns.text('value').notNullable();
      t.columns.date('received_on').notNullable();
      t.columns.bigInteger('amount_minor').notNullable();
      t.columns.text('method').notNullable().defaultTo('');
      t.columns.text('payer_name').notNullable().defaultTo('');
      t.columns.text('note').notNullable().defaultTo('');
      t.columns.uuid('import_id').notNullable();
      t.columns.text('by_name').notNullable();
      t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
      t.check('amount', 'amount_minor > 0');
      t.check('number', "number <> '' and value <> ''");
      t.uniqueOn(['student_id', 'value', 'received_on']);
      t.indexed(['value']);
      t.indexed(['received_on', 'id']);
    },
    { comment: 'Receipts that an earlier system wrote: what they did to the account is in the opening balance' },
  );
  await addComment(knex, 'fees_former_receipts', 'number', 'As the earlier system wrote it');
  await addComment(knex, 'fees_former_receipts', 'value', 'The same in capitals and digits alone');
  await addComment(knex, 'fees_former_receipts', 'import_id', 'The list that brought it');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTableIfExists('fees_former_receipts');
}
