import type { Knex } from 'knex';
import { reportView } from '../../src/platform/db/migration.js';

/** Under which numbers payments stand in the books, for those who have heard of them. */
export async function up(knex: Knex): Promise<void> {
  await reportView(
    knex,
    'fees_report_paid_numbers',
    `select p.school_id, p.id, p.state, p.amount_minor, p.client, f.scheme, f.value, f.freed_at
      from fees_payments p join fees_payment_references f on f.school_id = p.school_id and f.payment_id = p.id`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop view fees_report_paid_numbers');
}
