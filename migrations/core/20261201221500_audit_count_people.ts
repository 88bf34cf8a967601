import type { Knex } from 'knex';

/** Whom an account has looked at, each person once: the same child on ten pages is one. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    delete from audit_reads;
    alter table audit_reads
      alter column pages set default 0,
      alter column rows set default 1,
      add column person_id uuid,
      add column opened_at timestamptz,
      add column told_at timestamptz,
      add constraint audit_reads_of_person unique (account_id, person_id);
    comment on column audit_reads.at is 'When the person was last shown to the account';
    comment on column audit_reads.opened_at is 'When a page about this person alone was last opened';
    comment on column audit_reads.told_at is 'What was read up to then has been told of in an alert';
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    delete from audit_reads;
    alter table audit_reads
      drop constraint audit_reads_of_person,
      drop column told_at,
      drop column opened_at,
      drop column person_id,
      alter column pages drop default,
      alter column rows drop default;
  `);
}
