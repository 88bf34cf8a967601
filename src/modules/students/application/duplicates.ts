import { demand, type Actor } from '../../../kernel/actor.js';
import type { Clock } from '../../../kernel/clock.js';
import { NotFound, RuleBroken } from '../../../kernel/errors.js';
import { registerName } from '../../../kernel/names.js';
import type { Publish, Unit } from '../../../kernel/unit-of-work.js';
import type { AuditTrail } from '../../../platform/http/ports.js';
import { nameSound } from '../domain/name-sound.js';
import { StudentsMerged } from '../index.js';
import type { DuplicateStore, Likeness } from '../ports.js';
import type { StudentStore, StudentTies } from '../ports.js';
import { labelOf, type Admission, type Register } from './register.js';

/** Finds children that may be in the register twice, and makes one record out of two. */
export class Duplicates {
  constructor(
    private readonly unit: Unit,
    private readonly publish: Publish,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    private readonly students: StudentStore,
    private readonly store: DuplicateStore,
    private readonly register: Pick<Register, 'refreshTerms'>,
    private readonly ties: StudentTies[],
  ) {}

  /** Same birth certificate, or a name that sounds the same with the same birthday or a guardian's phone in common. */
  like(child: Pick<Admission, 'surname' | 'firstName' | 'bornOn' | 'birthCertificateNo'> & { phones: string[] }): Promise<Likeness[]> {
    return this.store.like({
      sounds: [nameSound(child.surname), nameSound(child.firstName)],
      bornOn: child.bornOn,
      birthCertificateNo: child.birthCertificateNo,
      phones: child.phones,
    });
  }

  /** @throws RuleBroken naming the child that may be the same; the form then offers to go on all the same. */
  async refuseLikely(admission: Admission): Promise<void> {
    const found = await this.like({ ...admission, phones: admission.guardians.flatMap((guardian) => guardian.phone ?? []) });
    const first = found[0];
    if (!first) return;
    throw new RuleBroken('may-be-duplicate', `${registerName(first)}, ${first.admissionNo}, may be the same child (${first.why}). Look at that page first, or tick that it is another child.`, 'notTheSame');
  }

  /** Pairs in the whole register, the surest first. */
  pairs(limit: number): Promise<{ one: Likeness; other: Likeness }[]> {
    return this.store.pairs(limit);
  }

  /**
   * Everything that hangs on the merged record moves to the kept one: guardians, ledger lines, consents, and what other
   * modules hold. The merged record stays, put aside, and leads to the kept one; its number is never given again.
   */
  merge(actor: Actor, keptId: string, mergedId: string): Promise<void> {
    demand(actor, 'students.merge');
    if (keptId === mergedId) throw new RuleBroken('same-record', 'Choose two different students.');
    return this.unit(async () => {
      const [first, second] = [keptId, mergedId].sort();
      await this.students.findForChange(first!);
      await this.students.findForChange(second!);
      const kept = await this.students.profile(keptId, { kind: 'all' });
      const merged = await this.students.profile(mergedId, { kind: 'all' });
      if (!kept || !merged || kept.putAsideAt || merged.putAsideAt) throw new NotFound();
      await this.store.moveOwnRows(mergedId, keptId);
      for (const tie of this.ties) await tie.moveTo(mergedId, keptId);
      await this.students.setMergedInto(mergedId, keptId, this.clock.now());
      await this.students.setTerms(mergedId, []);
      await this.register.refreshTerms(kept.student);
      await this.audit.record(actor, {
        action: 'students.merge', entity: 'student', entityId: keptId, label: labelOf(kept.student),
        before: { merged: merged.student }, after: { kept: keptId },
      });
      await this.publish(StudentsMerged({ keptId, mergedId }));
    });
  }
}
