import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table identity_users add column doubted_until timestamptz;
    comment on column identity_users.doubted_until is 'The account has read in bulk: a proof of who it is counts only if it is younger than this';
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table identity_users drop column doubted_until');
}
