import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'students_planned_moves', (t) => {
    t.ref('student_id', 'students', { onDelete: 'cascade' });
    t.ref('class_id', 'subjects_classes');
    t.ref('stream_id', 'subjects_streams', { null: true });
    t.columns.date('on_day').notNullable();
    t.columns.text('note');
    t.columns.text('state').notNullable().defaultTo('planned');
    t.columns.text('ended_why');
    t.columns.uuid('rollover_id');
    t.columns.text('by_name');
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.check('state', "state in ('planned', 'done', 'cancelled')");
    t.check('ended', "(state = 'cancelled') = (ended_why is not null)");
    t.uniqueOn(['student_id'], { where: "state = 'planned'", name: 'students_planned_moves_one' });
    t.indexed(['on_day'], { where: "state = 'planned'", name: 'students_planned_moves_due' });
    t.indexed(['student_id', 'created_at']);
  });
  await addComment(
    knex,
    'students_planned_moves',
    'on_day',
    'The day in the school’s zone on which the child changes the class; until then only this row knows of it',
  );
  await addComment(
    knex,
    'students_planned_moves',
    'rollover_id',
    'The turn of the year that gave it up; taking that back plans it again',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTableIfExists('students_planned_moves');
}
