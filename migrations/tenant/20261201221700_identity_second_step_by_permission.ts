import type { Knex } from 'knex';

/** Who needs the second step follows from what they may do; the school adds roles, and an owner lets roles off. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table identity_settings add column factor_waived text[] not null default '{}';
    comment on column identity_settings.factor_roles is 'Asked for a second step though no permission of theirs needs it';
    comment on column identity_settings.factor_waived is 'Let off by an owner though a permission of theirs needs it';
    alter table identity_users add column factor_due_at timestamptz;
    comment on column identity_users.factor_due_at is 'Until when the set-up of a second step may be put off: a day after the first sign-in';
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table identity_users drop column factor_due_at');
  await knex.raw('alter table identity_settings drop column factor_waived');
}
