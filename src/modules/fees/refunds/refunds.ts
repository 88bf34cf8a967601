import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { Conflict, NotFound, Stale } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import { registerName } from '../../../kernel/people/names.js';
import type { Page } from '../../../kernel/page.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { ApprovalKind, ApprovalRequest, ApprovalsApi } from '../../approvals/index.js';
import type { LedgerApi } from '../../finance/index.js';
import type { SchoolApi } from '../../school/index.js';
import type { AccountHolder, StudentsApi } from '../../students/index.js';
import { demandAhead, partsOf, type ReceiptCredit, type RefundMethod, type RefundState } from './refund.rules.js';
import type { HoldStore, RefundFilter, RefundLine, RefundRecord, RefundStore } from '../ports.js';
import type { Allocations } from '../allocations/allocate.js';
import type { Named } from '../receiving/payments.js';

export const REFUNDS = 'fees.refund';
export const DECIDES_REFUNDS = 'fees.refund.approve';
export const ABOUT_REFUND = 'fee-refund';

export interface RefundParts {
  unit: Unit;
  audit: AuditTrail;
  store: RefundStore;
  hold: Pick<HoldStore, 'students'>;
  allocations: Pick<Allocations, 'settleCredit'>;
  ledger: Pick<LedgerApi, 'openBooks' | 'balance'>;
  approvals: Pick<ApprovalsApi, 'ask' | 'openFor'>;
  students: Pick<StudentsApi, 'holders' | 'search'>;
  school: Pick<SchoolApi, 'today'>;
}

export interface AskedRefund {
  studentId: string;
  /** Receipts whose credit is paid out. */
  receiptIds: readonly string[];
  /** Minor units, at most the credit of these receipts. */
  amountMinor: number;
  method: RefundMethod;
  payeeName: string;
  payeeAccount: string;
  reason: string;
}

/**
 * Credit that goes back to who paid it. From the asking on it is set apart, so that no bill and no other refund uses it; a
 * second person decides; a bill that comes in before the money leaves stops it, until it is refused and its credit settles that bill.
 */
export class Refunds {
  constructor(private readonly parts: RefundParts) {}

  async list(
    actor: Actor,
    filter: Omit<RefundFilter, 'textStudentIds'>,
    cursor: string | null,
    limit: number,
  ): Promise<Page<Named<RefundLine>>> {
    demand(actor, 'fees.payments.read');
    const textStudentIds = filter.text ? (await this.parts.students.search(actor, filter.text, 20)).map((one) => one.id) : [];
    const page = await this.parts.store.list({ ...filter, textStudentIds }, cursor, limit);
    const names = await this.names(page.rows.map((row) => row.studentId));
    return { ...page, rows: page.rows.map((row) => ({ ...row, names })) };
  }

  async find(actor: Actor, id: string): Promise<Named<RefundLine>> {
    demand(actor, 'fees.payments.read');
    const refund = await this.parts.store.find(id);
    if (!refund) throw new Missing('refund');
    return { ...refund, names: await this.names([refund.studentId]) };
  }

  /** The child, and its receipts with credit that nothing uses, the newest first. */
  async creditsOf(actor: Actor, studentId: string): Promise<{ holder: AccountHolder; credits: ReceiptCredit[] }> {
    demand(actor, REFUNDS);
    return { holder: await this.holder(studentId), credits: await this.parts.store.creditsOf([studentId]) };
  }

  /** Receipts of one payment with credit that nothing uses. */
  async creditsOfPayment(actor: Actor, paymentId: string, studentIds: readonly string[]): Promise<ReceiptCredit[]> {
    demand(actor, REFUNDS);
    return (await this.parts.store.creditsOf(studentIds)).filter((one) => one.paymentId === paymentId);
  }

  /** What stands of refunds on a payment's receipts. */
  ofPayment(paymentId: string): ReturnType<RefundStore['liveOn']> {
    return this.parts.store.liveOn(paymentId);
  }

  /** For the paper that is signed; `copy` once it was printed before. */
  async print(actor: Actor, id: string): Promise<Named<RefundLine> & { copy: boolean }> {
    const refund = await this.find(actor, id);
    if (refund.number === null) throw new NotFound('There is no voucher until the refund is paid.');
    return { ...refund, copy: (await this.parts.store.countPrint(id)) > 1 };
  }

  /** The request that somebody else decides, while it is open. */
  async waiting(id: string): Promise<ApprovalRequest | null> {
    return (await this.parts.approvals.openFor({ kind: ABOUT_REFUND, id }))[0] ?? null;
  }

  /** @throws Invalid or RuleBroken when there is not so much credit */
  ask(actor: Actor, asked: AskedRefund): Promise<string> {
    demand(actor, REFUNDS);
    const { unit, store, hold, audit, approvals, school } = this.parts;
    return unit(async () => {
      const holder = await this.holder(asked.studentId);
      await hold.students([asked.studentId]);
      const chosen = new Set(asked.receiptIds);
      const credits = (await store.creditsOf([asked.studentId])).filter((one) => chosen.has(one.receiptId));
      if (credits.length < chosen.size) throw new Conflict('A bill, refund or reversal has used credit on these receipts since.');
      const parts = partsOf(asked.amountMinor, credits);
      const { payer } = credits[0]!;
      await this.demandAhead(asked.amountMinor, payer, 0);
      const { amountMinor, method, payeeName, payeeAccount, reason, studentId } = asked;
      const refund: Omit<RefundRecord, 'createdAt'> = {
        id: newId(),
        number: null,
        studentId,
        payer,
        classId: holder.classId,
        amountMinor,
        method,
        payeeName,
        payeeAccount,
        reason,
        state: 'asked',
        askedOn: await school.today(),
        byUserId: actor.userId,
        byName: actor.name,
        decidedByName: null,
        reference: '',
        paidOn: null,
        paidByUserId: null,
        paidByName: null,
        tillSessionId: null,
        entryId: null,
        accountId: null,
        endedOn: null,
        endedWhy: '',
      };
      await store.insert(refund, parts);
      const student = `${registerName(holder)} ${holder.admissionNo}`;
      await audit.record(actor, {
        action: 'fees.refund.ask',
        entity: ABOUT_REFUND,
        entityId: refund.id,
        label: student,
        reason,
        after: { amountMinor, method, payeeName, payeeAccount, parts },
      });
      await approvals.ask(actor, {
        kind: 'fees.refund',
        subject: { kind: ABOUT_REFUND, id: refund.id },
        amountMinor,
        reason,
        summary: `Credit of ${student} is refunded to ${payeeName}.`,
        payload: {
          student,
          payeeName,
          payeeAccount,
          method,
          ...fromWhom(
            credits,
            parts.map((part) => part.receiptId),
          ),
        },
      });
      return refund.id;
    });
  }

