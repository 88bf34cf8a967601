import { z } from 'zod';
import type { Actor } from '../../../kernel/actor.js';
import { NotFound, RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import { packOf } from '../../../kernel/packs/index.js';
import { checkBands } from './scale.rules.js';
import type { GradingScale } from './scale.rules.js';
import type { SchoolState } from './school.rules.js';
import { SchoolUseCases } from '../changing.js';

const amount = z.coerce.number().min(0).max(999).multipleOf(0.01, 'Two decimal places at most');

export const scaleInput = z.object({
  name: z.string().max(60),
  basis: z.enum(['percent', 'points', 'aggregate']),
  bands: z
    .array(
      z.object({ grade: z.string().max(10), lowest: amount, points: amount.optional(), words: z.string().max(60).default('') }),
    )
    .max(20)
    .default([]),
});
export type ScaleInput = z.infer<typeof scaleInput>;

/** Grading scales: those of the country, and the school's own. */
export class Scales extends SchoolUseCases {
  save(actor: Actor, id: string | null, input: ScaleInput): Promise<GradingScale> {
    return this.changing(async (state) => {
      const before = id ? scaleOf(state, id) : null;
      if (before?.national)
        throw new RuleBroken('school.national-scale', 'This scale is set for the whole country. Create your own alongside it.');
      if (state.scales.some((other) => other.id !== before?.id && other.name.toLowerCase() === input.name.toLowerCase())) {
        throw new RuleBroken('school.scale-name-taken', 'There is already a scale with this name.', 'name');
      }
      const bands = input.bands.map((band) => ({ ...band, points: band.points ?? null }));
      checkBands(input.basis, bands);
      const after: GradingScale = {
        id: before?.id ?? newId(),
        name: input.name,
        basis: input.basis,
        national: false,
        packScale: before?.packScale ?? null,
        bands: bands.sort((a, b) => b.lowest - a.lowest),
      };
      await this.deps.store.saveScale(after);
      await this.record(actor, before ? 'scale.change' : 'scale.add', {
        entity: 'school_scales',
        id: after.id,
        label: after.name,
        before,
        after,
      });
      return after;
    });
  }

  remove(actor: Actor, id: string): Promise<void> {
    return this.changing(async (state) => {
      const before = scaleOf(state, id);
      const stages = packOf(state.profile.packId).stages.filter(
        (stage) => stage.scale !== null && stage.scale === before.packScale,
      );
      if (stages.length > 0) {
        throw new RuleBroken('school.scale-used', `${stages[0]!.name} uses this scale, so it can’t be removed.`);
      }
      await this.deps.store.removeScale(id);
      await this.record(actor, 'scale.remove', { entity: 'school_scales', id, label: before.name, before });
    });
  }
}

function scaleOf(state: SchoolState, id: string): GradingScale {
  const scale = state.scales.find((candidate) => candidate.id === id);
  if (!scale) throw new NotFound();
  return scale;
}
