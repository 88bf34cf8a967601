import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

/** A receipt that stands in for one that was written for the wrong child has an entry of its own, which moves the money between the two. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'fees_receipts', (t) => {
    t.columns.uuid('entry_id');
    t.check('moved', '(entry_id is null) = (replaces_id is null)');
    t.uniqueOn(['replaces_id'], { where: 'replaces_id is not null', name: 'fees_receipts_replaced_once' });
    t.indexed(['entry_id'], { where: 'entry_id is not null' });
  });
  await addComment(
    knex,
    'fees_receipts',
    'entry_id',
    'The entry that moved the money here from the receipt that this one replaces; of all others the payment’s own counts',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table fees_receipts drop constraint fees_receipts_moved;
    drop index fees_receipts_replaced_once;
    alter table fees_receipts drop column entry_id`);
}
