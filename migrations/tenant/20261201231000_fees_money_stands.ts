import type { Knex } from 'knex';
import { grantOnlyChanges } from '../../src/platform/db/migration.js';

/** What the application may change of papers and money that are there: how they stand, never what they say. */
const CHANGES: Readonly<Record<string, readonly string[]>> = {
  // A merge of two records of one child moves its papers.
  fees_invoices: ['student_id', 'payer_id', 'source_key', 'state', 'version'],
  fees_payments: [
    'state',
    'received_on',
    'account_id',
    'entry_id',
    'ended_on',
    'ended_why',
    'waiting',
    'version',
    'payer_name',
    'payer_phone',
  ],
  fees_receipts: ['student_id', 'payer_id', 'state', 'taken_back_at', 'prints'],
  fees_allocations: ['freed_at', 'freed_why'],
  fees_refunds: [
    'student_id',
    'payer_id',
    'state',
    'number',
    'decided_by_name',
    'reference',
    'paid_on',
    'paid_at',
    'paid_by_user_id',
    'paid_by_name',
    'till_session_id',
    'entry_id',
    'account_id',
    'ended_on',
    'ended_why',
    'taken_back_at',
    'prints',
  ],
  fees_refund_parts: ['freed_at', 'freed_why'],
  fees_series: ['last'],
  fees_till_sessions: ['state', 'closed_at', 'takings', 'expected_minor', 'counted_minor', 'note', 'entry_id'],
  fees_bank_slips: ['account_id', 'undone_on', 'undone_by', 'undone_why', 'back_in_till'],
  fees_cheque_bankings: ['cleared_on', 'cleared_by', 'returned_entry_id', 'undone_on'],
  payments_suspense: [
    'state',
    'payment_id',
    'taken_back_id',
    'reason',
    'by_name',
    'seen_by',
    'settled_at',
    'reversal_code',
    'reversed_on',
    'reversal_entry_id',
    'payer_phone',
  ],
  payments_prompts: [
    'student_id',
    'phone',
    'state',
    'merchant_request_id',
    'checkout_request_id',
    'result_code',
    'trans_id',
    'payment_id',
    'changed_at',
  ],
  payments_prompt_shares: ['student_id'],
  payments_claims: ['state', 'asked_at'],
  payments_links: ['student_id', 'ended_at'],
  finance_books: ['closed_through', 'income_release', 'year_starts_month', 'version'],
  finance_accounts: ['code', 'name', 'active', 'at_bank', 'bank_name', 'bank_branch', 'bank_number', 'version'],
  finance_party_sums: ['balance_minor'],
  finance_grants: ['state', 'ended_why'],
  approvals_requests: [
    'state',
    'decided_by_user_id',
    'decided_by_name',
    'decided_at',
    'moved_at',
    'note',
    'told_at',
    'summary',
    'reason',
    'payload',
  ],
};

/** Lists that people write and strike out, links, and the counters of a day’s reading: nothing was booked by them. */
const REMOVABLE = [
  'fees_bill_notices',
  'fees_statement_links',
  'fees_subscriptions',
  'fees_structures',
  'fees_structure_audiences',
  'fees_structure_lines',
  'audit_reads',
];

const OF_MONEY = `select c.relname as name from pg_class c where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
  and c.relname ~ '^(fees|payments|finance|approvals|audit)_' and has_table_privilege('aims_app', c.oid, $$delete$$)`;

export async function up(knex: Knex): Promise<void> {
  for (const [table, columns] of Object.entries(CHANGES)) await grantOnlyChanges(knex, table, columns);
  const { rows } = (await knex.raw(OF_MONEY)) as { rows: { name: string }[] };
  for (const { name } of rows.filter((one) => !REMOVABLE.includes(one.name)))
    await knex.raw('revoke delete on ?? from aims_app', [name]);
  // Counters of what was read: when each person was last shown, and forgotten after a day.
  await knex.raw('revoke update on audit_reads from aims_app');
  await knex.raw('grant update (at, opened_at, told_at) on audit_reads to aims_app');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('grant update on audit_reads to aims_app');
  for (const table of Object.keys(CHANGES)) await knex.raw('grant update, delete on ?? to aims_app', [table]);
}
