import type { Knex } from 'knex';
import { coreReportView } from '../../src/platform/db/migration.js';

/** What happened at the platform's own door, and when; not to whom. */
export async function up(knex: Knex): Promise<void> {
  await coreReportView(knex, 'identity_report_attempts', 'select at, outcome from identity_attempts');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop view identity_report_attempts');
}
