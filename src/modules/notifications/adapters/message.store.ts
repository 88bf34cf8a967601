import { decodeCursor, toPage, type Page } from '../../../kernel/page.js';
import { query } from '../../../platform/db/index.js';
import { snake } from '../../../platform/db/rows/rows.js';
import type { Channel, MessageContent, MessageState } from '../message.rules.js';
import type { MessageStanding } from '../index.js';
import type { ClaimedMessage, MessageFilter, MessageLine, MessageStore, QueuedMessage } from '../ports.js';

interface Row {
  id: string;
  channel: Channel;
  recipient: string;
  template: string;
  label: string;
  secret: boolean;
  content: MessageContent | null;
  dedupe_key: string | null;
  state: MessageState;
  attempts: number;
  reason: string | null;
  created_at: Date;
  good_until: Date | null;
  next_try_at: Date | null;
  sent_at: Date | null;
  delivered_at: Date | null;
  family: boolean;
}

const LINE =
  'id, channel, recipient, label, secret, content is not null as has_content, state, attempts, reason, created_at, next_try_at, sent_at, delivered_at';
type LineRow = Omit<Row, 'content' | 'family'> & { has_content: boolean };

export class PgMessageStore implements MessageStore {
  async insert(message: QueuedMessage): Promise<boolean> {
    const rows = await query(
      'notifications.insert',
      `insert into notifications_messages
         (id, channel, recipient, template, label, secret, content, dedupe_key, good_until, created_at, family, state)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'queued')
       on conflict do nothing returning id`,
      [
        message.id,
        message.channel,
        message.recipient,
        message.template,
        message.label,
        message.secret,
        JSON.stringify(message.content),
        message.dedupeKey,
        message.goodUntil,
        message.createdAt,
        message.family,
      ],
    );
    return rows.length === 1;
  }

  async insertAll(messages: readonly QueuedMessage[]): Promise<ReadonlySet<string>> {
    if (messages.length === 0) return new Set();
    const rows = await query<{ id: string }>(
      'notifications.insert-all',
      `insert into notifications_messages
         (id, channel, recipient, template, label, secret, content, dedupe_key, good_until, created_at, family, state)
       select id, channel, recipient, template, label, secret, content, dedupe_key, good_until, created_at, family, 'queued'
       from jsonb_to_recordset($1) as one (id uuid, channel text, recipient text, template text, label text, secret boolean, content jsonb, dedupe_key text, good_until timestamptz, created_at timestamptz, family boolean)
       on conflict do nothing returning id`,
      [JSON.stringify(messages.map(snake))],
    );
    return new Set(rows.map((row) => row.id));
  }

  async standingOf(ids: readonly string[]): Promise<MessageStanding[]> {
    if (ids.length === 0) return [];
    return query<MessageStanding>(
      'notifications.standing',
      'select id, channel, recipient as "to", state, reason, next_try_at as "nextTryAt" from notifications_messages where id = any($1::uuid[]) order by id',
      [ids],
    );
  }

  async claim(id: string): Promise<ClaimedMessage | null> {
    const [row] = await query<Row & { was: MessageState }>(
      'notifications.claim',
      `with taken as (
         select id, state from notifications_messages where id = $1 and state in ('queued', 'sending') for update
       )
       update notifications_messages m set state = 'sending', attempts = m.attempts + 1, next_try_at = null
       from taken where m.id = taken.id returning m.*, taken.state as was`,
      [id],
    );
    if (!row?.content) return null;
    return { ...toQueued(row, row.content), attempts: row.attempts, interrupted: row.was === 'sending' };
  }

  async sent(id: string, at: Date, ref: string | null): Promise<void> {
    await query(
      'notifications.sent',
      "update notifications_messages set state = 'sent', sent_at = $2, ref = $3, content = null, reason = null where id = $1",
      [id, at, ref],
    );
  }

  async delivered(ref: string, at: Date): Promise<boolean> {
    const rows = await query(
      'notifications.delivered',
      `update notifications_messages set state = 'delivered', delivered_at = coalesce(delivered_at, $2), reason = null
       where ref = $1 and state in ('sent', 'failed', 'delivered') and sent_at is not null returning id`,
      [ref, at],
    );
    return rows.length > 0;
  }

