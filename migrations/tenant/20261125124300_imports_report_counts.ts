import type { Knex } from 'knex';
import { reportView } from '../../src/platform/db/migration.js';

/** When the first list was imported. */
export async function up(knex: Knex): Promise<void> {
  await reportView(knex, 'imports_report_counts', `select min(written_at) as first_import_at from imports where status = 'done'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop view imports_report_counts');
}
