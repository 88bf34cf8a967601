import type { Knex } from 'knex';
import { addComment, changeTenantTable, tenantTable } from '../../src/platform/db/migration.js';

/** Money of a network whose receipt is taken back goes to suspense, and the outcome of its message goes there with it. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(
    knex,
    'payments_moved_outcomes',
    (t) => {
      t.ref('message_id', 'payments_messages');
      t.ref('suspense_id', 'payments_suspense');
      t.columns.text('reason').notNullable();
      t.columns.text('by_name').notNullable();
      t.columns.timestamp('at').notNullable().defaultTo(knex.fn.now());
      t.check('reason', "reason <> ''");
      t.uniqueOn(['message_id']);
    },
    {
      appendOnly: true,
      comment:
        'Messages whose money was booked and waits in suspense since its receipt was taken back; what they were before stands in their outcome',
    },
  );
  await addComment(
    knex,
    'payments_moved_outcomes',
    'message_id',
    'Moved once: from then on the row in suspense says what becomes of the money',
  );
  await changeTenantTable(knex, 'payments_outcomes', (t) => t.indexed(['payment_id'], { where: 'payment_id is not null' }));
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index payments_outcomes_payment_id_idx');
  await knex.schema.dropTableIfExists('payments_moved_outcomes');
}
