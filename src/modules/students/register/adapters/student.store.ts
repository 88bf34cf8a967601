import { newId } from '../../../../kernel/id.js';
import { REGISTER } from '../../../../kernel/kept.js';
import { searchWords, type PersonName } from '../../../../kernel/people/names.js';
import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { Cached, changed, db, query } from '../../../../platform/db/index.js';
import { camel, snake, type Row } from '../../../../platform/db/rows/rows.js';
import { naming, namingPage, opening } from '../../../../platform/people-shown.js';
import { nameSound } from '../../search/name-sound.rules.js';
import { foundBy, type Term } from '../../search/search.rules.js';
import { plainNumber, sortName, type Student } from '../student.rules.js';
import type { PlaceToCome, RollDay, StudentBrief } from '../../index.js';
import type {
  Assignment,
  AssignmentKind,
  Consent,
  Identifier,
  NumberOwner,
  OnRoll,
  Scope,
  StatusChange,
  StudentCounts,
  StudentFilter,
  StudentProfile,
  StudentRow,
  StudentSort,
  StudentStore,
  Whom,
} from '../../ports.js';
import { profileOf, type ProfileRow } from './rows.js';
import type { StudentModel } from './models.store.js';
import { COUNTS, ON_ROLL, ON_ROLL_IN, PHOTO_SHOWN, PLAIN_NUMBER, PROFILE, studentListStatement } from './student-list.sql.js';
import { MATCH_KEYS, storedTerm } from '../../search/adapters/student-search.sql.js';

/** Loaded with the first row that needs them: a process that only reads lists does without Objection. */
const models = () => import('./models.store.js');

interface Match {
  found: number;
  term: string;
}

export class PostgresStudentStore implements StudentStore {
  private readonly cachedCounts = new Cached<StudentCounts>(REGISTER, async () => {
    const [row] = await query<StudentCounts>(COUNTS.name, COUNTS.text);
    return row!;
  });

  async list(
    filter: StudentFilter,
    scope: Scope,
    sort: StudentSort,
    descending: boolean,
    cursor: string | null,
    limit: number,
  ): Promise<Page<StudentRow>> {
    const ranked = sort === 'best' && filter.text !== null && searchWords(filter.text).length > 0;
    const after = cursor === null ? null : decodeCursor(cursor, ranked ? MATCH_KEYS : 2);
    const statement = studentListStatement(filter, scope, sort, descending, after, limit);
    const rows = await query<StudentRow & Partial<Match>>(statement.name, statement.text, statement.values);
    const page = toPage(rows, limit, (row) =>
      ranked ? [row.term!, row.sortName, row.id] : [sort === 'admission-no' ? row.admissionNo : row.sortName, row.id],
    );
    return namingPage(
      { ...page, rows: page.rows.map((row) => ({ ...row, foundBy: row.found === undefined ? null : foundBy(row.found) })) },
      (row) => row.id,
    );
  }

  counts(): Promise<StudentCounts> {
    return this.cachedCounts.get();
  }

  async profile(id: string, scope: Scope): Promise<StudentProfile | null> {
    if (scope.kind === 'children' && !scope.studentIds.includes(id)) return null;
    const [row] = await query<ProfileRow & Row>(PROFILE.name, PROFILE.text, [id]);
    if (!row) return null;
    const profile = profileOf(row);
    const { streamId } = profile.student;
    if (scope.kind === 'streams' && !(streamId && scope.streamIds.includes(streamId))) return null;
    opening(id);
    return profile;
  }

  async briefs(which: Whom, scope: Scope): Promise<StudentBrief[]> {
    const [key, condition, value] =
      'ids' in which
        ? ['ids', 's.id = any($1::uuid[])', which.ids]
        : 'paymentNo' in which
          ? ['payment-no', 's.payment_no = $1', which.paymentNo]
          : 'plainNumber' in which
            ? ['plain-number', `(s.payment_no = $1 or ${PLAIN_NUMBER} = $1)`, which.plainNumber]
            : 'everybody' in which
              ? ['everybody', '$1::boolean', which.everybody]
              : ['stream', "s.stream_id = $1 and s.status in ('active', 'suspended')", which.streamId];
    const rows = await query<StudentBrief>(
      `students.briefs.${String(key)}`,
      `select s.id, s.admission_no as "admissionNo", s.payment_no as "paymentNo", s.surname, s.first_name as "firstName", s.middle_name as "middleName",
          s.sex, s.status, s.class_id as "classId", s.stream_id as "streamId", ${PHOTO_SHOWN} as "photoFileId"
        from students s where ${String(condition)} and s.put_aside_at is null order by s.sort_name, s.id`,
      [value],
    );
    const seen = rows.filter((row) => inScope(row, scope));
    // Everybody is read to be reckoned with, never to be shown.
    return 'everybody' in which ? seen : naming(seen, (row) => row.id);
  }

  onRoll(): Promise<OnRoll[]> {
    return query<OnRoll>(ON_ROLL.name, ON_ROLL.text);
  }

  onRollIn({ yearId, day, until }: RollDay, joining: readonly PlaceToCome[]): Promise<OnRoll[]> {
    const column = (of: keyof PlaceToCome): (string | null)[] => joining.map((one) => one[of]);
    return query<OnRoll>(ON_ROLL_IN.name, ON_ROLL_IN.text, [
      yearId,
      day,
      until,
      column('studentId'),
      column('classId'),
      column('streamId'),
    ]);
  }

  async find(id: string): Promise<Student | null> {
    return readStudent(await (await models()).StudentModel.query(db()).findOne({ id }));
  }

  async findForChange(id: string): Promise<Student | null> {
    return readStudent(await (await models()).StudentModel.query(db()).findOne({ id }).forUpdate());
  }

