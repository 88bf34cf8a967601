import { plainNumber } from '../../register/student.rules.js';
import { query } from '../../../../platform/db/index.js';
import type { Relationship } from '../../guardians/guardian.rules.js';
import type { Identifier } from '../../ports.js';

export interface NumberOwner {
  id: string;
  admissionNo: string;
  paymentNo: string;
  putAside: boolean;
}

/** Who has these numbers, put-aside children included: a number is never given twice. */
export function byNumbers(admissionNos: readonly string[], paymentNos: readonly string[]): Promise<NumberOwner[]> {
  return query<NumberOwner>(
    'students.import.by-numbers',
    `select id, admission_no as "admissionNo", payment_no as "paymentNo", put_aside_at is not null as "putAside" from students where upper(regexp_replace(admission_no, '[^A-Za-z0-9]', '', 'g')) = any($1)
      union select id, admission_no, payment_no, put_aside_at is not null from students where payment_no = any($2)`,
    [admissionNos.map(plainNumber), paymentNos],
  );
}

export function byIdentifiers(wanted: readonly Identifier[]): Promise<(Identifier & { studentId: string })[]> {
  return query(
    'students.import.by-identifiers',
    `select i.type, i.value, i.student_id as "studentId" from unnest($1::text[], $2::text[]) as x(type, value)
      join students_identifiers i on i.type = x.type and i.value = x.value`,
    [wanted.map((one) => one.type), wanted.map((one) => one.value)],
  );
}

export interface ChildWanted {
  n: number;
  surnameSound: string;
  firstNameSound: string;
  bornOn: string | null;
  sortName: string;
  streamId: string | null;
  birthCertificateNo: string | null;
}

export interface ChildFound {
  n: number;
  id: string;
  admissionNo: string;
  name: string;
  why: 'certificate' | 'same' | 'sounds';
}

/** Children in the register that a row may be about: same certificate, same name and birthday, or a name that sounds alike. */
export function likeChildren(wanted: readonly ChildWanted[]): Promise<ChildFound[]> {
  return query<ChildFound>(
    'students.import.like',
    `with x as (select * from unnest($1::int[], $2::text[], $3::text[], $4::date[], $5::text[], $6::uuid[], $7::text[])
         as w(n, surname_sound, first_name_sound, born_on, sort_name, stream_id, certificate))
      select x.n, s.id, s.admission_no as "admissionNo", s.surname || ' ' || s.first_name as name,
          case when s.sort_name = x.sort_name then 'same' else 'sounds' end as why
        from x join students s on s.surname_sound = x.surname_sound and s.first_name_sound = x.first_name_sound and s.put_aside_at is null
          and (s.born_on = x.born_on or (x.born_on is null and s.sort_name = x.sort_name and s.stream_id = x.stream_id))
      union all
      select x.n, s.id, s.admission_no, s.surname || ' ' || s.first_name, 'certificate'
        from x join students s on s.birth_certificate_no = x.certificate and s.put_aside_at is null`,
    [
      wanted.map((one) => one.n),
      wanted.map((one) => one.surnameSound),
      wanted.map((one) => one.firstNameSound),
      wanted.map((one) => one.bornOn),
      wanted.map((one) => one.sortName),
      wanted.map((one) => one.streamId),
      wanted.map((one) => one.birthCertificateNo),
    ],
  );
}

export interface PhoneOwner {
  id: string;
  phone: string;
  fullName: string;
  relationships: Relationship[];
}

export function byPhones(phones: readonly string[]): Promise<PhoneOwner[]> {
  return query<PhoneOwner>(
    'students.import.by-phones',
    `select g.id, g.phone, g.full_name as "fullName",
        (select coalesce(array_agg(distinct t.relationship), '{}') from students_guardianships t where t.school_id = g.school_id and t.guardian_id = g.id) as relationships
      from students_guardians g where g.phone = any($1) order by g.id`,
    [phones],
  );
}

export async function takenNumbers(kind: 'admission_no' | 'payment_no', numbers: readonly string[]): Promise<Set<string>> {
  const rows = await query<{ number: string }>(
    `students.import.taken.${kind}`,
    `select ${kind} as number from students where ${kind} = any($1)`,
    [numbers],
  );
  return new Set(rows.map((row) => row.number));
}
