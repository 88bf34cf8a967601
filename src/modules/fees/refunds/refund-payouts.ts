import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { Invalid } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import { registerName } from '../../../kernel/people/names.js';
import { plainReference } from '../../../kernel/references.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { ApprovalKind, ApprovalsApi } from '../../approvals/index.js';
import type { LedgerApi } from '../../finance/index.js';
import type { SchoolApi } from '../../school/index.js';
import type { StudentsApi } from '../../students/index.js';
import { demandBank } from '../banking/bank.rules.js';
import { needsNoSecond } from '../receiving/payment.rules.js';
import { ACCOUNT_OF_REFUND, demandReference, leavesBank, type RefundMethod } from './refund.rules.js';
import { demandThere } from '../tills/till.rules.js';
import type { ReceivingSettingsStore, RefundRecord, RefundStore, SeriesStore, TillStore } from '../ports.js';
import type { Allocations } from '../allocations/allocate.js';
import { ABOUT_REFUND, DECIDES_REFUNDS, REFUNDS, type Refunds } from './refunds.js';
import { expectedOf } from '../tills/tills.js';

const TAKE_BACK = 'fees.refund-reversal';

export interface PayoutParts {
  unit: Unit;
  audit: AuditTrail;
  refunds: Refunds;
  store: RefundStore;
  series: SeriesStore;
  tills: Pick<TillStore, 'lockOpenOf' | 'holdOpenOf' | 'holdOpen' | 'find' | 'insertMovement'>;
  settings: Pick<ReceivingSettingsStore, 'read'>;
  allocations: Pick<Allocations, 'settleCredit'>;
  ledger: Pick<LedgerApi, 'account' | 'banks' | 'post' | 'reverse'>;
  approvals: Pick<ApprovalsApi, 'ask'>;
  students: Pick<StudentsApi, 'holders'>;
  school: Pick<SchoolApi, 'today'>;
}

/** The money of a refund leaves, with one entry in the journal; and comes back with its mirror, where it was paid wrongly. */
export class RefundPayouts {
  constructor(private readonly parts: PayoutParts) {}

  /**
   * Cash leaves the till that whoever pays has open; with none it leaves the safe. What goes by a bank leaves the one that was chosen, else the usual one. @returns the number of the voucher
   * @throws RuleBroken when it isn't in the till, or a bill came in since it was decided
   */
  pay(
    actor: Actor,
    id: string,
    { paidOn, reference, accountId: chosen = null }: { paidOn: string; reference: string; accountId?: string | null },
  ): Promise<string> {
    demand(actor, REFUNDS);
    const { unit, refunds, store, series, audit, school } = this.parts;
    return unit(async () => {
      if (paidOn > (await school.today())) throw new Invalid({ paidOn: 'This date is in the future' });
      const code = plainReference(reference);
      const { method, amountMinor } = await this.find(id);
      demandReference(method, code);
      const accountId = await this.leaves(method, chosen);
      // Before the student: whoever takes money holds the till first too.
      const tillSessionId = method === 'cash' ? await this.tillFor(actor, amountMinor) : null;
      const refund = await refunds.held(id, 'approved');
      await refunds.demandAhead(amountMinor, refund.payer, amountMinor);
      const entryId = await this.post(actor, refund, { accountId, paidOn, tillId: tillSessionId });
      if (tillSessionId) await this.move(actor, tillSessionId, 'refunded', refund);
      await audit.record(actor, {
        action: 'fees.refund.pay',
        entity: ABOUT_REFUND,
        entityId: id,
        before: { state: 'approved' },
        after: { state: 'paid', amountMinor, method, reference: code, paidOn, accountId },
      });
      const [number] = await series.take('refund', 1);
      await store.step(id, {
        state: 'paid',
        number: number!,
        reference: code,
        paidOn,
        paidByUserId: actor.userId,
        paidByName: actor.name,
        tillSessionId,
        accountId,
        entryId,
      });
      return number!;
    });
  }

