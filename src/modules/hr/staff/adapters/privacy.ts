import { spokenName } from '../../../../kernel/people/names.js';
import type { PersonalData, RetentionClass } from '../../../../kernel/people/personal-data.js';
import type { Rows } from '../../../../kernel/shapes/record.js';
import { query } from '../../../../platform/db/index.js';
import { eraseRow } from '../../../../platform/records/erase.js';
import { factsOf } from '../../../../platform/records/facts.js';
import type { FilesApi } from '../../../files/index.js';
import { staff } from '../staff.record.js';
import { hasLeft } from '../staff.rules.js';

const DUE = 'left_on < $1 and erased_at is null';

/** What the register of staff keeps about one of them. */
export function staffData(rows: Rows<typeof staff>, files: FilesApi, today: () => Promise<string>): PersonalData {
  const find = async ({ kind, id }: { kind: string; id: string }) => (kind === 'staff' ? rows.find(id) : null);
  return {
    order: 10,
    nameOf: async (subject) => {
      const one = await find(subject);
      return one && [one.title, spokenName(one)].filter(Boolean).join(' ');
    },
    contacts: async (subject) => {
      const one = await find(subject);
      return [one?.phone, one?.email].filter((value): value is string => Boolean(value));
    },
    sections: async (subject, t) => {
      const one = await find(subject);
      if (!one) return [];
      const photo = one.photoFileId ? [{ id: one.photoFileId, name: 'photo.jpg' }] : [];
      return [{ title: t('Member of staff'), facts: factsOf(staff, one, t), files: photo }];
    },
    obstacles: async (subject) => {
      const one = await find(subject);
      return one && !hasLeft(one, await today()) ? ['This person still works at the school.'] : [];
    },
    erase: async (subject, pseudonym) => {
      const one = await find(subject);
      if (!one) return { done: [] };
      if (one.photoFileId) await files.remove(one.photoFileId);
      await eraseRow(staff, one.id, { surname: 'Erased', firstName: pseudonym });
      return { done: ['Name, phone, numbers and photo of the member of staff'] };
    },
    keeps: async ({ kind }) =>
      kind === 'staff' ? ['The staff number, job and dates are kept: class lists and the books refer to them.'] : [],
  };
}

export const formerStaff: RetentionClass = {
  key: 'hr.former',
  label: 'Staff who have left',
  explain: 'Everything that identifies the person is removed; number, job and dates are kept.',
  months: 84,
  least: 12,
  on: false,
  count: async (before) =>
    (await query<{ n: number }>('hr.privacy.count', `select count(*)::int as n from hr_staff where ${DUE}`, [before]))[0]!.n,
  people: async (before, atMost) =>
    (
      await query<{ id: string }>('hr.privacy.due', `select id from hr_staff where ${DUE} order by left_on, id limit $2`, [
        before,
        atMost,
      ])
    ).map(({ id }) => ({ kind: 'staff', id })),
};
