import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { db, query } from '../../../../platform/db/index.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import { namingPage, opening } from '../../../../platform/people-shown.js';
import type { DocumentType, HeldDocument } from '../held-document.rules.js';
import type { DocumentFilter, DocumentLine, HeldDocumentStore, Scope } from '../../ports.js';

const KIND = 'id, name, required, expires, warn_days as "warnDays", position, active, version';
const HELD = `id, student_id as "studentId", kind_id as "kindId", file_id as "fileId", file_name as "fileName", expires_on as "expiresOn", note,
  by_user_id as "byUserId", by_name as "byName"`;

/** `$1` is today; the same rule as `stateOf`. */
const STATE = `case when d.id is null then 'missing' when d.expires_on is null then 'present' when d.expires_on < $1 then 'expired'
  when d.expires_on <= $1::date + k.warn_days then 'expiring' else 'present' end`;
const FROM = `from students s
  join students_document_kinds k on k.school_id = s.school_id and k.active
  left join students_held_documents d on d.school_id = s.school_id and d.student_id = s.id and d.kind_id = k.id and d.replaced_at is null
  where s.put_aside_at is null and s.status in ('active', 'suspended', 'expected')`;
/** What somebody has to do something about: a paper that only some need is not missing. */
const TO_DO = `((d.id is null and k.required) or d.expires_on <= $1::date + k.warn_days)`;

export class PostgresHeldDocumentStore implements HeldDocumentStore {
  kinds(): Promise<DocumentType[]> {
    return query<DocumentType>(
      'students.document-kinds',
      `select ${KIND} from students_document_kinds order by position, name, id`,
    );
  }

  async insertKind(kind: DocumentType): Promise<void> {
    await db()('students_document_kinds').insert(snake(kind));
  }

  async updateKind({ id, version, ...values }: DocumentType): Promise<boolean> {
    return (
      (await db()('students_document_kinds')
        .where({ id, version })
        .update(snake({ ...values, version: version + 1 }))) === 1
    );
  }

  async removeKind(id: string): Promise<void> {
    await db()('students_document_kinds').where({ id }).delete();
  }

  async kindIsUsed(id: string): Promise<boolean> {
    return (
      (await query('students.document-kinds.used', 'select 1 from students_held_documents where kind_id = $1 limit 1', [id]))
        .length > 0
    );
  }

  ofStudent(studentId: string): Promise<(HeldDocument & { createdAt: Date })[]> {
    return query(
      'students.held-documents.of-student',
      `select ${HELD}, created_at as "createdAt" from students_held_documents where student_id = $1 and replaced_at is null`,
      [studentId],
    );
  }

  async find(id: string): Promise<HeldDocument | null> {
    const [row] = await query<HeldDocument>(
      'students.held-documents.find',
      `select ${HELD} from students_held_documents where id = $1 and replaced_at is null`,
      [id],
    );
    if (row) opening(row.studentId);
    return row ?? null;
  }

  async current(studentId: string, kindId: string): Promise<HeldDocument | null> {
    const [row] = await query<HeldDocument>(
      'students.held-documents.current',
      `select ${HELD} from students_held_documents where student_id = $1 and kind_id = $2 and replaced_at is null for update`,
      [studentId, kindId],
    );
    return row ?? null;
  }

  async insert(document: HeldDocument): Promise<void> {
    await db()('students_held_documents').insert(snake(document));
  }

  async setReplaced(id: string, at: Date): Promise<void> {
    await db()('students_held_documents').where({ id }).update({ replaced_at: at });
  }

  async lines(
    filter: DocumentFilter,
    scope: Scope,
    today: string,
    cursor: string | null,
    limit: number,
  ): Promise<Page<DocumentLine>> {
    const values: unknown[] = [today];
    const keys: string[] = [];
    const param = (value: unknown): string => `$${values.push(value)}`;
    const where: string[] = [];
    const add = (key: string, text: string): void => {
      keys.push(key);
      where.push(text);
    };
    if (filter.state === null) add('to-do', TO_DO);
    else add('state', `${STATE} = ${param(filter.state)}`);
    if (filter.state === 'missing') add('required', 'k.required');
    if (filter.streamId) add('stream', `s.stream_id = ${param(filter.streamId)}`);
    if (filter.kindId) add('kind', `k.id = ${param(filter.kindId)}`);
    if (scope.kind !== 'all') add(scope.kind, inScope(scope, param));
    if (cursor !== null) {
      const [name, id, position, kind] = decodeCursor(cursor, 4);
      add(
        'after',
        `(s.sort_name, s.id, k.position, k.id) > (${param(name)}, ${param(id)}::uuid, ${param(Number(position))}, ${param(kind)}::uuid)`,
      );
    }
    const rows = await query<DocumentLine>(
      `students.held-documents.lines.${keys.join('.')}`,
      `select s.id as "studentId", s.surname, s.first_name as "firstName", s.middle_name as "middleName", s.admission_no as "admissionNo", s.stream_id as "streamId",
          s.sort_name as "sortName", k.id as "kindId", k.name as kind, k.position, d.expires_on as "expiresOn", ${STATE} as state
        ${FROM} and ${where.join(' and ')} order by s.sort_name, s.id, k.position, k.id limit ${param(limit + 1)}`,
      values,
    );
    return namingPage(
      toPage(rows, limit, (row) => [row.sortName, row.studentId, String(row.position), row.kindId]),
      (row) => row.studentId,
    );
  }

  async counts(scope: Scope, today: string): Promise<{ missing: number; expired: number; expiring: number }> {
    const values: unknown[] = [today];
    const own = scope.kind === 'all' ? 'true' : inScope(scope, (value) => `$${values.push(value)}`);
    const [row] = await query<{ missing: number; expired: number; expiring: number }>(
      `students.held-documents.counts.${scope.kind}`,
      `select count(*) filter (where d.id is null)::int as missing, count(*) filter (where d.expires_on < $1)::int as expired,
          count(*) filter (where d.expires_on >= $1)::int as expiring ${FROM} and ${TO_DO} and ${own}`,
      values,
    );
    return row!;
  }
}

function inScope(scope: Exclude<Scope, { kind: 'all' }>, param: (value: unknown) => string): string {
  return scope.kind === 'streams'
    ? `s.stream_id = any(${param(scope.streamIds)}::uuid[])`
    : `s.id = any(${param(scope.studentIds)}::uuid[])`;
}
