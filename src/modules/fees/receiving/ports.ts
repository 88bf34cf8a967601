import { token } from '../../../kernel/shapes/tokens.js';
import type { Page } from '../../../kernel/page.js';
import type { Allocation, AllocationOrder, OpenItem } from '../allocations/allocation.rules.js';
import type { Method, Payer, PaymentState, Reference } from '../documents/document.rules.js';
import { type UnmatchedMoney, type Instruction, type ReceiptBrief, type TracedPayment } from '../index.js';
import type { PaperFound } from '../documents/ports.js';

/** A part of a payment with whose account it settles. */
export interface PayerShare {
  studentId: string;
  payer: Payer;
  amountMinor: number;
}

/** What a payment that was shown, not seen, will be booked as. */
export interface Waiting {
  shares: PayerShare[];
  instructions: Instruction[];
}

export interface PaymentRecord {
  id: string;
  method: Method;
  state: PaymentState;
  amountMinor: number;
  receivedOn: string;
  /** The account of the books that the money went into. */
  accountId: string;
  payerName: string;
  payerPhone: string | null;
  sponsorId: string | null;
  memo: string;
  tillSessionId: string | null;
  client: string;
  clientKey: string;
  digest: string;
  entryId: string | null;
  byUserId: string | null;
  byName: string;
  waiting: Waiting | null;
}

export interface NewReceipt extends PayerShare {
  id: string;
  code: string;
  balanceAfterMinor: number;
  classId: string | null;
  allocations: readonly Allocation[];
  /** The receipt of another child that this money is moved from, with the entry that moves it. */
  moved: { replacesId: string; entryId: string } | null;
}

/** The payment that a key or a reference stands for already. */
export interface KnownPayment {
  id: string;
  state: PaymentState;
  digest: string;
  amountMinor: number;
  studentIds: string[];
  receipts: ReceiptBrief[];
}

export interface Standing {
  /** The payment of the same client and key. */
  sameKey: KnownPayment | null;
  /** A payment that has one of the references and wasn't taken back. */
  sameReference: KnownPayment | null;
  /** What is open for the students, whoever pays for them. */
  items: OpenItem[];
}

/** A part of a receipt that settles nothing yet. */
export interface Credit {
  receiptId: string;
  studentId: string;
  payerId: string;
  amountMinor: number;
}

export interface TermBills {
  termId: string;
  billedMinor: number;
  paidMinor: number;
}

export interface PaymentStore {
  /**
   * Keeps everybody else from the key, the references and the students until the transaction ends.
   * @throws Conflict `in_progress` when the key is not free within three seconds
   */
  hold(
    key: { client: string; clientKey: string } | null,
    references: readonly Reference[],
    studentIds: readonly string[],
  ): Promise<void>;
  standing(client: string, clientKey: string, references: readonly Reference[], studentIds: readonly string[]): Promise<Standing>;
  openItems(studentIds: readonly string[]): Promise<OpenItem[]>;
  /** What is open of bills that were due before this day, by student. */
  overdueOf(studentIds: readonly string[], today: string): Promise<ReadonlyMap<string, number>>;
  /** What the families of these students were billed for the last term that was billed, and what of it is settled; minor units. */
  lastBills(studentIds: readonly string[]): Promise<TermBills | null>;
  /** Money with its receipts; their numbers are taken last, and returned in the order of the receipts. */
  /** @param references as they were written */
  insertBooked(payment: PaymentRecord, references: readonly Reference[], receipts: readonly NewReceipt[]): Promise<string[]>;
  /** A receipt more under a payment that is booked. @returns its number, taken last */
  addReceipt(paymentId: string, receipt: NewReceipt): Promise<string>;
  insertProvisional(payment: PaymentRecord, references: readonly Reference[]): Promise<void>;
  /** Makes money of one that was shown. */
  book(payment: PaymentRecord, receipts: readonly NewReceipt[]): Promise<string[]>;
  /** Never money, and its references are free. */
  giveUp(id: string, on: string, why: string): Promise<void>;
  /** Locked until the transaction ends. */
  findForChange(id: string): Promise<(PaymentRecord & { references: Reference[] }) | null>;
  known(id: string): Promise<KnownPayment | null>;
  /** The newest payment that has the reference, one that was taken back too. */
  ofReference(reference: Reference): Promise<KnownPayment | null>;
  traced(numbers: readonly string[]): Promise<TracedPayment[]>;
  paymentsOf(studentId: string): Promise<string[]>;
  /** What of receipts settles nothing, oldest first. */
  credits(studentIds: readonly string[]): Promise<Credit[]>;
  insertAllocations(allocations: readonly (Allocation & { receiptId: string })[]): Promise<void>;
  /** Newest first: those of the students that still count. */
  allocationsOf(studentIds: readonly string[]): Promise<(Allocation & { id: string; receiptId: string })[]>;
  freeAllocations(ids: readonly string[], why: string): Promise<void>;
}

export const RECEIPT_PAPERS = ['roll', 'a5'] as const;
export type ReceiptPaperKind = (typeof RECEIPT_PAPERS)[number];

export interface ReceivingSettings {
  allocationOrder: AllocationOrder;
  /** Up to this sum a cashier takes back an own receipt alone, before cashing up; minor units. */
  reversalLimitMinor: number;
  /** What the desk prints receipts on. */
  receiptPaper: ReceiptPaperKind;
  /** Whether a guardian is told of each payment. */
  tellFamilies: boolean;
  version: number;
}

export interface ReceivingSettingsStore {
  /** What the school has settled, else what everybody begins with. */
  read(): Promise<ReceivingSettings>;
  /** False when somebody else changed them since that version. */
  save(settings: ReceivingSettings): Promise<boolean>;
}

