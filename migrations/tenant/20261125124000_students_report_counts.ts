import type { Knex } from 'knex';
import { reportView } from '../../src/platform/db/migration.js';

/** How many students are here, and since when there are any. */
export async function up(knex: Knex): Promise<void> {
  await reportView(
    knex,
    'students_report_counts',
    `select (select count(*)::int from students where status in ('active', 'suspended') and put_aside_at is null) as pupils,
      (select min(created_at) from students) as first_student_at`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop view students_report_counts');
}
