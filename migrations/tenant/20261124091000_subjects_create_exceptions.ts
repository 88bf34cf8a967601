import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

/** Class lists follow the stream; a learner who takes or drops a subject by exception stands here. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'subjects_exceptions', (t) => {
    t.ref('student_id', 'students', { onDelete: 'cascade' });
    t.ref('subject_id', 'subjects');
    t.columns.boolean('takes').notNullable();
    t.columns.text('set_name');
    t.columns.date('from_on').notNullable();
    t.columns.date('to_on');
    t.uniqueOn(['student_id', 'subject_id'], { where: 'to_on is null', name: 'subjects_exceptions_one_open' });
  });
  await addComment(
    knex,
    'subjects_exceptions',
    'takes',
    'true: takes an elective or another set; false: does not take what the stream takes',
  );
  await addComment(knex, 'subjects_exceptions', 'set_name', 'A group across streams that is taught together');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTableIfExists('subjects_exceptions');
}
