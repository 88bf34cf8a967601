import type { Knex } from 'knex';
import { addComment, coreTable } from '../../src/platform/db/migration.js';

/** What schools report about themselves: counts and times, nothing by which a person could be known. */
export async function up(knex: Knex): Promise<void> {
  await coreTable(
    knex,
    'admindash_reports',
    (t) => {
      t.ref('school_id', 'schools', { onDelete: 'cascade' });
      t.columns.timestamp('taken_at').notNullable();
      t.columns.timestamp('reported_at').notNullable().defaultTo(knex.fn.now());
      t.columns.text('version').notNullable();
      t.columns.text('schema_head').notNullable();
      t.columns.bigInteger('database_bytes').notNullable();
      for (const count of ['pupils', 'staff', 'active_1', 'active_7', 'active_30']) t.columns.integer(count).notNullable();
      for (const first of ['first_class_at', 'first_student_at', 'first_import_at']) t.columns.timestamp(first);
      t.uniqueOn(['school_id']);
      t.indexed(['reported_at']);
    },
    { schoolColumn: 'school_id', comment: 'The newest report of each school' },
  );
  await addComment(
    knex,
    'admindash_reports',
    'taken_at',
    'By the clock of the school: an older report that comes later changes nothing',
  );
  await coreTable(
    knex,
    'admindash_usage',
    (t) => {
      t.ref('school_id', 'schools', { onDelete: 'cascade' });
      t.columns.date('day').notNullable();
      for (const count of ['sign_ins', 'failed_sign_ins', 'lock_outs']) t.columns.integer(count).notNullable();
      for (const count of ['pupils', 'staff', 'active_1']) t.columns.integer(count);
      t.uniqueOn(['school_id', 'day']);
      t.indexed(['day']);
    },
    { schoolColumn: 'school_id', comment: 'One row for each school and day, as it last reported that day; days are days of UTC' },
  );
  await addComment(knex, 'admindash_usage', 'pupils', 'Null for a day that was only reported later');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('admindash_usage');
  await knex.schema.dropTable('admindash_reports');
}
