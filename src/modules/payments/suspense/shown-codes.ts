import { can, type Actor } from '../../../kernel/actor.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import type { Clock } from '../../../kernel/clock.js';
import { Conflict, Invalid } from '../../../kernel/errors.js';
import { formatMoney } from '../../../kernel/money.js';
import { plainReference } from '../../../kernel/references.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { ApprovalsApi } from '../../approvals/index.js';
import type {
  Heard,
  NetworkReversal,
  NewPayment,
  PayingApi,
  Received,
  Reference,
  TakenBack,
  UnmatchedMoney,
  WaitingMoney,
} from '../../fees/index.js';
import type { LedgerApi } from '../../finance/index.js';
import { CURRENCY } from '../accounts/account.rules.js';
import { isDoubtful } from '../messages/message.rules.js';
import type { AccountStore, MessageStore, SuspenseItem, SuspenseStore } from '../ports.js';
import { intoSuspense, takeUpAgain } from './into-suspense.js';
import { referenceOf, SCHEME } from '../reference.js';
import { GIVEN, REVERSAL } from './reversals.js';
import { releaseSlip } from './slips.js';
import { takenAway } from './taken-away.js';

const SEES = 'payments.read';
const TAKEN_BACK = 'Its receipt was reversed.';

export interface ShownCodeParts {
  unit: Unit;
  audit: AuditTrail;
  store: SuspenseStore;
  messages: Pick<MessageStore, 'hold' | 'bookedAs' | 'moveOutcome' | 'ofTransaction'>;
  clock: Clock;
  accounts: Pick<AccountStore, 'find'>;
  fees: PayingApi;
  ledger: Pick<LedgerApi, 'account' | 'post'>;
  approvals: Pick<ApprovalsApi, 'voidFor'>;
}

/** A code that is shown at the desk takes the money that waits under it out of suspense; when the receipt is taken back, the money goes there. */
export class ShownCodes implements UnmatchedMoney {
  constructor(private readonly parts: ShownCodeParts) {}

  claim(actor: Actor, asked: NewPayment): Promise<Received | null> {
    const transId = codeIn(asked.references);
    if (transId === null) return Promise.resolve(null);
    return this.parts.unit(async () => {
      await this.parts.messages.hold(transId);
      const item = await this.itemOf(transId);
      if (!item) return null;
      if (item.state === 'taken-back') throw new Conflict('M-Pesa reversed this payment, so it can’t be used.');
      if (item.state === 'rejected')
        throw new Conflict('This payment was closed as not a student’s fee. Reopen it under Mobile money first.');
      if (item.state === 'open' && isDoubtful(item))
        throw new Conflict(
          'This code has not been confirmed by M-Pesa yet. Once it is on M-Pesa’s list or statement, the bursar matches it to the student under Mobile money.',
        );
      if (item.amountMinor !== asked.amountMinor && !(await this.isBooked(item)))
        throw new Invalid({ amount: `M-Pesa reported ${formatMoney(item.amountMinor, CURRENCY)} under this code` });
      return this.give(actor, item, asked);
    });
  }

  async heard(reference: Reference): Promise<Heard | null> {
    const transId = codeIn([reference]);
    const item = transId === null ? null : await this.parts.store.ofTransaction(transId);
    if (!item || item.state === 'matched') return null;
    const href = `/payments/suspense/${item.id}`;
    if (item.state === 'taken-back')
      return { sentence: `M-Pesa reversed this payment on ${item.reversedOn}, as ${item.reversalCode}.`, href };
    return {
      sentence: `M-Pesa reported ${formatMoney(item.amountMinor, CURRENCY)} under this code; it is waiting in suspense.`,
      href,
    };
  }

  async waiting(actor: Actor): Promise<WaitingMoney | null> {
    if (!can(actor, SEES)) return null;
    const { count, sumMinor } = await this.parts.store.open();
    return count === 0 ? null : { count, sumMinor, href: '/payments/suspense', can: SEES };
  }

  async hold(reference: Reference): Promise<void> {
    const transId = codeIn([reference]);
    if (transId !== null) await this.parts.messages.hold(transId);
  }

  async isTold(paymentId: string): Promise<boolean> {
    return (await this.parts.messages.bookedAs(paymentId)) !== null || (await this.parts.store.ofPayment(paymentId)) !== null;
  }

  /** The network still says that this money came: its message moves from booked to suspense, unless it came out of there; and out of suspense where the network took it. */
  takeUp(actor: Actor, payment: TakenBack, reason: string, reversal: NetworkReversal | null): Promise<void> {
    const { unit, store } = this.parts;
    return unit(async () => {
      const suspenseId = await this.intoSuspenseAgain(actor, payment, reason);
      if (suspenseId && reversal)
        await takenAway({ ...this.parts, suspense: store }, actor, (await store.hold(suspenseId))!, reversal);
    });
  }

  private async intoSuspenseAgain(
    actor: Actor,
    { id, amountMinor, receivedOn, accountId }: TakenBack,
    reason: string,
  ): Promise<string | null> {
    const { audit, clock, ledger, messages, store } = this.parts;
    const item = await store.ofPayment(id);
    if (item) {
      await takeUpAgain({ audit, suspense: store }, actor, item, reason);
      return item.id;
    }
    const told = await messages.bookedAs(id);
    if (!told?.transId) return null;
    // The network's own list names nobody; a call about the same payment does.
    const named = (await messages.ofTransaction(told.transId)).find((one) => one.payerName !== '') ?? told;
    const money = {
      ...told,
      payerName: named.payerName,
      transId: told.transId,
      amountMinor,
      paidOn: receivedOn,
      ledgerAccountId: accountId,
    };
    const suspenseId = await intoSuspense({ audit, clock, ledger, suspense: store }, actor, money, {
      why: TAKEN_BACK,
      takenBack: { paymentId: id, reason },
    });
    await messages.moveOutcome(told.id, { suspenseId, reason: TAKEN_BACK, byName: actor.name });
    return suspenseId;
  }

  /** The same key again gets the same receipts, and another one hears where the code stands. */
  private async give(actor: Actor, item: SuspenseItem, asked: NewPayment): Promise<Received> {
    const { fees, ledger, store, audit, approvals } = this.parts;
    await releaseSlip(fees, actor, item.transId);
    const received = await fees.receive(actor, {
      ...asked,
      receivedOn: item.paidOn,
      accountId: (await ledger.account('suspense')).id,
      payerName: asked.payerName || item.payerName,
      payerPhone: item.payerPhone || null,
      by: 'rail',
    });
    if (received.again) return received;
    await approvals.voidFor(actor, REVERSAL, { kind: 'payments_suspense', id: item.id }, GIVEN);
    await store.settle(item.id, { state: 'matched', paymentId: received.paymentId, reason: '', byName: actor.name });
    await audit.record(actor, {
      action: 'payments.suspense.claim',
      entity: 'payments_suspense',
      entityId: item.id,
      label: item.transId,
      before: { state: item.state },
      after: { state: 'matched', shares: asked.shares },
    });
    return received;
  }

  private async isBooked({ state, transId }: SuspenseItem): Promise<boolean> {
    return state === 'matched' && (await this.parts.fees.paymentOf(referenceOf(transId)))?.state === 'posted';
  }

  private async itemOf(transId: string): Promise<SuspenseItem | null> {
    const found = await this.parts.store.ofTransaction(transId);
    return found && this.parts.store.hold(found.id);
  }
}

function codeIn(references: readonly Reference[]): string | null {
  const value = references.find((one) => one.scheme === SCHEME)?.value;
  return (value && plainReference(value)) || null;
}
