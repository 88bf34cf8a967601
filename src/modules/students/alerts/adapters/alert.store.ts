import { newId } from '../../../../kernel/id.js';
import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { Cached, changed, db, query } from '../../../../platform/db/index.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import { namingPage } from '../../../../platform/people-shown.js';
import type { Alert, AlertKind, AlertLimits, Concern, ConcernKind } from '../alert.rules.js';
import { URGENT_WORDS } from '../../register/health.rules.js';
import type { AlertChip, AlertFilter, AlertLine, AlertStore, OpenAlert, Scope } from '../../ports.js';

const ALERT = `a.id, a.student_id as "studentId", a.kind, a.level, a.reason, a.source, a.until_on as "untilOn", a.by_user_id as "byUserId", a.by_name as "byName"`;
const SHOWN = 'a.ended_at is null and (a.until_on is null or a.until_on >= $1)';

/** To be announced by whoever changes alerts past this store: a merge, an erasure. */
export const OPEN_ALERTS = 'students.open-alerts';

export class PostgresAlertStore implements AlertStore {
  /** Every list of children shows them, few children have one, and they change a few times a day. */
  private readonly open = new Cached<ReadonlyMap<string, OpenAlert[]>>(OPEN_ALERTS, readOpen);

  async current(studentIds: readonly string[], kinds: readonly AlertKind[], today: string): Promise<AlertChip[]> {
    const open = await this.open.get();
    return studentIds.flatMap((id) =>
      (open.get(id) ?? []).filter((one) => kinds.includes(one.kind) && (one.untilOn === null || one.untilOn >= today)),
    );
  }

  ofStudent(studentId: string): ReturnType<AlertStore['ofStudent']> {
    return query(
      'students.alerts.of-student',
      `select ${ALERT}, a.created_at as "createdAt", a.ended_at as "endedAt", a.ended_by as "endedBy", a.end_reason as "endReason"
      from students_alerts a where a.student_id = $1 order by a.created_at desc limit 100`,
      [studentId],
    );
  }

  async lines(filter: AlertFilter, scope: Scope, today: string, cursor: string | null, limit: number): Promise<Page<AlertLine>> {
    const values: unknown[] = [today, filter.kinds];
    const param = (value: unknown): string => `$${values.push(value)}`;
    const keys: string[] = [];
    const where: string[] = [];
    const add = (key: string, text: string): void => {
      keys.push(key);
      where.push(text);
    };
    add('shown', `${SHOWN} and a.kind = any($2) and s.put_aside_at is null and s.status in ('active', 'suspended', 'expected')`);
    if (filter.urgentOnly) add('urgent', `(a.kind <> 'medical' or a.level <> 'low' or a.reason ~* ${param(URGENT_WORDS)})`);
    if (filter.level) add('level', `a.level = ${param(filter.level)}`);
    if (filter.streamId) add('stream', `s.stream_id = ${param(filter.streamId)}`);
    if (scope.kind === 'streams') add('streams', `s.stream_id = any(${param(scope.streamIds)}::uuid[])`);
    if (scope.kind === 'children') add('children', `s.id = any(${param(scope.studentIds)}::uuid[])`);
    if (cursor !== null) {
      const [name, id] = decodeCursor(cursor, 2);
      add('after', `(s.sort_name, a.id) > (${param(name)}, ${param(id)}::uuid)`);
    }
    const rows = await query<AlertLine>(
      `students.alerts.lines.${keys.join('.')}`,
      `select ${ALERT}, s.surname, s.first_name as "firstName", s.admission_no as "admissionNo", s.stream_id as "streamId", s.sort_name as "sortName"
        from students_alerts a join students s on s.school_id = a.school_id and s.id = a.student_id
        where ${where.join(' and ')} order by s.sort_name, a.id limit ${param(limit + 1)}`,
      values,
    );
    return namingPage(
      toPage(rows, limit, (row) => [row.sortName, row.id]),
      (row) => row.studentId,
    );
  }

  async insert(alert: Alert): Promise<void> {
    await db()('students_alerts').insert(snake(alert));
    await changed(OPEN_ALERTS);
  }

  async byConcerns(studentId: string, kind: ConcernKind): Promise<Alert | null> {
    const [row] = await query<Alert>(
      'students.alerts.by-concerns',
      `select ${ALERT} from students_alerts a where a.student_id = $1 and a.kind = $2 and a.source = 'concerns' and a.ended_at is null for update`,
      [studentId, kind],
    );
    return row ?? null;
  }

  async change(id: string, to: Pick<Alert, 'level' | 'reason' | 'untilOn'>): Promise<void> {
    await db()('students_alerts').where({ id }).update(snake(to));
    await changed(OPEN_ALERTS);
  }

  async end(id: string, by: string, reason: string, at: Date): Promise<boolean> {
    const count = await db()('students_alerts')
      .where({ id })
      .whereNull('ended_at')
      .update({ ended_at: at, ended_by: by, end_reason: reason });
    await changed(OPEN_ALERTS);
    return count === 1;
  }

  concerns(studentId: string): Promise<Concern[]> {
    return query<Concern>(
      'students.concerns.of-student',
      `select id, student_id as "studentId", kind, text, on_day as "onDay", by_user_id as "byUserId", by_name as "byName"
      from students_concerns where student_id = $1 order by on_day desc, created_at desc limit 200`,
      [studentId],
    );
  }

  async addConcern(concern: Concern): Promise<void> {
    await db()('students_concerns').insert(snake(concern));
  }

  async limits(): Promise<Partial<Record<ConcernKind, AlertLimits>>> {
    const rows = await query<AlertLimits & { kind: ConcernKind }>(
      'students.alerts.limits',
      'select kind, low, medium, high, days from students_alert_limits',
    );
    return Object.fromEntries(rows.map(({ kind, ...limits }) => [kind, limits]));
  }

  async setLimits(kind: ConcernKind, { low, medium, high, days }: AlertLimits): Promise<void> {
    await query(
      'students.alerts.set-limits',
      `insert into students_alert_limits (id, kind, low, medium, high, days) values ($1, $2, $3, $4, $5, $6)
        on conflict (school_id, kind) do update set low = excluded.low, medium = excluded.medium, high = excluded.high, days = excluded.days`,
      [newId(), kind, low, medium, high, days],
    );
  }
}

async function readOpen(): Promise<ReadonlyMap<string, OpenAlert[]>> {
  const rows = await query<OpenAlert>(
    'students.alerts.open',
    'select student_id as "studentId", kind, level, reason, until_on as "untilOn" from students_alerts where ended_at is null order by created_at desc',
  );
  const byStudent = new Map<string, OpenAlert[]>();
  for (const row of rows) byStudent.set(row.studentId, [...(byStudent.get(row.studentId) ?? []), row]);
  return byStudent;
}
