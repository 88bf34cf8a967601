import { token } from '../../../kernel/shapes/tokens.js';
import type { Page } from '../../../kernel/page.js';
import type { Payer } from '../documents/document.rules.js';
import type { ReceiptCredit, RefundMethod, RefundPart, RefundState } from './refund.rules.js';

export interface RefundRecord {
  id: string;
  /** Null until it is paid. */
  number: string | null;
  studentId: string;
  payer: Payer;
  classId: string | null;
  amountMinor: number;
  method: RefundMethod;
  payeeName: string;
  /** The phone or bank account that the money goes to. */
  payeeAccount: string;
  reason: string;
  state: RefundState;
  askedOn: string;
  byUserId: string | null;
  byName: string;
  createdAt: Date;
  decidedByName: string | null;
  reference: string;
  paidOn: string | null;
  paidByUserId: string | null;
  paidByName: string | null;
  tillSessionId: string | null;
  entryId: string | null;
  /** The account of the books that the money left. */
  accountId: string | null;
  endedOn: string | null;
  endedWhy: string;
}

/** A refund with the receipts whose credit it pays out, those too that it no longer does. */
export interface RefundLine extends RefundRecord {
  receipts: {
    number: string;
    paymentId: string;
    payerName: string;
    method: string;
    amountMinor: number;
    freedWhy: string | null;
  }[];
}

export interface RefundFilter {
  /** A number, or a part of who is paid. */
  text: string | null;
  /** Students who were found by the same text. */
  textStudentIds: readonly string[];
  studentId: string | null;
  state: RefundState | null;
  method: RefundMethod | null;
  from: string | null;
  to: string | null;
}

/** What a step changes of a refund. */
export type RefundStep = Pick<RefundRecord, 'state'> &
  Partial<
    Pick<
      RefundRecord,
      | 'number'
      | 'decidedByName'
      | 'reference'
      | 'paidOn'
      | 'paidByUserId'
      | 'paidByName'
      | 'tillSessionId'
      | 'entryId'
      | 'accountId'
      | 'endedOn'
      | 'endedWhy'
    >
  >;

export interface RefundStore {
  /** Receipts of students with credit that nothing uses, the newest first. */
  creditsOf(studentIds: readonly string[]): Promise<ReceiptCredit[]>;
  /** What of a payer's credit is asked or decided, and not paid yet, in minor units. */
  setApart(payerId: string): Promise<number>;
  insert(refund: Omit<RefundRecord, 'createdAt'>, parts: readonly RefundPart[]): Promise<void>;
  /** Locked until the transaction ends. */
  findForChange(id: string): Promise<RefundRecord | null>;
  find(id: string): Promise<RefundLine | null>;
  list(filter: RefundFilter, cursor: string | null, limit: number): Promise<Page<RefundLine>>;
  step(id: string, step: RefundStep): Promise<void>;
  freeParts(refundId: string, why: string): Promise<void>;
  /** Refunds that stand on credit of a payment's receipts. */
  liveOn(paymentId: string): Promise<Pick<RefundRecord, 'id' | 'number' | 'state' | 'amountMinor'>[]>;
  /** Paid refunds whose receipts were taken from under them, when a cheque bounced; oldest first. */
  uncovered(
    studentIds: readonly string[],
  ): Promise<{ refundId: string; studentId: string; payerId: string; amountMinor: number }[]>;
  insertParts(parts: readonly (RefundPart & { refundId: string })[]): Promise<void>;
  /** One print more; how many there are now. */
  countPrint(id: string): Promise<number>;
}

export const REFUND_STORE = token<RefundStore>('FeeRefundStore');
