import type { Knex } from 'knex';
import { addComment } from '../../src/platform/db/migration.js';

/** Guardians are known by the ids of other systems too; a bundle whose memory has gone says so. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table oneroster_identities drop constraint oneroster_identities_kind;
    alter table oneroster_identities add constraint oneroster_identities_kind check (kind in ('year', 'stream', 'subject', 'staff', 'student', 'guardian'));
    alter table oneroster_bundles add column forgotten_at timestamptz`);
  await addComment(
    knex,
    'oneroster_bundles',
    'forgotten_at',
    'Since then neither the archive nor what it changed is kept: it can’t be taken back any more',
  );
  await knex.raw('create index oneroster_written_entity_idx on oneroster_written (school_id, entity_id)');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index oneroster_written_entity_idx;
    delete from oneroster_identities where kind = 'guardian';
    alter table oneroster_identities drop constraint oneroster_identities_kind;
    alter table oneroster_identities add constraint oneroster_identities_kind check (kind in ('year', 'stream', 'subject', 'staff', 'student'));
    alter table oneroster_bundles drop column forgotten_at`);
}
