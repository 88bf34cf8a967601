import type { Key } from '../../../../kernel/page.js';
import { OTHER_CERTIFICATE } from '../identifiers.rules.js';
import { typedTerms, type TypedTerm } from '../../search/search.rules.js';
import type { Missing, Scope, StudentFilter, StudentSort } from '../../ports.js';
import { matches, shapeOf, withTerm } from '../../search/adapters/student-search.sql.js';

export interface Statement {
  /** Belongs to the text for good: built from the parts that are in it. */
  name: string;
  text: string;
  values: unknown[];
}

/** Rows of a page on the screen. */
const PAGE = 50;
/** The newest answer counts: where the family has said no to the photo in the register, it is shown and printed nowhere. */
const photoShown = (
  of: string,
): string => `case when (select not c.given from students_consents c where c.school_id = ${of}.school_id and c.student_id = ${of}.id
  and c.purpose = 'photo-in-school' order by c.created_at desc limit 1) is true then null else ${of}.photo_file_id end`;
/** Of `students s`. */
export const PHOTO_SHOWN = photoShown('s');

/** As an index has it, and `plainNumber` makes it. */
export const PLAIN_NUMBER = "upper(regexp_replace(s.admission_no, '[^A-Za-z0-9]', '', 'g'))";

const COLUMNS = `
  s.id, s.admission_no as "admissionNo", s.payment_no as "paymentNo", s.surname, s.first_name as "firstName",
  s.middle_name as "middleName", s.sex, s.born_on as "bornOn", s.status, s.boarding, s.class_id as "classId",
  s.stream_id as "streamId", ${PHOTO_SHOWN} as "photoFileId", s.special_needs as "specialNeeds", s.sort_name as "sortName",
  g.full_name as "guardianName", g.phone as "guardianPhone"`;

/** The first guardian who isn't barred; one index look-up for each of the rows shown. */
const FIRST_GUARDIAN = `
  left join lateral (
    select g.full_name, g.phone
    from students_guardianships t join students_guardians g on g.school_id = t.school_id and g.id = t.guardian_id
    where t.school_id = s.school_id and t.student_id = s.id and not t.barred
    order by t.priority, t.id limit 1
  ) g on true`;

/** Collects conditions; each carries a short key, so that the same set of filters is the same named statement. */
class Conditions {
  readonly texts: string[] = [];
  readonly keys: string[] = [];
  readonly values: unknown[] = [];

  add(key: string, text: (param: (value: unknown) => string) => string): void {
    this.keys.push(key);
    this.texts.push(text(this.param));
  }

  readonly param = (value: unknown): string => `$${this.values.push(value)}`;
}

/**
 * The list, cut to one row more than a page. Sorting and paging go by an index that begins with the school, and the
 * search is a plain range on folded terms, since LIKE can't use an index under a row-security policy.
 */
export function studentListStatement(
  filter: StudentFilter,
  scope: Scope,
  sort: StudentSort,
  descending: boolean,
  after: readonly Key[] | null,
  limit: number,
): Statement {
  const typed = filter.text ? typedTerms(filter.text, filter.byContacts !== false) : [];
  const where = new Conditions();
  where.add(filter.putAside ? 'aside' : 'there', () => `s.put_aside_at is ${filter.putAside ? 'not null' : 'null'}`);
  addFilter(where, filter);
  addScope(where, scope);
  if (sort === 'best' && typed.length > 0) return bestFirst(where, typed, after, limit);
  for (const term of typed) where.add(shapeOf(term), (p) => `s.id in (${withTerm(term, p)})`);
  const key = sort === 'admission-no' ? 's.admission_no' : 's.sort_name';
  const order = descending ? 'desc' : 'asc';
  if (after)
    where.add(`after-${sort}-${order}`, (p) => `(${key}, s.id) ${descending ? '<' : '>'} (${p(after[0])}, ${p(after[1])}::uuid)`);
  const most = lengthOf(where, limit);
  return {
    name: `students.list.${sort}.${order}.${isUsual(limit) ? `${limit}.` : ''}${where.keys.join('.')}`,
    text: `select ${COLUMNS} from students s ${FIRST_GUARDIAN}
      where ${where.texts.join(' and ')} order by ${key} ${order}, s.id ${order} limit ${most}`,
    values: where.values,
  };
}

