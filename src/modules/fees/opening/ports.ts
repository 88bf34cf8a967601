import { token } from '../../../kernel/shapes/tokens.js';
import type { Page } from '../../../kernel/page.js';

/** A receipt that an earlier system wrote. History: the opening balance holds what it did to the account. */
export interface FormerReceipt {
  id: string;
  studentId: string;
  /** As the earlier system wrote it. */
  number: string;
  receivedOn: string;
  amountMinor: number;
  /** In the earlier system's own words. */
  method: string;
  payerName: string;
  note: string;
}

export interface FormerFilter {
  /** The beginning of a number. */
  number: string | null;
  studentIds: readonly string[] | null;
}

export interface FormerReceiptStore {
  insert(receipts: readonly FormerReceipt[], listId: string, byName: string): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  /** Of these students, those of these numbers. */
  known(wanted: readonly Pick<FormerReceipt, 'studentId' | 'number'>[]): Promise<FormerReceipt[]>;
  find(id: string): Promise<FormerReceipt | null>;
  list(filter: FormerFilter, cursor: string | null, limit: number): Promise<Page<FormerReceipt>>;
  /** Newest first, until a day and from one on where one is named. */
  ofStudents(studentIds: readonly string[], span: { from: string | null; to: string }): Promise<FormerReceipt[]>;
  beginningWith(text: string, limit: number): Promise<FormerReceipt[]>;
  /** Which of these children have any. */
  holders(studentIds: readonly string[]): Promise<string[]>;
  countOf(studentId: string): Promise<number>;
  /** One that both have stays once. */
  moveStudent(fromId: string, toId: string): Promise<void>;
}

export const FORMER_RECEIPT_STORE = token<FormerReceiptStore>('FeeFormerReceiptStore');
