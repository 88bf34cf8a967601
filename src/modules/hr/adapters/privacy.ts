import { fold } from '../../../kernel/names.js';
import { changed, query } from '../../../platform/db/index.js';
import type { PersonalData, RetentionClass, Value } from '../../../kernel/personal-data.js';
import type { FilesApi } from '../../files/index.js';
import { STAFF } from './postgres/staff.store.js';

const DUE = 'left_on < $1 and erased_at is null';

/** What the register of staff keeps about one of them. */
export function staffData(files: FilesApi, today: () => Promise<string>): PersonalData {
  return {
    order: 10,
    nameOf: async ({ kind, id }) => {
      if (kind !== 'staff') return null;
      const [row] = await query<{ name: string }>(
        'hr.privacy.name',
        `select concat_ws(' ', title, first_name, middle_name, surname) as name from hr_staff where id = $1`,
        [id],
      );
      return row?.name ?? null;
    },
    contacts: async ({ kind, id }) => {
      if (kind !== 'staff') return [];
      const [row] = await query<{ phone: string | null; email: string | null }>(
        'hr.privacy.contacts',
        'select phone, email from hr_staff where id = $1',
        [id],
      );
      return [row?.phone, row?.email].filter((value): value is string => Boolean(value));
    },
    sections: async ({ kind, id }, t) => {
      if (kind !== 'staff') return [];
      const [row] = await query<Record<string, Value> & { photo_file_id: string | null }>(
        'hr.privacy.staff',
        'select * from hr_staff where id = $1',
        [id],
      );
      if (!row) return [];
      const fact = (label: string, column: string) => ({ label: t(label), value: row[column] ?? null });
      const facts = [
        fact('Staff number', 'staff_no'),
        fact('Title', 'title'),
        fact('Surname', 'surname'),
        fact('First name', 'first_name'),
        fact('Middle name', 'middle_name'),
        { label: t('Sex'), value: row.sex === null ? null : t(row.sex === 'F' ? 'Female' : 'Male') },
        fact('Phone', 'phone'),
        fact('Email', 'email'),
        fact('National identity number', 'national_id'),
        fact('Teacher registration number', 'registration_no'),
        fact('Job', 'job'),
        fact('Joined', 'joined_on'),
        fact('Left', 'left_on'),
        fact('Reason for leaving', 'leaving_reason'),
      ];
      return [
        { title: t('Member of staff'), facts, files: row.photo_file_id ? [{ id: row.photo_file_id, name: 'photo.jpg' }] : [] },
      ];
    },
    obstacles: async ({ kind, id }) => {
      if (kind !== 'staff') return [];
      const rows = await query('hr.privacy.here', 'select 1 from hr_staff where id = $1 and (left_on is null or left_on >= $2)', [
        id,
        await today(),
      ]);
      return rows.length > 0 ? ['This person still works at the school.'] : [];
    },
    erase: async ({ kind, id }, pseudonym) => {
      if (kind !== 'staff') return { done: [] };
      const [before] = await query<{ photo: string | null }>(
        'hr.privacy.photo',
        'select photo_file_id as photo from hr_staff where id = $1 for update',
        [id],
      );
      if (!before) return { done: [] };
      if (before.photo) await files.remove(before.photo);
      await query(
        'hr.privacy.erase',
        `update hr_staff set title = null, surname = 'Erased', first_name = $2, middle_name = null, sort_name = $3, phone = null, email = null, national_id = null, registration_no = null,
          leaving_reason = null, photo_file_id = null, erased_at = coalesce(erased_at, now()), version = version + 1, updated_at = now() where id = $1`,
        [id, pseudonym, fold(`Erased ${pseudonym}`)],
      );
      await changed(STAFF);
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
