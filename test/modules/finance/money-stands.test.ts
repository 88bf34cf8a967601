import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import { sql } from '../../support/database/sql.js';

/** Written and struck out by people, brought by an import that may be undone, or forgotten after a day: nothing was booked by them. */
const REMOVABLE = new Set([
  'fees_bill_notices',
  'fees_statement_links',
  'fees_former_receipts',
  'fees_subscriptions',
  'fees_structures',
  'fees_structure_audiences',
  'fees_structure_lines',
  'audit_reads',
]);
/** What says how much, whose, and when it was written: for good. */
const FOR_GOOD: Readonly<Record<string, readonly string[]>> = {
  fees_invoices: ['number', 'total_minor', 'issued_on', 'due_on', 'entry_id', 'created_at', 'by_name'],
  fees_invoice_lines: ['amount_minor', 'head_id'],
  fees_payments: ['amount_minor', 'method', 'client_key', 'digest', 'created_at', 'by_name'],
  fees_payment_references: ['value', 'payment_id'],
  fees_receipts: ['number', 'amount_minor', 'balance_after_minor', 'payment_id', 'created_at'],
  fees_allocations: ['amount_minor', 'receipt_id', 'invoice_id'],
  fees_refunds: ['amount_minor', 'by_user_id', 'payee_name'],
  fees_refund_parts: ['amount_minor', 'receipt_id'],
  fees_till_movements: ['amount_minor'],
  fees_till_sessions: ['float_minor', 'cashier_id', 'opened_at'],
  payments_suspense: ['amount_minor', 'trans_id', 'entry_id'],
  payments_messages: ['amount_minor', 'trans_id'],
  payments_outcomes: ['outcome', 'payment_id'],
  payments_prompts: ['amount_minor', 'asked_at'],
  payments_claims: ['trans_id'],
  finance_entries: ['posted_on', 'value_on', 'memo'],
  finance_lines: ['amount_minor', 'account_id'],
  finance_entry_numbers: ['number'],
  finance_numbers_given: ['number'],
  finance_closings: ['through_on'],
  finance_accounts: ['kind', 'role'],
  finance_grants: ['amount_minor', 'number'],
  approvals_requests: ['kind', 'amount_minor', 'asked_by_user_id', 'subject_id'],
  audit_entries: ['action', 'label'],
  audit_reads: ['account_id', 'person_id'],
};

describe('what was booked, seen by the application’s own role', () => {
  let school: SchoolUnderTest;
  before(async () => {
    school = await aSchool();
  });
  after(() => school?.stop());

  const tables = async (): Promise<string[]> =>
    (
      await sql<{ name: string }>(
        school.database,
        "select tablename as name from pg_tables where schemaname = 'public' and tablename ~ '^(fees|payments|finance|approvals|audit)_' order by 1",
      )
    ).map((one) => one.name);
  const denied = (statement: string): Promise<void> =>
    assert.rejects(
      school.run(() => raw(statement)),
      { code: '42501' },
      statement,
    );
  const raw = async (statement: string): Promise<unknown> =>
    (await import('../../../src/platform/db/index.js')).db().raw(statement);

  it('can be removed from no table of money, audit or approvals, but for lists that nothing was booked by', async () => {
    const all = await tables();
    assert.ok(all.length > 50, String(all.length));
    for (const table of all.filter((one) => !REMOVABLE.has(one))) await denied(`delete from ${table} where false`);
  });

  it('keeps its sums, numbers, days and names', async () => {
    const all = await tables();
    for (const [table, columns] of Object.entries(FOR_GOOD)) {
      assert.ok(all.includes(table), table);
      for (const column of columns) await denied(`update ${table} set ${column} = ${column} where false`);
    }
  });
});
