import type { Actor } from '../../kernel/actor.js';
import type { AuditTrail } from '../../kernel/audit.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import type { SchoolRegister } from '../schools/index.js';
import type { CallStore, RunStore, SchoolCall } from './ports.js';
import { provisioner } from './steps.js';

export interface AnswerParts {
  register: SchoolRegister;
  runs: RunStore;
  calls: CallStore;
  unit: Unit;
  audit: AuditTrail;
}

/** Schools that call by themselves: once when their database is filled, once more when they can serve. */
export class Answers {
  constructor(private readonly parts: AnswerParts) {}

  /** False for a call that can't be believed: of a school that is gone, or shown before. */
  async hear({ schoolId, nonce, ...report }: SchoolCall): Promise<boolean> {
    const { register, runs, calls, unit, audit } = this.parts;
    return unit(async () => {
      const school = await register.find(schoolId);
      if (!school || school.state === 'deleted' || !(await calls.use(schoolId, nonce))) return false;
      // Called again by the same start, since our answer was lost: nothing new.
      if (!(await register.noteBoot(schoolId, report))) return true;
      await runs.wake(schoolId);
      const after = { schema: report.schemaHead, ready: report.ready };
      await audit.record(provisioner, {
        action: 'provisioning.answer',
        entity: 'school',
        entityId: schoolId,
        label: school.subdomain,
        after,
      });
      return true;
    });
  }

  async noteRefused(actor: Actor, schoolId: string | null): Promise<void> {
    await this.parts.audit.record(actor, { action: 'provisioning.answer-refused', entity: 'school', entityId: schoolId });
  }

  forgetOldCalls(): Promise<void> {
    return this.parts.calls.prune();
  }
}
