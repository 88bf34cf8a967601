import type { Knex } from 'knex';
import { coreReportView } from '../../src/platform/db/migration.js';

/** Sign-ups that are begun and not yet a school; nothing of what was told. */
export async function up(knex: Knex): Promise<void> {
  await coreReportView(
    knex,
    'signup_report_drafts',
    'select created_at, confirmed_email is not null as confirmed from signup_drafts where school_id is null',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop view signup_report_drafts');
}