  /** The money came back. At once where one person may, else another decides. */
  takeBack(actor: Actor, id: string, reason: string): Promise<'done' | 'asked'> {
    demand(actor, REFUNDS);
    const { unit, tills, settings, approvals, school } = this.parts;
    return unit(async () => {
      const { number, payeeName, amountMinor, paidByUserId, paidOn, tillSessionId } = await this.find(id);
      const tillOpen = tillSessionId === null ? null : await tills.holdOpen(tillSessionId);
      const { reversalLimitMinor: limitMinor } = await settings.read();
      if (
        paidOn !== null &&
        needsNoSecond(
          { byUserId: paidByUserId, receivedOn: paidOn, amountMinor, tillOpen },
          { userId: actor.userId, today: await school.today(), limitMinor },
        )
      ) {
        await this.carryBack(actor, id, reason);
        return 'done';
      }
      await this.parts.refunds.held(id, 'paid');
      await approvals.ask(actor, {
        kind: TAKE_BACK,
        subject: { kind: ABOUT_REFUND, id },
        amountMinor,
        reason,
        payload: { number, payeeName },
        summary: `Refund ${number!} to ${payeeName} came back and is credit again.`,
      });
      return 'asked';
    });
  }

  readonly kind: ApprovalKind = {
    key: TAKE_BACK,
    label: 'Reversing a refund',
    askWith: REFUNDS,
    decideWith: DECIDES_REFUNDS,
    approve: (actor, { subject, reason }) => this.carryBack(actor, subject.id, reason),
    describe: ({ payload }, t) => ({
      title: t('Reverse refund {{number}} to {{payee}}', { number: String(payload.number), payee: String(payload.payeeName) }),
      lines: [],
    }),
    href: ({ subject }) => `/fees/refunds/${subject.id}`,
  };

  private carryBack(actor: Actor, id: string, reason: string): Promise<void> {
    const { unit, refunds, store, tills, ledger, audit, allocations, school } = this.parts;
    return unit(async () => {
      const { method, paidByUserId } = await this.find(id);
      const sessionId = method === 'cash' && paidByUserId !== null ? await tills.holdOpenOf(paidByUserId) : null;
      const refund = await refunds.held(id, 'paid');
      await ledger.reverse(actor, refund.entryId!, reason);
      await store.freeParts(id, 'reversed');
      await store.step(id, { state: 'reversed', endedOn: await school.today(), endedWhy: reason });
      if (sessionId) await this.move(actor, sessionId, 'refund-back', refund);
      await audit.record(actor, {
        action: 'fees.refund.reverse',
        entity: ABOUT_REFUND,
        entityId: id,
        label: refund.number!,
        before: { state: 'paid' },
        after: { state: 'reversed' },
        reason,
      });
      await allocations.settleCredit([refund.studentId]);
    });
  }

  private async leaves(method: RefundMethod, chosen: string | null): Promise<string> {
    const { ledger } = this.parts;
    if (chosen !== null && leavesBank(method)) return demandBank(chosen, await ledger.banks());
    return (await ledger.account(ACCOUNT_OF_REFUND[method])).id;
  }

  /** Nobody else books into the till meanwhile, so that what lies there is known. */
  private async tillFor(actor: Actor, amountMinor: number): Promise<string | null> {
    const sessionId = actor.userId === null ? null : await this.parts.tills.lockOpenOf(actor.userId);
    if (sessionId) demandThere(amountMinor, expectedOf((await this.parts.tills.find(sessionId))!), '');
    return sessionId;
  }

  private move(
    actor: Actor,
    sessionId: string,
    kind: 'refunded' | 'refund-back',
    { id, amountMinor, payeeName, number }: RefundRecord,
  ): Promise<void> {
    return this.parts.tills.insertMovement({
      id: newId(),
      sessionId,
      kind,
      amountMinor,
      note: [number, payeeName].filter(Boolean).join(' '),
      entryId: null,
      paymentId: null,
      refundId: id,
      byName: actor.name,
    });
  }

  private async post(
    actor: Actor,
    { id, amountMinor, payer, studentId, classId, payeeName }: RefundRecord,
    { accountId, paidOn, tillId }: { accountId: string; paidOn: string; tillId: string | null },
  ): Promise<string> {
    const { ledger, students } = this.parts;
    const receivable = await ledger.account('receivable');
    const [holder] = await students.holders([studentId]);
    const memo = `Refund to ${payeeName}: ${holder ? `${registerName(holder)} ${holder.admissionNo}` : ''}`.slice(0, 200);
    const lines = [
      { accountId: receivable.id, amountMinor, party: payer, studentId, classId },
      { accountId, amountMinor: -amountMinor, studentId, tillId },
    ];
    return (
      await ledger.post(actor, {
        source: { kind: 'fees-refund', key: id },
        valueOn: paidOn,
        dayField: 'paidOn',
        memo,
        by: 'person',
        lines,
      })
    ).entryId;
  }

  private async find(id: string) {
    const refund = await this.parts.store.find(id);
    if (!refund) throw new Missing('refund');
    return refund;
  }
}
