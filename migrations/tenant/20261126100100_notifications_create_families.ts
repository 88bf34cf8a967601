import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

/** When families are written to, what a text message costs, and who asked for no more of them. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'notifications_settings', (t) => {
    t.columns.text('quiet_from').notNullable();
    t.columns.text('quiet_until').notNullable();
    t.columns.integer('segment_price_minor');
    t.columns.integer('version').notNullable().defaultTo(1);
    t.check('times', "quiet_from ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' and quiet_until ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'");
    t.check('price', 'segment_price_minor >= 0');
    t.uniqueOn([]);
  });
  await addComment(
    knex,
    'notifications_settings',
    'quiet_from',
    'HH:MM in the school’s zone; equal to quiet_until where there are no quiet hours',
  );
  await addComment(
    knex,
    'notifications_settings',
    'segment_price_minor',
    'What one part of a text message costs, in minor units; null where it is not known',
  );

  await tenantTable(
    knex,
    'notifications_opt_outs',
    (t) => {
      t.columns.text('address').notNullable().comment('E-mail address or E.164 number');
      t.columns.text('source').notNullable();
      t.columns.text('by_name').notNullable().defaultTo('');
      t.columns.timestamp('at').notNullable();
      t.check('source', "source in ('link', 'gateway', 'office')");
      t.uniqueOn(['address']);
      t.indexed(['at', 'id']);
    },
    { comment: 'Addresses that get no messages to families; codes and links of their own account reach them all the same.' },
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTableIfExists('notifications_opt_outs');
  await knex.schema.dropTableIfExists('notifications_settings');
}
