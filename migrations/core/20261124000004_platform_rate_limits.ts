import type { Knex } from 'knex';
import { protectCoreTable } from '../../src/platform/db/migration.js';

/** The shape that rate-limiter-flexible expects: it inserts by position and needs its key alone to be unique. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table platform_rate_limits (
      key text primary key,
      points bigint not null default 0,
      expire bigint
    );
    create index platform_rate_limits_expire_idx on platform_rate_limits (expire)
  `);
  await protectCoreTable(knex, 'platform_rate_limits');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('platform_rate_limits');
}
