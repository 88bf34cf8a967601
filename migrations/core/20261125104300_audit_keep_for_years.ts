import type { Knex } from 'knex';
import { coreTable } from '../../src/platform/db/migration.js';

/**
 * The application may remove nothing from the audit, except through this function: whole stretches of the chain from
 * its beginning, older than three years whatever the application says, with nothing missing in them, and only together
 * with an anchor to go on from and an entry that tells of it.
 */
export async function up(knex: Knex): Promise<void> {
  await coreTable(
    knex,
    'audit_anchors',
    (t) => {
      t.columns.bigInteger('seq').notNullable().comment('The last seal that was removed');
      t.columns.text('hash').notNullable().comment('Its hash: what the first seal that is left points back to');
      t.columns.timestamp('cutoff').notNullable().comment('All that was removed is older');
      t.columns.integer('removed').notNullable();
      t.columns.timestamp('made_at').notNullable().defaultTo(knex.fn.now());
      t.columns.text('mac').notNullable().comment('Proof that the product made it, as of an entry');
      t.uniqueOn(['seq']);
    },
    { appendOnly: true },
  );
  await knex.raw('revoke insert on audit_anchors from aims_core_app');

  await knex.raw(`
    create function app.remove_old_audit(anchor uuid, upto bigint, older_than timestamptz, proof text) returns bigint
      language plpgsql security definer
      set search_path = pg_catalog, pg_temp
      as $$
      declare
        head text;
        begins bigint;
        entries bigint;
        seals bigint;
      begin
        if older_than > now() - interval '3 years' then
          raise exception 'Nothing younger than three years is removed from the audit.' using errcode = 'insufficient_privilege';
        end if;
        perform pg_advisory_xact_lock(hashtext('audit.chain'));
        select coalesce(max(seq), 0) into begins from public.audit_anchors;
        select hash into head from public.audit_seals where seq = upto;
        if head is null or upto <= begins then
          raise exception 'There is no seal % to remove up to.', upto using errcode = 'insufficient_privilege';
        end if;
        if exists (select 1 from public.audit_seals s join public.audit_entries e on e.id = s.entry_id where s.seq <= upto and e.at >= older_than) then
          raise exception 'Something before seal % is too young to be removed.', upto using errcode = 'insufficient_privilege';
        end if;
        if not exists (select 1 from public.audit_entries where action = 'audit.retention' and entity_id = anchor::text and at = now()) then
          raise exception 'What is removed from the audit must be told of in it.' using errcode = 'insufficient_privilege';
        end if;
        delete from public.audit_entries e using public.audit_seals s where s.entry_id = e.id and s.seq <= upto;
        get diagnostics entries = row_count;
        delete from public.audit_seals where seq <= upto;
        get diagnostics seals = row_count;
        if seals <> upto - begins or entries <> seals then
          raise exception 'The chain up to seal % is not whole.', upto using errcode = 'insufficient_privilege';
        end if;
        insert into public.audit_anchors (id, seq, hash, cutoff, removed, mac) values (anchor, upto, head, older_than, entries, proof);
        return entries;
      end $$;
    revoke all on function app.remove_old_audit(uuid, bigint, timestamptz, text) from public;
    grant execute on function app.remove_old_audit(uuid, bigint, timestamptz, text) to aims_core_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop function app.remove_old_audit(uuid, bigint, timestamptz, text)');
  await knex.schema.dropTableIfExists('audit_anchors');
}
