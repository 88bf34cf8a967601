import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { Conflict, Invalid } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Page } from '../../../kernel/page.js';
import { plainReference } from '../../../kernel/references.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { ApprovalsApi } from '../../approvals/index.js';
import type { PayingApi } from '../../fees/index.js';
import type { LedgerApi } from '../../finance/index.js';
import type { AccountHolder, StudentBrief, StudentsApi } from '../../students/index.js';
import { CURRENCY } from '../accounts/account.rules.js';
import { isDoubtful } from '../messages/message.rules.js';
import { clearlyMeant, suggest, type Suggestion } from './suggestion.rules.js';
import type { MessageFilter, MessageStore, SettledMessage, SuspenseItem, SuspenseStore } from '../ports.js';
import { takeUpAgain } from './into-suspense.js';
import { referenceOf } from '../reference.js';
import { GIVEN, REVERSAL } from './reversals.js';
import { releaseSlip } from './slips.js';

const MOST_HITS = 8;

export interface SuspenseParts {
  unit: Unit;
  audit: AuditTrail;
  store: SuspenseStore;
  messages: MessageStore;
  fees: PayingApi;
  ledger: Pick<LedgerApi, 'account'>;
  students: Pick<StudentsApi, 'payees' | 'byPlainNumber' | 'search'>;
  approvals: Pick<ApprovalsApi, 'voidFor'>;
}

export type Suggested = Suggestion & { student: StudentBrief };

/** A part of the money for one child, by the number that somebody wrote. */
export interface WrittenShare {
  number: string;
  /** Minor units; null for whatever is left. */
  amountMinor: number | null;
}

/** Money whose child isn't known: looked through, given to whom it belongs, or put aside with a reason. */
export class Suspense {
  constructor(private readonly parts: SuspenseParts) {}

  async page(actor: Actor, state: SuspenseItem['state'], cursor: string | null, limit: number): Promise<Page<SuspenseItem>> {
    demand(actor, 'payments.read');
    return this.parts.store.page(state, cursor, limit);
  }

  open(): Promise<{ count: number; sumMinor: number; oldest: Date | null }> {
    return this.parts.store.open();
  }

  async find(actor: Actor, id: string): Promise<{ item: SuspenseItem; suggestions: Suggested[]; messages: SettledMessage[] }> {
    demand(actor, 'payments.read');
    const { store, students, messages } = this.parts;
    const item = await store.find(id);
    if (!item) throw new Missing('suspense');
    const wrong = await this.takenBackFrom(item);
    const everybody = item.state === 'open' ? (await students.payees()).filter((one) => !wrong.includes(one.id)) : [];
    const byId = new Map(everybody.map((one) => [one.id, one]));
    const suggestions = suggest(item, everybody).map((one) => ({ ...one, student: byId.get(one.studentId)! }));
    return { item, suggestions, messages: await messages.ofTransaction(item.transId) };
  }

  /** By the register's own search. */
  search(actor: Actor, text: string): Promise<AccountHolder[]> {
    demand(actor, 'payments.match');
    return text.length < 2
      ? Promise.resolve([])
      : this.parts.students.search(actor, text, MOST_HITS).then((found) => found.slice(0, MOST_HITS));
  }

  /** Children whose receipt of this money was wrong: they are proposed no more, whatever number was written. */
  private async takenBackFrom({ takenBackId, transId }: SuspenseItem): Promise<readonly string[]> {
    if (takenBackId === null) return [];
    return (await this.parts.fees.traced([transId])).find((one) => one.paymentId === takenBackId)?.studentIds ?? [];
  }

  /** Item → the child that is clearly meant, for those where one is and whose receipt was never wrong. */
  async meant(actor: Actor, items: readonly SuspenseItem[]): Promise<Map<string, Suggested>> {
    demand(actor, 'payments.match');
    const open = items.filter((item) => item.state === 'open' && item.takenBackId === null && !isDoubtful(item));
    const everybody = open.length === 0 ? [] : await this.parts.students.payees();
    const byId = new Map(everybody.map((one) => [one.id, one]));
    return new Map(
      open.flatMap((item) => {
        const one = clearlyMeant(suggest(item, everybody));
        return one ? [[item.id, { ...one, student: byId.get(one.studentId)! }] as const] : [];
      }),
    );
  }

