import type { Knex } from 'knex';
import { coreTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await coreTable(
    knex,
    'provisioning_calls',
    (t) => {
      t.ref('school_id', 'schools', { onDelete: 'cascade' });
      t.columns.text('nonce').notNullable();
      t.columns.specificType('at', 'timestamptz').notNullable().defaultTo(knex.fn.now());
      t.uniqueOn(['school_id', 'nonce']);
      t.indexed(['at']);
    },
    { comment: 'Signed calls that were believed, kept for longer than their time stamp is: none is believed twice' },
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('provisioning_calls');
}
