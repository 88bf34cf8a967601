import type { Knex } from 'knex';

/**
 * What people wrote beside a difference is only ever added to, and may name somebody: it goes by this door alone, of notes
 * that are half a year old, or at once of what was told of payments of somebody who is erased. That somebody looked, who and when, stays.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create function app.payments_forget_notes(before timestamptz, codes text[], at_most int) returns int
      language plpgsql security definer set search_path = pg_catalog, pg_temp
      as $$
      declare
        done int;
      begin
        if codes is null and before > now() - interval '180 days' then
          raise exception 'Notes beside messages of networks are kept for half a year at least.' using errcode = 'insufficient_privilege';
        end if;
        with due as (
          select l.school_id, l.id from public.payments_looked l
          where l.at < before and l.note <> '…' and (codes is null or exists (select 1 from public.payments_messages m where m.school_id = l.school_id and m.id = l.message_id and m.trans_id = any(codes)))
          order by l.at limit at_most)
        update public.payments_looked l set note = '…' from due where l.school_id = due.school_id and l.id = due.id;
        get diagnostics done = row_count;
        return done;
      end $$;
    revoke all on function app.payments_forget_notes(timestamptz, text[], int) from public;
    grant execute on function app.payments_forget_notes(timestamptz, text[], int) to aims_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop function app.payments_forget_notes(timestamptz, text[], int)');
}
