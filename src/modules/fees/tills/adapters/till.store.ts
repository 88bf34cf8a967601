import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { db, query } from '../../../../platform/db/index.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import type { NewMovement, TillCount, TillFilter, TillSession, TillStore } from '../../ports.js';

const SESSION = `s.id, s.cashier_id as "cashierId", s.cashier_name as "cashierName", s.opened_at as "openedAt", s.float_minor as "floatMinor", s.state, s.closed_at as "closedAt",
  s.expected_minor as "expectedMinor", s.counted_minor as "countedMinor", s.note, s.entry_id as "entryId",
  coalesce(s.takings, (select json_agg(json_build_object('method', x.method, 'count', x.count, 'totalMinor', x.minor) order by x.method)::jsonb from (
      select p.method, count(*)::int as count, sum(p.amount_minor)::bigint as minor from fees_payments p
        where p.school_id = s.school_id and p.till_session_id = s.id and p.state = 'posted' group by p.method) x), '[]') as takings,
  (select coalesce(json_agg(json_build_object('number', r.number, 'method', p.method, 'amountMinor', r.amount_minor, 'why', p.ended_why) order by r.number), '[]')
    from fees_payments p join fees_receipts r on r.school_id = p.school_id and r.payment_id = p.id
    where p.school_id = s.school_id and p.till_session_id = s.id and p.state in ('reversed', 'bounced') and r.taken_back_at <= coalesce(s.closed_at, r.taken_back_at)) as voided,
  (select coalesce(json_agg(json_build_object('id', m.id, 'kind', m.kind, 'amountMinor', m.amount_minor, 'note', m.note, 'byName', m.by_name, 'at', m.created_at, 'backInTill', coalesce(b.back_in_till, false),
      'slip', case when b.id is not null then json_build_object('id', b.id, 'accountId', b.account_id, 'number', b.number, 'undoneOn', b.undone_on, 'undoneWhy', b.undone_why) end) order by m.created_at, m.id), '[]')
    from fees_till_movements m left join fees_bank_slips b on b.school_id = m.school_id and b.movement_id = m.id where m.school_id = s.school_id and m.session_id = s.id) as movements`;

export class PostgresTillStore implements TillStore {
  async holdOpenOf(cashierId: string): Promise<string | null> {
    const [row] = await query<{ id: string }>(
      'fees.tills.hold-of',
      "select id from fees_till_sessions where cashier_id = $1 and state = 'open' for share",
      [cashierId],
    );
    return row?.id ?? null;
  }

  async holdOpen(id: string): Promise<boolean> {
    return (
      (await query('fees.tills.hold', "select id from fees_till_sessions where id = $1 and state = 'open' for share", [id]))
        .length === 1
    );
  }

  async lockOpenOf(cashierId: string): Promise<string | null> {
    const [row] = await query<{ id: string }>(
      'fees.tills.lock-of',
      "select id from fees_till_sessions where cashier_id = $1 and state = 'open' for update",
      [cashierId],
    );
    return row?.id ?? null;
  }

  async openOf(cashierId: string): Promise<TillSession | null> {
    const [row] = await query<TillSession>(
      'fees.tills.mine',
      `select ${SESSION} from fees_till_sessions s where s.cashier_id = $1 and s.state = 'open'`,
      [cashierId],
    );
    return row ? withDates(row) : null;
  }

  async find(id: string): Promise<TillSession | null> {
    const [row] = await query<TillSession>('fees.tills.find', `select ${SESSION} from fees_till_sessions s where s.id = $1`, [
      id,
    ]);
    return row ? withDates(row) : null;
  }

  async list({ state, from, to, zone }: TillFilter, cursor: string | null, limit: number): Promise<Page<TillSession>> {
    const [at, id] = cursor === null ? ['infinity', '00000000-0000-0000-0000-000000000000'] : decodeCursor(cursor, 2);
    const rows = await query<TillSession & { key: string }>(
      'fees.tills.page',
      `select ${SESSION}, s.opened_at::text as key from fees_till_sessions s where (s.opened_at, s.id) < ($1::timestamptz, $2::uuid)
          and ($4::text is null or ($4 = 'open') = (s.state = 'open')) and ($4 is distinct from 'different' or s.counted_minor <> s.expected_minor)
          and ($5::date is null or s.opened_at >= $5::date::timestamp at time zone $7) and ($6::date is null or s.opened_at < ($6::date + 1)::timestamp at time zone $7)
        order by s.opened_at desc, s.id desc limit $3`,
      [at, id, limit + 1, state, from, to, zone],
    );
    return toPage(
      rows.map((row) => ({ ...row, ...withDates(row) })),
      limit,
      (row) => [row.key, row.id],
    );
  }

  async insert(session: Parameters<TillStore['insert']>[0]): Promise<boolean> {
    return (await db()('fees_till_sessions').insert(snake(session)).onConflict().ignore().returning('id')).length === 1;
  }

  async insertMovement(movement: NewMovement): Promise<void> {
    await db()('fees_till_movements').insert(snake(movement));
  }

  async close({ id, takings, ...count }: TillCount): Promise<void> {
    await db()('fees_till_sessions')
      .where({ id })
      .update({ ...snake(count), takings: JSON.stringify(takings), state: 'closed', closed_at: db().fn.now() });
  }
}

/** What comes as JSON has its instants as text. */
function withDates(session: TillSession): TillSession {
  return { ...session, movements: session.movements.map((one) => ({ ...one, at: new Date(one.at) })) };
}