  readonly kind: ApprovalKind = {
    key: 'fees.refund',
    label: 'Refunds',
    askWith: REFUNDS,
    decideWith: DECIDES_REFUNDS,
    approve: (actor, { subject }) => this.approve(actor, subject.id),
    refuse: (actor, { subject, askedBy }) =>
      this.end(actor, subject.id, 'asked', actor.userId === askedBy.userId ? 'withdrawn' : 'refused', ''),
    describe: ({ payload }, t) => ({
      title: t('Refund to {{payee}} for {{student}}', { payee: String(payload.payeeName), student: String(payload.student) }),
      lines: [
        t(
          String(payload.numbers).includes(', ')
            ? 'Receipts {{numbers}}, paid by {{payers}}'
            : 'Receipt {{numbers}}, paid by {{payers}}',
          { numbers: String(payload.numbers), payers: String(payload.payers) || t('no payee named') },
        ),
        ...(payload.payeeAccount ? [t('To {{account}}', { account: String(payload.payeeAccount) })] : []),
        ...(payload.byCheque ? [t('It was paid by cheque. Has the cheque cleared?')] : []),
      ],
    }),
    href: ({ subject }) => `/fees/refunds/${subject.id}`,
  };

  /** Whoever was to get it did not come, or a bill came first. */
  cancel(actor: Actor, id: string, reason: string): Promise<void> {
    demand(actor, REFUNDS);
    return this.end(actor, id, 'approved', 'cancelled', reason);
  }

  /** @param of what of it is set apart already */
  async demandAhead(amountMinor: number, payer: RefundRecord['payer'], of: number): Promise<void> {
    const { store, ledger } = this.parts;
    demandAhead(amountMinor, { balanceMinor: await ledger.balance(payer), setApartMinor: (await store.setApart(payer.id)) - of });
  }

  /** Held in one order by all: the student, then the refund. @throws Conflict when it is no longer in that state */
  async held(id: string, state: RefundState): Promise<RefundRecord> {
    const { store, hold } = this.parts;
    const shown = await store.find(id);
    if (!shown) throw new Missing('refund');
    await hold.students([shown.studentId]);
    const refund = (await store.findForChange(id))!;
    if (refund.state !== state || refund.studentId !== shown.studentId) throw new Stale();
    return refund;
  }

  private async approve(actor: Actor, id: string): Promise<void> {
    const { store, audit } = this.parts;
    const refund = await this.held(id, 'asked');
    await this.demandAhead(refund.amountMinor, refund.payer, refund.amountMinor);
    await store.step(id, { state: 'approved', decidedByName: actor.name });
    await audit.record(actor, {
      action: 'fees.refund.approve',
      entity: ABOUT_REFUND,
      entityId: id,
      before: { state: 'asked' },
      after: { state: 'approved' },
    });
  }

  /** Its credit is free again, and settles what came in meanwhile. */
  private end(
    actor: Actor,
    id: string,
    from: RefundState,
    state: 'refused' | 'withdrawn' | 'cancelled',
    why: string,
  ): Promise<void> {
    const { unit, store, audit, allocations, school } = this.parts;
    return unit(async () => {
      const { studentId } = await this.held(id, from);
      await store.freeParts(id, state);
      await store.step(id, {
        state,
        endedOn: await school.today(),
        endedWhy: why,
        ...(state === 'refused' && { decidedByName: actor.name }),
      });
      await audit.record(actor, {
        action: `fees.refund.${ENDS[state]}`,
        entity: ABOUT_REFUND,
        entityId: id,
        before: { state: from },
        after: { state },
        ...(why && { reason: why }),
      });
      await allocations.settleCredit([studentId]);
    });
  }

  private async holder(studentId: string): Promise<AccountHolder> {
    const [holder] = await this.parts.students.holders([studentId]);
    if (!holder) throw new Missing('student');
    return holder;
  }

  private async names(ids: readonly string[]): Promise<ReadonlyMap<string, AccountHolder>> {
    return new Map((await this.parts.students.holders([...new Set(ids)])).map((one) => [one.id, one]));
  }
}

const ENDS = { refused: 'refuse', withdrawn: 'withdraw', cancelled: 'cancel' } as const;

/** What helps to decide: whose money it was, and whether it is there for certain. */
function fromWhom(credits: readonly ReceiptCredit[], receiptIds: readonly string[]) {
  const used = credits.filter((one) => receiptIds.includes(one.receiptId));
  return {
    numbers: used.map((one) => one.number).join(', '),
    payers: [...new Set(used.map((one) => one.payerName).filter(Boolean))].join(', '),
    byCheque: used.some((one) => one.method === 'cheque'),
  };
}
