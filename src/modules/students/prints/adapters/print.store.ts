import type { PersonName } from '../../../../kernel/people/names.js';
import { db, query } from '../../../../platform/db/index.js';
import { naming } from '../../../../platform/people-shown.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import type { StudentDocument } from '../../letters/document.rules.js';
import type { CheckedDocument, PrintStore, PrintStudent, Scope } from '../../ports.js';
import { TAKEN_BACK } from '../../letters/adapters/letter.store.js';
import { PHOTO_SHOWN } from '../../register/adapters/student-list.sql.js';

export class PostgresPrintStore implements PrintStore {
  async students(which: { ids: readonly string[] } | { streamIds: readonly string[] }, scope: Scope): Promise<PrintStudent[]> {
    const byIds = 'ids' in which;
    const rows = await query<PrintStudent>(
      byIds ? 'students.print.ids' : 'students.print.streams',
      `select s.id, s.admission_no as "admissionNo", s.surname, s.first_name as "firstName", s.middle_name as "middleName", s.sex,
          s.born_on as "bornOn", s.stream_id as "streamId", s.special_needs as "specialNeeds",
          ${PHOTO_SHOWN} as "photoFileId", s.boarding, s.address, s.home_area as "homeArea",
          coalesce((select jsonb_agg(jsonb_build_object('fullName', g.full_name, 'phone', g.phone, 'otherPhone', g.other_phone, 'address', g.address,
              'relationship', t.relationship, 'mayCollect', t.may_collect, 'barred', t.barred, 'barredReason', t.barred_reason) order by t.barred, t.priority, t.id)
            from students_guardianships t join students_guardians g on g.school_id = t.school_id and g.id = t.guardian_id
            where t.school_id = s.school_id and t.student_id = s.id), '[]') as guardians
        from students s
        where ${byIds ? 's.id = any($1::uuid[])' : "s.stream_id = any($1::uuid[]) and s.status in ('active', 'suspended')"} and s.put_aside_at is null
        order by s.sort_name, s.id`,
      [byIds ? which.ids : which.streamIds],
    );
    return rows.filter((row) => isIn(scope, row));
  }

  async oddNames(scope: Scope): Promise<PersonName[]> {
    const rows = await query<PersonName & { id: string; streamId: string | null }>(
      'students.print.odd-names',
      `select id, stream_id as "streamId", surname, first_name as "firstName", middle_name as "middleName" from students
        where status in ('active', 'suspended') and put_aside_at is null and concat(surname, first_name, middle_name) ~ '[^\\u0001-\\u024f\\u1e00-\\u1eff\\u2000-\\u206f]'
        order by sort_name, id`,
    );
    return naming(
      rows.filter((row) => isIn(scope, row)),
      (row) => row.id,
    );
  }

  ages(day: string): Promise<{ streamId: string | null; age: number | null; boys: number; girls: number }[]> {
    return query(
      'students.print.ages',
      `select stream_id as "streamId", extract(year from age($1::date, born_on))::int as age,
          count(*) filter (where sex = 'M')::int as boys, count(*) filter (where sex = 'F')::int as girls
        from students where status in ('active', 'suspended') and put_aside_at is null group by 1, 2`,
      [day],
    );
  }

  async issue(documents: readonly StudentDocument[]): Promise<void> {
    if (documents.length > 0) await db()('students_documents').insert(documents.map((document) => snake(document)));
  }

  async byCode(code: string): Promise<CheckedDocument | null> {
    const [row] = await query<CheckedDocument>(
      'students.documents.by-code',
      `select d.id, d.student_id as "studentId", d.kind, d.code, d.reference, d.issued_on as "issuedOn", d.valid_until as "validUntil", d.by_user_id as "byUserId",
          s.surname, s.first_name as "firstName", s.admission_no as "admissionNo", s.status, ${TAKEN_BACK} as "takenBack"
        from students_documents d join students s on s.school_id = d.school_id and s.id = d.student_id where d.code = $1`,
      [code],
    );
    return row ?? null;
  }
}

function isIn(scope: Scope, row: { id: string; streamId: string | null }): boolean {
  if (scope.kind === 'all') return true;
  return scope.kind === 'streams'
    ? row.streamId !== null && scope.streamIds.includes(row.streamId)
    : scope.studentIds.includes(row.id);
}
