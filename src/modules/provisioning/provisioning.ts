import type { Actor } from '../../kernel/actor.js';
import type { AuditTrail } from '../../kernel/audit.js';
import { RuleBroken } from '../../kernel/errors.js';
import { newId } from '../../kernel/id.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import type { SchoolRegister } from '../schools/index.js';
import { STEPS, type Progress, type RunKind } from './saga.rules.js';
import type { ProvisioningApi } from './index.js';
import type { RunStore } from './ports.js';

/** The orders: what the pages and other modules may do. Nothing here can make a database. */
export class Provisioning implements ProvisioningApi {
  constructor(
    private readonly parts: {
      runs: RunStore;
      register: SchoolRegister;
      unit: Unit;
      audit: AuditTrail;
      newToken: () => string;
    },
  ) {}

  async begin(schoolId: string, actor: Actor): Promise<{ runId: string; page: string }> {
    return this.parts.unit(async () => {
      const known = await this.parts.runs.newest(schoolId);
      if (known?.kind === 'remove') throw new RuleBroken('removed', 'This school is being removed or no longer exists.');
      if (known) return known;
      await this.parts.register.moveTo(schoolId, 'provisioning', { reason: 'began', actor });
      return this.order(schoolId, 'make', actor);
    });
  }

  progress(schoolId: string): Promise<Progress | null> {
    return this.parts.runs.newest(schoolId);
  }

  async retry(schoolId: string, actor: Actor): Promise<void> {
    await this.parts.unit(async () => {
      const run = await this.parts.runs.newest(schoolId);
      if (run?.state !== 'failed') throw new RuleBroken('nothing-failed', 'There is nothing to retry: no step has failed.');
      await this.parts.runs.again(run.runId);
      await this.note(actor, 'retry', schoolId);
    });
  }

  async remove(schoolId: string, actor: Actor): Promise<{ runId: string }> {
    return this.parts.unit(async () => {
      const known = await this.parts.runs.newest(schoolId);
      if (known?.kind !== 'remove') {
        const school = await this.parts.register.find(schoolId);
        if (school?.state !== 'closed') throw new RuleBroken('not-closed', 'Only a closed school can be removed.');
        return this.order(schoolId, 'remove', actor);
      }
      if (known.state === 'failed') await this.parts.runs.again(known.runId);
      return known;
    });
  }

  private async order(schoolId: string, kind: RunKind, actor: Actor): Promise<{ runId: string; page: string }> {
    const token = this.parts.newToken();
    const runId = newId();
    const steps = kind === 'make' ? STEPS : STEPS.toReversed();
    await this.parts.runs.order({ id: runId, schoolId, kind, token, orderedBy: actor.name, steps });
    await this.note(actor, kind, schoolId);
    return { runId, page: `/provisioning/${token}` };
  }

  private async note(actor: Actor, what: string, schoolId: string): Promise<void> {
    await this.parts.audit.record(actor, { action: `provisioning.${what}`, entity: 'school', entityId: schoolId });
  }
}
