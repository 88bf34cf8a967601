import { query } from '../../../../platform/db/index.js';
import type { Payer } from '../../documents/document.rules.js';
import type { BookedReceipt, MoveStore } from '../../ports.js';

export class PostgresMoveStore implements MoveStore {
  async find(receiptId: string): Promise<BookedReceipt | null> {
    const [row] = await query<Omit<BookedReceipt, 'payer'> & { payerKind: Payer['kind']; payerId: string }>(
      'fees.moves.receipt',
      `select r.id, r.payment_id as "paymentId", r.number, r.student_id as "studentId", r.payer_kind as "payerKind", r.payer_id as "payerId", r.class_id as "classId", r.amount_minor as "amountMinor", r.state,
          coalesce((select sum(x.amount_minor) from fees_refund_parts x where x.school_id = r.school_id and x.receipt_id = r.id and x.freed_at is null), 0)::bigint as "refundedMinor",
          (select coalesce(json_agg(json_build_object('headId', s.head_id, 'termId', s.term_id, 'amountMinor', s.minor) order by s.head_id, s.term_id), '[]') from (
              select a.head_id, i.term_id, sum(a.amount_minor)::bigint as minor from fees_allocations a join fees_invoices i on i.school_id = a.school_id and i.id = a.invoice_id
                where a.school_id = r.school_id and a.receipt_id = r.id and a.created_at = r.created_at group by a.head_id, i.term_id) s) as lines
        from fees_receipts r where r.id = $1`,
      [receiptId],
    );
    if (!row) return null;
    const { payerKind, payerId, ...receipt } = row;
    return { ...receipt, payer: { kind: payerKind, id: payerId } };
  }

  async takeBack(receiptId: string, why: string): Promise<void> {
    await query(
      'fees.moves.take-back',
      `with receipt as (update fees_receipts set state = 'reversed', taken_back_at = clock_timestamp() where id = $1 and state = 'issued' returning school_id, id)
        update fees_allocations a set freed_at = now(), freed_why = $2 from receipt r where a.school_id = r.school_id and a.receipt_id = r.id and a.freed_at is null`,
      [receiptId, why],
    );
  }

  async entriesOf(paymentId: string): Promise<string[]> {
    const rows = await query<{ entryId: string }>(
      'fees.moves.entries',
      'select entry_id as "entryId" from fees_receipts where payment_id = $1 and entry_id is not null order by created_at, id',
      [paymentId],
    );
    return rows.map((row) => row.entryId);
  }
}
