import type { Knex } from 'knex';

/** Class teachers see what may become an emergency in a whole class. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table identity_settings alter column factor_roles set default '{owner,head,bursar,administrator,class-teacher}';
    update identity_settings set factor_roles = array_append(factor_roles, 'class-teacher'), permissions_version = permissions_version + 1
      where not 'class-teacher' = any(factor_roles);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`alter table identity_settings alter column factor_roles set default '{owner,head,bursar,administrator}'`);
}
