import { token } from '../../../kernel/shapes/tokens.js';

/** One receipt that a family may be told of. */
export interface NoticedReceipt {
  id: string;
  paymentId: string;
  number: string;
  studentId: string;
  amountMinor: number;
  receivedOn: string;
  /** The receipt that it stands in for, of another child. */
  replacesId: string | null;
}

export interface ReceiptNoticeStore {
  /** Whoever tells of receipts waits until the transaction ends. */
  hold(): Promise<void>;
  /** Those that count, were not told of, and are of families: nothing that was brought forward or imported. */
  untold(receiptIds: readonly string[]): Promise<NoticedReceipt[]>;
  /** Those whose families were told of them, and not yet that they count no more. */
  told(receiptIds: readonly string[]): Promise<NoticedReceipt[]>;
  write(notices: readonly { receiptId: string; messageId: string | null }[]): Promise<void>;
  writeTakenBack(notices: readonly { receiptId: string; messageId: string | null }[]): Promise<void>;
}

export const RECEIPT_NOTICE_STORE = token<ReceiptNoticeStore>('FeeReceiptNoticeStore');
