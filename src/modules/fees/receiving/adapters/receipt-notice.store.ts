import { newId } from '../../../../kernel/id.js';
import { query } from '../../../../platform/db/index.js';
import type { NoticedReceipt, ReceiptNoticeStore } from '../../ports.js';

const RECEIPT = `select r.id, r.payment_id as "paymentId", r.number, r.student_id as "studentId", r.amount_minor as "amountMinor", p.received_on as "receivedOn", r.replaces_id as "replacesId"
  from fees_receipts r join fees_payments p on p.school_id = r.school_id and p.id = r.payment_id left join fees_receipt_notices n on n.school_id = r.school_id and n.receipt_id = r.id
  where r.id = any($1::uuid[])`;

export class PostgresReceiptNoticeStore implements ReceiptNoticeStore {
  async hold(): Promise<void> {
    await query('fees.receipt-notices.hold', 'select pg_advisory_xact_lock(4731)');
  }

  untold(receiptIds: readonly string[]): Promise<NoticedReceipt[]> {
    const text = `${RECEIPT} and r.state = 'issued' and r.payer_kind = 'student' and p.method <> 'opening' and p.client not like 'import:%' and n.id is null order by r.number`;
    return query<NoticedReceipt>('fees.receipt-notices.untold', text, [receiptIds]);
  }

  told(receiptIds: readonly string[]): Promise<NoticedReceipt[]> {
    return query<NoticedReceipt>(
      'fees.receipt-notices.told',
      `${RECEIPT} and n.message_id is not null and n.taken_back_at is null order by r.number`,
      [receiptIds],
    );
  }

  async write(notices: Parameters<ReceiptNoticeStore['write']>[0]): Promise<void> {
    await query(
      'fees.receipt-notices.write',
      'insert into fees_receipt_notices (id, receipt_id, message_id) select * from unnest($1::uuid[], $2::uuid[], $3::uuid[])',
      [notices.map(() => newId()), notices.map((one) => one.receiptId), notices.map((one) => one.messageId)],
    );
  }

  async writeTakenBack(notices: Parameters<ReceiptNoticeStore['writeTakenBack']>[0]): Promise<void> {
    await query(
      'fees.receipt-notices.taken-back',
      `update fees_receipt_notices n set taken_back_at = now(), taken_back_message_id = x.message_id from unnest($1::uuid[], $2::uuid[]) as x(receipt_id, message_id) where n.receipt_id = x.receipt_id`,
      [notices.map((one) => one.receiptId), notices.map((one) => one.messageId)],
    );
  }
}