  /**
   * To one child, or to several in parts. Money that only its caller has told of is given by whoever has `seen` it on the
   * operator's statement. @throws Invalid at the box that is wrong; Conflict when somebody was faster
   */
  match(actor: Actor, id: string, written: readonly WrittenShare[], seen = false): Promise<string> {
    demand(actor, 'payments.match');
    const { unit, store, fees, ledger, audit, approvals } = this.parts;
    return unit(async () => {
      const item = await this.held(id);
      const doubtful = isDoubtful(item);
      if (doubtful && !seen) throw new Invalid({ seen: 'Find this code on M-Pesa’s list or the operator’s statement first' });
      const shares = await this.sharesOf(item, written);
      await releaseSlip(fees, actor, item.transId);
      const { paymentId } = await fees.receive(actor, {
        method: 'mobile',
        amountMinor: item.amountMinor,
        currency: CURRENCY,
        receivedOn: item.paidOn,
        accountId: (await ledger.account('suspense')).id,
        payerName: item.payerName,
        payerPhone: item.payerPhone || null,
        references: [referenceOf(item.transId)],
        shares, // That it is matched once is kept by the item, which may be matched again after its receipt was taken back.
        client: `rail:${item.accountId}`,
        clientKey: `suspense:${newId()}`,
        by: 'rail',
      });
      await approvals.voidFor(actor, REVERSAL, { kind: 'payments_suspense', id }, GIVEN);
      await store.settle(id, {
        state: 'matched',
        paymentId,
        reason: '',
        byName: actor.name,
        seenBy: doubtful ? actor.name : null,
      });
      await audit.record(actor, {
        action: 'payments.suspense.match',
        entity: 'payments_suspense',
        entityId: id,
        label: item.transId,
        before: { state: 'open' },
        after: { state: 'matched', shares, ...(doubtful ? { seenOnStatement: true } : {}) },
      });
      return paymentId;
    });
  }

  /** It stays in the suspense account until it is paid back; it is only worked on no more. */
  reject(actor: Actor, id: string, reason: string): Promise<void> {
    demand(actor, 'payments.match');
    const { unit, store, audit } = this.parts;
    return unit(async () => {
      const item = await this.held(id);
      await store.settle(id, { state: 'rejected', paymentId: null, reason, byName: actor.name });
      await audit.record(actor, {
        action: 'payments.suspense.reject',
        entity: 'payments_suspense',
        entityId: id,
        label: item.transId,
        before: { state: 'open' },
        after: { state: 'rejected' },
        reason,
      });
    });
  }

  /** What was put aside is worked on again. Its message keeps its outcome: it waits in suspense, as it did all the time. */
  reopen(actor: Actor, id: string, reason: string): Promise<void> {
    demand(actor, 'payments.match');
    const { unit, store, audit } = this.parts;
    return unit(async () => {
      const item = await store.hold(id);
      if (!item) throw new Missing('suspense');
      if (item.state !== 'rejected') throw new Conflict('Someone has already dealt with this payment.');
      await takeUpAgain({ audit, suspense: store }, actor, item, reason);
    });
  }

  async messages(actor: Actor, filter: MessageFilter, cursor: string | null, limit: number): Promise<Page<SettledMessage>> {
    demand(actor, 'payments.read');
    return this.parts.messages.page(filter, cursor, limit);
  }

  async message(actor: Actor, id: string): Promise<SettledMessage> {
    demand(actor, 'payments.read');
    const found = await this.parts.messages.find(id);
    if (!found) throw new Missing('message');
    return found;
  }

  /** Messages that name another sum than what is known, and that nobody has looked into. */
  differing(): Promise<number> {
    return this.parts.messages.countDiffering();
  }

  /** Somebody has looked into a difference, and says what it was. */
  look(actor: Actor, id: string, note: string): Promise<void> {
    demand(actor, 'payments.match');
    const { unit, messages, audit } = this.parts;
    return unit(async () => {
      const message = await this.message(actor, id);
      if (message.otherMinor === null) throw new Conflict('This message has no difference to check.');
      if (!(await messages.noteLooked(id, { note, byName: actor.name })))
        throw new Conflict('Someone else has already checked this message.');
      await audit.record(actor, {
        action: 'payments.message.look',
        entity: 'payments_messages',
        entityId: id,
        label: message.transId ?? '',
        after: { saidMinor: message.amountMinor, knownMinor: message.otherMinor },
        reason: note,
      });
    });
  }

  private async held(id: string): Promise<SuspenseItem> {
    const item = await this.parts.store.hold(id);
    if (!item) throw new Missing('suspense');
    if (item.state !== 'open') throw new Conflict('Someone has already dealt with this payment.');
    return item;
  }

  private async sharesOf(
    { amountMinor }: SuspenseItem,
    written: readonly WrittenShare[],
  ): Promise<{ studentId: string; amountMinor: number }[]> {
    const given = written.reduce((sum, one) => sum + (one.amountMinor ?? 0), 0);
    const shares: { studentId: string; amountMinor: number }[] = [];
    for (const [n, one] of written.entries()) {
      const found = await this.parts.students.byPlainNumber(plainReference(one.number));
      if (found.length !== 1)
        throw new Invalid({
          [`shares.${n}.number`]:
            found.length === 0 ? 'No student has this number' : 'Two students have this number; enter the payment number',
        });
      const left = one.amountMinor ?? amountMinor - given;
      if (left <= 0) throw new Invalid({ [`shares.${n}.amount`]: 'There is nothing left for this student' });
      if (shares.some((other) => other.studentId === found[0]!.id))
        throw new Invalid({ [`shares.${n}.number`]: 'This student is already listed above' });
      shares.push({ studentId: found[0]!.id, amountMinor: left });
    }
    if (shares.reduce((sum, one) => sum + one.amountMinor, 0) !== amountMinor)
      throw new Invalid({ 'shares.0.amount': 'The parts must add up to the whole payment' });
    return shares;
  }
}
