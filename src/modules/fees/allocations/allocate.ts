import type { Unit } from '../../../kernel/unit-of-work.js';
import { allocate, lessened, type Allocation, type OpenItem } from './allocation.rules.js';
import type { Credit, PaymentStore, ReceivingSettingsStore, RefundStore } from '../ports.js';

/** Keeps what receipts settle in step with what is owed; for the use cases that change one of them. */
export class Allocations {
  constructor(
    private readonly unit: Unit,
    private readonly store: PaymentStore,
    private readonly settings: ReceivingSettingsStore,
    private readonly refunds: Pick<RefundStore, 'uncovered' | 'insertParts'>,
  ) {}

  /** Holds the accounts of students until the transaction ends, always in one order: whoever changes what they owe or paid does so first. */
  hold(studentIds: readonly string[]): Promise<void> {
    return this.store.hold(null, [], studentIds);
  }

  /**
   * After bills or notes: what settles more than there is to settle is freed, the newest first; credit stands in for refunds
   * whose cheque bounced, then settles what is open, the oldest receipt first. Call it within the transaction that wrote them, with the accounts held.
   */
  settleCredit(studentIds: readonly string[]): Promise<void> {
    return this.unit(async () => {
      const items = await this.freeSurplus(studentIds, await this.store.openItems(studentIds));
      await this.coverRefunds(studentIds);
      if (items.every((item) => item.openMinor <= 0)) return;
      const { allocationOrder } = await this.settings.read();
      const made: (Allocation & { receiptId: string })[] = [];
      let open = items;
      for (const { receiptId, studentId, payerId, amountMinor } of await this.store.credits(studentIds)) {
        const own = open.filter((item) => item.studentId === studentId && item.payerId === payerId);
        const { allocations } = allocate(amountMinor, own, [], allocationOrder);
        made.push(...allocations.map((one) => ({ ...one, receiptId })));
        open = lessened(open, allocations);
      }
      await this.store.insertAllocations(made);
    });
  }

  private async coverRefunds(studentIds: readonly string[]): Promise<void> {
    const bare = await this.refunds.uncovered(studentIds);
    if (bare.length === 0) return;
    const credits: Credit[] = await this.store.credits(studentIds);
    const parts = bare.flatMap(({ refundId, studentId, payerId, amountMinor }) => {
      let left = amountMinor;
      return credits
        .filter((one) => one.studentId === studentId && one.payerId === payerId)
        .flatMap((credit) => {
          const part = Math.min(left, credit.amountMinor);
          left -= part;
          credit.amountMinor -= part;
          return part > 0 ? [{ refundId, receiptId: credit.receiptId, amountMinor: part }] : [];
        });
    });
    await this.refunds.insertParts(parts);
  }

  private async freeSurplus(studentIds: readonly string[], items: readonly OpenItem[]): Promise<OpenItem[]> {
    const over = items.filter((item) => item.openMinor < 0);
    if (over.length === 0) return [...items];
    const there = await this.store.allocationsOf(studentIds);
    const freed: string[] = [];
    const kept: (Allocation & { receiptId: string })[] = [];
    for (const item of over) {
      let surplus = -item.openMinor;
      for (const one of there) {
        if (surplus === 0) break;
        if (one.invoiceId !== item.invoiceId || one.headId !== item.headId) continue;
        freed.push(one.id);
        if (one.amountMinor > surplus)
          kept.push({
            receiptId: one.receiptId,
            invoiceId: one.invoiceId,
            headId: one.headId,
            amountMinor: one.amountMinor - surplus,
          });
        surplus -= Math.min(surplus, one.amountMinor);
      }
    }
    await this.store.freeAllocations(freed, 'The bill was lowered');
    await this.store.insertAllocations(kept);
    return freed.length > 0 ? this.store.openItems(studentIds) : [...items];
  }
}
