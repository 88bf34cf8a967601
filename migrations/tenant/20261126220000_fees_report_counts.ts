import type { Knex } from 'knex';
import { reportView } from '../../src/platform/db/migration.js';

/** When the first receipt was written, and what families have paid in the last thirty days. */
export async function up(knex: Knex): Promise<void> {
  await reportView(
    knex,
    'fees_report_counts',
    `select (select min(created_at) from fees_payments where method <> 'opening' and state = 'posted') as first_receipt_at,
        (select coalesce(sum(amount_minor), 0)::bigint from fees_payments
          where received_on > current_date - 30 and method not in ('opening', 'kind') and state = 'posted') as collected_30_minor`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop view fees_report_counts');
}
