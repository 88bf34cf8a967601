import type { Knex } from 'knex';
import { addComment, changeTenantTable } from '../../src/platform/db/migration.js';

/** Money whose receipt was taken back waits for its child again. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'payments_suspense', (t) => {
    t.columns.uuid('taken_back_id');
    t.indexed(['payment_id'], { where: 'payment_id is not null' });
    t.indexed(['amount_minor'], { where: "state <> 'matched'", name: 'payments_suspense_unmatched_amount' });
  });
  await addComment(knex, 'payments_suspense', 'taken_back_id', 'The payment that it had become, and that was taken back');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(
    'drop index payments_suspense_unmatched_amount; drop index payments_suspense_payment_id_idx; alter table payments_suspense drop column taken_back_id',
  );
}
