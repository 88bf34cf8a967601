import { REGISTER } from '../../../../kernel/kept.js';
import { fold, searchWords } from '../../../../kernel/people/names.js';
import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { changed, db, ofIds, query } from '../../../../platform/db/index.js';
import { camel, type Row } from '../../../../platform/db/rows/rows.js';
import { namingPage, opening } from '../../../../platform/people-shown.js';
import { surnameOf, type Guardian, type Guardianship } from '../guardian.rules.js';
import { RANK, typedTerms } from '../../search/search.rules.js';
import type { GuardianOfStudent, GuardianOnPhone, GuardianStore, Scope, SharedPhone } from '../../ports.js';
import { shapeOf, withTerm } from '../../search/adapters/student-search.sql.js';

const models = () => import('../../register/adapters/models.store.js');

type Listed = Guardian & { children: string; nameFolded: string };

/** @param seen which of the children are named */
const columns = (
  seen: string,
): string => `g.id, g.full_name as "fullName", g.phone, g.other_phone as "otherPhone", g.email, g.national_id as "nationalId",
  g.occupation, g.address, g.language, g.version, g.name_folded as "nameFolded",
  (select coalesce(string_agg(s.first_name || ' ' || s.surname, ', ' order by s.sort_name), '')
     from students_guardianships t join students s on s.school_id = t.school_id and s.id = t.student_id
     where t.school_id = g.school_id and t.guardian_id = g.id and s.put_aside_at is null and ${seen}) as children`;
const COLUMNS = columns('true');

/**
 * By a word of the name or by digits of the phone: found through the words of the children, and then told from the other
 * guardians of the same child.
 */
function matching(text: string, param: (value: unknown) => string): string | null {
  const [typed] = typedTerms(text);
  if (!typed) return null;
  const places = typed
    .map(({ from, ranks }) => ({ from, ranks: ranks.filter((rank) => rank >= RANK.guardian) }))
    .filter(({ ranks }) => ranks.length > 0);
  const digits = text.replace(/\D/g, '').replace(/^0/, '');
  const named = typed.some(({ ranks }) => ranks.includes(RANK.phone))
    ? `g.phone like '%' || ${param(digits.slice(-LOCAL_DIGITS))} || '%'`
    : `regexp_replace(g.name_folded, '[''"]', '', 'g') like '%' || ${param(escapeLike(searchWords(text).join(' ')))} || '%'`;
  return `(g.id in (select t.guardian_id from students_guardianships t join (${withTerm(places, param)}) w on w.student_id = t.student_id) and ${named})`;
}

/** Without the country's code every number of a phone is this long at most. */
const LOCAL_DIGITS = 9;

const BRIEFS_OF = ofIds(
  'students.guardians.briefs-of',
  (
    ids,
  ) => `select t.student_id as "studentId", g.id, g.full_name as "fullName", g.phone, g.email, g.language, t.barred, t.pays_fees as "paysFees", t.gets_sms as "getsSms" from students_guardianships t
    join students_guardians g on g.school_id = t.school_id and g.id = t.guardian_id
    join students s on s.school_id = t.school_id and s.id = t.student_id and s.put_aside_at is null
    where t.student_id ${ids} order by t.student_id, t.priority, t.id`,
);

export class PostgresGuardianStore implements GuardianStore {
  async find(id: string): Promise<Guardian | null> {
    const model = await (await models()).GuardianModel.query(db()).findOne({ id });
    if (model) opening(id);
    return model ? camel<Guardian>(model.toJSON() as Row) : null;
  }

  byPhone(phone: string): Promise<GuardianOnPhone[]> {
    return query<GuardianOnPhone>(
      'students.guardians.by-phone',
      `select ${COLUMNS},
          (select coalesce(array_agg(distinct t.relationship), '{}') from students_guardianships t where t.school_id = g.school_id and t.guardian_id = g.id) as relationships
        from students_guardians g where g.phone = $1 order by g.id`,
      [phone],
    );
  }

  sharedPhones(studentId: string): Promise<SharedPhone[]> {
    return query<SharedPhone>(
      'students.guardians.shared-phones',
      `select g.full_name as name, o.full_name as "otherName"
        from students_guardianships t
        join students_guardians g on g.school_id = t.school_id and g.id = t.guardian_id
        join students_guardians o on o.school_id = g.school_id and o.phone = g.phone and o.id <> g.id
        where t.student_id = $1 order by t.priority, o.id limit 3`,
      [studentId],
    );
  }

  async search(text: string, limit: number): Promise<Listed[]> {
    return (await this.list(text, { kind: 'all' }, null, limit)).rows;
  }

