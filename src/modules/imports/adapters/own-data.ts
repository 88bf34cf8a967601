import { query } from '../../../platform/db/index.js';
import type { PersonalData, RetentionClass } from '../../../kernel/people/personal-data.js';

/** What imports remember of a record, so that they can be taken back. */
export const importData: PersonalData = {
  order: 70,
  sections: async ({ id }, t) => {
    const rows = await query<{ at: Date; file: string; action: string; by: string }>(
      'imports.privacy.of',
      `select i.written_at as at, i.file_name as file, w.action, i.by_name as by from imports_written w join imports i on i.id = w.import_id where w.entity_id = $1 order by i.written_at`,
      [id],
    );
    const heads = [t('Time'), t('File'), t('What it did'), t('By')];
    return rows.length > 0
      ? [{ title: t('Imports'), table: { heads, rows: rows.map((row) => Object.values(row) as (string | Date)[]) } }]
      : [];
  },
  erase: async ({ id }) => {
    const written = await query('imports.privacy.erase', 'delete from imports_written where entity_id = $1 returning id', [id]);
    const rows = await query('imports.privacy.erase-rows', 'delete from imports_rows where entity_id = $1 returning id', [id]);
    return { done: written.length + rows.length > 0 ? ['Import history of the record'] : [] };
  },
};

const REMEMBERS = 'exists (select 1 from imports_written w where w.import_id = i.id)';

export const importMemory: RetentionClass = {
  key: 'imports.before',
  label: 'Import history',
  explain:
    'The records as they were before an import, and the rows of its file. Without them the import can no longer be undone.',
  months: 12,
  least: 1,
  on: true,
  count: async (before) =>
    (
      await query<{ n: number }>(
        'imports.privacy.count',
        `select count(*)::int as n from imports i where written_at < $1 and ${REMEMBERS}`,
        [before],
      )
    )[0]!.n,
  remove: async (before, atMost) =>
    (
      await query(
        'imports.privacy.forget',
        `with due as (select id from imports i where written_at < $1 and ${REMEMBERS} order by written_at limit $2),
           lines as (delete from imports_rows r using due where r.import_id = due.id),
           kept as (delete from imports_written w using due where w.import_id = due.id)
         select id from due`,
        [before, atMost],
      )
    ).length,
};
