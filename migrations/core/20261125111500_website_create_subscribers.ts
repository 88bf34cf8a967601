import type { Knex } from 'knex';
import { coreTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await coreTable(
    knex,
    'website_subscribers',
    (t) => {
      t.columns.text('email').notNullable().comment('In small letters');
      t.columns.text('language').notNullable();
      t.columns.text('state').notNullable().defaultTo('pending');
      t.columns.timestamp('asked_at').notNullable();
      t.columns.timestamp('confirmed_at');
      t.check('state_is_known', "state in ('pending', 'confirmed', 'bounced')");
      t.check('confirmed_has_a_day', "state <> 'confirmed' or confirmed_at is not null");
      t.uniqueOn(['email']);
      t.indexed(['state', 'id']);
    },
    { comment: 'Who takes the newsletter; who no longer wants it has no row' },
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('website_subscribers');
}
