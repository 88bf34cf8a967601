import type { Knex } from 'knex';
import { reportView } from '../../src/platform/db/migration.js';

/** What each entry did to the receivable account, for those whose documents must agree with it. */
export async function up(knex: Knex): Promise<void> {
  await reportView(
    knex,
    'finance_report_entries',
    `select e.school_id, e.id, e.source_kind, e.source_key, r.id as reversed_by_id,
        coalesce((select sum(l.amount_minor) from finance_lines l join finance_accounts a on a.school_id = l.school_id and a.id = l.account_id and a.role = 'receivable'
          where l.school_id = e.school_id and l.entry_id = e.id), 0)::bigint as receivable_minor
      from finance_entries e left join finance_entries r on r.school_id = e.school_id and r.reverses_id = e.id`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop view finance_report_entries');
}
