import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { Conflict } from '../../../kernel/errors.js';
import type { Page } from '../../../kernel/page.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { AccountHolder, StudentsApi } from '../../students/index.js';
import { SEES_ACCOUNTS, WRITES } from '../documents/document.rules.js';
import type { DocumentStore, DoubleBill, HoldStore } from '../ports.js';

export type DoubleBillOf = DoubleBill & { student: AccountHolder | null };

/**
 * A term that is billed twice, since two records of one student became one. Nothing is taken off by itself: which of the two
 * is right, or whether both are, the bursar knows; the other is taken off by a credit note like any bill.
 */
export class DoubleBills {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly store: Pick<DocumentStore, 'doubleBills' | 'doubleBill' | 'keepBoth' | 'find'>,
    private readonly hold: HoldStore,
    private readonly students: Pick<StudentsApi, 'holders'>,
  ) {}

  async list(actor: Actor, cursor: string | null, limit: number): Promise<Page<DoubleBillOf>> {
    demand(actor, SEES_ACCOUNTS);
    const page = await this.store.doubleBills(cursor, limit);
    return { ...page, rows: await this.named(page.rows) };
  }

  /** By the bill that came from the other record. @throws NotFound where it waits for nobody's word */
  async find(actor: Actor, mergedId: string): Promise<DoubleBillOf> {
    demand(actor, SEES_ACCOUNTS);
    const pair = await this.store.doubleBill(mergedId);
    if (!pair) throw new Missing('double-bill');
    return (await this.named([pair]))[0]!;
  }

  /** Both are right: the pair does not come up again. */
  keepBoth(actor: Actor, mergedId: string, reason: string): Promise<void> {
    demand(actor, WRITES);
    return this.unit(async () => {
      const bill = await this.store.find(mergedId);
      if (!bill) throw new Missing('document');
      await this.hold.students([bill.studentId]);
      if (!(await this.store.keepBoth(mergedId))) throw new Conflict('Someone has already decided about this bill.');
      await this.audit.record(actor, {
        action: 'fees.invoice.keep-both',
        entity: 'invoice',
        entityId: mergedId,
        label: bill.number,
        reason,
      });
    });
  }
  private async named(pairs: readonly DoubleBill[]): Promise<DoubleBillOf[]> {
    if (pairs.length === 0) return [];
    const holders = new Map(
      (await this.students.holders([...new Set(pairs.map((one) => one.studentId))])).map((one) => [one.id, one]),
    );
    return pairs.map((one) => ({ ...one, student: holders.get(one.studentId) ?? null }));
  }
}
