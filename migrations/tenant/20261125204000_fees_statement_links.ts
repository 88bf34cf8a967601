import type { Knex } from 'knex';
import { tenantTable } from '../../src/platform/db/migration.js';

/** Addresses under which a family reads its statement without an account. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(
    knex,
    'fees_statement_links',
    (t) => {
      t.columns.text('token_hash').notNullable();
      t.ref('student_id', 'students');
      t.columns.boolean('family').notNullable();
      t.columns.date('expires_on').notNullable();
      t.columns.timestamp('revoked_at');
      t.columns.text('by_name').notNullable();
      t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
      t.uniqueOn(['token_hash']);
    },
    { comment: 'Only a hash of each token is kept' },
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTableIfExists('fees_statement_links');
}
