import type { Knex } from 'knex';
import { addComment, coreTable } from '../../src/platform/db/migration.js';

/** Events that happened, and which subscriber has dealt with each. */
export async function up(knex: Knex): Promise<void> {
  await coreTable(knex, 'platform_outbox', (t) => {
    t.columns.text('name').notNullable();
    t.columns.jsonb('payload').notNullable();
    t.columns.specificType('created_at', 'timestamptz').notNullable().defaultTo(knex.fn.now());
    t.columns.specificType('delivered_at', 'timestamptz');
    t.columns.specificType('failed_at', 'timestamptz');
    t.columns.integer('attempts').notNullable().defaultTo(0);
    t.columns.specificType('next_attempt_at', 'timestamptz').notNullable().defaultTo(knex.fn.now());
    t.columns.text('last_error');
    t.indexed(['next_attempt_at', 'id'], { where: 'delivered_at is null and failed_at is null' });
    t.indexed(['delivered_at'], { where: 'delivered_at is not null' });
  });
  await addComment(knex, 'platform_outbox', 'failed_at', 'Given up after many attempts; a person has to look at it.');

  await coreTable(knex, 'platform_outbox_deliveries', (t) => {
    t.ref('event_id', 'platform_outbox', { onDelete: 'cascade' });
    t.columns.text('subscriber').notNullable();
    t.columns.specificType('delivered_at', 'timestamptz').notNullable().defaultTo(knex.fn.now());
    t.uniqueOn(['event_id', 'subscriber']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('platform_outbox_deliveries');
  await knex.schema.dropTable('platform_outbox');
}
