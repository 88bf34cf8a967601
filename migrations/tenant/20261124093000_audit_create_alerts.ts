import type { Knex } from 'knex';
import { tenantTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'audit_settings', (t) => {
    t.columns.integer('retention_years').notNullable().defaultTo(7);
    t.columns
      .integer('most_rows')
      .notNullable()
      .defaultTo(500)
      .comment('Rows that one account may take out in ten minutes without a warning');
    t.columns
      .integer('most_pages')
      .notNullable()
      .defaultTo(200)
      .comment('Pages of students that one account may open in ten minutes without a warning');
    t.check('years_in_reason', 'retention_years between 3 and 50');
    t.check('limits_in_reason', 'most_rows between 50 and 20000 and most_pages between 50 and 5000');
    // One row for a school.
    t.uniqueOn([]);
  });

  await tenantTable(
    knex,
    'audit_reads',
    (t) => {
      t.columns.uuid('account_id').notNullable();
      t.columns.timestamp('at').notNullable().defaultTo(knex.fn.now());
      t.columns.integer('pages').notNullable();
      t.columns.integer('rows').notNullable();
      t.indexed(['account_id', 'at']);
      t.indexed(['at']);
    },
    { comment: 'What accounts have looked at, added up about three times a minute; forgotten after a day' },
  );

  await tenantTable(knex, 'audit_alerts', (t) => {
    t.columns.text('rule').notNullable();
    t.columns.uuid('actor_id').comment('Account that acted; null where it was nobody in particular');
    t.columns.text('actor_name').notNullable();
    t.columns.integer('amount').notNullable();
    t.columns.text('detail');
    t.columns.timestamp('raised_at').notNullable().defaultTo(knex.fn.now());
    t.columns.timestamp('last_at').notNullable().defaultTo(knex.fn.now()).comment('The last act that was added to this alert');
    t.columns.timestamp('seen_at');
    t.columns.uuid('seen_by');
    t.columns.text('seen_name');
    t.indexed(['rule', 'actor_id', 'raised_at']);
  });
  await knex.raw('revoke delete on audit_alerts from aims_app');
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['audit_alerts', 'audit_reads', 'audit_settings']) await knex.schema.dropTableIfExists(table);
}
