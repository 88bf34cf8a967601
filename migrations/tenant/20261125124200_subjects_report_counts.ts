import type { Knex } from 'knex';
import { reportView } from '../../src/platform/db/migration.js';

/** Since when there are classes: ids begin with the time at which they were made. */
export async function up(knex: Knex): Promise<void> {
  await reportView(
    knex,
    'subjects_report_counts',
    `select to_timestamp(('x' || substr(replace(id::text, '-', ''), 1, 12))::bit(48)::bigint / 1000.0) as first_class_at
      from subjects_classes order by id limit 1`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop view subjects_report_counts');
}
