import type { Knex } from 'knex';
import { reportView } from '../../src/platform/db/migration.js';

/** What each entry did to the suspense account, for those whose waiting money must agree with it. */
export async function up(knex: Knex): Promise<void> {
  await reportView(
    knex,
    'finance_report_suspense',
    `select e.school_id, e.id, e.source_kind, e.source_key, sum(l.amount_minor)::bigint as suspense_minor
      from finance_accounts a
      join finance_lines l on l.school_id = a.school_id and l.account_id = a.id
      join finance_entries e on e.school_id = l.school_id and e.id = l.entry_id
      where a.role = 'suspense' group by e.school_id, e.id, e.source_kind, e.source_key`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop view finance_report_suspense');
}
