import type { Knex } from 'knex';
import { coreReportView } from '../../src/platform/db/migration.js';

/** Runs and their steps without the address of the owner's page. */
export async function up(knex: Knex): Promise<void> {
  await coreReportView(
    knex,
    'provisioning_report_runs',
    'select id as run_id, school_id, kind, state, attempts, reason, ordered_by, ordered_at, finished_at from provisioning_runs',
  );
  await coreReportView(
    knex,
    'provisioning_report_steps',
    'select run_id, position, name, state, attempts, reason, started_at, finished_at from provisioning_steps',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop view provisioning_report_steps, provisioning_report_runs');
}