function bestFirst(where: Conditions, typed: readonly TypedTerm[], after: readonly Key[] | null, limit: number): Statement {
  const found = matches(typed, where.texts.join(' and '), after, lengthOf(where, limit), where.param);
  return {
    name: `students.found.${[...(isUsual(limit) ? [limit] : []), ...where.keys, ...typed.map(shapeOf), after ? 'after' : ''].join('.')}`,
    text: `select ${COLUMNS}, m.found, m.term from (${found}) m join students s on s.id = m.student_id ${FIRST_GUARDIAN}
      order by m.term, m.sort_name, m.student_id`,
    values: where.values,
  };
}

/** Written out, a usual length lets the plan be kept: for a number that it doesn't know, PostgreSQL would plan at each call. */
function lengthOf(where: Conditions, limit: number): string {
  return isUsual(limit) ? String(limit + 1) : where.param(limit + 1);
}

/** Of a page, of the palette, and of the cashier, who asks for one more than is shown. */
const isUsual = (limit: number): boolean => limit === PAGE || limit === 8 || limit === 9;

/** What a record lacks; each is a condition on `students s`. */
export const MISSING: Record<Missing, string> = {
  class: 's.class_id is null',
  guardian: `not exists (select 1 from students_guardianships t where t.school_id = s.school_id and t.student_id = s.id and not t.barred)`,
  phone: `not exists (select 1 from students_guardianships t join students_guardians g on g.school_id = t.school_id and g.id = t.guardian_id
    where t.school_id = s.school_id and t.student_id = s.id and not t.barred and g.phone is not null)`,
  birthday: 's.born_on is null',
  certificate: 's.birth_certificate_no is null',
  certificates: `exists (select 1 from students_identifiers i where i.school_id = s.school_id and i.student_id = s.id and i.type = '${OTHER_CERTIFICATE}')`,
  photo: 's.photo_file_id is null',
  number: 's.number_double',
};

function addFilter(where: Conditions, filter: StudentFilter): void {
  if (filter.statuses.length > 0) where.add('status', (p) => `s.status = any(${p(filter.statuses)})`);
  if (filter.classId) where.add('class', (p) => `s.class_id = ${p(filter.classId)}`);
  if (filter.streamId) where.add('stream', (p) => `s.stream_id = ${p(filter.streamId)}`);
  if (filter.boarding) where.add('boarding', (p) => `s.boarding = ${p(filter.boarding)}`);
  if (filter.sex) where.add('sex', (p) => `s.sex = ${p(filter.sex)}`);
  if (filter.missing) where.add(`missing-${filter.missing}`, () => MISSING[filter.missing!]);
  if (filter.custom)
    where.add('custom', (p) => `s.custom @> ${p(JSON.stringify({ [filter.custom!.key]: filter.custom!.value }))}::jsonb`);
}

export function addScope(where: Conditions, scope: Scope): void {
  if (scope.kind === 'streams') where.add('streams', (p) => `s.stream_id = any(${p(scope.streamIds)}::uuid[])`);
  if (scope.kind === 'children') where.add('children', (p) => `s.id = any(${p(scope.studentIds)}::uuid[])`);
}

