import type { Knex } from 'knex';
import { reportView } from '../../src/platform/db/migration.js';

/** How many people work here. */
export async function up(knex: Knex): Promise<void> {
  await reportView(
    knex,
    'hr_report_counts',
    `select count(*)::int as staff from hr_staff where left_on is null or left_on >= current_date`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop view hr_report_counts');
}
