import { AUDIT, PUBLISH, UNIT, only, type Given } from '../../../kernel/shapes/tokens.js';
import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import { Conflict, Invalid, RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import { registerName } from '../../../kernel/people/names.js';
import { APPROVALS, type ApprovalKind, type ApprovalRequest } from '../../approvals/index.js';
import { LEDGER, type LineDraft } from '../../finance/index.js';
import { SCHOOL } from '../../school/index.js';
import { STUDENTS, type AccountHolder } from '../../students/index.js';
import { allocate } from '../allocations/allocation.rules.js';
import type { Payer } from '../documents/document.rules.js';
import { needsNoSecond, settledLines, type SettledLine } from '../receiving/payment.rules.js';
import { PaymentReceived } from '../index.js';
import {
  TILL_STORE,
  RECEIVING_SETTINGS,
  PAYMENT_STORE,
  MOVE_STORE,
  type BookedReceipt,
  type NewReceipt,
  type PaymentRecord,
} from '../ports.js';
import { Allocations } from '../allocations/allocate.js';
import { REVERSE } from './reversals.js';
import { PAPER_CODES } from '../receiving/ports.js';

const MOVE = 'fees.move';
const ABOUT = 'fee-receipt';

/**
 * Money that was received for the wrong child. The payment stays as it is, with its references and its day; the wrong receipt
 * is mirrored and another stands in for it, by one entry between the two children's accounts.
 */
export class Moving {
  static readonly needs = {
    unit: UNIT,
    audit: AUDIT,
    publish: PUBLISH,
    store: PAYMENT_STORE,
    moves: MOVE_STORE,
    tills: only(TILL_STORE, 'holdOpen'),
    settings: RECEIVING_SETTINGS,
    allocations: only(Allocations, 'settleCredit'),
    ledger: only(LEDGER, 'account', 'post', 'balance'),
    approvals: only(APPROVALS, 'ask', 'openAmong'),
    students: only(STUDENTS, 'holders', 'search', 'siblingsOf'),
    school: only(SCHOOL, 'today'),
    papers: PAPER_CODES,
  };

  constructor(private readonly parts: Given<typeof Moving.needs>) {}

  async find(
    actor: Actor,
    receiptId: string,
  ): Promise<{ receipt: BookedReceipt; holder: AccountHolder; siblings: readonly AccountHolder[] }> {
    demand(actor, REVERSE);
    const receipt = await this.receipt(receiptId);
    const [holder, siblings] = [await this.holder(receipt.studentId), await this.parts.students.siblingsOf([receipt.studentId])];
    return { receipt, holder, siblings: siblings.get(receipt.studentId) ?? [] };
  }

  /** Who may be meant by a name or a number. */
  async search(actor: Actor, text: string): Promise<AccountHolder[]> {
    demand(actor, REVERSE);
    return this.parts.students.search(actor, text, 8);
  }

  async chosen(actor: Actor, studentId: string): Promise<AccountHolder> {
    demand(actor, REVERSE);
    return this.holder(studentId);
  }

  async waiting(receiptIds: readonly string[]): Promise<ApprovalRequest[]> {
    return [...(await this.parts.approvals.openAmong(ABOUT, receiptIds))];
  }

  /** At once where one person may, else as a request that another decides. @throws Conflict when it was moved or taken back already */
  move(actor: Actor, receiptId: string, toStudentId: string, reason: string): Promise<'done' | 'asked'> {
    demand(actor, REVERSE);
    const { unit, store, tills, settings, approvals, school } = this.parts;
    return unit(async () => {
      const receipt = demandIssued(await this.receipt(receiptId));
      const [from, to] = [await this.holder(receipt.studentId), await this.holder(toStudentId)];
      if (to.id === from.id) throw new Invalid({ to: 'The receipt is already for this student' });
      const payment = (await store.findForChange(receipt.paymentId))!;
      const tillOpen = payment.tillSessionId === null ? null : await tills.holdOpen(payment.tillSessionId);
      const { reversalLimitMinor: limitMinor } = await settings.read();
      const alone = needsNoSecond(
        { ...payment, amountMinor: receipt.amountMinor, tillOpen },
        { userId: actor.userId, today: await school.today(), limitMinor },
      );
      if (alone) {
        await this.carryOut(actor, receiptId, toStudentId, reason);
        return 'done';
      }
      const names = { number: receipt.number, from: spoken(from), to: spoken(to) };
      await approvals.ask(actor, {
        kind: MOVE,
        subject: { kind: ABOUT, id: receiptId },
        amountMinor: receipt.amountMinor,
        reason,
        payload: { ...names, toStudentId },
        summary: `Receipt ${names.number} of ${names.from} is void; ${names.to} gets one in its place.`,
      });
      return 'asked';
    });
  }

  readonly kind: ApprovalKind = {
    key: MOVE,
    label: 'Moving a receipt to another student',
    askWith: REVERSE,
    decideWith: 'fees.reverse.approve',
    approve: async (actor, { subject, reason, payload }) =>
      void (await this.carryOut(actor, subject.id, String(payload.toStudentId), reason)),
    describe: ({ payload }, t) => ({
      title: t('Move receipt {{number}} to {{to}}', { number: String(payload.number), to: String(payload.to) }),
      lines: [t('It was issued to {{from}}', { from: String(payload.from) })],
    }),
    href: ({ subject }) => `/fees/receipts/${subject.id}/move`,
  };

  /** @returns the number of the receipt that stands in */
  private carryOut(actor: Actor, receiptId: string, toStudentId: string, reason: string): Promise<string> {
    const { unit, store, moves, audit, publish, allocations, settings } = this.parts;
    return unit(async () => {
      const payment = (await store.findForChange((await this.receipt(receiptId)).paymentId))!;
      const { studentId } = await this.receipt(receiptId);
      await store.hold(null, [], [studentId, toStudentId]);
      const wrong = demandIssued(await this.receipt(receiptId));
      if (payment.state !== 'posted') throw new Conflict('This payment has been reversed since.');
      if (wrong.refundedMinor > 0)
        throw new RuleBroken(
          'refunded',
          'Credit on this receipt is being refunded. The refund must be refused, cancelled or reversed first.',
        );
      const to = await this.holder(toStudentId);
      const payer: Payer = wrong.payer.kind === 'student' ? { kind: 'student', id: to.id } : wrong.payer;
      await moves.takeBack(receiptId, reason);
      const items = (await store.openItems([to.id])).filter((item) => item.payerId === payer.id);
      const { allocations: settled, restMinor } = allocate(wrong.amountMinor, items, [], (await settings.read()).allocationOrder);
      const id = newId();
      const entryId = await this.post(actor, id, payment, wrong, { to, payer, lines: settledLines(settled, restMinor, items) });
      await allocations.settleCredit([wrong.studentId]);
      const receipt: NewReceipt = {
        id,
        code: this.parts.papers.newCode(),
        studentId: to.id,
        payer,
        amountMinor: wrong.amountMinor,
        balanceAfterMinor: await this.parts.ledger.balance(payer),
        classId: to.classId,
        allocations: settled,
        moved: { replacesId: wrong.id, entryId },
      };
      await audit.record(actor, {
        action: 'fees.receipt.move',
        entity: 'fee-payment',
        entityId: payment.id,
        label: wrong.number,
        before: { studentId: wrong.studentId },
        after: { studentId: to.id, amountMinor: wrong.amountMinor },
        reason,
      });
      await publish(
        PaymentReceived({
          paymentId: payment.id,
          receipts: [{ id, studentId: to.id, amountMinor: receipt.amountMinor, balanceAfterMinor: receipt.balanceAfterMinor }],
        }),
      );
      return store.addReceipt(payment.id, receipt);
    });
  }

  /** The money itself stays where it is: the entry mirrors the one receipt and books the other, with the value date of the payment. */
  private async post(
    actor: Actor,
    key: string,
    payment: PaymentRecord,
    wrong: BookedReceipt,
    right: { to: AccountHolder; payer: Payer; lines: readonly SettledLine[] },
  ): Promise<string> {
    const { id: accountId } = await this.parts.ledger.account('receivable');
    const rest = wrong.amountMinor - wrong.lines.reduce((sum, line) => sum + line.amountMinor, 0);
    const credit: SettledLine[] = rest > 0 ? [{ headId: null, termId: null, amountMinor: rest }] : [];
    const side = (
      sign: 1 | -1,
      lines: readonly SettledLine[],
      about: Pick<LineDraft, 'studentId' | 'classId' | 'party'>,
    ): LineDraft[] =>
      lines.map(({ headId, termId, amountMinor }) => ({
        ...about,
        accountId,
        amountMinor: sign * amountMinor,
        voteHeadId: headId,
        termId,
      }));
    const lines = [
      ...side(1, [...wrong.lines, ...credit], { party: wrong.payer, studentId: wrong.studentId, classId: wrong.classId }),
      ...side(-1, right.lines, { party: right.payer, studentId: right.to.id, classId: right.to.classId }),
    ];
    const memo = `Receipt ${wrong.number} moved to ${spoken(right.to)}`.slice(0, 200);
    return (
      await this.parts.ledger.post(actor, {
        source: { kind: 'fees-move', key },
        valueOn: payment.receivedOn,
        memo,
        by: 'rail',
        lines,
      })
    ).entryId;
  }

  private async receipt(id: string): Promise<BookedReceipt> {
    const receipt = await this.parts.moves.find(id);
    if (!receipt) throw new Missing('receipt');
    return receipt;
  }

  private async holder(id: string): Promise<AccountHolder> {
    const [holder] = await this.parts.students.holders([id]);
    if (!holder) throw new Missing('student');
    return holder;
  }
}

function demandIssued(receipt: BookedReceipt): BookedReceipt {
  if (receipt.state !== 'issued') throw new Conflict('This receipt has already been moved or reversed.');
  return receipt;
}

function spoken(holder: AccountHolder): string {
  return `${registerName(holder)} ${holder.admissionNo}`;
}
