import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

/** Who had paid enough on a day of a term. What was found is never changed: all of it can only be added. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(
    knex,
    'fees_clearances',
    (t) => {
      t.ref('term_id', 'school_terms');
      t.columns.date('as_of').notNullable();
      t.columns.text('threshold_kind').notNullable();
      t.columns.bigInteger('threshold').notNullable();
      t.columns.integer('grace_days').notNullable();
      t.columns.boolean('plans_count').notNullable();
      t.columns.uuid('by_user_id');
      t.columns.text('by_name').notNullable();
      t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
      t.check('threshold_kind', "threshold_kind in ('amount', 'percent')");
      t.check('threshold', "threshold >= 0 and (threshold_kind = 'amount' or threshold <= 10000)");
      t.check('grace', 'grace_days between 0 and 120');
      t.indexed(['created_at', 'id']);
    },
    { appendOnly: true, comment: 'What was asked of families on a day to count as cleared' },
  );
  await addComment(
    knex,
    'fees_clearances',
    'threshold',
    'So much may be left open: minor units, or hundredths of a per cent of the term’s bill',
  );
  await addComment(knex, 'fees_clearances', 'grace_days', 'What is past its day by no more than this does not count yet');

  await tenantTable(
    knex,
    'fees_clearance_rows',
    (t) => {
      t.ref('clearance_id', 'fees_clearances');
      t.columns.integer('n').notNullable();
      t.ref('student_id', 'students');
      t.columns.uuid('class_id');
      t.columns.uuid('stream_id');
      t.columns.bigInteger('billed_minor').notNullable();
      t.columns.bigInteger('counted_minor').notNullable();
      t.columns.bigInteger('limit_minor').notNullable();
      t.columns.text('outcome').notNullable();
      t.check('outcome', "outcome in ('paid', 'plan', 'exception', 'held')");
      t.uniqueOn(['clearance_id', 'n']);
      t.uniqueOn(['clearance_id', 'student_id']);
    },
    { appendOnly: true, comment: 'One child in a clearance, in the order of the register on that day' },
  );
  await addComment(knex, 'fees_clearance_rows', 'counted_minor', 'What was open past its day and the days of grace');
  await addComment(knex, 'fees_clearance_rows', 'class_id', 'Where the child was on that day');

  await tenantTable(
    knex,
    'fees_clearance_ends',
    (t) => {
      t.ref('clearance_id', 'fees_clearances');
      t.columns.integer('cleared').notNullable();
      t.columns.integer('held').notNullable();
      t.columns.timestamp('at').notNullable().defaultTo(knex.fn.now());
      t.uniqueOn(['clearance_id']);
    },
    { appendOnly: true, comment: 'A clearance whose rows are all there' },
  );

  await tenantTable(
    knex,
    'fees_clearance_exceptions',
    (t) => {
      t.ref('student_id', 'students');
      t.columns.date('until').notNullable();
      t.columns.text('reason').notNullable();
      t.columns.text('by_name').notNullable();
      t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
      t.columns.timestamp('ended_at');
      t.columns.text('ended_by').notNullable().defaultTo('');
      t.indexed(['student_id', 'until']);
      t.indexed(['created_at', 'id']);
    },
    { comment: 'A child that counts as cleared until a day, whatever is owed' },
  );
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['fees_clearance_exceptions', 'fees_clearance_ends', 'fees_clearance_rows', 'fees_clearances'])
    await knex.schema.dropTableIfExists(table);
}
