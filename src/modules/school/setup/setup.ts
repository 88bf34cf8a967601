import { z } from 'zod';
import type { Actor } from '../../../kernel/actor.js';
import { dayIn } from '../../../kernel/clock.js';
import { Invalid } from '../../../kernel/errors.js';
import { levelsIn, packOf } from '../../../kernel/packs/index.js';
import type { Level } from '../../../kernel/packs/types.js';
import type { SchoolState } from '../profile/school.rules.js';
import { nextStep, SETUP_STEPS } from './setup.rules.js';
import type { SetupStep } from './setup.rules.js';
import type { ClassSeeder } from '../index.js';
import { SchoolUseCases } from '../changing.js';
import type { SchoolDeps } from '../changing.js';

export const classesInput = z.object({
  classes: z
    .array(
      z.object({
        code: z.string().max(12),
        has: z.stringbool({ truthy: ['yes'], falsy: ['no'] }).default(false),
        streams: z
          .string()
          .max(120)
          .default('')
          .transform((names) => [
            ...new Set(
              names
                .split(',')
                .map((name) => name.trim())
                .filter(Boolean),
            ),
          ])
          .refine(
            (names) => names.length <= 12 && names.every((name) => name.length <= 20),
            'At most 12 streams, each with a short name',
          ),
      }),
    )
    .max(60)
    .default([]),
});
export type ClassesInput = z.infer<typeof classesInput>;

/** The owner's first walk through the school: each step is one of the usual forms, remembered when it is saved. */
export class Setup extends SchoolUseCases {
  constructor(
    deps: SchoolDeps,
    private readonly seeder: ClassSeeder | null,
  ) {
    super(deps);
  }

  /** Classes of the pack that run this year. */
  async levels(): Promise<Level[]> {
    return runningLevels(await this.state(), this.deps.clock.now());
  }

  done(step: SetupStep): Promise<SetupStep | null> {
    return this.changing((state) => this.mark(state, step));
  }

  private async mark({ setup }: SchoolState, step: SetupStep): Promise<SetupStep | null> {
    const done = SETUP_STEPS.filter((known) => known === step || setup.done.includes(known));
    const next = nextStep(done);
    await this.deps.store.saveSetup(done, next ? setup.finishedAt : (setup.finishedAt ?? this.deps.clock.now()));
    return next;
  }

  /** Makes the chosen classes with their subjects; what the school has already stays as it is. */
  saveClasses(actor: Actor, input: ClassesInput): Promise<SetupStep | null> {
    return this.changing(async (state) => {
      const levels = runningLevels(state, this.deps.clock.now());
      const chosen = levels.flatMap((level) => {
        const line = input.classes.find((row) => row.code === level.code && row.has);
        return line ? [{ level, streams: line.streams }] : [];
      });
      if (chosen.length === 0) throw new Invalid({ 'classes.0.has': 'Choose at least one class.' });
      const stages = packOf(state.profile.packId).stages.filter((stage) => chosen.some(({ level }) => level.stage === stage.id));
      const after = { ...state.profile, stages: stages.map((stage) => stage.id) };
      await this.deps.store.saveProfile(after);
      const classes = chosen.map(({ level, streams }) => ({ name: level.name, streams }));
      await this.seeder?.seedFromPack(actor, state.profile.packId, classes);
      await this.record(actor, 'classes.choose', { entity: 'school', id: after.id, label: after.name, after: { classes } });
      return this.mark(state, 'classes');
    });
  }

  /** For who would rather find the pages by themselves. */
  finish(actor: Actor): Promise<void> {
    return this.changing(async ({ setup, profile }) => {
      await this.deps.store.saveSetup(setup.done, this.deps.clock.now());
      await this.record(actor, 'setup.finish', {
        entity: 'school',
        id: profile.id,
        label: profile.name,
        after: { done: setup.done },
      });
    });
  }
}

function runningLevels(state: SchoolState, now: Date): Level[] {
  const pack = packOf(state.profile.packId);
  return levelsIn(pack, Number(dayIn(pack.zone, now).slice(0, 4)));
}