export const PAYMENT_STORE = token<PaymentStore>('FeePaymentStore');
export const RECEIVING_SETTINGS = token<ReceivingSettingsStore>('FeeReceivingSettings');

export interface PaymentFilter {
  text: string | null;
  method: Method | null;
  state: PaymentState | null;
  /** Who took it. */
  byUserId: string | null;
  from: string | null;
  to: string | null;
  studentId: string | null;
  sponsorId: string | null;
}

/** A payment as lists and its own page show it. */
export interface PaymentLine {
  id: string;
  at: Date;
  method: Method;
  state: PaymentState;
  amountMinor: number;
  receivedOn: string;
  payerName: string;
  sponsorId: string | null;
  memo: string;
  byUserId: string | null;
  byName: string;
  entryId: string | null;
  /** The account of the books that holds it. */
  accountId: string;
  endedOn: string | null;
  endedWhy: string;
  references: Reference[];
  /** Of a slip that waits: who it was shown for, without numbers. */
  receipts: {
    id: string | null;
    number: string | null;
    studentId: string;
    /** Whose account it settles. */ payerKind: Payer['kind'];
    amountMinor: number;
    balanceAfterMinor: number | null;
    state: 'issued' | 'reversed';
    prints: number;
    /** Number of the receipt of another child that it stands in for. */ replaces: string | null;
  }[];
}

/** A payment in a list: one of a sponsor has receipts for a thousand students, and a line has room for few. */
export type PaymentInBrief = Omit<PaymentLine, 'receipts'> & {
  /** The first ones that stand, by their numbers; of a slip that waits, who it was shown for. */
  receipts: { number: string | null; studentId: string }[];
  /** How many stand, without those that others stand in for. */
  receiptCount: number;
  lastNumber: string | null;
};

/** Everything that a receipt's paper says. */
export interface ReceiptPaper {
  id: string;
  number: string;
  code: string;
  studentId: string;
  classId: string | null;
  amountMinor: number;
  balanceAfterMinor: number;
  state: 'issued' | 'reversed';
  /** Whose account it settles, where that is not the family's. */
  sponsorName: string | null;
  method: Method;
  payerName: string;
  byName: string;
  receivedOn: string;
  at: Date;
  references: Reference[];
  /** What it settled, by head and term, as it was booked. */
  lines: { head: string; termId: string | null; amountMinor: number }[];
}

/** A cashier's own day. */
export interface CashierDay {
  count: number;
  totalMinor: number;
  last: { paymentId: string; at: Date; studentId: string; amountMinor: number; state: PaymentState }[];
}

export interface PaymentListStore {
  list(
    filter: PaymentFilter & { textStudentIds: readonly string[] },
    cursor: string | null,
    limit: number,
  ): Promise<Page<PaymentInBrief>>;
  /** With all receipts of each, for programs that count on them. */
  listWhole(
    filter: PaymentFilter & { textStudentIds: readonly string[] },
    cursor: string | null,
    limit: number,
  ): Promise<Page<PaymentLine>>;
  find(id: string): Promise<PaymentLine | null>;
  papers(paymentId: string): Promise<ReceiptPaper[]>;
  /** One print more of each; how many there are now. */
  countPrint(receiptIds: readonly string[]): Promise<Map<string, number>>;
  byCode(code: string): Promise<PaperFound | null>;
  cashierDay(userId: string | null, day: string): Promise<CashierDay>;
  /** A receipt of the same child and sum in cash on a day, of another sending than this one. */
  sameInCash(
    day: string,
    shares: readonly (readonly [studentId: string, amountMinor: number])[],
    but: { client: string; clientKey: string },
  ): Promise<{ number: string; studentId: string } | null>;
  /** What was billed for these students since a day, with notes, in minor units. */
  billedSince(studentIds: readonly string[], day: string): Promise<number>;
  reject(paymentId: string, on: string, why: string): Promise<void>;
  /** Its receipts don't count any more, what they settled is open again, and its references are free. */
  takeBack(paymentId: string, end: { state: 'reversed' | 'bounced'; on: string; why: string }): Promise<void>;
}

export const PAYMENT_LIST = token<PaymentListStore>('FeePaymentList');

/** What can't happen, looked for all the same; at most a hundred of each. */
export interface PaymentCheckStore {
  differingPayments(): Promise<{ id: string }[]>;
  oversettledReceipts(): Promise<{ id: string; number: string }[]>;
  differingMoves(): Promise<{ id: string; number: string }[]>;
  differingRefunds(): Promise<{ id: string; number: string }[]>;
  differingSlips(): Promise<{ id: string; number: string }[]>;
  oversettledHeads(): Promise<{ id: string; number: string }[]>;
  /** Students whose kept debt is another than their bills come to. */
  differingDebts(): Promise<{ id: string }[]>;
  repeatedReferences(): Promise<{ id: string; value: string }[]>;
  gaps(): Promise<{ key: string; last: number; papers: number }[]>;
  /** Papers whose number is not the one that they got; null for one that is not there any more, or was never given a number. */
  renumbered(): Promise<{ id: string; number: string | null; given: string | null }[]>;
}

export const PAYMENT_CHECK_STORE = token<PaymentCheckStore>('FeePaymentCheckStore');

/** Everybody who hears of money; asked for late, since they are bound after this module. */
export const ALL_UNMATCHED = token<() => readonly UnmatchedMoney[]>('AllUnmatchedMoney');

/** Names for papers that nobody can guess. */
export interface PaperCodes {
  /** A short name of a text; two texts don't share one. */
  digest(text: string): string;
  /** The secret part of the address behind a receipt's QR. */
  newCode(): string;
}

export const PAPER_CODES = token<PaperCodes>('FeePaperCodes');
