import type { Knex } from 'knex';
import { coreReportView } from '../../src/platform/db/migration.js';

/** The register as reports may see it: no owner, no note. */
export async function up(knex: Knex): Promise<void> {
  await coreReportView(
    knex,
    'schools_report_register',
    `select s.id as school_id, s.subdomain, s.name, s.name_folded, s.country, s.state, s.state_at, s.created_at,
        coalesce(d.running, false) as running, d.started_at, d.next_job_at, d.schema_head
      from schools s left join schools_deployments d on d.school_id = s.id`,
  );
  await coreReportView(
    knex,
    'schools_report_moves',
    'select school_id, to_state as state, min(at) as at from schools_transitions group by school_id, to_state',
  );
  await knex.raw('create index schools_created_at_idx on schools (created_at)');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index schools_created_at_idx');
  await knex.raw('drop view schools_report_moves, schools_report_register');
}
