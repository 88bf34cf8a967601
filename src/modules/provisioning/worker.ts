import type { Clock } from '../../kernel/clock.js';
import type { Publish, Unit } from '../../kernel/unit-of-work.js';
import type { OwnerLetters, RegisteredSchool, SchoolRegister } from '../schools/index.js';
import { MOST_WAIT_MS, pauseAfter, type Progress, type StepName } from './saga.rules.js';
import { OfAnotherSchool } from './databases/ownership.rules.js';
import { ProvisioningFailed, SchoolReady, SchoolRemoved } from './index.js';
import type { CallStore, HeldOrder, RunStore } from './ports.js';
import { provisioner, type SagaStep } from './steps.js';

export interface WorkerParts {
  runs: RunStore;
  register: SchoolRegister;
  calls: Pick<CallStore, 'forget'>;
  letters: Pick<OwnerLetters, 'forget'>;
  steps: Record<StepName, SagaStep>;
  unit: Unit;
  publish: Publish;
  clock: Clock;
  /** What went wrong, with everything that is no business of the person who waits. */
  onError(error: unknown, where: string): void;
}

/** How soon it is looked again whether a school has called. Its call wakes the saga, too. */
const SOON_MS = 20_000;
const LOOK_SOON_MS = 250;
const LOOK_LATER_MS = 3_000;

/** Null: the run is over, one way or another. */
type Again = { inMs: number } | null;

/**
 * Takes a run from where it stands to where it can't go on for now. A step counts as done when it was written down
 * after it was; one that was under way is asked first, so that a process that takes over finds what was left to it.
 */
export class Worker {
  constructor(private readonly parts: WorkerParts) {}

  async work(order: HeldOrder): Promise<Again> {
    const { runs, register } = this.parts;
    const [run, school] = [await runs.newest(order.schoolId), await register.find(order.schoolId)];
    if (!run || !school || run.runId !== order.runId || run.state === 'done' || run.state === 'failed') return null;
    return run.kind === 'make' ? this.make(run, school) : this.remove(run, school);
  }

  private async make(run: Progress, school: RegisteredSchool): Promise<Again> {
    if (school.state !== 'provisioning') return null;
    for (const step of run.steps) {
      const outcome = await this.take(run, school, step);
      if (outcome !== 'done') return outcome;
    }
    await this.parts.unit(async () => {
      await this.parts.register.moveTo(school.id, 'ready', { reason: 'opened', actor: provisioner });
      await this.parts.runs.finished(run.runId);
      const seconds = (this.parts.clock.now().getTime() - run.orderedAt.getTime()) / 1000;
      await this.parts.publish(SchoolReady({ schoolId: school.id, runId: run.runId, seconds }));
    });
    return null;
  }

  private async take(
    run: Progress,
    school: RegisteredSchool,
    { name, state, ms }: Progress['steps'][number],
  ): Promise<'done' | Again> {
    const { runs } = this.parts;
    const { isDone, apply } = this.parts.steps[name];
    // Done in this run. The process of a school may have died since, though: that is told to start at each look.
    if (state === 'done' && name !== 'start') return 'done';
    try {
      if (state === 'waiting') await runs.begun(run.runId, name);
      if (!(await isDone(school))) {
        if (!apply) return await this.wait(run, name, ms ?? 0);
        await apply(school);
      }
      if (state !== 'done') await runs.done(run.runId, name);
      return 'done';
    } catch (error) {
      return this.stumble(run, name, error);
    }
  }

  private async wait(run: Progress, name: StepName, ms: number): Promise<Again> {
    if (ms < MOST_WAIT_MS) return { inMs: ms < SOON_MS ? LOOK_SOON_MS : LOOK_LATER_MS };
    return this.fail(run, name, 'The school’s own service did not answer in time. Its log says why.');
  }

  private async remove(run: Progress, school: RegisteredSchool): Promise<Again> {
    for (const { name } of run.steps) {
      try {
        await this.parts.runs.begun(run.runId, name);
        await this.parts.steps[name].undo(school);
        await this.parts.runs.done(run.runId, name);
      } catch (error) {
        return this.stumble(run, name, error);
      }
    }
    await this.parts.unit(async () => {
      await this.parts.register.moveTo(school.id, 'deleted', { reason: 'erased', actor: provisioner });
      // A letter about its closing may have been written after the deletion was ordered.
      if (school.owner) await this.parts.letters.forget(school.owner.email);
      await this.parts.calls.forget(school.id);
      await this.parts.runs.finished(run.runId);
      await this.parts.publish(SchoolRemoved({ schoolId: school.id, runId: run.runId }));
    });
    return null;
  }

  private async stumble(run: Progress, name: StepName, error: unknown): Promise<Again> {
    this.parts.onError(error, `provisioning of ${run.schoolId}, step ${name}`);
    // Another try would find the same.
    if (error instanceof OfAnotherSchool) return this.fail(run, name, error.message);
    const attempts = 1 + (run.steps.find((step) => step.name === name)?.attempts ?? 0);
    const pause = pauseAfter(attempts);
    if (pause === null) return this.fail(run, name, sentenceFor(name));
    await this.parts.runs.stumbled(run.runId, name, sentenceFor(name), false);
    return { inMs: pause };
  }

  private async fail(run: Progress, step: StepName, reason: string): Promise<null> {
    const { runId, schoolId, kind } = run;
    await this.parts.unit(async () => {
      await this.parts.runs.stumbled(runId, step, reason, true);
      await this.parts.publish(ProvisioningFailed({ schoolId, runId, kind, step, reason }));
    });
    return null;
  }
}

/** What the machine said is for the log: it may name hosts and roles. */
function sentenceFor(step: StepName): string {
  const sentences: Record<StepName, string> = {
    record: 'The school’s entry is not complete.',
    database: 'The school’s database could not be created.',
    secrets: 'The school’s keys could not be stored.',
    start: 'The school’s own service could not be started.',
    fill: 'Classes, subjects and terms could not be set up.',
    answer: 'The school’s own service did not answer.',
  };
  return sentences[step];
}
