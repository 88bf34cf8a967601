import { Conflict } from '../../../kernel/errors.js';
import { decodeCursor, toPage, type Page } from '../../../kernel/page.js';
import { Cached, changed, query } from '../../../platform/db/index.js';
import type { ApprovalRequest, Person, State } from '../request.rules.js';
import type { OpenRequest, RequestFilter, RequestStore } from '../ports.js';

const KEY = 'approvals.open';
const COLUMNS = `id, kind, subject_kind, subject_id, amount_minor, summary, reason, payload, state, asked_by_user_id, asked_by_name, asked_at,
  decided_by_user_id, decided_by_name, decided_at, note, moved_at`;

interface Row extends Record<string, unknown> {
  id: string;
  kind: string;
  subject_kind: string;
  subject_id: string;
  amount_minor: number | null;
  summary: string;
  reason: string;
  payload: Record<string, unknown>;
  state: State;
  asked_by_user_id: string | null;
  asked_by_name: string;
  asked_at: Date;
  decided_by_user_id: string | null;
  decided_by_name: string | null;
  decided_at: Date | null;
  note: string;
  moved_at: Date;
}

export class PostgresRequestStore implements RequestStore {
  private readonly cached = new Cached<readonly OpenRequest[]>(KEY, async () =>
    (
      await query<Row>(
        'approvals.open',
        `select ${COLUMNS} from approvals_requests where state = 'asked' order by asked_at, id limit 1000`,
      )
    ).map(toRequest),
  );

  open(): Promise<readonly OpenRequest[]> {
    return this.cached.get();
  }

  async insert(request: ApprovalRequest): Promise<void> {
    const { id, kind, subject, amountMinor, summary, reason, payload, askedBy, askedAt } = request;
    const rows = await query(
      'approvals.insert',
      `insert into approvals_requests (id, kind, subject_kind, subject_id, amount_minor, summary, reason, payload, asked_by_user_id, asked_by_name, asked_at, moved_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
        on conflict (school_id, kind, subject_kind, subject_id) where state = 'asked' do nothing returning id`,
      [
        id,
        kind,
        subject.kind,
        subject.id,
        amountMinor,
        summary,
        reason,
        JSON.stringify(payload),
        askedBy.userId,
        askedBy.name,
        askedAt,
      ],
    );
    if (rows.length === 0) throw new Conflict('This has already been requested and is waiting for a decision.', 'asked');
    await changed(KEY);
  }

  async find(id: string): Promise<ApprovalRequest | null> {
    const [row] = await query<Row>('approvals.find', `select ${COLUMNS} from approvals_requests where id = $1`, [id]);
    return row ? toRequest(row) : null;
  }

  async hold(id: string): Promise<ApprovalRequest | null> {
    const [row] = await query<Row>('approvals.hold', `select ${COLUMNS} from approvals_requests where id = $1 for update`, [id]);
    return row ? toRequest(row) : null;
  }

  async end(id: string, { state, by, at, note }: { state: State; by: Person; at: Date; note: string }): Promise<void> {
    await query(
      'approvals.end',
      'update approvals_requests set state = $2, decided_by_user_id = $3, decided_by_name = $4, decided_at = $5, moved_at = $5, note = $6 where id = $1',
      [id, state, by.userId, by.name, at, note],
    );
    await changed(KEY);
  }

  async openAbout(subjectKind: string, subjectIds: readonly string[]): Promise<ApprovalRequest[]> {
    const rows = await query<Row>(
      'approvals.about',
      `select ${COLUMNS} from approvals_requests where subject_kind = $1 and subject_id = any($2::text[]) and state = 'asked' order by asked_at, id`,
      [subjectKind, subjectIds],
    );
    return rows.map(toRequest);
  }

  async forget(subjectKind: string, subjectIds: readonly string[]): Promise<void> {
    await query(
      'approvals.forget',
      `update approvals_requests set summary = '', reason = '', note = '', payload = case when payload ? 'name' then payload || '{"name": "Erased"}' else payload end
        where subject_kind = $1 and subject_id = any($2::text[])`,
      [subjectKind, subjectIds],
    );
  }

  async page(
    { states, kinds, askedBy, notAskedBy }: RequestFilter,
    cursor: string | null,
    limit: number,
  ): Promise<Page<ApprovalRequest>> {
    const after = cursor === null ? ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'] : decodeCursor(cursor, 2);
    const rows = await query<Row>(
      'approvals.page',
      `select ${COLUMNS} from approvals_requests
        where state = any($1) and ($2::text[] is null or kind = any($2)) and ($3::uuid is null or asked_by_user_id = $3)
          and ($4::uuid is null or asked_by_user_id is distinct from $4) and (moved_at, id) < ($5::timestamptz, $6::uuid)
        order by moved_at desc, id desc limit $7`,
      [states, kinds, askedBy, notAskedBy, ...after, limit + 1],
    );
    const page = toPage(rows, limit, (row) => [row.moved_at.toISOString(), row.id]);
    return { rows: page.rows.map(toRequest), next: page.next };
  }

  async untold(): Promise<ApprovalRequest[]> {
    return (
      await query<Row>(
        'approvals.untold',
        `select ${COLUMNS} from approvals_requests where state = 'asked' and told_at is null order by asked_at, id limit 200 for update skip locked`,
      )
    ).map(toRequest);
  }

  async told(ids: readonly string[], at: Date): Promise<void> {
    await query('approvals.told', 'update approvals_requests set told_at = $2 where id = any($1::uuid[])', [ids, at]);
  }

  async lastTold(): Promise<Date | null> {
    const [row] = await query<{ at: Date | null }>(
      'approvals.last-told',
      'select told_at as at from approvals_requests where told_at is not null order by moved_at desc limit 1',
    );
    return row?.at ?? null;
  }
}

function toRequest(row: Row): ApprovalRequest {
  return {
    id: row.id,
    kind: row.kind,
    subject: { kind: row.subject_kind, id: row.subject_id },
    amountMinor: row.amount_minor,
    summary: row.summary,
    reason: row.reason,
    payload: row.payload,
    state: row.state,
    askedBy: { userId: row.asked_by_user_id, name: row.asked_by_name },
    askedAt: row.asked_at,
    decidedBy: row.decided_by_name === null ? null : { userId: row.decided_by_user_id, name: row.decided_by_name },
    decidedAt: row.decided_at,
    note: row.note,
  };
}
