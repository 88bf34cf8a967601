import { command } from '../../../kernel/shapes/command.js';
import { AUDIT, PUBLISH, UNIT, only, type Given } from '../../../kernel/shapes/tokens.js';
import { formatDay } from '../../../kernel/day-words.js';
import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import { Conflict, RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import { APPROVALS, type ApprovalKind, type ApprovalRequest } from '../../approvals/index.js';
import { LEDGER } from '../../finance/index.js';
import { SCHOOL } from '../../school/index.js';
import { STUDENTS } from '../../students/index.js';
import { numbersInBrief } from '../documents/brief.rules.js';
import { needsNoSecond } from '../receiving/payment.rules.js';
import { liesInTill } from '../tills/till.rules.js';
import { PaymentTakenBack, type NetworkReversal, type TakingBackApi } from '../index.js';
import {
  TILL_STORE,
  REFUND_STORE,
  RECEIVING_SETTINGS,
  PAYMENT_STORE,
  PAYMENT_LIST,
  MOVE_STORE,
  type PaymentRecord,
} from '../ports.js';
import { Allocations } from '../allocations/allocate.js';
import { Cheques } from '../banking/cheques.js';
import { Codes } from '../receiving/codes.js';

export const REVERSE = 'fees.reverse';
const REVERSAL = 'fees.reversal';
const ABOUT = 'fee-payment';

/** A receipt that was wrong, or a cheque that bounced: its entry is mirrored today, what it settled is open again, and the numbers stay. */
export class TakingBack implements TakingBackApi {
  static readonly needs = {
    unit: UNIT,
    audit: AUDIT,
    publish: PUBLISH,
    store: PAYMENT_STORE,
    list: PAYMENT_LIST,
    moves: only(MOVE_STORE, 'entriesOf'),
    refunds: only(REFUND_STORE, 'liveOn'),
    tills: only(TILL_STORE, 'holdOpen', 'holdOpenOf', 'insertMovement'),
    cheques: only(Cheques, 'leaveBank'),
    codes: only(Codes, 'hold', 'takeUp'),
    allocations: only(Allocations, 'settleCredit'),
    settings: RECEIVING_SETTINGS,
    ledger: only(LEDGER, 'reverseAll'),
    approvals: APPROVALS,
    school: only(SCHOOL, 'today'),
    students: only(STUDENTS, 'holders'),
  };

  constructor(private readonly parts: Given<typeof TakingBack.needs>) {}

  /** At once where one person may, else as a request that another decides. @param reversal where the network took the money itself. @throws Conflict when it was taken back already */
  reverse(actor: Actor, paymentId: string, reason: string, reversal: NetworkReversal | null = null): Promise<'done' | 'asked'> {
    demand(actor, REVERSE);
    const { unit, store, settings, approvals, school } = this.parts;
    return unit(async () => {
      const payment = await this.demandPosted(paymentId);
      const { reversalLimitMinor } = await settings.read();
      // Money that is said to be gone may have gone elsewhere: nobody says so alone, however small it is.
      if (
        !reversal &&
        needsNoSecond(payment, { userId: actor.userId, today: await school.today(), limitMinor: reversalLimitMinor })
      ) {
        await this.carryOut(actor, paymentId, 'reversed', reason);
        return 'done';
      }
      const numbers = numbersInBrief((await store.known(paymentId))!.receipts.map((one) => one.number));
      await approvals.ask(actor, {
        kind: REVERSAL,
        subject: { kind: ABOUT, id: paymentId },
        amountMinor: payment.amountMinor,
        reason,
        payload: {
          numbers,
          ...(await this.facts(payment, (await store.known(paymentId))!.studentIds)),
          ...(reversal ? { reversal } : {}),
        },
        summary: `Receipt ${numbers} becomes void, and what it settled is owed again.`,
      });
      return 'asked';
    });
  }

  /** The bank gave it back: nobody decides about that. */
  bounce(actor: Actor, paymentId: string, reason: string): Promise<void> {
    demand(actor, REVERSE);
    return this.parts.unit(async () => {
      const payment = await this.demandPosted(paymentId);
      if (payment.method !== 'cheque')
        throw new RuleBroken('no-cheque', 'Only a cheque can bounce. Reverse the receipt instead.');
      await this.carryOut(actor, paymentId, 'bounced', reason);
      await this.parts.approvals.voidFor(actor, REVERSAL, { kind: ABOUT, id: paymentId }, 'The cheque has bounced since.');
    });
  }

  /** Credit of the old books, whose list is taken back: no money was handled, so nobody else decides. The caller has asked for the permission. */
  takeBackOpening(actor: Actor, paymentId: string, reason: string): Promise<void> {
    return this.parts.unit(async () => {
      const payment = await this.demandPosted(paymentId);
      if (payment.method !== 'opening')
        throw new RuleBroken('no-opening', 'This is not an opening balance. Reverse the receipt instead.');
      await this.carryOut(actor, paymentId, 'reversed', reason);
    });
  }

  async waiting(paymentId: string): Promise<ApprovalRequest | null> {
    return (await this.parts.approvals.openFor({ kind: ABOUT, id: paymentId }))[0] ?? null;
  }

  /** What whoever decides has to see: whose money it was, from which day, under which number. */
  private async facts(
    { receivedOn, references }: Awaited<ReturnType<TakingBack['demandPosted']>>,
    studentIds: readonly string[],
  ): Promise<Record<string, string>> {
    const holders = await this.parts.students.holders(studentIds);
    return {
      students: holders.map((one) => one.admissionNo).join(', '),
      receivedOn,
      references: references.map((one) => [one.issuer, one.value].filter(Boolean).join(' ')).join(', '),
    };
  }

  readonly kind: ApprovalKind = {
    key: REVERSAL,
    label: 'Reversing a receipt',
    askWith: REVERSE,
    decideWith: 'fees.reverse.approve',
    approve: (actor, { subject, reason, payload }) =>
      this.carryOut(actor, subject.id, 'reversed', reason, (payload.reversal as NetworkReversal | undefined) ?? null),
    describe: ({ payload }, t) => ({
      title: t('Reverse receipt {{numbers}}', { numbers: String(payload.numbers ?? '') }),
      lines: payload.receivedOn
        ? [
            t('{{students}}, received on {{day}}', {
              students: String(payload.students),
              day: formatDay(String(payload.receivedOn)),
            }),
            ...(payload.references ? [t('Payment number: {{references}}', { references: String(payload.references) })] : []),
            ...(payload.reversal
              ? [
                  t('M-Pesa reversed it as {{code}} on {{day}}', {
                    code: (payload.reversal as NetworkReversal).code,
                    day: formatDay((payload.reversal as NetworkReversal).on),
                  }),
                ]
              : []),
          ]
        : [],
    }),
    href: ({ subject }) => `/fees/payments/${subject.id}`,
  };

  private carryOut(
    actor: Actor,
    paymentId: string,
    state: 'reversed' | 'bounced',
    reason: string,
    reversal: NetworkReversal | null = null,
  ): Promise<void> {
    const { unit, store, list, moves, allocations, ledger, audit, publish, school, codes } = this.parts;
    return unit(async () => {
      const payment = await this.demandPosted(paymentId);
      const { receipts, studentIds } = (await store.known(paymentId))!;
      // Before the students: whoever takes money holds its number and the till first too.
      await codes.hold(payment.references);
      if (liesInTill(payment.method) && !payment.tillOpen) await this.giveOut(actor, payment);
      await store.hold(null, [], studentIds);
      await this.demandNotRefunded(paymentId, state);
      if (payment.method === 'cheque') await this.parts.cheques.leaveBank(actor, payment, reason);
      await ledger.reverseAll(actor, [payment.entryId!, ...(await moves.entriesOf(paymentId))], reason);
      await list.takeBack(paymentId, { state, on: await school.today(), why: reason });
      if (state === 'reversed') await codes.takeUp(actor, payment, reason, reversal);
      // What is open again is settled by what else the family has paid.
      await allocations.settleCredit(studentIds);
      await audit.record(actor, {
        action: `fees.payment.${state === 'bounced' ? 'bounce' : 'reverse'}`,
        entity: ABOUT,
        entityId: paymentId,
        label: numbersInBrief(receipts.map((one) => one.number)),
        before: { state: payment.state },
        after: { state },
        reason,
      });
      await publish(PaymentTakenBack({ paymentId, receiptIds: receipts.map((one) => one.id), bounced: state === 'bounced' }));
    });
  }

  /** Money that was paid back is not taken back too; only a bank may find that there never was any: then the family owes it. */
  private async demandNotRefunded(paymentId: string, state: 'reversed' | 'bounced'): Promise<void> {
    const refunds = await this.parts.refunds.liveOn(paymentId);
    if (refunds.some((one) => one.state !== 'paid'))
      throw new RuleBroken(
        'refund-waits',
        'A refund of this receipt’s credit has been requested. It must be refused, withdrawn or cancelled first.',
      );
    if (refunds.length > 0 && state === 'reversed')
      throw new RuleBroken('refunded', 'Credit on this receipt was refunded. The refund must be reversed first.');
  }

  private async demandPosted(id: string) {
    const payment = await this.parts.store.findForChange(id);
    if (!payment) throw new Missing('payment');
    if (payment.state !== 'posted') throw new Conflict('This payment has already been reversed, or was never booked.');
    return {
      ...payment,
      tillOpen: payment.tillSessionId === null ? null : await this.parts.tills.holdOpen(payment.tillSessionId),
    };
  }

  /** Cash of a session that was counted leaves the till that its cashier has open now; with none it leaves the safe. */
  private async giveOut(actor: Actor, { id, byUserId, amountMinor }: PaymentRecord): Promise<void> {
    const sessionId = byUserId === null ? null : await this.parts.tills.holdOpenOf(byUserId);
    if (sessionId)
      await this.parts.tills.insertMovement({
        id: newId(),
        sessionId,
        kind: 'returned',
        amountMinor,
        note: '',
        entryId: null,
        paymentId: id,
        byName: actor.name,
      });
  }
}

export interface Reversal {
  paymentId: string;
  reason: string;
}

const REVERSAL_ACT = { can: REVERSE, on: ABOUT, silent: true } as const;

/** At once, or as a request that another decides: the approval then carries out the same operation. */
export const reverseReceipt = command(
  { key: 'fees.payment.reverse', act: 'Reversed a receipt', ...REVERSAL_ACT },
  TakingBack,
  (back, { actor }, { paymentId, reason }: Reversal) => back.reverse(actor, paymentId, reason),
);

export const recordBounce = command(
  { key: 'fees.payment.bounce', act: 'Recorded a bounced cheque', ...REVERSAL_ACT },
  TakingBack,
  (back, { actor }, { paymentId, reason }: Reversal) => back.bounce(actor, paymentId, reason),
);

export const REVERSAL_COMMANDS = [reverseReceipt, recordBounce];
