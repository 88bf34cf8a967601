import type { ServiceIdentifier } from 'inversify';
import type { Actor } from '../../kernel/actor.js';
import { eventType } from '../../kernel/events.js';
import type { Method, PaymentState, Payer, Reference } from './documents/document.rules.js';

export type { DocumentKind, Method, Payer, PaymentState, Reference } from './documents/document.rules.js';
export type { Charge, FeeStructure, Learner, StructureLine } from './structures/structure.rules.js';
export type { VoteHead } from './structures/vote-head.rules.js';

/** Something that a student owes besides the billed fees: a fine, meals, a trip. The same `sourceKey` is charged once. */
export interface NewCharge {
  studentId: string;
  /** Code of the vote head. */
  head: string;
  /** Minor units, above zero. */
  amountMinor: number;
  description: string;
  /** The term of today when left out. */
  termId?: string;
  sourceKey: string;
}

/** A part of a payment: one receipt. */
export interface Share {
  studentId: string;
  /** Minor units, above zero. */
  amountMinor: number;
  /** The student's family unless a sponsor's own invoice is being settled. */
  payer?: Payer;
}

/** Which head of which invoice the payer wants settled; what is left goes by the school's order. */
export interface Instruction {
  invoiceId: string;
  headId: string;
  amountMinor: number;
}

export interface NewPayment {
  method: Method;
  /** Minor units; the sum of the shares. */
  amountMinor: number;
  currency: string;
  /** The day on which the money was paid, in the school's zone. */
  receivedOn: string;
  /** The account of the books that holds the money: the one of the method when left out, suspense for money that waited there. */
  accountId?: string;
  payerName?: string;
  payerPhone?: string | null;
  /** The sponsor who brings it, whosever accounts it settles. */
  sponsorId?: string | null;
  memo?: string;
  references: readonly Reference[];
  shares: readonly Share[];
  instructions?: readonly Instruction[];
  /** What the shares were worked out from, where that depends on what is open: a repeated key is compared by it, since the second time they may come out otherwise. */
  basis?: string;
  /** Who chose the key: `user:<id>`, `api:<client>` or `rail:<account>`; with `clientKey` unique for ever. */
  client: string;
  clientKey: string;
  /** `rail` for money that has moved already: it is never refused for its day. */
  by: 'person' | 'rail';
  /** A code that was shown, not money that was seen. */
  provisional?: boolean;
}

export interface ReceiptBrief {
  id: string;
  number: string;
  studentId: string;
  amountMinor: number;
  balanceAfterMinor: number;
}

export interface Received {
  paymentId: string;
  state: PaymentState;
  receipts: readonly ReceiptBrief[];
  /** The same key came before, and nothing was written now. */
  again: boolean;
}

/** A payment, money or slip, as somebody finds it by a number that was written down. */
export interface TracedPayment {
  paymentId: string;
  method: Method;
  state: PaymentState;
  amountMinor: number;
  receivedOn: string;
  references: readonly Reference[];
  receiptNumbers: readonly string[];
  studentIds: readonly string[];
}

