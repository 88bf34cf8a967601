import { formatDay } from '../../../kernel/day-words.js';
import { systemActor, type Actor } from '../../../kernel/actor.js';
import { formatMoney } from '../../../kernel/money.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { LedgerApi } from '../../finance/index.js';
import type { FamilyMessagesApi } from '../../notifications/index.js';
import type { SchoolApi } from '../../school/index.js';
import type { StudentsApi } from '../../students/index.js';
import { SHARES } from '../documents/document.rules.js';
import { familiesOf, firstGuardian, reachOf, type Family } from '../reminders/reminder.rules.js';
import type { NoticedReceipt, ReceiptNoticeStore, ReceivingSettingsStore } from '../ports.js';
import type { FamilyLinks } from '../statements/family-links.js';
import { RECEIPT, type ReceiptTold } from './receipt-words.js';

export interface ReceiptNoticeParts {
  unit: Unit;
  store: ReceiptNoticeStore;
  settings: Pick<ReceivingSettingsStore, 'read'>;
  messages: Pick<FamilyMessagesApi, 'tellFamily'>;
  ledger: Pick<LedgerApi, 'balances'>;
  students: Pick<StudentsApi, 'holders' | 'guardiansOf'>;
  school: Pick<SchoolApi, 'profile'>;
  links: Pick<FamilyLinks, 'toStatement'>;
}

type Told = NoticedReceipt & { firstName: string };
/** One family's receipts of one payment. */
type Payment = Omit<Family<Told>, 'children'> & { receipts: readonly Told[] };

/** It gives families the address of their statement, and reads where they are written to. */
const actor: Actor = { ...systemActor('Receipts'), permissions: new Set([SHARES, 'students.see-all', 'students.contacts']) };

/** A guardian is told of each payment once, by one message for the receipts of a family; and of its end, where they had been told. */
export class ReceiptNotices {
  constructor(private readonly parts: ReceiptNoticeParts) {}

  received(receiptIds: readonly string[]): Promise<void> {
    return this.whereSwitchedOn(async (store) => {
      const receipts = await store.untold(receiptIds);
      await this.tell(receipts, 'received', (notices) => store.write(notices));
      // A receipt that stands in for another child's: that child's family had heard of the first one.
      await this.tellBack(
        receipts.flatMap((one) => one.replacesId ?? []),
        'taken-back',
      );
    });
  }

  takenBack(receiptIds: readonly string[], bounced: boolean): Promise<void> {
    return this.whereSwitchedOn(() => this.tellBack(receiptIds, bounced ? 'bounced' : 'taken-back'));
  }

  /** Receipts that nobody is told of, since nobody has paid: those of a demo school. */
  passOver(receiptIds: readonly string[]): Promise<void> {
    return this.parts.unit(() => this.parts.store.write(receiptIds.map((receiptId) => ({ receiptId, messageId: null }))));
  }

  private whereSwitchedOn(work: (store: ReceiptNoticeStore) => Promise<void>): Promise<void> {
    const { unit, store, settings } = this.parts;
    return unit(async () => {
      if (!(await settings.read()).tellFamilies) return;
      await store.hold();
      await work(store);
    });
  }

  private async tellBack(receiptIds: readonly string[], kind: ReceiptTold['kind']): Promise<void> {
    if (receiptIds.length === 0) return;
    const { store } = this.parts;
    await this.tell(await store.told(receiptIds), kind, (notices) => store.writeTakenBack(notices));
  }

  private async tell(
    receipts: readonly NoticedReceipt[],
    kind: ReceiptTold['kind'],
    write: (notices: { receiptId: string; messageId: string | null }[]) => Promise<void>,
  ): Promise<void> {
    if (receipts.length === 0) return;
    const { messages, links } = this.parts;
    const payments = await this.paymentsOf(receipts);
    const reached = payments.filter((one) => one.phone ?? one.email);
    const addresses = await links.toStatement(actor).give([...new Set(reached.map((one) => one.receipts[0]!.studentId))]);
    const to = await this.written(reached, kind, ({ receipts: [first] }) => addresses.get(first!.studentId) ?? '');
    // What was told is kept beside each receipt; the key only keeps messages of one moment apart.
    const { messageIds } = await messages.tellFamily({ template: RECEIPT, to, key: `${RECEIPT.key}:${kind}:${receipts[0]!.id}` });
    const messageOf = new Map(
      reached.flatMap((one, n) => one.receipts.map((receipt) => [receipt.id, messageIds[n]![0] ?? null] as const)),
    );
    await write(receipts.map(({ id }) => ({ receiptId: id, messageId: messageOf.get(id) ?? null })));
  }

  private async paymentsOf(receipts: readonly NoticedReceipt[]): Promise<Payment[]> {
    const { students } = this.parts;
    const ids = [...new Set(receipts.map((one) => one.studentId))];
    const names = new Map((await students.holders(ids)).map((one) => [one.id, one.firstName]));
    const guardians = await students.guardiansOf(actor, ids);
    return [...new Set(receipts.map((one) => one.paymentId))].flatMap((paymentId) => {
      const own = receipts.filter((one) => one.paymentId === paymentId);
      const named = own.map((one) => ({ receipt: { ...one, firstName: names.get(one.studentId) ?? '' }, id: one.studentId }));
      const reach = (id: string) => {
        const guardian = firstGuardian(guardians.get(id) ?? []);
        return guardian && reachOf(guardian);
      };
      return familiesOf(named, reach).map(({ children, ...family }) => ({
        ...family,
        receipts: children.map((one) => one.receipt),
      }));
    });
  }

  private async written(payments: readonly Payment[], kind: ReceiptTold['kind'], linkOf: (payment: Payment) => string) {
    const { school, ledger } = this.parts;
    const profile = await school.profile();
    const balances = await ledger.balances([
      ...new Set(payments.flatMap(({ receipts }) => receipts.map((one) => one.studentId))),
    ]);
    return payments.map((payment) => {
      const { receipts, phone, email } = payment;
      const language = payment.language ?? profile.language;
      const money = (minor: number): string => formatMoney(minor, profile.currency, language);
      const balanceMinor = [...new Set(receipts.map((one) => one.studentId))].reduce(
        (sum, id) => sum + (balances.get(id) ?? 0),
        0,
      );
      const params: ReceiptTold = {
        kind,
        school: profile.shortName || profile.name,
        student: [...new Set(receipts.map((one) => one.firstName))].join(', '),
        numbers: receipts.map((one) => one.number).join(', '),
        amount: money(receipts.reduce((sum, one) => sum + one.amountMinor, 0)),
        day: formatDay(receipts[0]!.receivedOn, language, 'short'),
        owes: balanceMinor > 0 ? money(balanceMinor) : null,
        ahead: balanceMinor < 0 ? money(-balanceMinor) : null,
        link: linkOf(payment),
      };
      return { phone, email, language, params };
    });
  }
}
