import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

/** What somebody who teaches or cares for a child should know, and the small notes that may lead to it. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'students_alerts', (t) => {
    t.ref('student_id', 'students', { onDelete: 'cascade' });
    t.columns.text('kind').notNullable();
    t.columns.text('level').notNullable();
    t.columns.text('reason').notNullable();
    t.columns.text('source').notNullable();
    t.columns.date('until_on');
    t.columns.uuid('by_user_id');
    t.columns.text('by_name');
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.columns.timestamp('ended_at');
    t.columns.text('ended_by');
    t.columns.text('end_reason');
    t.check('kind', "kind in ('medical', 'behaviour', 'academic')");
    t.check('level', "level in ('low', 'medium', 'high')");
    t.check('source', "source in ('hand', 'concerns')");
    t.check('ended', '(ended_at is null) = (end_reason is null)');
    t.uniqueOn(['student_id', 'kind'], {
      where: "ended_at is null and source = 'concerns'",
      name: 'students_alerts_one_by_concerns',
    });
    t.indexed(['student_id', 'created_at']);
  });
  await addComment(knex, 'students_alerts', 'until_on', 'The last day on which it is shown; null until somebody ends it');

  await tenantTable(knex, 'students_concerns', (t) => {
    t.ref('student_id', 'students', { onDelete: 'cascade' });
    t.columns.text('kind').notNullable();
    t.columns.text('text').notNullable();
    t.columns.date('on_day').notNullable();
    t.columns.uuid('by_user_id');
    t.columns.text('by_name');
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.check('kind', "kind in ('behaviour', 'academic')");
    t.indexed(['student_id', 'kind', 'on_day']);
  });

  await tenantTable(knex, 'students_alert_limits', (t) => {
    t.columns.text('kind').notNullable();
    t.columns.integer('low').notNullable();
    t.columns.integer('medium').notNullable();
    t.columns.integer('high').notNullable();
    t.columns.integer('days').notNullable();
    t.check('kind', "kind in ('behaviour', 'academic')");
    t.check('order', 'low >= 1 and low <= medium and medium <= high and high <= 100');
    t.check('days', 'days between 7 and 365');
    t.uniqueOn(['kind']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['students_alert_limits', 'students_concerns', 'students_alerts'])
    await knex.schema.dropTableIfExists(table);
}
