import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

/** Sessions of tills: what a cashier began with, took, handed over and counted. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'fees_till_sessions', (t) => {
    t.columns.uuid('cashier_id').notNullable();
    t.columns.text('cashier_name').notNullable();
    t.columns.timestamp('opened_at').notNullable().defaultTo(knex.fn.now());
    t.columns.bigInteger('float_minor').notNullable();
    t.columns.text('state').notNullable().defaultTo('open');
    t.columns.timestamp('closed_at');
    t.columns.jsonb('takings');
    t.columns.bigInteger('expected_minor');
    t.columns.bigInteger('counted_minor');
    t.columns.text('note').notNullable().defaultTo('');
    t.columns.uuid('entry_id');
    t.check('float', 'float_minor >= 0');
    t.check('counted', 'counted_minor >= 0');
    t.check('state', "state in ('open', 'closed')");
    t.check(
      'closed',
      "case when state = 'closed' then num_nonnulls(closed_at, takings, expected_minor, counted_minor) = 4 else num_nonnulls(closed_at, takings, expected_minor, counted_minor, entry_id) = 0 end",
    );
    t.check('difference', "state = 'open' or (expected_minor = counted_minor) = (entry_id is null)");
    t.uniqueOn(['cashier_id'], { where: "state = 'open'", name: 'fees_till_sessions_one_open' });
    t.indexed(['opened_at', 'id']);
  });
  await addComment(knex, 'fees_till_sessions', 'takings', 'What was taken by method, as it stood when the cash was counted');
  await addComment(knex, 'fees_till_sessions', 'entry_id', 'The entry of the difference; none where the count was right');

  await tenantTable(
    knex,
    'fees_till_movements',
    (t) => {
      t.ref('session_id', 'fees_till_sessions');
      t.columns.text('kind').notNullable();
      t.columns.bigInteger('amount_minor').notNullable();
      t.columns.text('note').notNullable().defaultTo('');
      t.columns.uuid('entry_id');
      t.columns.uuid('payment_id');
      t.columns.text('by_name').notNullable();
      t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
      t.check('kind', "kind in ('safe', 'bank', 'returned')");
      t.check('amount', 'amount_minor > 0');
      t.check('entry', "(kind = 'bank') = (entry_id is not null)");
      t.check('payment', "(kind = 'returned') = (payment_id is not null)");
      t.indexed(['session_id', 'created_at']);
    },
    { appendOnly: true, comment: 'Cash that left a till before it was counted' },
  );
  await addComment(
    knex,
    'fees_till_movements',
    'payment_id',
    'The payment of an earlier session that was taken back, and given out of this till',
  );
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['fees_till_movements', 'fees_till_sessions']) await knex.schema.dropTableIfExists(table);
}
