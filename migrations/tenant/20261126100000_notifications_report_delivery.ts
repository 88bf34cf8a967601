import type { Knex } from 'knex';
import { changeTenantTable } from '../../src/platform/db/migration.js';

/** What services report after they took a message, and messages that keep a family's night. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'notifications_messages', (t) => {
    t.columns.text('ref').comment('The service’s own id, by which it reports');
    t.columns.timestamp('delivered_at');
    t.columns.boolean('family').notNullable().defaultTo(false).comment('Keeps the quiet hours and the wish for no more messages');
    t.indexed(['ref'], { where: 'ref is not null' });
  });
  await knex.raw(
    'alter table notifications_messages drop constraint notifications_messages_state_is_known, drop constraint notifications_messages_sent_is_forgotten',
  );
  await changeTenantTable(knex, 'notifications_messages', (t) => {
    t.check('state_is_known', "state in ('queued', 'sending', 'sent', 'delivered', 'failed')");
    t.check(
      'sent_is_forgotten',
      "(state not in ('sent', 'delivered') or sent_at is not null) and (state not in ('queued', 'sending') or sent_at is null) and (sent_at is null or content is null)",
    );
    t.check('delivered_was_sent', "(state = 'delivered') = (delivered_at is not null)");
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw("update notifications_messages set state = 'sent', delivered_at = null where state = 'delivered'");
  await knex.raw("update notifications_messages set sent_at = null where state = 'failed'");
  await knex.raw(
    'alter table notifications_messages drop constraint notifications_messages_state_is_known, drop constraint notifications_messages_sent_is_forgotten, drop constraint notifications_messages_delivered_was_sent',
  );
  await knex.schema.alterTable('notifications_messages', (t) => t.dropColumns('ref', 'delivered_at', 'family'));
  await changeTenantTable(knex, 'notifications_messages', (t) => {
    t.check('state_is_known', "state in ('queued', 'sending', 'sent', 'failed')");
    t.check('sent_is_forgotten', "(state = 'sent') = (sent_at is not null) and (state <> 'sent' or content is null)");
  });
}
