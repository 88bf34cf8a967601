import type { Knex } from 'knex';
import { addComment, changeTenantTable, tenantTable } from '../../src/platform/db/migration.js';

/** A second source that names another sum is a difference that people look into. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'payments_outcomes', (t) => {
    t.columns.bigInteger('other_minor');
    t.check('other', "other_minor is null or outcome in ('duplicate', 'rejected')");
    t.indexed(['at'], { where: 'other_minor is not null', name: 'payments_outcomes_differences' });
  });
  await addComment(
    knex,
    'payments_outcomes',
    'other_minor',
    'What is known of the payment, where this message names another sum',
  );
  await tenantTable(
    knex,
    'payments_looked',
    (t) => {
      t.ref('message_id', 'payments_messages');
      t.columns.text('note').notNullable();
      t.columns.text('by_name').notNullable();
      t.columns.timestamp('at').notNullable().defaultTo(knex.fn.now());
      t.check('note', "note <> ''");
      t.uniqueOn(['message_id']);
    },
    { appendOnly: true, comment: 'Differences that somebody has looked into, and what was found' },
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTableIfExists('payments_looked');
  await knex.raw(
    'drop index payments_outcomes_differences; alter table payments_outcomes drop constraint payments_outcomes_other, drop column other_minor',
  );
}
