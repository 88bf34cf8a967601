import { demand, type Actor } from '../../../kernel/actor.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { Conflict, NotFound } from '../../../kernel/errors.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { AccountHolder, StudentsApi } from '../../students/index.js';
import { SEES_ACCOUNTS, WRITES } from '../domain/document.js';
import type { DocumentStore, DoubleBill, HoldStore } from '../ports.js';

/**
 * A term that is billed twice, since two records of one student became one. Nothing is taken off by itself: which of the two
 * is right, or whether both are, the bursar knows; the other is taken off by a credit note like any bill.
 */
export class DoubleBills {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly store: Pick<DocumentStore, 'doubleBills' | 'keepBoth' | 'find'>,
    private readonly hold: HoldStore,
    private readonly students: Pick<StudentsApi, 'holders'>,
  ) {}

  async list(actor: Actor): Promise<(DoubleBill & { student: AccountHolder | null })[]> {
    demand(actor, SEES_ACCOUNTS);
    const found = await this.store.doubleBills();
    if (found.length === 0) return [];
    const holders = new Map((await this.students.holders([...new Set(found.map((one) => one.studentId))])).map((one) => [one.id, one]));
    return found.map((one) => ({ ...one, student: holders.get(one.studentId) ?? null }));
  }

  /** Both are right: the pair does not come up again. */
  keepBoth(actor: Actor, mergedId: string, reason: string): Promise<void> {
    demand(actor, WRITES);
    return this.unit(async () => {
      const bill = await this.store.find(mergedId);
      if (!bill) throw new NotFound('There is no such document.');
      await this.hold.students([bill.studentId]);
      if (!(await this.store.keepBoth(mergedId))) throw new Conflict('Somebody has decided about this bill already.');
      await this.audit.record(actor, { action: 'fees.invoice.keep-both', entity: 'invoice', entityId: mergedId, label: bill.number, reason });
    });
  }
}