  async list(text: string | null, scope: Scope, cursor: string | null, limit: number): Promise<Page<Listed>> {
    const values: unknown[] = cursor === null ? ['', '00000000-0000-0000-0000-000000000000'] : decodeCursor(cursor, 2);
    const param = (value: unknown): string => `$${values.push(value)}`;
    const match = text === null ? 'true' : matching(text, param);
    if (match === null) return { rows: [], next: null };
    const seen =
      scope.kind === 'all'
        ? 'true'
        : scope.kind === 'streams'
          ? `s.stream_id = any(${param(scope.streamIds)}::uuid[])`
          : `s.id = any(${param(scope.studentIds)}::uuid[])`;
    const tied =
      scope.kind === 'all'
        ? ''
        : `and exists (select 1 from students_guardianships t join students s on s.school_id = t.school_id and s.id = t.student_id
      where t.school_id = g.school_id and t.guardian_id = g.id and s.put_aside_at is null and ${seen})`;
    const name = `students.guardians.list.${scope.kind}.${shapeOf(text === null ? [] : (typedTerms(text)[0] ?? []))}`;
    const rows = await query<Listed>(
      name,
      `select ${columns(seen)} from students_guardians g
      where (g.name_folded, g.id) > ($1, $2::uuid) and ${match} ${tied} order by g.name_folded, g.id limit ${param(limit + 1)}`,
      values,
    );
    return namingPage(
      toPage(rows, limit, (row) => [row.nameFolded, row.id]),
      (row) => row.id,
    );
  }

  async insert(guardian: Guardian): Promise<void> {
    await (await models()).GuardianModel.query(db()).insert({ ...guardian, ...folded(guardian) } as object);
  }

  async update(guardian: Guardian): Promise<boolean> {
    const { id, version, ...values } = guardian;
    const count = await (
      await models()
    ).GuardianModel.query(db())
      .patch({ ...values, ...folded(guardian), version: version + 1, updatedAt: new Date() } as object)
      .where({ id, version });
    await changed(REGISTER);
    return count === 1;
  }

  async remove(id: string): Promise<void> {
    await (await models()).GuardianModel.query(db()).delete().where({ id });
  }

  async tiesOfStudent(studentId: string): Promise<GuardianOfStudent[]> {
    const rows = await query<{ guardian: Row; tie: Row }>(
      'students.guardians.of-student',
      `select to_jsonb(g) as guardian, to_jsonb(t) as tie from students_guardianships t
         join students_guardians g on g.school_id = t.school_id and g.id = t.guardian_id
         where t.student_id = $1 order by t.barred, t.priority, t.id`,
      [studentId],
    );
    return rows.map(({ guardian, tie }) => ({ ...camel<Guardian>(guardian), tie: camel<Guardianship>(tie) }));
  }

  briefsOf(studentIds: readonly string[]): ReturnType<GuardianStore['briefsOf']> {
    return BRIEFS_OF(studentIds);
  }

  marksOf(studentIds: readonly string[]): ReturnType<GuardianStore['marksOf']> {
    return query(
      'students.guardians.marks-of',
      `select t.student_id as "studentId", g.full_name as "fullName", array[g.phone, g.other_phone] as phones, g.email, g.national_id as "nationalId" from students_guardianships t
         join students_guardians g on g.school_id = t.school_id and g.id = t.guardian_id
         where t.student_id = any($1::uuid[]) and not t.barred and t.relationship <> 'sponsor' order by t.student_id, t.priority, t.id`,
      [studentIds],
    );
  }

  async ofStreams(streamIds: readonly string[]): Promise<(Guardian & { children: string })[]> {
    return query(
      'students.guardians.of-streams',
      `select g.id, g.full_name as "fullName", g.phone, g.other_phone as "otherPhone", g.email, g.national_id as "nationalId", g.occupation, g.address, g.language, g.version,
          string_agg(s.first_name || ' ' || s.surname, ', ' order by s.sort_name) as children
        from students s
        join students_guardianships t on t.school_id = s.school_id and t.student_id = s.id and not t.barred
        join students_guardians g on g.school_id = t.school_id and g.id = t.guardian_id
        where s.stream_id = any($1::uuid[]) and s.put_aside_at is null and s.status in ('active', 'suspended', 'expected')
        group by g.school_id, g.id order by g.name_folded, g.id`,
      [streamIds],
    );
  }

  async studentsOf(guardianId: string): Promise<{ studentId: string; barred: boolean }[]> {
    return query(
      'students.guardians.children',
      'select student_id as "studentId", barred from students_guardianships where guardian_id = $1',
      [guardianId],
    );
  }

  async insertTie(tie: Guardianship): Promise<void> {
    await (await models()).GuardianshipModel.query(db()).insert(tie as object);
    await changed(REGISTER);
  }

  async updateTie(tie: Guardianship): Promise<boolean> {
    const { id, studentId, ...values } = tie;
    const count = await (
      await models()
    ).GuardianshipModel.query(db())
      .patch(values as object)
      .where({ id, student_id: studentId });
    await changed(REGISTER);
    return count === 1;
  }

  async removeTie(id: string): Promise<void> {
    await (await models()).GuardianshipModel.query(db()).delete().where({ id });
    await changed(REGISTER);
  }
}

function folded(guardian: Guardian): { nameFolded: string; surnameFolded: string } {
  return { nameFolded: fold(guardian.fullName), surnameFolded: surnameOf(guardian.fullName) };
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (sign) => `\\${sign}`);
}