/** The paying half of the door. The caller has asked for the permission. */
export interface PayingApi {
  /**
   * Books money once, with a receipt for each share.
   * @throws Conflict `in_progress` while the same key is in flight, `key_reused` for another body, `reference_known` with the payment that has the reference
   */
  receive(actor: Actor, payment: NewPayment): Promise<Received>;
  /** The payment that carries a reference, provisional ones too. */
  paymentOf(
    reference: Reference,
  ): Promise<{ paymentId: string; state: PaymentState; amountMinor: number; studentIds: string[] } | null>;
  /** All that carry or carried one of these numbers, of whatever kind, or that have it on a receipt; newest first, at most twenty. Capitals and digits. */
  traced(numbers: readonly string[]): Promise<TracedPayment[]>;
  /** Turns a code that was shown into money, now that it was seen. @throws RuleBroken when the amounts differ */
  verify(
    actor: Actor,
    paymentId: string,
    seen: { amountMinor: number; receivedOn: string; accountId: string },
  ): Promise<Received>;
  /** A slip whose money was booked otherwise: it never counts, and its numbers are free. @throws Conflict when it is money by now */
  giveUp(actor: Actor, paymentId: string, why: string): Promise<void>;
  /** Payments with a receipt of this student, those that were taken back too. */
  paymentsOf(studentId: string): Promise<string[]>;
  /** What a family owes, in minor units; below zero it has paid beyond that. */
  balanceOf(payer: Payer): Promise<number>;
  /** The same of several children, by their ids; of whom nothing was ever owed or paid is left out. */
  balancesOf(studentIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** What of a family's bills is past its day today, by student; whoever has nothing overdue is left out. */
  overdueOf(studentIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** A sum over children: everybody the same, who owes less is cleared, and the rest is shared again; what can't be shared goes to the eldest. Who gets nothing is left out. */
  levelShares(amountMinor: number, studentIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

/** What an agreed plan asks for next. */
export interface NextInstalment {
  dueOn: string;
  /** Minor units: the rest of this instalment, or all that is late by now. */
  amountMinor: number;
  late: boolean;
}

/** Plans of instalments, for pages on which families pay. */
export interface InstalmentsApi {
  /** Student → what comes next; only of plans that hold. */
  nextOf(studentIds: readonly string[]): Promise<ReadonlyMap<string, NextInstalment>>;
}

export const INSTALMENTS: ServiceIdentifier<InstalmentsApi> = Symbol('FeesInstalments');

/** What was heard of a number that stands on a slip, in a sentence, and the page where one goes on. */
export interface Heard {
  sentence: string;
  href: string;
}

/** Money that has no child yet, all together, and the page where it is, whose part the school may have switched off. */
export interface WaitingMoney {
  count: number;
  sumMinor: number;
  href: string;
  can: string;
}

/** Money that was received under a number and has no child yet. Bound by whoever hears of such money. */
export interface UnmatchedMoney {
  /**
   * Books what waits under the payment's number for the shares that are named, as the same payment: under its key, once.
   * Null when nothing waits there; then nothing can come to wait there until the caller's transaction ends.
   * @throws Invalid at `amount` when another sum was received
   */
  claim(actor: Actor, payment: NewPayment): Promise<Received | null>;
  /** Money that waits under a number, though with another sum than was shown. */
  heard(reference: Reference): Promise<Heard | null>;
  /** Everything that waits; null for whoever may not see it, and where nothing waits. */
  waiting(actor: Actor): Promise<WaitingMoney | null>;
  /** Until the caller's transaction ends nothing comes to wait under the number. */
  hold(reference: Reference): Promise<void>;
  /** Whether a network has told of this payment's money, so that it stays at the school when the receipt is taken back. */
  isTold(paymentId: string): Promise<boolean>;
  /** Money that a network told of waits under its number, now that its receipt is taken back and its entry mirrored; or it is gone, where the network took it. Joins the caller's transaction. */
  takeUp(actor: Actor, payment: TakenBack, reason: string, reversal: NetworkReversal | null): Promise<void>;
}

/** A network took money back at its own end, under a code of its own. */
export interface NetworkReversal {
  code: string;
  on: string;
}

/** What somebody has asked for, with the reason. */
export interface Pending {
  askedBy: { name: string };
  reason: string;
}

/** Receipts that don't count any more, for those who hear why. */
export interface TakingBackApi {
  /** Where a network took the money, as a request that another decides, whoever took it and however small. @throws Conflict when it was taken back already */
  reverse(actor: Actor, paymentId: string, reason: string, reversal: NetworkReversal): Promise<unknown>;
  /** The request that nobody has decided. */
  waiting(paymentId: string): Promise<Pending | null>;
}

export const TAKING_BACK: ServiceIdentifier<TakingBackApi> = Symbol('FeesTakingBack');

export interface TakenBack {
  id: string;
  amountMinor: number;
  receivedOn: string;
  /** The account of the books that had the money. */
  accountId: string;
}

export interface FeesApi extends PayingApi {
  /** @throws RuleBroken for a head that isn't there or is switched off */
  charge(actor: Actor, charge: NewCharge): Promise<{ invoiceId: string; again: boolean }>;
}

/** A number of the school that families can pay to; at a paybill they write the student's payment number as the account. */
export interface PayWay {
  kind: 'paybill' | 'till';
  number: string;
}

/** Bound by each module that knows such numbers. */
export interface PayWays {
  list(): Promise<readonly PayWay[]>;
}

/** Pages on which families pay without an account. Bound by whoever has such pages. */
export interface PayPages {
  /** An address as long as any, behind which there is nothing; null where the actor may give none, or the school takes no money that way. */
  sample(actor: Actor): Promise<string | null>;
  /** Whether somebody who has signed in pays there for children of his own. */
  mayPay(actor: Actor): Promise<boolean>;
  /** A page for the family of each of these students, which leads to its statement. Joins the caller's transaction. @returns student → address */
  giveAll(actor: Actor, studentIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Whose statement may be read by whoever has the secret of such a page; null for nobody's. */
  statementBehind(token: string): Promise<{ studentId: string; family: boolean } | null>;
}

export const PAY_PAGES: ServiceIdentifier<PayPages> = Symbol('PayPages');
export const PAY_WAYS: ServiceIdentifier<PayWays> = Symbol('PayWays');
export const FEES: ServiceIdentifier<FeesApi> = Symbol('Fees');
/** For those who only bring money: rails and the cashier. */
export const PAYING: ServiceIdentifier<PayingApi> = Symbol('FeesPaying');

export const UNMATCHED_MONEY: ServiceIdentifier<UnmatchedMoney> = Symbol('FeesUnmatchedMoney');

/** A payment is booked; its receipts can be sent. Their numbers are given last of all, so they aren't in it. */
export const PaymentReceived = eventType<{ paymentId: string; receipts: Omit<ReceiptBrief, 'number'>[] }>(
  'fees.payment-received',
);
/** A receipt was wrong or a cheque bounced: it does not count any more. */
export const PaymentTakenBack = eventType<{ paymentId: string; receiptIds: string[]; bounced: boolean }>(
  'fees.payment-taken-back',
);
export const InvoicesIssued = eventType<{ runId: string; termId: string; count: number }>('fees.invoices-issued');
