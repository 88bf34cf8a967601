import { newId } from '../../../../kernel/id.js';
import { REGISTER } from '../../../../kernel/kept.js';
import { changed, query } from '../../../../platform/db/index.js';
import { naming } from '../../../../platform/people-shown.js';
import { OPEN_ALERTS } from '../../alerts/adapters/alert.store.js';
import type { DuplicateStore, Likeness } from '../../ports.js';

const BRIEF = (
  alias: string,
) => `jsonb_build_object('id', ${alias}.id, 'surname', ${alias}.surname, 'firstName', ${alias}.first_name, 'middleName', ${alias}.middle_name,
  'admissionNo', ${alias}.admission_no, 'bornOn', ${alias}.born_on, 'streamId', ${alias}.stream_id)`;

export class PostgresDuplicateStore implements DuplicateStore {
  async like(child: {
    sounds: string[];
    bornOn: string | null;
    birthCertificateNo: string | null;
    phones: string[];
  }): Promise<Likeness[]> {
    const rows = await query<{ brief: Omit<Likeness, 'why'>; why: string }>(
      'students.duplicates.like',
      `select ${BRIEF('s')} as brief,
          case when s.birth_certificate_no = $1 then 'same birth certificate'
               when s.born_on = $2 then 'similar name, same date of birth' else 'similar name, same guardian phone' end as why
        from students s
        where s.put_aside_at is null and (
          s.birth_certificate_no = $1
          or (s.surname_sound = $3 and s.first_name_sound = $4 and (s.born_on = $2 or exists (
            select 1 from students_guardianships t join students_guardians g on g.school_id = t.school_id and g.id = t.guardian_id
            where t.school_id = s.school_id and t.student_id = s.id and g.phone = any($5)))))
        order by s.sort_name limit 5`,
      [child.birthCertificateNo, child.bornOn, child.sounds[0], child.sounds[1], child.phones],
    );
    return naming(
      rows.map((row) => ({ ...row.brief, why: row.why })),
      (row) => row.id,
    );
  }

  async pairs(limit: number): Promise<{ one: Likeness; other: Likeness }[]> {
    const rows = await query<{ one: Omit<Likeness, 'why'>; other: Omit<Likeness, 'why'>; why: string }>(
      'students.duplicates.pairs',
      `select ${BRIEF('a')} as one, ${BRIEF('b')} as other,
          case when a.birth_certificate_no = b.birth_certificate_no then 'same birth certificate' else 'similar names, same date of birth' end as why
        from students a join students b on b.school_id = a.school_id and b.id > a.id and b.put_aside_at is null
          and ((b.surname_sound = a.surname_sound and b.first_name_sound = a.first_name_sound and b.born_on = a.born_on)
            or b.birth_certificate_no = a.birth_certificate_no)
        where a.put_aside_at is null
          and not exists (select 1 from students_distinct_pairs d where d.school_id = a.school_id and d.one_id = least(a.id, b.id) and d.other_id = greatest(a.id, b.id))
        order by (a.birth_certificate_no = b.birth_certificate_no) desc nulls last, a.sort_name limit $1`,
      [limit],
    );
    naming(rows, (row) => row.one.id);
    naming(rows, (row) => row.other.id);
    return rows.map((row) => ({ one: { ...row.one, why: row.why }, other: { ...row.other, why: row.why } }));
  }

  async setDistinct(oneId: string, otherId: string, byName: string): Promise<void> {
    await query(
      'students.duplicates.distinct',
      'insert into students_distinct_pairs (id, one_id, other_id, by_name) values ($1, least($2::uuid, $3::uuid), greatest($2::uuid, $3::uuid), $4) on conflict do nothing',
      [newId(), oneId, otherId, byName],
    );
  }

  async moveOwnRows(from: string, to: string, today: string): Promise<void> {
    const pair = [from, to];
    await query(
      'students.merge.ties-same',
      `delete from students_guardianships f where f.student_id = $1
      and exists (select 1 from students_guardianships t where t.student_id = $2 and t.guardian_id = f.guardian_id)`,
      pair,
    );
    await query(
      'students.merge.ties',
      'update students_guardianships set student_id = $2, priority = priority + 10 where student_id = $1',
      pair,
    );
    await query(
      'students.merge.ids-same',
      `delete from students_identifiers f where f.student_id = $1
      and exists (select 1 from students_identifiers t where t.student_id = $2 and t.type = f.type)`,
      pair,
    );
    await query('students.merge.ids', 'update students_identifiers set student_id = $2 where student_id = $1', pair);
    await query(
      'students.merge.open-line',
      `update students_enrolments f set left_on = greatest(entered_on, $3::date), exit_reason = 'corrected'
      where f.student_id = $1 and f.left_on is null
        and exists (select 1 from students_enrolments t where t.student_id = $2 and t.left_on is null)`,
      [...pair, today],
    );
    await query(
      'students.merge.plans',
      "update students_planned_moves set state = 'cancelled', ended_why = 'merged' where student_id = $1 and state = 'planned'",
      [from],
    );
    await query('students.merge.lines', 'update students_enrolments set student_id = $2 where student_id = $1', pair);
    await query(
      'students.merge.place',
      `update students s set class_id = e.class_id, stream_id = e.stream_id, version = version + 1
      from students_enrolments e where s.id = $1 and e.school_id = s.school_id and e.student_id = s.id and e.left_on is null`,
      [to],
    );
    await query('students.merge.unplace', 'update students set class_id = null, stream_id = null where id = $1', [from]);
    await query(
      'students.merge.assignments-same',
      `delete from students_assignments f where f.student_id = $1 and f.to_on is null
      and exists (select 1 from students_assignments t where t.student_id = $2 and t.kind = f.kind and t.to_on is null)`,
      pair,
    );
    await query(
      'students.merge.documents-same',
      `update students_held_documents f set replaced_at = now() where f.student_id = $1 and f.replaced_at is null
      and exists (select 1 from students_held_documents t where t.student_id = $2 and t.kind_id = f.kind_id and t.replaced_at is null)`,
      pair,
    );
    await query(
      'students.merge.alerts-same',
      `update students_alerts f set ended_at = now(), ended_by = '', end_reason = 'Merged' where f.student_id = $1 and f.source = 'concerns' and f.ended_at is null`,
      [from],
    );
    for (const table of ['alerts', 'concerns', 'assignments', 'consents', 'status_changes', 'held_documents', 'planned_moves']) {
      await query(`students.merge.${table}`, `update students_${table} set student_id = $2 where student_id = $1`, pair);
    }
    await changed(OPEN_ALERTS);
    await changed(REGISTER);
  }
}
