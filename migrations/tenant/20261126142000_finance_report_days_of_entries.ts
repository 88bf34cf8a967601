import type { Knex } from 'knex';

const ENTRY = `e.school_id, e.id, e.source_kind, e.source_key, r.id as reversed_by_id,
  coalesce((select sum(l.amount_minor) from finance_lines l join finance_accounts a on a.school_id = l.school_id and a.id = l.account_id and a.role = 'receivable'
    where l.school_id = e.school_id and l.entry_id = e.id), 0)::bigint as receivable_minor`;
const FROM = 'from finance_entries e left join finance_entries r on r.school_id = e.school_id and r.reverses_id = e.id';

/** On which day an entry counts, and on which one it was taken back: for registers of a day that is past. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    `create or replace view finance_report_entries with (security_invoker = true) as select ${ENTRY}, e.posted_on, r.posted_on as reversed_on ${FROM}`,
  );
}

/** PostgreSQL takes no column out of a view. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop view finance_report_entries');
  await knex.raw(`create view finance_report_entries with (security_invoker = true) as select ${ENTRY} ${FROM}`);
  await knex.raw('grant select on finance_report_entries to aims_app, aims_readonly');
}
