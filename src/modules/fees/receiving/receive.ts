import { AUDIT, PUBLISH, UNIT, only, type Given } from '../../../kernel/shapes/tokens.js';
import type { Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import { Conflict, Invalid, RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import { registerName, spokenName } from '../../../kernel/people/names.js';
import { Lastly } from '../../../kernel/unit-of-work.js';
import { LEDGER, NO_BOOKS, type LineDraft } from '../../finance/index.js';
import { SCHOOL } from '../../school/index.js';
import { STUDENTS, type AccountHolder } from '../../students/index.js';
import { allocate, type OpenItem } from '../allocations/allocation.rules.js';
import { namesInBrief, numbersInBrief } from '../documents/brief.rules.js';
import type { Payer, Reference } from '../documents/document.rules.js';
import {
  ACCOUNT_OF_METHOD,
  balancesAfter,
  demandSense,
  normalisedReference,
  payerOf,
  settledLines,
  type SettledLine,
} from './payment.rules.js';
import { levelShares } from '../allocations/split.rules.js';
import { liesInTill } from '../tills/till.rules.js';
import { PaymentReceived, type NewPayment, type PayingApi, type Received } from '../index.js';
import {
  RECEIVING_SETTINGS,
  PAYMENT_STORE,
  type KnownPayment,
  type NewReceipt,
  type PayerShare,
  type PaymentRecord,
  type Waiting,
} from '../ports.js';
import { PAPER_CODES } from './ports.js';

/** A share, what it settles, and how that stands in the books. */
interface Settlement extends PayerShare {
  holder: AccountHolder;
  lines: SettledLine[];
  allocations: NewReceipt['allocations'];
}

/** Books money once: documents, journal, audit and event in one transaction. The number of the receipt is taken last. */
export class Receiving implements PayingApi {
  static readonly needs = {
    unit: UNIT,
    audit: AUDIT,
    publish: PUBLISH,
    store: PAYMENT_STORE,
    settings: RECEIVING_SETTINGS,
    ledger: only(LEDGER, 'openBooks', 'account', 'post', 'balance', 'balances'),
    students: only(STUDENTS, 'holders'),
    school: only(SCHOOL, 'today'),
    papers: PAPER_CODES,
  };

  constructor(private readonly parts: Given<typeof Receiving.needs>) {}

  /** @param tillSessionId the session of the cashier who takes it */
  async receive(actor: Actor, asked: NewPayment, tillSessionId: string | null = null): Promise<Received> {
    const { unit, store, school } = this.parts;
    const payment = { ...asked, references: asked.references.map(normalisedReference) };
    demandSense(payment, await school.today());
    await this.demandBooks(payment.currency);
    const shares = payment.shares.map((share) => ({
      studentId: share.studentId,
      amountMinor: share.amountMinor,
      payer: payerOf(share),
    }));
    const holders = await this.holdersOf(shares);
    const digest = this.digestOf(payment, shares);
    return unit(async () => {
      const studentIds = shares.map((share) => share.studentId);
      const held = store.hold(payment, payment.references, studentIds);
      const [{ sameKey, sameReference, items }] = await Promise.all([
        store.standing(payment.client, payment.clientKey, payment.references, studentIds),
        held,
      ]);
      if (sameKey) return again(sameKey, digest);
      if (sameReference) throw new ReferenceKnown(sameReference, await this.namesOf(sameReference));
      const waiting: Waiting = { shares, instructions: [...(payment.instructions ?? [])] };
      const record = await this.recordOf(actor, payment, { digest, tillSessionId, waiting });
      if (payment.provisional) return this.keep(actor, record, asked, holders);
      const settlements = await this.settle(waiting, items, holders);
      return this.book(actor, record, payment.by, settlements, (booked, receipts) =>
        store.insertBooked(booked, asked.references, receipts),
      );
    });
  }

  /** For a look before the money is booked. @throws ReferenceKnown where another payment has one of the references */
  async demandFree(
    { client, clientKey }: Pick<NewPayment, 'client' | 'clientKey'>,
    references: readonly Reference[],
  ): Promise<void> {
    const { sameKey, sameReference } = await this.parts.store.standing(client, clientKey, references, []);
    if (sameReference && sameReference.id !== sameKey?.id)
      throw new ReferenceKnown(sameReference, await this.namesOf(sameReference));
  }

  verify(
    actor: Actor,
    paymentId: string,
    seen: { amountMinor: number; receivedOn: string; accountId: string },
  ): Promise<Received> {
    const { unit, store } = this.parts;
    return unit(async () => {
      const shown = await this.demandPayment(paymentId);
      if (shown.state === 'posted') return again((await store.known(paymentId))!, shown.digest);
      if (!shown.waiting) throw new Conflict('This payment was reversed. It can no longer be verified.');
      if (shown.amountMinor !== seen.amountMinor)
        throw new RuleBroken('amounts-differ', 'The amount received is not the amount on the slip.', 'amount');
      const holders = await this.holdersOf(shown.waiting.shares);
      await store.hold(null, [], [...holders.keys()]);
      const items = await store.openItems([...holders.keys()]);
      const settlements = await this.settle(shown.waiting, items, holders);
      const record: PaymentRecord = { ...shown, receivedOn: seen.receivedOn, accountId: seen.accountId };
      return this.book(actor, record, 'rail', settlements, (booked, receipts) => store.book(booked, receipts));
    });
  }

  giveUp(actor: Actor, paymentId: string, why: string): Promise<void> {
    const { unit, store, school, audit } = this.parts;
    return unit(async () => {
      const { state } = await this.demandPayment(paymentId);
      if (state !== 'provisional' && state !== 'rejected') throw new Conflict('This payment has already been booked.');
      await store.giveUp(paymentId, await school.today(), why);
      await audit.record(actor, {
        action: 'fees.payment.give-up',
        entity: 'fee-payment',
        entityId: paymentId,
        before: { state },
        after: { state: 'rejected' },
        reason: why,
      });
    });
  }

  async paymentOf(reference: Reference): ReturnType<PayingApi['paymentOf']> {
    const found = await this.parts.store.ofReference(normalisedReference(reference));
    return found && { paymentId: found.id, state: found.state, amountMinor: found.amountMinor, studentIds: found.studentIds };
  }

  traced(numbers: readonly string[]): ReturnType<PayingApi['traced']> {
    return this.parts.store.traced(numbers);
  }

  paymentsOf(studentId: string): Promise<string[]> {
    return this.parts.store.paymentsOf(studentId);
  }

  balanceOf(payer: Payer): Promise<number> {
    return this.parts.ledger.balance(payer);
  }

  balancesOf(studentIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.parts.ledger.balances(studentIds);
  }

  async overdueOf(studentIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.parts.store.overdueOf(studentIds, await this.parts.school.today());
  }

  async levelShares(amountMinor: number, studentIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const [holders, balances] = [
      await this.holdersOf(studentIds.map((studentId) => ({ studentId }))),
      await this.balancesOf(studentIds),
    ];
    return levelShares(
      amountMinor,
      [...holders.values()].map(({ id, bornOn, admissionNo }) => ({
        id,
        bornOn,
        admissionNo,
        owingMinor: balances.get(id) ?? 0,
      })),
    );
  }

  /** What each share settles: what the payer named, then the oldest, account by account. */
  private async settle(
    { shares, instructions }: Waiting,
    items: readonly OpenItem[],
    holders: ReadonlyMap<string, AccountHolder>,
  ): Promise<Settlement[]> {
    const { allocationOrder } = await this.parts.settings.read();
    const known = new Set(items.map((item) => `${item.invoiceId} ${item.headId}`));
    if (instructions.some((one) => !known.has(`${one.invoiceId} ${one.headId}`)))
      throw new RuleBroken('more-than-open', 'Nothing is owed on one of the vote heads you named.', 'instructions');
    return shares.map((share) => {
      const own = items.filter((item) => item.studentId === share.studentId && item.payerId === share.payer.id);
      const invoices = new Set(own.map((item) => item.invoiceId));
      const { allocations, restMinor } = allocate(
        share.amountMinor,
        own,
        instructions.filter((one) => invoices.has(one.invoiceId)),
        allocationOrder,
      );
      return { ...share, holder: holders.get(share.studentId)!, allocations, lines: settledLines(allocations, restMinor, own) };
    });
  }

  private async book(
    actor: Actor,
    shown: PaymentRecord,
    by: NewPayment['by'],
    settlements: readonly Settlement[],
    write: (payment: PaymentRecord, receipts: readonly NewReceipt[]) => Promise<string[]>,
  ): Promise<Lastly<Received>> {
    const { ledger, audit, publish } = this.parts;
    const { entryId } = await ledger.post(actor, {
      source: { kind: 'fees-payment', key: shown.id },
      valueOn: shown.receivedOn,
      dayField: 'receivedOn',
      memo: memoOf(shown, settlements),
      by,
      lines: [
        {
          accountId: shown.accountId,
          amountMinor: shown.amountMinor,
          tillId: liesInTill(shown.method) ? shown.tillSessionId : null,
        },
        ...(await this.receivableLines(settlements)),
      ],
    });
    const payment: PaymentRecord = { ...shown, state: 'posted', entryId, waiting: null };
    const audited = audit.record(actor, {
      action: 'fees.payment.receive',
      entity: 'fee-payment',
      entityId: payment.id,
      label: memoOf(payment, settlements),
      after: auditOf(payment, settlements),
    });
    const [standing] = await Promise.all([ledger.balances([...new Set(settlements.map((one) => one.payer.id))]), audited]);
    const balances = balancesAfter(settlements, standing);
    const receipts = settlements.map((one, n) => this.receiptOf(one, balances[n]!));
    await publish(PaymentReceived({ paymentId: payment.id, receipts: receipts.map(brief) }));
    return new Lastly(async () => {
      const numbers = await write(payment, receipts);
      return {
        paymentId: payment.id,
        state: payment.state,
        receipts: receipts.map((receipt, n) => ({ ...brief(receipt), number: numbers[n]! })),
        again: false,
      };
    });
  }

  private async receivableLines(settlements: readonly Settlement[]): Promise<LineDraft[]> {
    const { id } = await this.parts.ledger.account('receivable');
    return settlements.flatMap(({ payer, studentId, holder, lines }) =>
      lines.map(({ headId, termId, amountMinor }) => ({
        accountId: id,
        amountMinor: -amountMinor,
        party: payer,
        studentId,
        classId: holder.classId,
        voteHeadId: headId,
        termId,
      })),
    );
  }

  private receiptOf({ studentId, payer, amountMinor, holder, allocations }: Settlement, balanceAfterMinor: number): NewReceipt {
    return {
      id: newId(),
      code: this.parts.papers.newCode(),
      studentId,
      payer,
      amountMinor,
      balanceAfterMinor,
      classId: holder.classId,
      allocations,
      moved: null,
    };
  }

  /** A code that was shown: a slip is given out, no account changes. */
  private async keep(
    actor: Actor,
    record: PaymentRecord,
    { references }: Pick<NewPayment, 'references'>,
    holders: ReadonlyMap<string, AccountHolder>,
  ): Promise<Received> {
    const payment: PaymentRecord = { ...record, state: 'provisional' };
    await this.parts.audit.record(actor, {
      action: 'fees.payment.show',
      entity: 'fee-payment',
      entityId: payment.id,
      label: [...holders.values()].map(registerName).join(', '),
      after: { ...auditOf(payment, []), references },
    });
    await this.parts.store.insertProvisional(payment, references);
    return { paymentId: payment.id, state: 'provisional', receipts: [], again: false };
  }

  private async recordOf(
    actor: Actor,
    payment: NewPayment,
    { digest, tillSessionId, waiting }: Pick<PaymentRecord, 'digest' | 'tillSessionId'> & { waiting: Waiting },
  ): Promise<PaymentRecord> {
    const {
      method,
      amountMinor,
      receivedOn,
      payerName = '',
      payerPhone = null,
      sponsorId = null,
      memo = '',
      client,
      clientKey,
    } = payment;
    const accountId = payment.accountId ?? (await this.parts.ledger.account(ACCOUNT_OF_METHOD[method])).id;
    return {
      id: newId(),
      method,
      state: 'posted',
      amountMinor,
      receivedOn,
      accountId,
      payerName,
      payerPhone,
      sponsorId,
      memo,
      tillSessionId,
      client,
      clientKey,
      digest,
      entryId: null,
      byUserId: actor.userId,
      byName: actor.name,
      waiting,
    };
  }

  private async holdersOf(shares: readonly { studentId: string }[]): Promise<Map<string, AccountHolder>> {
    const ids = shares.map((share) => share.studentId);
    const holders = new Map((await this.parts.students.holders(ids)).map((one) => [one.id, one]));
    if (ids.some((id) => !holders.has(id))) throw new Missing('student');
    return holders;
  }

  /** `Amina Noor, MH220417; Yusuf Noor, MH230102` */
  private async namesOf({ studentIds }: Pick<KnownPayment, 'studentIds'>): Promise<string> {
    const whose = await this.parts.students.holders(studentIds);
    return whose.length > MOST_NAMED
      ? namesInBrief(whose.map(spokenName))
      : whose.map((one) => `${spokenName(one)}, ${one.admissionNo}`).join('; ');
  }

  private async demandBooks(currency: string): Promise<void> {
    const books = await this.parts.ledger.openBooks();
    if (!books) throw new RuleBroken('no-books', NO_BOOKS);
    if (books.currency !== currency) throw new Invalid({ currency: 'The school accepts only its own currency' });
  }

  private async demandPayment(id: string) {
    const payment = await this.parts.store.findForChange(id);
    if (!payment) throw new Missing('payment');
    return payment;
  }

  private digestOf(
    {
      method,
      amountMinor,
      currency,
      receivedOn,
      accountId,
      references,
      instructions,
      payerName,
      memo,
      provisional,
      basis,
    }: NewPayment,
    shares: readonly PayerShare[],
  ): string {
    return this.parts.papers.digest(
      JSON.stringify([
        method,
        amountMinor,
        currency,
        receivedOn,
        accountId ?? null,
        references,
        basis ?? shares,
        instructions ?? [],
        payerName ?? '',
        memo ?? '',
        provisional ?? false,
      ]),
    );
  }
}

/** Children whose admission numbers a refusal tells too. */
const MOST_NAMED = 3;

/** The number is on a payment already: who asks wants to know which. */
export class ReferenceKnown extends Conflict {
  readonly paymentId: string;
  readonly receiptNumbers: readonly string[];

  constructor({ id, state, receipts }: Pick<KnownPayment, 'id' | 'state' | 'receipts'>, whose: string) {
    const numbers = receipts.map((one) => one.number);
    const slip =
      state === 'rejected'
        ? `This number was shown before and rejected: ${whose}.`
        : `This number is already on a slip waiting to be verified: ${whose}.`;
    super(
      numbers.length > 0 ? `This number is already on receipt ${numbersInBrief(numbers)}: ${whose}.` : slip,
      'reference_known',
    );
    this.paymentId = id;
    this.receiptNumbers = numbers;
  }
}

function again({ id, digest, state, receipts }: KnownPayment, asked: string): Received {
  if (digest !== asked) throw new Conflict('This key was used for another payment.', 'key_reused');
  return { paymentId: id, state, receipts, again: true };
}

function memoOf({ method, payerName, memo }: PaymentRecord, settlements: readonly Settlement[]): string {
  const names = settlements.map(({ holder }) => `${registerName(holder)} ${holder.admissionNo}`).join(', ');
  return [`${METHOD_WORDS[method]}: ${names}`, payerName && `from ${payerName}`, memo].filter(Boolean).join(' · ').slice(0, 200);
}

const METHOD_WORDS: Record<PaymentRecord['method'], string> = {
  cash: 'Cash',
  cheque: 'Cheque',
  bank: 'Bank',
  mobile: 'Mobile money',
  card: 'Card',
  kind: 'In kind',
  opening: 'Credit brought forward',
};

function brief({ id, studentId, amountMinor, balanceAfterMinor }: NewReceipt) {
  return { id, studentId, amountMinor, balanceAfterMinor };
}

function auditOf(
  { method, state, amountMinor, receivedOn, payerName, accountId }: PaymentRecord,
  shares: readonly PayerShare[],
): object {
  return {
    method,
    state,
    amountMinor,
    receivedOn,
    payerName,
    ...(method === 'bank' && { accountId }),
    receipts: shares.map(({ studentId, amountMinor: part }) => ({ studentId, amountMinor: part })),
  };
}
