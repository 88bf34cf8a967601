import { Conflict } from '../../../../kernel/errors.js';
import { newId } from '../../../../kernel/id.js';
import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { db, ofIds, query } from '../../../../platform/db/index.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import type { FeePlan, NewPlan, PlanFilter, PlanStore } from '../../ports.js';
import { PLAN, PLAN_FACTS, planStateIs } from './plan.sql.js';

const RUNNING = ofIds(
  'fees.plans.running',
  (ids) => `select ${PLAN} from fees_plans p cross join ${PLAN_FACTS} where p.ended_as is null and p.student_id ${ids}`,
);

export class PostgresPlanStore implements PlanStore {
  async insert({ instalments, ...plan }: NewPlan): Promise<void> {
    const [written] = await query(
      'fees.plans.insert',
      `insert into fees_plans (id, student_id, total_minor, agreed_on, grace_days, agreed_with, note, by_name) values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (school_id, student_id) where ended_as is null do nothing returning id`,
      [plan.id, plan.studentId, plan.totalMinor, plan.agreedOn, plan.graceDays, plan.agreedWith, plan.note, plan.byName],
    );
    if (!written) throw new Conflict('This student already has a plan.');
    await db()('fees_plan_instalments').insert(
      instalments.map((one, n) => ({ ...snake(one), id: newId(), plan_id: plan.id, n: n + 1 })),
    );
  }

  async find(id: string): Promise<FeePlan | null> {
    const [plan] = await query<FeePlan>(
      'fees.plans.one',
      `select ${PLAN} from fees_plans p cross join ${PLAN_FACTS} where p.id = $1`,
      [id],
    );
    return plan ?? null;
  }

  async list({ studentIds, state, today }: PlanFilter, cursor: string | null, limit: number): Promise<Page<FeePlan>> {
    const [at, id] = cursor === null ? [null, null] : decodeCursor(cursor, 2);
    const rows = await query<FeePlan & { key: string }>(
      'fees.plans.list',
      `select ${PLAN}, p.created_at::text as key from fees_plans p cross join ${PLAN_FACTS}
        where ($1::uuid[] is null or p.student_id = any($1::uuid[])) and ($2::text is null or ${planStateIs('$3')} = $2) and ($4::timestamptz is null or (p.created_at, p.id) < ($4::timestamptz, $5::uuid))
        order by p.created_at desc, p.id desc limit $6`,
      [studentIds, state, today, at, id, limit + 1],
    );
    return toPage(rows, limit, (row) => [row.key, row.id]);
  }

  async running(studentIds: readonly string[]): Promise<Map<string, FeePlan>> {
    const rows = await RUNNING<FeePlan>(studentIds);
    return new Map(rows.map((row) => [row.studentId, row]));
  }

  async end(id: string, how: Parameters<PlanStore['end']>[1]): Promise<boolean> {
    const rows = await query(
      'fees.plans.end',
      'update fees_plans set ended_as = $2, ended_on = $3, ended_at = clock_timestamp(), ended_why = $4, ended_by = $5 where id = $1 and ended_as is null returning 1',
      [id, how.endedAs, how.endedOn, how.endedWhy, how.endedBy],
    );
    return rows.length === 1;
  }
}