  async insert(student: Student): Promise<void> {
    await (await models()).StudentModel.query(db()).insert({ ...student, ...derived(student) } as object);
    await changed(REGISTER);
  }

  async update(student: Student): Promise<boolean> {
    const { id, version, ...values } = student;
    const count = await (
      await models()
    ).StudentModel.query(db())
      .patch({
        ...values,
        ...derived(student),
        numberDouble: db().raw('number_double and admission_no = ?', [student.admissionNo]),
        version: version + 1,
        updatedAt: new Date(),
      } as object)
      .where({ id, version });
    await changed(REGISTER);
    return count === 1;
  }

  async setPutAside(id: string, at: Date | null): Promise<void> {
    await (
      await models()
    ).StudentModel.query(db())
      .patch({ putAsideAt: at } as object)
      .where({ id });
    await changed(REGISTER);
  }

  async setMergedInto(id: string, keptId: string, at: Date): Promise<void> {
    await (
      await models()
    ).StudentModel.query(db())
      .patch({ mergedIntoId: keptId, putAsideAt: at } as object)
      .where({ id });
    await changed(REGISTER);
  }

  async paymentNoTaken(value: string): Promise<boolean> {
    const rows = await query('students.taken.payment-no', 'select 1 from students where payment_no = $1', [value]);
    return rows.length > 0;
  }

  async numberOwner(admissionNo: string): Promise<NumberOwner | null> {
    const [row] = await query<NumberOwner>(
      'students.taken.admission-no',
      `select s.id, s.admission_no as "admissionNo", s.surname, s.first_name as "firstName", s.middle_name as "middleName", s.put_aside_at is not null as "putAside"
        from students s where ${PLAIN_NUMBER} = $1 order by s.number_double, s.id limit 1`,
      [plainNumber(admissionNo)],
    );
    return row ?? null;
  }

  async identifierOwner(type: string, value: string): Promise<string | null> {
    const [row] = await query<{ id: string }>(
      'students.identifiers.owner',
      'select student_id as id from students_identifiers where type = $1 and value = $2',
      [type, value],
    );
    return row?.id ?? null;
  }

  async setTerms(student: Pick<Student, 'id' | keyof PersonName>, terms: readonly Term[]): Promise<void> {
    await query('students.terms.clear', 'delete from students_terms where student_id = $1', [student.id]);
    await query(
      'students.terms.set',
      'insert into students_terms (id, student_id, sort_name, term) select i, $1, $2, t from unnest($3::uuid[], $4::text[]) as x(i, t)',
      [student.id, sortName(student), terms.map(() => newId()), terms.map(storedTerm)],
    );
  }

  async withoutRanks(limit: number): Promise<string[]> {
    const rows = await query<{ id: string }>(
      'students.terms.without-ranks',
      "select distinct student_id as id from students_terms where sort_name = '' limit $1",
      [limit],
    );
    return rows.map((row) => row.id);
  }

  async setIdentifiers(studentId: string, types: readonly string[], identifiers: (Identifier & { id: string })[]): Promise<void> {
    await db()('students_identifiers').where({ student_id: studentId }).whereIn('type', types).delete();
    if (identifiers.length > 0)
      await db()('students_identifiers').insert(identifiers.map((one) => ({ ...one, student_id: studentId })));
  }

  async addStatusChange(change: Omit<StatusChange, 'createdAt'>): Promise<void> {
    await db()('students_status_changes').insert(snake(change));
    await changed(REGISTER);
  }

  async addConsent(consent: Consent): Promise<void> {
    await db()('students_consents').insert(snake(consent));
  }

  async openAssignment(studentId: string, kind: AssignmentKind): Promise<Assignment | null> {
    const row = await (await models()).AssignmentModel.query(db()).findOne({ student_id: studentId, kind }).whereNull('to_on');
    return (row as unknown as Assignment | undefined) ?? null;
  }

  async sleepersIn(dormId: string): ReturnType<StudentStore['sleepersIn']> {
    await query('students.assignments.hold-dorm', 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [dormId]);
    return query(
      'students.assignments.sleepers',
      `select s.id, s.admission_no as "admissionNo", s.surname, s.first_name as "firstName", s.middle_name as "middleName", s.sex, a.detail as bed
        from students_assignments a join students s on s.school_id = a.school_id and s.id = a.student_id
        where a.item_id = $1 and a.to_on is null and s.put_aside_at is null and s.status in ('active', 'suspended', 'expected') order by s.sort_name, s.id`,
      [dormId],
    );
  }

  async insertAssignment(assignment: Assignment): Promise<void> {
    await (await models()).AssignmentModel.query(db()).insert(assignment as object);
  }

  async closeAssignment(id: string, toOn: string): Promise<void> {
    await (
      await models()
    ).AssignmentModel.query(db())
      .patch({ toOn } as object)
      .where({ id });
  }

  async removeAssignment(id: string): Promise<void> {
    await (await models()).AssignmentModel.query(db()).delete().where({ id });
  }
}

function inScope(row: { id: string; streamId: string | null }, scope: Scope): boolean {
  if (scope.kind === 'all') return true;
  return scope.kind === 'streams'
    ? row.streamId !== null && scope.streamIds.includes(row.streamId)
    : scope.studentIds.includes(row.id);
}

/** What searching and sorting go by, kept beside the names. */
function derived(student: Student): object {
  return { sortName: sortName(student), surnameSound: nameSound(student.surname), firstNameSound: nameSound(student.firstName) };
}

function readStudent(model: StudentModel | undefined): Student | null {
  return model ? camel<Student>(model.toJSON() as Row) : null;
}
