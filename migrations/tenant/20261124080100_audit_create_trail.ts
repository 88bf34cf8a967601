import type { Knex } from 'knex';
import { tenantTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await tenantTable(
    knex,
    'audit_entries',
    (t) => {
      t.columns.timestamp('at').notNullable().defaultTo(knex.fn.now());
      t.columns.uuid('actor_id').comment('Account that acted; null for the product itself');
      t.columns.text('actor_name').notNullable();
      t.columns.specificType('actor_roles', 'text[]').notNullable().defaultTo('{}');
      t.columns.text('ip');
      t.columns.text('request_id');
      t.columns.text('action').notNullable();
      t.columns.text('entity').notNullable();
      t.columns.text('entity_id');
      t.columns.text('label');
      t.columns.jsonb('before');
      t.columns.jsonb('after');
      t.columns.text('reason');
      t.columns
        .text('mac')
        .notNullable()
        .comment('Proof that the product wrote this: keyed with SECRET_KEY, which the database does not know');
      t.indexed(['at']);
      t.indexed(['entity', 'entity_id', 'id']);
      t.indexed(['actor_id', 'id']);
      t.indexed(['action', 'id']);
    },
    { appendOnly: true },
  );

  await tenantTable(
    knex,
    'audit_seals',
    (t) => {
      t.columns.bigInteger('seq').notNullable().comment('1, 2, 3 … without a gap');
      t.columns.uuid('entry_id').notNullable();
      t.columns.text('prev_hash').notNullable();
      t.columns.text('hash').notNullable().comment('SHA-256 over prev_hash and the entry as canonical JSON');
      t.columns.timestamp('sealed_at').notNullable().defaultTo(knex.fn.now());
      t.uniqueOn(['seq']);
      t.uniqueOn(['entry_id']);
    },
    { appendOnly: true },
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTableIfExists('audit_seals');
  await knex.schema.dropTableIfExists('audit_entries');
}
