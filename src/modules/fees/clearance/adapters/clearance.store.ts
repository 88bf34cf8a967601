import { newId } from '../../../../kernel/id.js';
import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { db, query } from '../../../../platform/db/index.js';
import { insertRows } from '../../../../platform/db/rows/row-sets.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import type { Clearance, ClearanceException, ClearanceRow, ClearanceRowFilter, ClearanceStore } from '../../ports.js';

const CLEARANCE = `c.id, c.term_id as "termId", c.as_of as "asOf", c.threshold_kind as "thresholdKind", c.threshold, c.grace_days as "graceDays", c.plans_count as "plansCount",
  c.by_user_id as "byUserId", c.by_name as "byName", c.created_at as "createdAt", case when e.id is null then null else json_build_object('cleared', e.cleared, 'held', e.held) end as counts`;
const FROM = 'fees_clearances c left join fees_clearance_ends e on e.school_id = c.school_id and e.clearance_id = c.id';
const EXCEPTION =
  'id, student_id as "studentId", until, reason, by_name as "byName", created_at as "createdAt", ended_at as "endedAt", ended_by as "endedBy"';

/** $1 students, $2 the term, $3 what was due before this day counts. */
const DEBTS = `
  with counted as (
    select student_id, sum(left_minor) as minor from fees_bills_left where student_id = any($1::uuid[]) and due_on < $3::date group by 1
  ), billed as (
    select i.student_id, sum(i.total_minor) as minor from fees_invoices i left join fees_invoices o on o.school_id = i.school_id and o.id = i.of_id
      where i.student_id = any($1::uuid[]) and i.term_id = $2 and i.payer_kind = 'student' and i.state = 'issued' and (o.id is null or o.state = 'issued') group by 1
  )
  select coalesce(c.student_id, b.student_id) as "studentId", greatest(0, coalesce(c.minor, 0))::bigint as "countedMinor", coalesce(b.minor, 0)::bigint as "billedMinor"
    from counted c full join billed b on b.student_id = c.student_id`;

const ROWS_AT_ONCE = 2_000;

export class PostgresClearanceStore implements ClearanceStore {
  async insert(clearance: Omit<Clearance, 'createdAt' | 'counts'>): Promise<void> {
    await db()('fees_clearances').insert(snake(clearance));
  }

  async hold(id: string): Promise<void> {
    await query('fees.clearances.hold', "select pg_advisory_xact_lock(hashtextextended('fees.clearance:' || $1, 0))", [id]);
  }

  async find(id: string): Promise<Clearance | null> {
    const [row] = await query<Clearance>('fees.clearances.one', `select ${CLEARANCE} from ${FROM} where c.id = $1`, [id]);
    return row ?? null;
  }

  async list(cursor: string | null, limit: number): Promise<Page<Clearance>> {
    const [at, id] = cursor === null ? [null, null] : decodeCursor(cursor, 2);
    const rows = await query<Clearance & { key: string }>(
      'fees.clearances.list',
      `select ${CLEARANCE}, c.created_at::text as key from ${FROM} where $1::timestamptz is null or (c.created_at, c.id) < ($1::timestamptz, $2::uuid) order by c.created_at desc, c.id desc limit $3`,
      [at, id, limit + 1],
    );
    return toPage(rows, limit, (row) => [row.key, row.id]);
  }

  async finish(id: string, rows: readonly ClearanceRow[], counts: { cleared: number; held: number }): Promise<void> {
    const written = rows.map((row) => ({ id: newId(), clearance_id: id, ...snake(row) }));
    for (let at = 0; at < written.length; at += ROWS_AT_ONCE)
      await insertRows('fees_clearance_rows', written.slice(at, at + ROWS_AT_ONCE));
    await db()('fees_clearance_ends').insert({ id: newId(), clearance_id: id, ...counts });
  }

  async rows(
    id: string,
    { classId, streamId, studentIds, held }: ClearanceRowFilter,
    cursor: string | null,
    limit: number,
  ): Promise<Page<ClearanceRow>> {
    const [after] = cursor === null ? ['0'] : decodeCursor(cursor, 1);
    const rows = await query<ClearanceRow>(
      'fees.clearances.rows',
      `select n, student_id as "studentId", class_id as "classId", stream_id as "streamId", billed_minor as "billedMinor", counted_minor as "countedMinor", limit_minor as "limitMinor", outcome
        from fees_clearance_rows where clearance_id = $1 and n > $2::int and ($3::uuid is null or class_id = $3) and ($4::uuid is null or stream_id = $4)
          and ($5::uuid[] is null or student_id = any($5::uuid[])) and ($6::boolean is null or (outcome = 'held') = $6) order by n limit $7`,
      [id, after, classId, streamId, studentIds, held, limit + 1],
    );
    return toPage(rows, limit, (row) => [row.n]);
  }

  async debts(studentIds: readonly string[], termId: string, dueBefore: string): ReturnType<ClearanceStore['debts']> {
    const rows = await query<{ studentId: string; countedMinor: number; billedMinor: number }>('fees.clearances.debts', DEBTS, [
      studentIds,
      termId,
      dueBefore,
    ]);
    return new Map(rows.map(({ studentId, ...debt }) => [studentId, debt]));
  }

  async excepted(studentIds: readonly string[], on: string): Promise<ReadonlySet<string>> {
    const rows = await query<{ id: string }>(
      'fees.clearances.excepted',
      'select distinct student_id as id from fees_clearance_exceptions where student_id = any($1::uuid[]) and until >= $2 and ended_at is null',
      [studentIds, on],
    );
    return new Set(rows.map((row) => row.id));
  }

  async insertException(exception: Parameters<ClearanceStore['insertException']>[0]): Promise<void> {
    await db()('fees_clearance_exceptions').insert(snake(exception));
  }

  async findException(id: string): Promise<ClearanceException | null> {
    const [row] = await query<ClearanceException>(
      'fees.clearances.exception',
      `select ${EXCEPTION} from fees_clearance_exceptions where id = $1`,
      [id],
    );
    return row ?? null;
  }

  async exceptions(cursor: string | null, limit: number): Promise<Page<ClearanceException>> {
    const [at, id] = cursor === null ? [null, null] : decodeCursor(cursor, 2);
    const rows = await query<ClearanceException & { key: string }>(
      'fees.clearances.exceptions',
      `select ${EXCEPTION}, created_at::text as key from fees_clearance_exceptions where $1::timestamptz is null or (created_at, id) < ($1::timestamptz, $2::uuid) order by created_at desc, id desc limit $3`,
      [at, id, limit + 1],
    );
    return toPage(rows, limit, (row) => [row.key, row.id]);
  }

  async endException(id: string, byName: string): Promise<boolean> {
    return (
      (
        await query(
          'fees.clearances.end-exception',
          'update fees_clearance_exceptions set ended_at = now(), ended_by = $2 where id = $1 and ended_at is null returning 1',
          [id, byName],
        )
      ).length === 1
    );
  }
}
