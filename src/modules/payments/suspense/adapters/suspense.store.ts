import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { db, query } from '../../../../platform/db/index.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import { orTaken } from '../../../../platform/db/rows/taken.js';
import type { SuspenseItem, SuspenseStore } from '../../ports.js';

const ITEM = `select id, account_id as "accountId", message_id as "messageId", trans_id as "transId", amount_minor as "amountMinor", paid_on as "paidOn", bill_ref as "billRef", payer_name as "payerName",
  payer_phone as "payerPhone", why, state, entry_id as "entryId", payment_id as "paymentId", taken_back_id as "takenBackId", reversal_code as "reversalCode", reversed_on as "reversedOn", reversal_entry_id as "reversalEntryId", seen_by as "seenBy", reason, by_name as "byName", created_at as "createdAt", settled_at as "settledAt" from payments_suspense`;

export class PgSuspenseStore implements SuspenseStore {
  async insert(item: SuspenseItem): Promise<void> {
    await db()('payments_suspense').insert(snake(item));
  }

  find(id: string): Promise<SuspenseItem | null> {
    return one('find', 'id = $1', id);
  }

  ofTransaction(transId: string): Promise<SuspenseItem | null> {
    return one('of-transaction', 'trans_id = $1', transId);
  }

  ofReversal(code: string): Promise<SuspenseItem | null> {
    return one('of-reversal', 'reversal_code = $1', code);
  }

  hold(id: string): Promise<SuspenseItem | null> {
    return one('hold', 'id = $1 for update', id);
  }

  async settle(
    id: string,
    { state, paymentId, reason, byName, seenBy = null }: Parameters<SuspenseStore['settle']>[1],
  ): Promise<void> {
    const text =
      'update payments_suspense set state = $2, payment_id = $3, reason = $4, by_name = $5, seen_by = coalesce($6, seen_by), settled_at = now() where id = $1';
    await query('payments.suspense.settle', text, [id, state, paymentId, reason, byName, seenBy]);
  }

  async takeAway(id: string, { code, on, entryId, byName }: Parameters<SuspenseStore['takeAway']>[1]): Promise<void> {
    const text = `update payments_suspense set state = 'taken-back', reversal_code = $2, reversed_on = $3, reversal_entry_id = $4, by_name = $5, settled_at = now() where id = $1`;
    await orTaken(
      query('payments.suspense.take-away', text, [id, code, on, entryId, byName]),
      'code',
      'This code already belongs to another message',
    );
  }

  alike(amountMinor: number, paidOn: string | null): Promise<SuspenseItem[]> {
    return query<SuspenseItem>(
      'payments.suspense.alike',
      `${ITEM} where state <> 'matched' and state <> 'taken-back' and amount_minor = $1 and ($2::date is null or abs(paid_on - $2::date) <= 1) order by created_at desc limit 5`,
      [amountMinor, paidOn],
    );
  }

  ofPayment(paymentId: string): Promise<SuspenseItem | null> {
    return one('of-payment', "payment_id = $1 and state = 'matched' for update", paymentId);
  }

  async reopen(id: string, { reason, byName }: Pick<SuspenseItem, 'reason' | 'byName'>): Promise<void> {
    await query(
      'payments.suspense.reopen',
      "update payments_suspense set state = 'open', taken_back_id = coalesce(payment_id, taken_back_id), payment_id = null, reason = $2, by_name = $3, settled_at = null where id = $1",
      [id, reason, byName],
    );
  }

  async page(state: SuspenseItem['state'], cursor: string | null, limit: number): Promise<Page<SuspenseItem>> {
    const [at, id] = cursor ? decodeCursor(cursor, 2) : [null, null];
    const rows = await query<SuspenseItem>(
      'payments.suspense.page',
      `${ITEM} where state = $1 and ($2::timestamptz is null or (created_at, id) > ($2, $3::uuid)) order by created_at, id limit $4`,
      [state, at, id, limit + 1],
    );
    return toPage(rows, limit, (row) => [row.createdAt.toISOString(), row.id]);
  }

  async open(): Promise<{ count: number; sumMinor: number; oldest: Date | null }> {
    const text = `select count(*)::int as count, coalesce(sum(amount_minor), 0)::bigint as "sumMinor", min(created_at) as oldest from payments_suspense where state = 'open'`;
    return (await query<{ count: number; sumMinor: number; oldest: Date | null }>('payments.suspense.open', text))[0]!;
  }
}

async function one(name: string, where: string, value: string): Promise<SuspenseItem | null> {
  return (await query<SuspenseItem>(`payments.suspense.${name}`, `${ITEM} where ${where}`, [value]))[0] ?? null;
}
