import type { PersonalData, RetentionClass } from '../../../kernel/people/personal-data.js';
import { query } from '../../../platform/db/index.js';
import type { FilesApi } from '../../files/index.js';

/** By which ids other systems know a person, and what bundles remember of them. */
export const rosterData: PersonalData = {
  order: 72,
  sections: async ({ id }, t) => {
    const known = await query<{ source: string; sourcedId: string }>(
      'oneroster.privacy.of',
      'select source, sourced_id as "sourcedId" from oneroster_identities where entity_id = $1 order by source, sourced_id',
      [id],
    );
    const heads = [t('Other system'), t('Id there')];
    return known.length > 0
      ? [{ title: t('Linked to other systems'), table: { heads, rows: known.map((row) => Object.values(row)) } }]
      : [];
  },
  erase: async ({ id }) => {
    const known = await query('oneroster.privacy.erase', 'delete from oneroster_identities where entity_id = $1 returning id', [
      id,
    ]);
    const written = await query(
      'oneroster.privacy.erase-written',
      'delete from oneroster_written where entity_id = $1 returning id',
      [id],
    );
    return { done: known.length + written.length > 0 ? ['History of bundles from other systems for the record'] : [] };
  },
};

const DUE = `forgotten_at is null and created_at < $1 and status in ('checked', 'refused', 'failed', 'done', 'undone')`;

/** Archives hold whole registers; they go with the way back, and what was never written goes whole. */
export const bundleMemory = (files: FilesApi): RetentionClass => ({
  key: 'oneroster.bundles',
  label: 'Bundles from other systems',
  explain:
    'The archive, and the records as they were before it. Without them a bundle can no longer be undone; one that was never imported is deleted entirely.',
  months: 6,
  least: 1,
  on: true,
  count: async (before) =>
    (
      await query<{ n: number }>('oneroster.privacy.count', `select count(*)::int as n from oneroster_bundles where ${DUE}`, [
        before,
      ])
    )[0]!.n,
  remove: async (before, atMost) => {
    const due = await query<{ id: string; fileId: string }>(
      'oneroster.privacy.due',
      `select id, file_id as "fileId" from oneroster_bundles where ${DUE} order by created_at limit $2 for update`,
      [before, atMost],
    );
    const ids = due.map((one) => one.id);
    await files.removeAll(due.map((one) => one.fileId));
    await query('oneroster.privacy.forget-written', 'delete from oneroster_written where bundle_id = any($1::uuid[])', [ids]);
    await query(
      'oneroster.privacy.forget-unwritten',
      `delete from oneroster_bundles where id = any($1::uuid[]) and status in ('checked', 'refused', 'failed')`,
      [ids],
    );
    await query(
      'oneroster.privacy.forget',
      `update oneroster_bundles set forgotten_at = now(), outcome = outcome - 'problems' || '{"problems": []}' where id = any($1::uuid[])`,
      [ids],
    );
    return due.length;
  },
});
