import type { Knex } from 'knex';
import { reportView } from '../../src/platform/db/migration.js';

/** How many people were at work, and what happened at the door each day of UTC: numbers, and nobody's name. */
export async function up(knex: Knex): Promise<void> {
  const active = (days: number): string =>
    `count(distinct user_id) filter (where last_seen_at > now() - interval '${days} days')::int as active_${days}`;
  await reportView(
    knex,
    'identity_report_use',
    `select ${[1, 7, 30].map(active).join(', ')} from (
      select user_id, last_seen_at from identity_sessions where user_id is not null
      union all
      select id, last_sign_in_at from identity_users where last_sign_in_at is not null
    ) seen`,
  );
  await reportView(knex, 'identity_report_attempts', 'select at, outcome from identity_attempts');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop view identity_report_attempts, identity_report_use');
}
