import { newId } from '../../../../kernel/id.js';
import { query } from '../../../../platform/db/index.js';
import { insertRows } from '../../../../platform/db/rows/row-sets.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import type { ClaimState, ClaimStore, LinkStore, PayLink, QuestionStore } from '../../ports.js';

export class PgClaimStore implements ClaimStore {
  async of(transId: string): Promise<ClaimState | null> {
    return (
      (
        await query<{ state: ClaimState }>('payments.claim', 'select state from payments_claims where trans_id = $1', [transId])
      )[0]?.state ?? null
    );
  }

  async keep(transId: string, state: ClaimState): Promise<void> {
    const text =
      'insert into payments_claims (id, trans_id, state, asked_at) values ($1, $2, $3, now()) on conflict (school_id, trans_id) do update set state = excluded.state, asked_at = now()';
    await query('payments.keep-claim', text, [newId(), transId, state]);
  }

  async pending(limit: number): Promise<string[]> {
    const rows = await query<{ transId: string }>(
      'payments.pending-claims',
      `select trans_id as "transId" from payments_claims where state = 'pending' order by asked_at limit $1`,
      [limit],
    );
    return rows.map((row) => row.transId);
  }

  async foreign(): Promise<string[]> {
    const text = `select c.trans_id as "transId" from payments_claims c where c.state = 'foreign' and exists (
      select 1 from payments_messages m join payments_outcomes o on o.school_id = m.school_id and o.message_id = m.id where m.school_id = c.school_id and m.trans_id = c.trans_id and o.outcome in ('booked', 'suspense'))`;
    return (await query<{ transId: string }>('payments.foreign-claims', text)).map((row) => row.transId);
  }
}

export class PgQuestionStore implements QuestionStore {
  async insert({
    accountId,
    requestId,
    transId,
    askedAt,
  }: {
    accountId: string;
    requestId: string;
    transId: string;
    askedAt: Date;
  }): Promise<void> {
    await query(
      'payments.ask',
      'insert into payments_questions (id, account_id, request_id, trans_id, asked_at) values ($1, $2, $3, $4, $5)',
      [newId(), accountId, requestId, transId, askedAt],
    );
  }

  async transactionOf(accountId: string, requestId: string): Promise<string | null> {
    const text = 'select trans_id as "transId" from payments_questions where account_id = $1 and request_id = $2';
    return (await query<{ transId: string }>('payments.question', text, [accountId, requestId]))[0]?.transId ?? null;
  }

  async askedSince(transId: string, since: Date): Promise<boolean> {
    return (
      (
        await query('payments.asked-since', 'select 1 from payments_questions where trans_id = $1 and asked_at >= $2 limit 1', [
          transId,
          since,
        ])
      ).length > 0
    );
  }
}

const LINK_COLUMNS =
  'id, student_id as "studentId", family, statement, expires_at as "expiresAt", ended_at as "endedAt", by_user_id as "byUserId", by_name as "byName", created_at as "createdAt"';
const LINK = `select ${LINK_COLUMNS} from payments_links`;

export class PgLinkStore implements LinkStore {
  insertAll(links: readonly PayLink[]): Promise<void> {
    return insertRows('payments_links', links.map(snake));
  }

  async find(id: string): Promise<PayLink | null> {
    return (await query<PayLink>('payments.link.find', `${LINK} where id = $1`, [id]))[0] ?? null;
  }

  async newestOf(studentId: string, family: boolean): Promise<PayLink | null> {
    return (
      (
        await query<PayLink>(
          'payments.link.newest',
          `${LINK} where student_id = $1 and family = $2 and not statement and ended_at is null order by created_at desc limit 1`,
          [studentId, family],
        )
      )[0] ?? null
    );
  }

  withStatement(studentIds: readonly string[]): Promise<PayLink[]> {
    const text = `select distinct on (student_id) ${LINK_COLUMNS} from payments_links where student_id = any($1::uuid[]) and statement and ended_at is null order by student_id, created_at desc`;
    return query<PayLink>('payments.link.with-statement', text, [studentIds]);
  }

  endOf(studentId: string, at: Date): Promise<{ id: string }[]> {
    return query<{ id: string }>(
      'payments.link.end',
      'update payments_links set ended_at = $2 where student_id = $1 and ended_at is null returning id',
      [studentId, at],
    );
  }

  async moveStudent(fromStudentId: string, toStudentId: string): Promise<void> {
    await query('payments.link.move', 'update payments_links set student_id = $2 where student_id = $1', [
      fromStudentId,
      toStudentId,
    ]);
  }
}
