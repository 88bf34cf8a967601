import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

/** Days by which a family said it would pay. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(
    knex,
    'fees_promises',
    (t) => {
      t.ref('student_id', 'students');
      t.columns.date('made_on').notNullable();
      t.columns.date('promised_on').notNullable();
      t.columns.bigInteger('amount_minor').notNullable();
      t.columns.text('note').notNullable().defaultTo('');
      t.columns.text('by_name').notNullable();
      t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
      t.check('days', 'promised_on >= made_on');
      t.check('amount', 'amount_minor > 0');
      t.indexed(['student_id', 'created_at', 'id']);
    },
    { comment: 'What a family said it would pay, and by when; the newest one of a student counts' },
  );
  await addComment(knex, 'fees_promises', 'promised_on', 'The last day on which the money may come');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTableIfExists('fees_promises');
}
