import { demand, type Actor } from '../../../kernel/actor.js';
import type { Clock } from '../../../kernel/clock.js';
import { NotFound, RuleBroken } from '../../../kernel/errors.js';
import { registerName } from '../../../kernel/people/names.js';
import type { Publish, Unit } from '../../../kernel/unit-of-work.js';
import type { SchoolApi } from '../../school/index.js';
import { filledFrom } from '../register/student.rules.js';
import { nameSound } from '../search/name-sound.rules.js';
import { StudentsMerged } from '../index.js';
import type { AuditTrail, DuplicateStore, Likeness, StudentStore, StudentTies } from '../ports.js';
import { labelOf, type Admission, type Register } from '../register/register.js';

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
    private readonly school: Pick<SchoolApi, 'today'>,
    private readonly ties: StudentTies[],
  ) {}

  /** Same birth certificate, or a name that sounds the same with the same birthday or a guardian's phone in common. */
  like(
    child: Pick<Admission, 'surname' | 'firstName' | 'bornOn' | 'birthCertificateNo'> & { phones: string[] },
  ): Promise<Likeness[]> {
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
    throw new RuleBroken(
      'may-be-duplicate',
      `${registerName(first)}, ${first.admissionNo}, may be the same child (${first.why}). Open that record first, or tick that it is a different child.`,
      'notTheSame',
    );
  }

  /** Pairs in the whole register, the surest first. */
  pairs(limit: number): Promise<{ one: Likeness; other: Likeness }[]> {
    return this.store.pairs(limit);
  }

  /** Looked at and found to be two children: the pair does not come up again. */
  keepApart(actor: Actor, oneId: string, otherId: string): Promise<void> {
    demand(actor, 'students.merge');
    return this.unit(async () => {
      const one = await this.students.find(oneId);
      if (oneId === otherId || !one || !(await this.students.find(otherId))) throw new NotFound();
      await this.store.setDistinct(oneId, otherId, actor.name);
      await this.audit.record(actor, {
        action: 'students.keep-apart',
        entity: 'student',
        entityId: oneId,
        label: labelOf(one),
        after: { otherId },
      });
    });
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
      const filled = filledFrom(kept.student, merged.student);
      if (Object.keys(filled).length > 0) await this.students.update({ ...kept.student, ...filled });
      await this.store.moveOwnRows(mergedId, keptId, await this.school.today());
      for (const tie of this.ties) await tie.moveTo(mergedId, keptId);
      await this.students.setMergedInto(mergedId, keptId, this.clock.now());
      await this.students.setTerms(merged.student, []);
      await this.register.refreshTerms({ ...kept.student, ...filled });
      await this.audit.record(actor, {
        action: 'students.merge',
        entity: 'student',
        entityId: keptId,
        label: labelOf(kept.student),
        before: { merged: merged.student },
        after: { kept: keptId, ...filled },
      });
      await this.publish(StudentsMerged({ keptId, mergedId }));
    });
  }
}
