import type { Knex } from 'knex';
import { reportView } from '../../src/platform/db/migration.js';

/** How many text messages left in the last thirty days. */
export async function up(knex: Knex): Promise<void> {
  await reportView(
    knex,
    'notifications_report_counts',
    `select count(*)::int as sms_30 from notifications_messages
      where created_at > now() - interval '30 days' and channel = 'sms' and state in ('sent', 'delivered')`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop view notifications_report_counts');
}
