import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import { newId } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import { CONSENT_WORDING, type ConsentPurpose } from './consent.rules.js';
import type { AuditTrail, StudentStore } from '../ports.js';
import { labelOf } from '../register/register.js';

export class Consents {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly students: StudentStore,
  ) {}

  /** Writes down each answer that differs from the one that stands; nothing is ever overwritten. */
  answer(
    actor: Actor,
    studentId: string,
    given: { guardianId: string | null; on: string; answers: Partial<Record<ConsentPurpose, 'yes' | 'no' | 'none'>> },
  ): Promise<void> {
    demand(actor, 'students.change');
    return this.answerOfFamily(actor, studentId, given);
  }

  /** The word of the guardian who acts; whoever calls has made sure that the child is one of theirs. */
  answerOfFamily(
    actor: Actor,
    studentId: string,
    given: { guardianId: string | null; on: string; answers: Partial<Record<ConsentPurpose, 'yes' | 'no' | 'none'>> },
  ): Promise<void> {
    return this.unit(async () => {
      const profile = await this.students.profile(studentId, { kind: 'all' });
      if (!profile) throw new Missing('student');
      for (const [purpose, answer] of Object.entries(given.answers)) {
        const standing = profile.consents.find((one) => one.purpose === purpose);
        if (answer === 'none' || standing?.given === (answer === 'yes')) continue;
        await this.students.addConsent({
          id: newId(),
          studentId,
          guardianId: given.guardianId,
          purpose,
          given: answer === 'yes',
          onDay: given.on,
          wording: CONSENT_WORDING,
          byUserId: actor.userId,
          byName: actor.name,
        });
        await this.audit.record(actor, {
          action: 'students.consent',
          entity: 'student',
          entityId: studentId,
          label: labelOf(profile.student),
          before: { [purpose]: standing?.given ?? null },
          after: { [purpose]: answer === 'yes', on: given.on },
        });
      }
    });
  }
}
