import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

/** Whose family was told of its bill by which message, once for each run. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(
    knex,
    'fees_bill_notices',
    (t) => {
      t.ref('run_id', 'fees_billing_runs');
      t.ref('student_id', 'students');
      t.columns.uuid('message_id').notNullable();
      t.columns.text('by_name').notNullable();
      t.columns.timestamp('told_at').notNullable().defaultTo(knex.fn.now());
      t.uniqueOn(['run_id', 'student_id']);
      t.indexed(['student_id']);
    },
    { comment: 'Families that were told of the bills of a run' },
  );
  await addComment(
    knex,
    'fees_bill_notices',
    'message_id',
    'The one that counts: a later one takes the place of one that failed',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTableIfExists('fees_bill_notices');
}
