import type { Knex } from 'knex';

/**
 * The school follows from the role that signed in (session_user), which no statement can change: neither
 * SET ROLE nor a setting, and not through a pooler. plpgsql keeps the plan of the look-up for the session.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create schema app;
    grant usage on schema app to aims_app, aims_readonly, aims_worker;

    create table app.schools_by_role (
      role_name name primary key,
      school_id uuid not null
    );
    comment on table app.schools_by_role is 'Which school a login role belongs to. A role that is not here sees no row of any table.';

    create function app.current_school() returns uuid
      language plpgsql stable security definer parallel safe
      set search_path = pg_catalog, pg_temp
      as $$ begin
        return (select school_id from app.schools_by_role where role_name = session_user);
      end $$;
    revoke all on function app.current_school() from public;
    grant execute on function app.current_school() to aims_app, aims_readonly, aims_owner;

    grant select on public.knex_migrations to aims_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    revoke select on public.knex_migrations from aims_app;
    drop schema app cascade;
  `);
}
