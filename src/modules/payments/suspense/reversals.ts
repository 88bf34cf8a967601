import { formatDay } from '../../../kernel/day-words.js';
import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import { Conflict, Invalid, RuleBroken } from '../../../kernel/errors.js';
import { formatMoney } from '../../../kernel/money.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { ApprovalKind, ApprovalsApi } from '../../approvals/index.js';
import type { NetworkReversal, PayingApi, Pending, TakingBackApi } from '../../fees/index.js';
import type { SchoolApi } from '../../school/index.js';
import { CURRENCY } from '../accounts/account.rules.js';
import { nairobiDay } from '../daraja/daraja.rules.js';
import type { MessageStore, SettledMessage, SuspenseItem, SuspenseStore } from '../ports.js';
import { referenceOf } from '../reference.js';
import { takenAway, type TakenAwayParts } from './taken-away.js';

export const REVERSAL = 'payments.reversal';
export const REVERSAL_APPROVES = 'payments.reversals.approve';
/** Why nobody has to decide any more. */
export const GIVEN = 'The payment has been matched to a student since.';
const ABOUT = 'payments_suspense';

export interface NetworkReversalParts extends Omit<TakenAwayParts, 'suspense'> {
  unit: Unit;
  messages: Pick<MessageStore, 'find' | 'hold' | 'ofTransaction'>;
  suspense: Pick<SuspenseStore, 'find' | 'hold' | 'ofTransaction' | 'ofReversal' | 'takeAway'>;
  fees: Pick<PayingApi, 'paymentOf'>;
  takingBack: TakingBackApi;
  approvals: ApprovalsApi;
  school: Pick<SchoolApi, 'today'>;
}

/** Where the money of a message is: on receipts of a payment, or in suspense. */
export interface Whereabouts {
  message: SettledMessage & { transId: string };
  paidOn: string;
  paymentId: string | null;
  item: SuspenseItem | null;
  /** Somebody has asked, and nobody has decided. */
  waiting: Pending | null;
}

/**
 * The network took money back at its own end. A receipt is taken back as any other, and the money leaves suspense by an
 * entry of its own. Each takes a second person, since money that is said to be gone may have gone elsewhere.
 */
export class NetworkReversals {
  constructor(private readonly parts: NetworkReversalParts) {}

  /** Null where the message brought no money, or its money is gone already. @throws NotFound */
  async whereabouts(actor: Actor, messageId: string): Promise<Whereabouts | null> {
    demand(actor, 'payments.read');
    const { messages, suspense, takingBack } = this.parts;
    const message = await messages.find(messageId);
    if (!message) throw new Missing('message');
    const { transId, paidAt } = message;
    if (transId === null || paidAt === null || (message.outcome !== 'booked' && message.outcome !== 'suspense')) return null;
    const item = await suspense.ofTransaction(transId);
    const paymentId = item ? item.paymentId : message.paymentId;
    const waiting = paymentId ? await takingBack.waiting(paymentId) : await this.waiting(item!.id);
    return { message: { ...message, transId }, paidOn: item?.paidOn ?? nairobiDay(paidAt), paymentId, item, waiting };
  }

  /** Who has asked, of money in suspense; null where nobody has, or it is decided. */
  async waiting(itemId: string): Promise<Pending | null> {
    return (await this.parts.approvals.openFor({ kind: ABOUT, id: itemId }))[0] ?? null;
  }

  /** Asks for it. @throws Invalid at `code` or `on`; Conflict when it is gone, or somebody has asked already */
  say(actor: Actor, messageId: string, reversal: NetworkReversal): Promise<void> {
    demand(actor, 'payments.match');
    const { unit, messages, takingBack, approvals } = this.parts;
    return unit(async () => {
      const transId = (await messages.find(messageId))?.transId;
      if (transId) await messages.hold(transId);
      const where = await this.whereabouts(actor, messageId);
      if (!where) throw new Conflict('There is no money on this message to reverse.');
      await this.demandPossible(where, reversal);
      const reason = `M-Pesa reversed it as ${reversal.code}, ${formatDay(reversal.on)}.`;
      if (where.paymentId) {
        await takingBack.reverse(actor, where.paymentId, reason, reversal);
        return;
      }
      const { id, amountMinor } = where.item!;
      const sum = formatMoney(amountMinor, CURRENCY);
      await approvals.ask(actor, {
        kind: REVERSAL,
        subject: { kind: ABOUT, id },
        amountMinor,
        reason,
        payload: { ...reversal, transId },
        summary: `${sum} of ${transId} leave suspense and the account of the number: M-Pesa took them back.`,
      });
    });
  }

  readonly kind: ApprovalKind = {
    key: REVERSAL,
    label: 'Mobile money reversed by the operator',
    askWith: 'payments.match',
    decideWith: REVERSAL_APPROVES,
    approve: (actor, { subject, payload }) =>
      this.carryOut(actor, subject.id, { code: String(payload.code), on: String(payload.on) }),
    describe: ({ payload }, t) => ({
      title: t('Mobile money reversed by the operator: {{code}}', { code: String(payload.transId) }),
      lines: [t('Compare the code and date of the reversal with the operator’s statement.')],
    }),
    href: ({ subject }) => `/payments/suspense/${subject.id}`,
  };

  private async carryOut(actor: Actor, id: string, reversal: NetworkReversal): Promise<void> {
    const { messages, suspense } = this.parts;
    const found = await suspense.find(id);
    if (found) await messages.hold(found.transId);
    const item = await suspense.hold(id);
    if (item?.state !== 'open' && item?.state !== 'rejected')
      throw new RuleBroken('settled', 'The money is no longer in suspense. Refuse this request.');
    await takenAway(this.parts, actor, item, reversal);
  }

  private async demandPossible({ message: { transId }, paidOn }: Whereabouts, { code, on }: NetworkReversal): Promise<void> {
    const { suspense, fees, messages, school } = this.parts;
    if (on < paidOn) throw new Invalid({ on: 'This is before the money arrived. Choose a later date' });
    if (on > (await school.today())) throw new Invalid({ on: 'This date is in the future' });
    if (code === transId) throw new Invalid({ code: 'This is the payment’s own code; enter the code of the reversal' });
    const known =
      (await suspense.ofReversal(code)) ??
      (await suspense.ofTransaction(code)) ??
      (await fees.paymentOf(referenceOf(code))) ??
      (await messages.ofTransaction(code))[0];
    if (known) throw new Invalid({ code: 'This code already belongs to another message' });
  }
}
