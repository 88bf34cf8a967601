import { fold } from '../../../../kernel/people/names.js';
import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { db, query } from '../../../../platform/db/index.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import { namingPage } from '../../../../platform/people-shown.js';
import type { LetterLine, LetterStore, Scope } from '../../ports.js';
import { typedTerms } from '../../search/search.rules.js';
import { shapeOf, withTerm } from '../../search/adapters/student-search.sql.js';

/** On which day the leaving that a letter speaks of was taken back after it was issued; on `students_documents d`. */
const WITHDRAWN_ON = `(select min(c.on_day) from students_status_changes c where c.school_id = d.school_id and c.student_id = d.student_id
  and c.undoes_id is not null and c.created_at > d.created_at)`;
export const TAKEN_BACK = `${WITHDRAWN_ON} is not null`;

export class PostgresLetterStore implements LetterStore {
  async insert(letter: Parameters<LetterStore['insert']>[0]): Promise<void> {
    const { facts, ...row } = letter;
    await db()('students_documents').insert({ ...snake(row), facts: JSON.stringify(facts), counted: true });
  }

  /** The newest first, by words of the child's name or by the letter's number. */
  async list(text: string | null, scope: Scope, cursor: string | null, limit: number): Promise<Page<LetterLine>> {
    const values: unknown[] = [];
    const param = (value: unknown): string => `$${values.push(value)}`;
    const where = ["d.kind in ('transfer', 'leaving')", 'd.reference is not null', 's.put_aside_at is null'];
    const keys: string[] = [scope.kind];
    if (text) {
      const terms = typedTerms(text);
      keys.push('q', ...terms.map(shapeOf));
      const named = terms.map((term) => `s.id in (${withTerm(term, param)})`);
      where.push(`(lower(d.reference) = ${param(fold(text))}${named.length > 0 ? ` or (${named.join(' and ')})` : ''})`);
    }
    if (scope.kind === 'streams') where.push(`s.stream_id = any(${param(scope.streamIds)}::uuid[])`);
    if (scope.kind === 'children') where.push(`s.id = any(${param(scope.studentIds)}::uuid[])`);
    if (cursor !== null) {
      const [day, id] = decodeCursor(cursor, 2);
      keys.push('after');
      where.push(`(d.issued_on, d.id) < (${param(day)}::date, ${param(id)}::uuid)`);
    }
    const rows = await query<LetterLine>(
      `students.letters.list.${keys.join('.')}`,
      `select d.id, d.student_id as "studentId", d.kind, d.reference, d.issued_on as "issuedOn", d.by_name as "byName", d.facts <> '{}' as kept,
          s.surname, s.first_name as "firstName", s.admission_no as "admissionNo", ${WITHDRAWN_ON} as "withdrawnOn"
        from students_documents d join students s on s.school_id = d.school_id and s.id = d.student_id
        where ${where.join(' and ')} order by d.issued_on desc, d.id desc limit ${param(limit + 1)}`,
      values,
    );
    return namingPage(
      toPage(rows, limit, (row) => [row.issuedOn, row.id]),
      (row) => row.studentId,
    );
  }

  async find(id: string, scope: Scope): ReturnType<LetterStore['find']> {
    const [row] = await query<NonNullable<Awaited<ReturnType<LetterStore['find']>>>>(
      'students.letters.one',
      `select d.id, d.student_id as "studentId", d.kind, d.code, d.reference, d.issued_on as "issuedOn", d.valid_until as "validUntil", d.by_user_id as "byUserId", d.facts, s.stream_id as "streamId", ${WITHDRAWN_ON} as "withdrawnOn"
        from students_documents d join students s on s.school_id = d.school_id and s.id = d.student_id
        where d.id = $1 and d.kind in ('transfer', 'leaving') and d.reference is not null`,
      [id],
    );
    if (!row || scope.kind === 'children') return null;
    return scope.kind === 'streams' && !(row.streamId && scope.streamIds.includes(row.streamId)) ? null : row;
  }
}
