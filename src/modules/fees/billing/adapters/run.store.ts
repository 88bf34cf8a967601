import { Conflict } from '../../../../kernel/errors.js';
import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { db, query } from '../../../../platform/db/index.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import type { BillingRun, RunStore } from '../../ports.js';

const RUN = `id, term_id as "termId", scope, state, learners, documents, done, total_minor as "totalMinor", problem, reversal_reason as "reversalReason",
  by_user_id as "byUserId", by_name as "byName", created_at as "createdAt", finished_at as "finishedAt"`;

const UNDER_WAY = 'This term is being billed right now. Check that run first.';
const UNIQUE = '23505';

export class PostgresRunStore implements RunStore {
  async insert({ scope, ...run }: Omit<BillingRun, 'createdAt' | 'finishedAt'>): Promise<void> {
    const inserted = await db()('fees_billing_runs')
      .insert({ ...snake(run), scope: JSON.stringify(scope) })
      .onConflict()
      .ignore()
      .returning('id');
    if (inserted.length === 0) throw new Conflict(UNDER_WAY);
  }

  async find(id: string): Promise<BillingRun | null> {
    const [row] = await query<BillingRun>('fees.runs.one', `select ${RUN} from fees_billing_runs where id = $1`, [id]);
    return row ?? null;
  }

  async list(cursor: string | null, limit: number): Promise<Page<BillingRun>> {
    const [at, id] = cursor === null ? ['infinity', '00000000-0000-0000-0000-000000000000'] : decodeCursor(cursor, 2);
    const rows = await query<BillingRun & { key: string }>(
      'fees.runs.list',
      `select ${RUN}, created_at::text as key from fees_billing_runs where (created_at, id) < ($1::timestamptz, $2::uuid) order by created_at desc, id desc limit $3`,
      [at, id, limit + 1],
    );
    return toPage(rows, limit, (row) => [row.key, row.id]);
  }

  async update({ id, ...changes }: Pick<BillingRun, 'id'> & Partial<BillingRun>): Promise<void> {
    await db()('fees_billing_runs').where({ id }).update(snake(changes));
  }

  async beginReversal(id: string, reason: string): Promise<void> {
    try {
      await db()('fees_billing_runs').where({ id, state: 'done' }).update({ state: 'reversing', reversal_reason: reason });
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === UNIQUE) throw new Conflict(UNDER_WAY);
      throw error;
    }
  }

  async hold(id: string): Promise<BillingRun | null> {
    const [row] = await query<BillingRun>('fees.runs.hold', `select ${RUN} from fees_billing_runs where id = $1 for update`, [
      id,
    ]);
    return row ?? null;
  }

  async totals(id: string): Promise<Pick<BillingRun, 'learners' | 'documents' | 'totalMinor'>> {
    const [row] = await query<Pick<BillingRun, 'learners' | 'documents' | 'totalMinor'>>(
      'fees.runs.totals',
      `select count(distinct student_id)::int as learners, count(*)::int as documents, coalesce(sum(total_minor), 0)::bigint as "totalMinor"
        from fees_invoices where run_id = $1 and state = 'issued'`,
      [id],
    );
    return row!;
  }

  async billedTerms(): Promise<ReadonlySet<string>> {
    const rows = await query<{ termId: string }>(
      'fees.runs.billed',
      `select distinct term_id as "termId" from fees_billing_runs where state = 'done'`,
    );
    return new Set(rows.map((row) => row.termId));
  }
}
