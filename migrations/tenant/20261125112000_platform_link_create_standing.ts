import type { Knex } from 'knex';
import { tenantTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await tenantTable(
    knex,
    'platform_link_standing',
    (t) => {
      t.columns.text('state').notNullable();
      t.columns.text('reason');
      t.columns.specificType('noted_at', 'timestamptz').notNullable().defaultTo(knex.fn.now());
      t.uniqueOn([]);
    },
    { comment: 'Where the platform last said that this school stands: one row, for the time when the platform is away' },
  );
  await tenantTable(
    knex,
    'platform_link_tickets',
    (t) => {
      t.columns.text('nonce').notNullable();
      t.columns.specificType('used_at', 'timestamptz').notNullable().defaultTo(knex.fn.now());
      t.uniqueOn(['nonce']);
      t.indexed(['used_at']);
    },
    { comment: 'Tickets of the platform that let an owner in: none works twice' },
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('platform_link_tickets');
  await knex.schema.dropTable('platform_link_standing');
}
