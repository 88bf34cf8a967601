import type { Knex } from 'knex';

/**
 * What networks have told is only ever added to; the middle of the phones in it may go, by this door alone: of messages
 * that have an outcome, when they are half a year old, or at once for phones of somebody who is erased.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create function app.payments_mask_phones(before timestamptz, phones text[], at_most int) returns int
      language plpgsql security definer set search_path = pg_catalog, pg_temp
      as $$
      declare
        whole constant text := '(?<![0-9])(\\+\\?254|0)([17][0-9]{2})[0-9]{3}([0-9]{3})(?![0-9])';
        done int;
      begin
        if phones is null and before > now() - interval '180 days' then
          raise exception 'Phones in messages of networks are kept for half a year at least.' using errcode = 'insufficient_privilege';
        end if;
        with due as (
          select m.school_id, m.id from public.payments_messages m
          where m.received_at < before and (phones is null or m.payer_phone = any(phones)) and (m.payer_phone ~ '[0-9]{9}' or m.body ~ whole)
            and exists (select 1 from public.payments_outcomes o where o.school_id = m.school_id and o.message_id = m.id)
          order by m.received_at limit at_most)
        update public.payments_messages m set
          body = regexp_replace(
            case when m.payer_phone ~ '[0-9]{9}$' then replace(m.body, right(m.payer_phone, 9), left(right(m.payer_phone, 9), 3) || '***' || right(m.payer_phone, 3)) else m.body end,
            whole, '\\1\\2***\\3', 'g'),
          payer_phone = case when m.payer_phone ~ '[0-9]{9}$' then left(m.payer_phone, -6) || '***' || right(m.payer_phone, 3) else m.payer_phone end
        from due where m.school_id = due.school_id and m.id = due.id;
        get diagnostics done = row_count;
        return done;
      end $$;
    revoke all on function app.payments_mask_phones(timestamptz, text[], int) from public;
    grant execute on function app.payments_mask_phones(timestamptz, text[], int) to aims_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop function app.payments_mask_phones(timestamptz, text[], int)');
}
