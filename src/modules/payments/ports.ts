import type { ServiceIdentifier } from 'inversify';
import type { Page } from '../../kernel/page.js';
import type { DarajaAccount, RailAccount } from './accounts/account.rules.js';
import type { Message, Outcome, Proof } from './messages/message.rules.js';
import type { Prompt, PromptState } from './prompts/prompt.rules.js';

/** Daraja has understood and says no. */
export class RailRefused extends Error {
  constructor(
    /** As Daraja writes it: `500.001.1001`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** There was no answer that could be read. */
export class RailAway extends Error {
  constructor(
    message: string,
    /** Whether it is certain that nothing was asked. */
    readonly neverAsked: boolean,
  ) {
    super(message);
  }
}

export interface Push {
  /** Whole shillings. */
  shillings: number;
  /** `254722481903` */
  phone: string;
  reference: string;
  description: string;
  callbackUrl: string;
}

/** Safaricom's interface for those who are paid. Every method throws RailRefused or RailAway. */
export interface Daraja {
  /** Whether the keys open it. */
  tryKeys(account: DarajaAccount): Promise<void>;
  push(account: DarajaAccount, push: Push): Promise<{ merchantRequestId: string; checkoutRequestId: string }>;
  /** Null while it is still being worked on. */
  queryPush(account: DarajaAccount, checkoutRequestId: string): Promise<{ code: string; text: string } | null>;
  registerUrls(account: DarajaAccount, urls: { validation: string; confirmation: string }): Promise<void>;
  registerPull(account: DarajaAccount, urls: { nominated: string; callback: string }): Promise<void>;
  /** Payments between two moments, at most 48 h back, from the n-th on, as Daraja writes them; empty when there are no more. */
  pull(account: DarajaAccount, span: { from: Date; to: Date; offset: number }): Promise<object[]>;
  /** The answer comes to `resultUrl`. */
  askStatus(
    account: DarajaAccount,
    asked: { transId: string; resultUrl: string; timeoutUrl: string },
  ): Promise<{ conversationId: string }>;
}

export const DARAJA: ServiceIdentifier<Daraja> = Symbol('Daraja');

export interface AccountStore {
  /** By name. */
  list(): Promise<RailAccount[]>;
  find(id: string): Promise<RailAccount | null>;
  /** @throws Invalid when the number is there already */
  insert(account: RailAccount): Promise<void>;
  /** @throws Invalid as above; false when somebody else changed it since that version */
  update(account: RailAccount): Promise<boolean>;
  notePulled(id: string, until: Date): Promise<void>;
}

/** What became of a message by now: suspense and receipts end where the network takes their money back. */
export type Standing = Outcome['outcome'] | 'taken-back';

export interface MessageFilter {
  /** A number of a payment or of its reversal, or a part of who paid. */
  text: string | null;
  outcome: Standing | 'waiting' | null;
  /** Only those that name another sum and that nobody has looked into. */
  differs?: boolean;
}

/** `movedAt`: when its receipt was taken back, so that it is in suspense and booked no more; `paymentId` is the payment that it was. */
export type SettledMessage = Message & {
  outcome: Standing | null;
  reason: string;
  paymentId: string | null;
  suspenseId: string | null;
  otherMinor: number | null;
  movedAt: Date | null;
  movedBy: string | null;
  /** Where the network took the money back. */
  reversalCode: string | null;
  reversedOn: string | null;
  looked: { note: string; byName: string; at: Date } | null;
};

export interface MessageStore {
  /** Those that are new; the same key brings nothing. */
  insertAll(messages: readonly Message[]): Promise<number>;
  find(id: string): Promise<SettledMessage | null>;
  /** Without an outcome, oldest first. */
  waiting(limit: number, after: string | null): Promise<Message[]>;
  /** All that name this payment, oldest first. */
  ofTransaction(transId: string): Promise<SettledMessage[]>;
  /** Keeps everybody else from this payment until the transaction ends. */
  hold(transId: string): Promise<void>;
  /** With what booked money rests on. False when it has one already. */
  settle(messageId: string, outcome: Outcome, proof?: Proof | null): Promise<boolean>;
  /** The message whose money this payment is, while its outcome is that. */
  bookedAs(paymentId: string): Promise<SettledMessage | null>;
  /** From booked to suspense. */
  moveOutcome(messageId: string, to: { suspenseId: string; reason: string; byName: string }): Promise<void>;
  page(filter: MessageFilter, cursor: string | null, limit: number): Promise<Page<SettledMessage>>;
  /** Turned down ones too, as far as they name another sum. */
  countDiffering(): Promise<number>;
  /** False when somebody has done so before. */
  noteLooked(messageId: string, by: { note: string; byName: string }): Promise<boolean>;
}

/** Something that can't be as it stands, by the number of the payment that it is about. */
export interface Wrong {
  id: string;
  transId: string;
}

/** What the hourly check asks; of each at most a hundred. */
export interface PaymentCheckStore {
  /** Older than that and still without an outcome. */
  overdue(before: Date): Promise<{ id: string; transId: string | null }[]>;
  /** Proven messages that name another sum than what is booked, and that nobody has looked into. */
  differing(): Promise<{ id: string; transId: string; amountMinor: number; otherMinor: number }[]>;
  /** Numbers of payments with more than one booked message, or booked beside suspense. */
  doubled(): Promise<string[]>;
  /** Credited messages without a second source, or whose second source is gone or says something else. */
  unproven(): Promise<Wrong[]>;
  /** Payments that rest on what was said about a prompt alone, beside another one that a second source names for that prompt. */
  twicePrompted(): Promise<(Wrong & { other: string })[]>;
  /** Messages whose outcome says something else than the payment, the row in suspense or the claim that it names. */
  wrongOutcomes(): Promise<Wrong[]>;
  /** Payments of the rail that no message and no row in suspense stands behind. */
  untold(): Promise<Wrong[]>;
  /** Rows in suspense that say something else than their message, their entry or their payment. */
  wrongSuspense(): Promise<Wrong[]>;
  /** Entries of suspense whose row is gone. */
  lostSuspense(): Promise<Wrong[]>;
  /** Credited numbers that were never claimed here. */
  unclaimed(): Promise<string[]>;
  /** Numbers that are claimed as ours, in their order, from one on. */
  claimedFrom(after: string, limit: number): Promise<string[]>;
}

export interface PromptStore {
  insert(prompt: Prompt): Promise<void>;
  find(id: string): Promise<Prompt | null>;
  ofCheckout(accountId: string, checkoutRequestId: string): Promise<Prompt | null>;
  ofTransaction(transId: string): Promise<Prompt | null>;
  /** Without a payment, asked since then under this reference. */
  unpaid(accountId: string, reference: string, since: Date): Promise<Prompt[]>;
  lastTo(phone: string): Promise<Prompt | null>;
  /** Keeps everybody else from prompting this phone until the transaction ends. */
  holdPhone(phone: string): Promise<void>;
  /** Whose end isn't known, asked between these moments. */
  open(from: Date, to: Date): Promise<Prompt[]>;
  change(
    id: string,
    change: Partial<Pick<Prompt, 'merchantRequestId' | 'checkoutRequestId' | 'resultCode' | 'transId' | 'paymentId'>> & {
      state: PromptState;
      at: Date;
    },
  ): Promise<void>;
  /** Keeps everybody else from it until the transaction ends. */
  hold(id: string): Promise<Prompt | null>;
  page(studentId: string | null, cursor: string | null, limit: number): Promise<Page<Prompt>>;
  countOf(studentId: string): Promise<number>;
  /** Which of these children have any. */
  holders(studentIds: readonly string[]): Promise<string[]>;
  moveStudent(fromStudentId: string, toStudentId: string): Promise<void>;
}

export interface SuspenseItem {
  id: string;
  accountId: string;
  messageId: string;
  transId: string;
  amountMinor: number;
  paidOn: string;
  billRef: string;
  payerName: string;
  payerPhone: string;
  why: string;
  state: 'open' | 'matched' | 'rejected' | 'taken-back';
  entryId: string;
  paymentId: string | null;
  /** The payment that it had become, and that was taken back. */
  takenBackId: string | null;
  /** Under which the network took the money back, and when; in the state `taken-back` alone. */
  reversalCode: string | null;
  reversedOn: string | null;
  reversalEntryId: string | null;
  /** Who has seen money on the operator’s statement that no second source had named. */
  seenBy: string | null;
  reason: string;
  byName: string;
  createdAt: Date;
  settledAt: Date | null;
}

export interface SuspenseStore {
  insert(item: SuspenseItem): Promise<void>;
  find(id: string): Promise<SuspenseItem | null>;
  ofTransaction(transId: string): Promise<SuspenseItem | null>;
  /** That the network took back under this code. */
  ofReversal(code: string): Promise<SuspenseItem | null>;
  hold(id: string): Promise<SuspenseItem | null>;
  settle(
    id: string,
    end: Pick<SuspenseItem, 'state' | 'paymentId' | 'reason' | 'byName'> & { seenBy?: string | null },
  ): Promise<void>;
  /** The network took it back. @throws Invalid at `code` when that is known already */
  takeAway(id: string, end: { code: string; on: string; entryId: string; byName: string }): Promise<void>;
  /** Without a child, of this sum, and within a day of this one where it is given; at most five. */
  alike(amountMinor: number, paidOn: string | null): Promise<SuspenseItem[]>;
  /** Settled with this payment. */
  ofPayment(paymentId: string): Promise<SuspenseItem | null>;
  /** To be worked on again. */
  reopen(id: string, by: Pick<SuspenseItem, 'reason' | 'byName'>): Promise<void>;
  page(state: SuspenseItem['state'], cursor: string | null, limit: number): Promise<Page<SuspenseItem>>;
  open(): Promise<{ count: number; sumMinor: number; oldest: Date | null }>;
}

export type ClaimState = 'ours' | 'pending' | 'foreign';

export interface ClaimStore {
  of(transId: string): Promise<ClaimState | null>;
  keep(transId: string, state: ClaimState): Promise<void>;
  pending(limit: number): Promise<string[]>;
  /** Booked here though another school has them. */
  foreign(): Promise<string[]>;
}

export interface QuestionStore {
  insert(question: { accountId: string; requestId: string; transId: string; askedAt: Date }): Promise<void>;
  /** The payment that was asked about. */
  transactionOf(accountId: string, requestId: string): Promise<string | null>;
  askedSince(transId: string, since: Date): Promise<boolean>;
}

export interface PayLink {
  id: string;
  studentId: string;
  /** Its brothers and sisters are shown too. */
  family: boolean;
  /** It went out with a bill, and leads to the statement of fees too. */
  statement: boolean;
  expiresAt: Date;
  endedAt: Date | null;
  byUserId: string | null;
  byName: string;
  createdAt: Date;
}

export interface LinkStore {
  insertAll(links: readonly PayLink[]): Promise<void>;
  find(id: string): Promise<PayLink | null>;
  /** Of those that were given by hand. */
  newestOf(studentId: string, family: boolean): Promise<PayLink | null>;
  /** The newest open one of each student that went out with a bill. */
  withStatement(studentIds: readonly string[]): Promise<PayLink[]>;
  /** All that are open. */
  endOf(studentId: string, at: Date): Promise<{ id: string }[]>;
  moveStudent(fromStudentId: string, toStudentId: string): Promise<void>;
}

/** What the platform keeps for this school: calls that wait for it, and claims on what only one school may have. */
export interface PlatformInbox {
  /** @throws Error while the platform's database is away */
  waiting(limit: number): Promise<{ id: string; accountId: string; kind: string; body: string; receivedAt: Date }[]>;
  taken(ids: readonly string[]): Promise<void>;
  claimReference(scheme: string, value: string): Promise<'ours' | 'foreign'>;
  /** Those of them that this school has claimed. */
  claimedAmong(scheme: string, values: readonly string[]): Promise<ReadonlySet<string>>;
  claimShortcode(network: string, shortcode: string): Promise<'ours' | 'foreign'>;
  keepAddress(accountId: string, tokenHash: string): Promise<void>;
  putPayees(keyId: string, hashes: Buffer, madeAt: Date): Promise<void>;
  close(): Promise<void>;
}

export const ACCOUNT_STORE: ServiceIdentifier<AccountStore> = Symbol('PaymentAccountStore');
export const MESSAGE_STORE: ServiceIdentifier<MessageStore> = Symbol('PaymentMessageStore');
export const PROMPT_STORE: ServiceIdentifier<PromptStore> = Symbol('PaymentPromptStore');
export const SUSPENSE_STORE: ServiceIdentifier<SuspenseStore> = Symbol('PaymentSuspenseStore');
export const PAYMENT_CHECK_STORE: ServiceIdentifier<PaymentCheckStore> = Symbol('RailCheckStore');
export const CLAIM_STORE: ServiceIdentifier<ClaimStore> = Symbol('PaymentClaimStore');
export const QUESTION_STORE: ServiceIdentifier<QuestionStore> = Symbol('PaymentQuestionStore');
export const LINK_STORE: ServiceIdentifier<LinkStore> = Symbol('PaymentLinkStore');
/** Null where the school stands without a platform. */
export const PLATFORM_INBOX: ServiceIdentifier<PlatformInbox | null> = Symbol('PaymentPlatformInbox');