  async undelivered(ref: string, reason: string): Promise<boolean> {
    const rows = await query(
      'notifications.undelivered',
      `update notifications_messages set state = case when state = 'sent' then 'failed' else state end, reason = case when state = 'delivered' then reason else $2 end
       where ref = $1 and sent_at is not null returning id`,
      [ref, reason],
    );
    return rows.length > 0;
  }

  async hold(id: string, until: Date): Promise<void> {
    await query(
      'notifications.hold',
      "update notifications_messages set state = 'queued', attempts = attempts - 1, next_try_at = $2 where id = $1",
      [id, until],
    );
  }

  async again(id: string, at: Date, reason: string): Promise<void> {
    await query(
      'notifications.again',
      "update notifications_messages set state = 'queued', next_try_at = $2, reason = $3 where id = $1",
      [id, at, reason],
    );
  }

  async failed(id: string, reason: string, forget: boolean): Promise<void> {
    await query(
      'notifications.failed',
      "update notifications_messages set state = 'failed', reason = $2, content = case when $3 then null else content end where id = $1",
      [id, reason, forget],
    );
  }

  async requeue(id: string): Promise<(MessageLine & { secret: boolean }) | null> {
    const [row] = await query<LineRow>(
      'notifications.requeue',
      `update notifications_messages set state = 'queued', attempts = 0, next_try_at = null, good_until = null
       where id = $1 and state = 'failed' and content is not null returning ${LINE}`,
      [id],
    );
    return row ? { ...toLine(row), secret: row.secret } : null;
  }

  async page(filter: MessageFilter, cursor: string | null, limit: number): Promise<Page<MessageLine>> {
    const [at, id] = cursor ? decodeCursor(cursor, 2) : [null, null];
    const rows = await query<LineRow>(
      'notifications.page',
      `select ${LINE} from notifications_messages
       where ($1::text is null or state = $1) and ($2::text is null or channel = $2)
         and ($3::timestamptz is null or (created_at, id) < ($3, $4::uuid))
       order by created_at desc, id desc limit $5`,
      [filter.state ?? null, filter.channel ?? null, at, id, limit + 1],
    );
    return toPage(rows.map(toLine), limit, (line) => [line.createdAt.toISOString(), line.id]);
  }

  async counts(): Promise<Record<MessageState, number>> {
    const rows = await query<{ state: MessageState; count: number }>(
      'notifications.counts',
      'select state, count(*)::int as count from notifications_messages group by state',
    );
    const counts = { queued: 0, sending: 0, sent: 0, delivered: 0, failed: 0 };
    for (const row of rows) counts[row.state] = row.count;
    return counts;
  }

  async unreached(template: string, since: Date): Promise<string[]> {
    const rows = await query<{ recipient: string }>(
      'notifications.unreached',
      "select distinct recipient from notifications_messages where state = 'failed' and created_at >= $2 and template = $1",
      [template, since],
    );
    return rows.map((row) => row.recipient);
  }

  async prune(before: Date): Promise<void> {
    await query(
      'notifications.prune',
      "delete from notifications_messages where created_at < $1 and state in ('sent', 'delivered', 'failed')",
      [before],
    );
  }

  async forget(recipient: string): Promise<void> {
    await query('notifications.forget', 'delete from notifications_messages where recipient = $1', [recipient]);
  }
}

function toQueued(row: Row, content: MessageContent): QueuedMessage {
  const { id, channel, recipient, template, label, secret } = row;
  return {
    id,
    channel,
    recipient,
    template,
    label,
    secret,
    content,
    dedupeKey: row.dedupe_key,
    goodUntil: row.good_until,
    family: row.family,
    createdAt: row.created_at,
  };
}

function toLine(row: LineRow): MessageLine {
  const { id, channel, recipient, label, state, attempts, reason } = row;
  return {
    id,
    channel,
    recipient,
    label,
    state,
    attempts,
    reason,
    createdAt: row.created_at,
    nextTryAt: row.next_try_at,
    sentAt: row.sent_at,
    deliveredAt: row.delivered_at,
    canRetry: state === 'failed' && row.has_content,
  };
}
