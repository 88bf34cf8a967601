import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'students_rollovers', (t) => {
    t.ref('from_year_id', 'school_years');
    t.ref('to_year_id', 'school_years');
    t.columns.text('status').notNullable().defaultTo('draft');
    t.columns.date('closes_on').notNullable();
    t.columns.date('opens_on').notNullable();
    t.columns.decimal('pass', 5, 2);
    t.columns.decimal('margin', 5, 2).notNullable().defaultTo(0);
    t.columns.jsonb('plan').notNullable();
    t.columns.integer('active_before');
    t.columns.integer('promoted');
    t.columns.integer('repeating');
    t.columns.integer('leaving');
    t.columns.uuid('by_user_id');
    t.columns.text('by_name');
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.columns.timestamp('done_at');
    t.columns.text('done_by');
    t.columns.timestamp('undone_at');
    t.columns.text('undone_by');
    t.check('status', "status in ('draft', 'done', 'undone')");
    t.check('years', 'from_year_id <> to_year_id');
    t.check('span', 'closes_on < opens_on');
    t.check('pass', 'pass is null or pass between 0 and 100');
    t.check('margin', 'margin between 0 and 100');
    t.check('nobody_lost', "status = 'draft' or (active_before is not null and promoted + repeating + leaving = active_before)");
    t.uniqueOn(['to_year_id'], { where: "status in ('draft', 'done')", name: 'students_rollovers_one_each_year' });
  });
  await addComment(
    knex,
    'students_rollovers',
    'plan',
    'Where each stream and class goes: {"streams": {from: to or null}, "classes": {from: to or null}}; null leaves the school',
  );
  await addComment(
    knex,
    'students_rollovers',
    'pass',
    'Results below are held back; from pass - margin to pass a person decides. Null promotes everybody',
  );
  await addComment(
    knex,
    'students_rollovers',
    'active_before',
    'Counted before anything moved; promoted, repeating and leaving are counted from what was written',
  );

  await tenantTable(knex, 'students_rollover_rows', (t) => {
    t.ref('rollover_id', 'students_rollovers', { onDelete: 'cascade' });
    t.ref('student_id', 'students', { onDelete: 'cascade' });
    t.columns.uuid('from_enrolment_id').notNullable();
    t.ref('from_class_id', 'subjects_classes');
    t.ref('from_stream_id', 'subjects_streams', { null: true });
    t.ref('to_class_id', 'subjects_classes', { null: true });
    t.ref('to_stream_id', 'subjects_streams', { null: true });
    t.columns.text('decision').notNullable();
    t.columns.decimal('result', 5, 2);
    t.columns.decimal('pass', 5, 2);
    t.columns.decimal('margin', 5, 2);
    t.columns.boolean('by_hand').notNullable().defaultTo(false);
    t.columns.uuid('chosen_stream_id');
    t.columns.text('reason');
    t.columns.text('by_name');
    t.columns.uuid('new_enrolment_id').notNullable();
    t.columns.jsonb('before');
    t.check('decision', "decision in ('promoted', 'repeating', 'leaving', 'review')");
    t.check('by_hand_has_reason', "not by_hand or coalesce(reason, '') <> ''");
    t.check('place', "(decision in ('leaving', 'review')) = (to_class_id is null)");
    t.uniqueOn(['rollover_id', 'student_id']);
    t.indexed(['student_id']);
  });
  await addComment(
    knex,
    'students_rollover_rows',
    'pass',
    'The threshold that this decision was made against, kept even if the school changes it later',
  );
  await addComment(
    knex,
    'students_rollover_rows',
    'before',
    'Status, class and enrolment as they were, for taking the rollover back',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTableIfExists('students_rollover_rows');
  await knex.schema.dropTableIfExists('students_rollovers');
}
