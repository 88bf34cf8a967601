import { newId } from '../../../../kernel/id.js';
import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { plainReference } from '../../../../kernel/references.js';
import { query } from '../../../../platform/db/index.js';
import type { Message, Outcome, Proof } from '../message.rules.js';
import type { MessageFilter, MessageStore, SettledMessage } from '../../ports.js';

const MESSAGE = `m.id, m.account_id as "accountId", m.source, m.external_key as "externalKey", m.body, m.received_at as "receivedAt", m.trans_id as "transId", m.amount_minor as "amountMinor",
  m.bill_ref as "billRef", m.payer_name as "payerName", m.payer_phone as "payerPhone", m.paid_at as "paidAt", m.request_id as "requestId", m.result_code as "resultCode"`;
/** Booked until it was moved; over where the network took the money back, however it had been settled. */
export const OUTCOME = `case when s.state = 'taken-back' and o.outcome in ('booked', 'suspense') then 'taken-back' when v.id is not null then 'suspense' else o.outcome end`;
export const SUSPENDED = 'left join payments_suspense s on s.school_id = m.school_id and s.trans_id = m.trans_id';
export const MOVED = 'left join payments_moved_outcomes v on v.school_id = m.school_id and v.message_id = m.id';
const SETTLED = `select ${MESSAGE}, ${OUTCOME} as outcome, coalesce(v.reason, o.reason, '') as reason, o.payment_id as "paymentId", coalesce(v.suspense_id, o.suspense_id) as "suspenseId", o.other_minor as "otherMinor",
  v.at as "movedAt", v.by_name as "movedBy", s.reversal_code as "reversalCode", s.reversed_on as "reversedOn", case when l.id is not null then json_build_object('note', l.note, 'byName', l.by_name, 'at', l.at) end as looked
  from payments_messages m left join payments_outcomes o on o.school_id = m.school_id and o.message_id = m.id ${MOVED} ${SUSPENDED} left join payments_looked l on l.school_id = m.school_id and l.message_id = m.id`;
export const NONE = 'not exists (select 1 from payments_outcomes o where o.school_id = m.school_id and o.message_id = m.id)';

export class PgMessageStore implements MessageStore {
  async insertAll(messages: readonly Message[]): Promise<number> {
    let count = 0;
    for (const one of messages) {
      const rows = await query(
        'payments.insert-message',
        `insert into payments_messages (id, account_id, source, external_key, body, received_at, trans_id, amount_minor, bill_ref, payer_name, payer_phone, paid_at, request_id, result_code)
          values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict do nothing returning id`,
        [
          one.id,
          one.accountId,
          one.source,
          one.externalKey,
          one.body,
          one.receivedAt,
          one.transId,
          one.amountMinor,
          one.billRef,
          one.payerName,
          one.payerPhone,
          one.paidAt,
          one.requestId,
          one.resultCode,
        ],
      );
      count += rows.length;
    }
    return count;
  }

  async find(id: string): Promise<SettledMessage | null> {
    return (await query<SettledMessage>('payments.find-message', `${SETTLED} where m.id = $1`, [id]))[0] ?? null;
  }

  waiting(limit: number, after: string | null): Promise<Message[]> {
    return query<Message>(
      'payments.waiting',
      `select ${MESSAGE} from payments_messages m where ${NONE} and ($2::uuid is null or m.id > $2) order by m.id limit $1`,
      [limit, after],
    );
  }

  ofTransaction(transId: string): Promise<SettledMessage[]> {
    return query<SettledMessage>('payments.of-transaction', `${SETTLED} where m.trans_id = $1 order by m.id`, [transId]);
  }

  async hold(transId: string): Promise<void> {
    await query('payments.hold', 'select pg_advisory_xact_lock(4730, hashtext($1))', [transId]);
  }

  async settle(messageId: string, given: Outcome, proof: Proof | null = null): Promise<boolean> {
    const {
      paymentId = null,
      suspenseId = null,
      reason = '',
      otherMinor = null,
    } = given as Partial<{ paymentId: string | null; suspenseId: string | null; reason: string; otherMinor: number | null }>;
    const rests = given.outcome === 'booked' || given.outcome === 'suspense' ? proof : null;
    const rows = await query(
      'payments.settle',
      `insert into payments_outcomes (id, message_id, outcome, reason, payment_id, suspense_id, other_minor, proof, proof_message_id, proof_prompt_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (school_id, message_id) do nothing returning id`,
      [
        newId(),
        messageId,
        given.outcome,
        reason,
        paymentId,
        suspenseId,
        otherMinor,
        rests?.by ?? null,
        rests && rests.by !== 'prompt' ? rests.messageId : null,
        rests?.by === 'prompt' ? rests.promptId : null,
      ],
    );
    return rows.length === 1;
  }

  async bookedAs(paymentId: string): Promise<SettledMessage | null> {
    return (
      (
        await query<SettledMessage>(
          'payments.booked-as',
          `${SETTLED} where o.payment_id = $1 and o.outcome = 'booked' and v.id is null limit 1`,
          [paymentId],
        )
      )[0] ?? null
    );
  }

  async moveOutcome(
    messageId: string,
    { suspenseId, reason, byName }: { suspenseId: string; reason: string; byName: string },
  ): Promise<void> {
    await query(
      'payments.move-outcome',
      'insert into payments_moved_outcomes (id, message_id, suspense_id, reason, by_name) values ($1, $2, $3, $4, $5)',
      [newId(), messageId, suspenseId, reason, byName],
    );
  }

  async page(
    { text, outcome, differs = false }: MessageFilter,
    cursor: string | null,
    limit: number,
  ): Promise<Page<SettledMessage>> {
    const [at, id] = cursor ? decodeCursor(cursor, 2) : [null, null];
    const rows = await query<SettledMessage>(
      'payments.messages',
      `${SETTLED} where ($1::timestamptz is null or (m.received_at, m.id) < ($1, $2::uuid))
          and ($3::text is null or m.trans_id = $3 or s.reversal_code = $3 or m.payer_name ilike '%' || $4 || '%' or m.bill_ref ilike '%' || $4 || '%')
          and ($5::text is null or coalesce(${OUTCOME}, 'waiting') = $5) and (not $7 or (o.other_minor is not null and l.id is null))
        order by m.received_at desc, m.id desc limit $6`,
      [at, id, text && plainReference(text), text?.replace(/[\\%_]/g, '\\$&') ?? null, outcome, limit + 1, differs],
    );
    return toPage(rows, limit, (row) => [row.receivedAt.toISOString(), row.id]);
  }

  async countDiffering(): Promise<number> {
    const text = `select count(*)::int as n from payments_outcomes o where o.other_minor is not null and not exists (select 1 from payments_looked l where l.school_id = o.school_id and l.message_id = o.message_id)`;
    return (await query<{ n: number }>('payments.count-differing', text))[0]!.n;
  }

  async noteLooked(messageId: string, { note, byName }: { note: string; byName: string }): Promise<boolean> {
    const text =
      'insert into payments_looked (id, message_id, note, by_name) values ($1, $2, $3, $4) on conflict do nothing returning id';
    return (await query('payments.note-looked', text, [newId(), messageId, note, byName])).length === 1;
  }
}
