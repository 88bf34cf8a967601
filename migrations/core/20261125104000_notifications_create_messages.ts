import type { Knex } from 'knex';
import { coreTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await coreTable(knex, 'notifications_messages', (t) => {
    t.columns.text('channel').notNullable();
    t.columns.text('recipient').notNullable().comment('E-mail address or E.164 number');
    t.columns.text('template').notNullable();
    t.columns.text('label').notNullable().comment('What a person calls the template');
    t.columns.boolean('secret').notNullable().comment('Holds a code or a link that opens something');
    t.columns.jsonb('content').comment('subject and text; emptied when sent and, if secret, when failed');
    t.columns.text('dedupe_key');
    t.columns.text('state').notNullable().defaultTo('queued');
    t.columns.integer('attempts').notNullable().defaultTo(0);
    t.columns.text('reason').comment('Why the last try did not work, as a sentence');
    t.columns.timestamp('created_at').notNullable();
    t.columns.timestamp('good_until').comment('Not sent any more after this');
    t.columns.timestamp('next_try_at');
    t.columns.timestamp('sent_at');
    t.check('channel_is_known', "channel in ('mail', 'sms')");
    t.check('state_is_known', "state in ('queued', 'sending', 'sent', 'failed')");
    t.check('sent_is_forgotten', "(state = 'sent') = (sent_at is not null) and (state <> 'sent' or content is null)");
    t.uniqueOn(['dedupe_key'], { where: 'dedupe_key is not null' });
    t.indexed(['created_at', 'id']);
    t.indexed(['state', 'created_at', 'id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTableIfExists('notifications_messages');
}
