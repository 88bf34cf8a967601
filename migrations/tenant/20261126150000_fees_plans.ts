import type { Knex } from 'knex';
import { addComment, changeTenantTable, tenantTable } from '../../src/platform/db/migration.js';

/** What a family pays in parts, on days that it agreed to with the school. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(
    knex,
    'fees_plans',
    (t) => {
      t.ref('student_id', 'students');
      t.columns.bigInteger('total_minor').notNullable();
      t.columns.date('agreed_on').notNullable();
      t.columns.integer('grace_days').notNullable();
      t.columns.text('agreed_with').notNullable();
      t.columns.text('note').notNullable().defaultTo('');
      t.columns.text('by_name').notNullable();
      t.columns.timestamp('created_at').notNullable().defaultTo(knex.raw('clock_timestamp()'));
      t.columns.text('ended_as');
      t.columns.timestamp('ended_at');
      t.columns.date('ended_on');
      t.columns.text('ended_why').notNullable().defaultTo('');
      t.columns.text('ended_by').notNullable().defaultTo('');
      t.check('total', 'total_minor > 0');
      t.check('grace', 'grace_days between 0 and 60');
      t.check('ended_as', "ended_as in ('cancelled', 'completed')");
      t.check('ended', 'num_nonnulls(ended_as, ended_at, ended_on) in (0, 3)');
      t.uniqueOn(['student_id'], { where: 'ended_as is null', name: 'fees_plans_one_active' });
      t.indexed(['student_id', 'created_at']);
      t.indexed(['created_at', 'id']);
    },
    { comment: 'What was open is paid in instalments; a student has one plan at a time' },
  );
  await addComment(
    knex,
    'fees_plans',
    'created_at',
    'What is paid from here on counts; read while the account of the student is held',
  );
  await addComment(
    knex,
    'fees_plans',
    'ended_as',
    'Taken back, or paid to the end before the next plan; else what it is follows from payments and days',
  );

  await tenantTable(
    knex,
    'fees_plan_instalments',
    (t) => {
      t.ref('plan_id', 'fees_plans');
      t.columns.integer('n').notNullable();
      t.columns.date('due_on').notNullable();
      t.columns.bigInteger('amount_minor').notNullable();
      t.check('amount', 'amount_minor > 0');
      t.uniqueOn(['plan_id', 'n']);
    },
    { appendOnly: true, comment: 'The parts of a plan, by day' },
  );

  await changeTenantTable(knex, 'fees_settings', (t) => {
    t.columns.integer('plan_grace_days').notNullable().defaultTo(7);
    t.check('plan_grace', 'plan_grace_days between 0 and 60');
  });
  // The time at which a transaction began says nothing: it may write a receipt after a plan that was agreed on since.
  await changeTenantTable(knex, 'fees_receipts', (t) => {
    t.columns.timestamp('written_at').notNullable().defaultTo(knex.raw('clock_timestamp()'));
  });
  await addComment(
    knex,
    'fees_receipts',
    'written_at',
    'Read while the account of the student is held: whether it was before or after a plan',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table fees_receipts drop column written_at');
  await knex.raw('alter table fees_settings drop column plan_grace_days');
  for (const table of ['fees_plan_instalments', 'fees_plans']) await knex.schema.dropTableIfExists(table);
}
