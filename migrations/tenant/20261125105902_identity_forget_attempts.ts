import type { Knex } from 'knex';

/** The application may only add to the history of sign-ins; what is older than a quarter may go, by this door alone. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create function app.identity_forget_attempts(before date, at_most int) returns int
      language plpgsql security definer set search_path = pg_catalog, pg_temp
      as $$
      declare gone int;
      begin
        if before > current_date - 80 then raise exception 'the history of sign-ins is kept for a quarter at least'; end if;
        delete from public.identity_attempts where id in
          (select id from public.identity_attempts where at < before order by at limit at_most);
        get diagnostics gone = row_count;
        return gone;
      end $$;
    revoke all on function app.identity_forget_attempts(date, int) from public;
    grant execute on function app.identity_forget_attempts(date, int) to aims_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop function app.identity_forget_attempts(date, int)');
}
