import type { Actor } from '../../../kernel/actor.js';
import { RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import { STEPS, type Progress, type RunKind } from '../domain/saga.js';
import type { ProvisioningApi } from '../index.js';
import type { RunStore } from '../ports.js';

/** The orders: what the pages and other modules may do. Nothing here can make a database. */
export class Provisioning implements ProvisioningApi {
  constructor(
    private readonly runs: RunStore,
    private readonly unit: Unit,
    private readonly newToken: () => string,
  ) {}

  async begin(schoolId: string, actor: Actor): Promise<{ runId: string; page: string }> {
    return this.unit(async () => {
      const known = await this.runs.newest(schoolId);
      if (known?.kind === 'remove') throw new RuleBroken('removed', 'This school is being removed or is gone.');
      return known ?? this.order(schoolId, 'make', actor);
    });
  }

  progress(schoolId: string): Promise<Progress | null> {
    return this.runs.newest(schoolId);
  }

  async retry(schoolId: string, _actor: Actor): Promise<void> {
    await this.unit(async () => {
      const run = await this.runs.newest(schoolId);
      if (run?.state !== 'failed') throw new RuleBroken('nothing-failed', 'There is nothing to try again: no step has failed.');
      await this.runs.again(run.runId);
    });
  }

  async remove(schoolId: string, actor: Actor): Promise<{ runId: string }> {
    return this.unit(async () => {
      const known = await this.runs.newest(schoolId);
      if (known?.kind !== 'remove') return this.order(schoolId, 'remove', actor);
      if (known.state === 'failed') await this.runs.again(known.runId);
      return known;
    });
  }

  private async order(schoolId: string, kind: RunKind, actor: Actor): Promise<{ runId: string; page: string }> {
    const token = this.newToken();
    const runId = newId();
    const steps = kind === 'make' ? STEPS : STEPS.toReversed();
    await this.runs.order({ id: runId, schoolId, kind, token, orderedBy: actor.name, steps });
    return { runId, page: `/provisioning/${token}` };
  }
}
