import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { db, query } from '../../../../platform/db/index.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import type { FeePromise } from '../promise.rules.js';
import type { Debt, DebtFilter, DefaulterStore } from '../../ports.js';
import { INSTALMENTS, NEXT_DUE, PLAN_FACTS } from '../../instalments/adapters/plan.sql.js';

/** What came for the child since the promise, paid by its day, less what was paid out again in that time, of earlier money too. */
const PAID = `greatest(0, coalesce((select sum(r.amount_minor) from fees_receipts r join fees_payments y on y.school_id = r.school_id and y.id = r.payment_id
  where r.school_id = p.school_id and r.student_id = p.student_id and r.payer_kind = 'student' and r.state = 'issued'
    and r.created_at >= p.created_at and y.received_on between p.made_on and p.promised_on), 0)
  - coalesce((select sum(f.amount_minor) from fees_refunds f where f.school_id = p.school_id and f.student_id = p.student_id and f.payer_kind = 'student' and f.state = 'paid'
    and coalesce(f.paid_at, f.created_at) >= p.created_at and f.paid_on <= p.promised_on), 0))::bigint`;

/** What is overdue of bills that came after the plan `n` of the student `k`. */
const BILLED_SINCE = `(select coalesce(sum(b.left_minor), 0)::bigint from fees_bills_left b
  where b.school_id = k.school_id and b.student_id = k.id and b.due_on < $2::date and b.billed_at > n.planned_at)`;

/**
 * Whoever owes most comes first by what is kept of each child; only what is shown is added up, by plan where there is one,
 * until the page is full. $1 children or null, $2 today, $3 the latest oldest day, $4 the least that is owed, $5 and $6 the
 * last row seen, $7 rows.
 */
const DEBTS = `
  with page as (
    select k.school_id, k.id as student_id, k.open_minor, w.overdue_minor, x.due_on, n.*,
        case when n.plan_id is null then 0 else ${BILLED_SINCE} end as since_minor
      from fees_debts k
        left join lateral (
          select p.id as plan_id, p.created_at as planned_at, f.paid, ${INSTALMENTS} as instalments, p.total_minor, p.grace_days, ${NEXT_DUE} as next_on
            from fees_plans p cross join ${PLAN_FACTS} where p.school_id = k.school_id and p.student_id = k.id and p.ended_as is null offset 0
        ) n on true
        cross join lateral (
          select coalesce(sum(b.minor), 0)::bigint as overdue_minor, min(b.day) filter (where b.minor > 0) as due_on
            from unnest(k.due_days, k.due_minor) as b (day, minor) where b.day < $2::date
        ) w
        cross join lateral (select least(w.due_on, case when n.next_on < $2::date then n.next_on end) as due_on) x
      where k.due_on is not null and k.open_minor >= $4
        and case when ($1::uuid[] is null or k.id = any($1::uuid[])) then $5::bigint is null or (-k.open_minor, k.id) > (-$5::bigint, $6::uuid) else false end
        and case when k.due_on < $2::date or n.next_on < $2::date then (w.overdue_minor > 0 or n.next_on < $2::date) and x.due_on <= $3::date else false end
      order by k.open_minor desc, k.id limit $7
  )
  select w.student_id as "studentId", w.open_minor as "openMinor", w.overdue_minor as "overdueMinor", w.since_minor as "sinceMinor", w.due_on as "dueOn",
      case when w.plan_id is null then null else json_build_object('id', w.plan_id, 'totalMinor', w.total_minor, 'graceDays', w.grace_days, 'paidMinor', w.paid, 'openMinor', w.open_minor, 'endedAs', null, 'instalments', w.instalments) end as plan,
      p.id, p.made_on as "madeOn", p.promised_on as "promisedOn", p.amount_minor as "amountMinor", p.note, p.by_name as "byName", p.paid_minor as "paidMinor"
    from page w left join lateral (
      select p.*, ${PAID} as paid_minor from fees_promises p where p.school_id = w.school_id and p.student_id = w.student_id order by p.created_at desc, p.id desc limit 1
    ) p on true order by w.open_minor desc, w.student_id`;

type Flat = Omit<Debt, 'promise'> & Omit<FeePromise, 'id'> & { id: string | null };

export class PostgresDefaulterStore implements DefaulterStore {
  async debts({ studentIds, today, dueBy, atLeastMinor }: DebtFilter, cursor: string | null, limit: number): Promise<Page<Debt>> {
    const [minor, id] = cursor === null ? [null, null] : decodeCursor(cursor, 2);
    const rows = await query<Flat>('fees.defaulters', DEBTS, [studentIds, today, dueBy, atLeastMinor, minor, id, limit + 1]);
    const page = toPage(rows, limit, (row) => [row.openMinor, row.studentId]);
    return {
      ...page,
      rows: page.rows.map(({ studentId, openMinor, overdueMinor, sinceMinor, dueOn, plan, id: promiseId, ...promise }) => ({
        studentId,
        openMinor,
        overdueMinor,
        sinceMinor,
        dueOn,
        plan,
        promise: promiseId ? { id: promiseId, ...promise } : null,
      })),
    };
  }

  async insertPromise(promise: Parameters<DefaulterStore['insertPromise']>[0]): Promise<void> {
    await db()('fees_promises').insert(snake(promise));
  }

  promisesOf(studentId: string): Promise<FeePromise[]> {
    return query<FeePromise>(
      'fees.promises.of-student',
      `select p.id, p.made_on as "madeOn", p.promised_on as "promisedOn", p.amount_minor as "amountMinor", p.note, p.by_name as "byName", ${PAID} as "paidMinor"
        from fees_promises p where p.student_id = $1 order by p.created_at desc, p.id desc limit 50`,
      [studentId],
    );
  }
}
