import type { Knex } from 'knex';
import { reportView } from '../../src/platform/db/migration.js';

/** Lines of the receivable account, each under the source that it comes from; what takes an entry back stands under the source of that entry. */
export async function up(knex: Knex): Promise<void> {
  await reportView(
    knex,
    'finance_report_receivable',
    `select l.school_id, l.entry_id, l.n, l.posted_on, coalesce(o.source_kind, e.source_kind) as source_kind, coalesce(o.source_key, e.source_key) as source_key, e.reverses_id,
        l.party_kind, l.party_id, l.student_id, l.vote_head_id, l.term_id, l.class_id, l.amount_minor
      from finance_accounts a
      join finance_lines l on l.school_id = a.school_id and l.account_id = a.id
      join finance_entries e on e.school_id = l.school_id and e.id = l.entry_id
      left join finance_entries o on o.school_id = e.school_id and o.id = e.reverses_id
      where a.role = 'receivable'`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop view finance_report_receivable');
}