/** Everything of one child in one statement; each part is an array made by the database. */
export const PROFILE = {
  name: 'students.profile',
  text: `
    select to_jsonb(s) as student,
      (select coalesce(jsonb_agg(jsonb_build_object('type', i.type, 'value', i.value) order by i.type), '[]')
         from students_identifiers i where i.student_id = s.id) as identifiers,
      (select coalesce(jsonb_agg(jsonb_build_object('guardian', to_jsonb(g), 'tie', to_jsonb(t)) order by t.barred, t.priority, t.id), '[]')
         from students_guardianships t join students_guardians g on g.school_id = t.school_id and g.id = t.guardian_id
         where t.student_id = s.id) as guardians,
      (select coalesce(jsonb_agg(to_jsonb(e) order by e.entered_on desc, e.created_at desc), '[]')
         from students_enrolments e where e.student_id = s.id) as enrolments,
      (select coalesce(jsonb_agg(to_jsonb(c) order by c.created_at desc), '[]')
         from students_status_changes c where c.student_id = s.id) as status_changes,
      (select coalesce(jsonb_agg(to_jsonb(c) order by c.created_at desc), '[]')
         from students_consents c where c.student_id = s.id) as consents,
      (select coalesce(jsonb_agg(to_jsonb(a) order by a.from_on desc), '[]')
         from students_assignments a where a.student_id = s.id) as assignments,
      (select coalesce(jsonb_agg(distinct jsonb_build_object('id', o.id, 'surname', o.surname, 'firstName', o.first_name,
           'middleName', o.middle_name, 'sex', o.sex, 'streamId', o.stream_id, 'status', o.status, 'photoFileId', ${photoShown('o')})), '[]')
         from students_guardianships mine
         join students_guardianships theirs on theirs.school_id = mine.school_id and theirs.guardian_id = mine.guardian_id
         join students o on o.school_id = theirs.school_id and o.id = theirs.student_id
         where mine.student_id = s.id and o.id <> s.id and o.put_aside_at is null
           and mine.relationship <> 'sponsor' and theirs.relationship <> 'sponsor') as siblings,
      (select jsonb_build_object('id', m.id, 'studentId', m.student_id, 'classId', m.class_id, 'streamId', m.stream_id, 'onDay', m.on_day, 'note', m.note, 'byName', m.by_name)
         from students_planned_moves m where m.student_id = s.id and m.state = 'planned') as planned_move,
      (select coalesce(jsonb_agg(jsonb_build_object('studentId', a.student_id, 'kind', a.kind, 'level', a.level, 'reason', a.reason,
           'untilOn', a.until_on) order by a.created_at desc), '[]')
         from students_alerts a where a.student_id = s.id and a.ended_at is null) as open_alerts
    from students s where s.id = $1`,
};

const LEARNER = (
  place: string,
): string => `s.id, s.admission_no as "admissionNo", s.payment_no as "paymentNo", s.surname, s.first_name as "firstName",
      s.middle_name as "middleName", s.status, ${place}, s.boarding, s.boarding_changes as "boardingChanges", s.born_on as "bornOn",
      coalesce(s.joined_on, (select min(e.entered_on) from students_enrolments e where e.school_id = s.school_id and e.student_id = s.id)) as since,
      array(select g.guardian_id from students_guardianships g where g.school_id = s.school_id and g.student_id = s.id and g.relationship <> 'sponsor') as "guardianIds"`;

/**
 * One line of the ledger for each child of a year: that of the day, with a move that is planned until then, else the first that begins until the end. Who leaves on
 * the day itself isn't there any more, unless nothing of the span is left.
 */
export const ON_ROLL_IN = {
  name: 'students.on-roll-in',
  text: `select ${LEARNER('p.class_id as "classId", p.stream_id as "streamId"')}
    from (
      select e.student_id, e.class_id, e.stream_id from (
        select distinct on (l.student_id) l.student_id, coalesce(m.class_id, l.class_id) as class_id, case when m.id is null then l.stream_id else m.stream_id end as stream_id
          from students_enrolments l
          left join students_planned_moves m on m.school_id = l.school_id and m.student_id = l.student_id and m.state = 'planned' and m.on_day <= $2::date and l.left_on is null
          where l.year_id = $1 and l.entered_on <= $3::date and (l.left_on is null or l.left_on > $2::date or l.left_on >= $3::date)
            and not l.student_id = any($4::uuid[])
          order by l.student_id, l.entered_on, l.created_at) e
      union all select * from unnest($4::uuid[], $5::uuid[], $6::uuid[]) as j(student_id, class_id, stream_id)
    ) p join students s on s.id = p.student_id
    where s.status <> 'applicant' and s.put_aside_at is null order by s.sort_name, s.id`,
};

export const ON_ROLL = {
  name: 'students.on-roll',
  text: `select ${LEARNER('s.class_id as "classId", s.stream_id as "streamId"')}
    from students s where s.status in ('active', 'suspended', 'expected') and s.class_id is not null and s.put_aside_at is null order by s.sort_name, s.id`,
};

export const COUNTS = {
  name: 'students.counts',
  text: `select count(*) filter (where status in ('active', 'suspended'))::int as active,
      count(*) filter (where status in ('active', 'suspended') and sex = 'F')::int as girls,
      count(*) filter (where status in ('active', 'suspended') and sex = 'M')::int as boys,
      count(*) filter (where status = 'expected')::int as expected
    from students where put_aside_at is null`,
};
