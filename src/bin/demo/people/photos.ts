import type { App } from '../../../app.js';
import type { Actor } from '../../../kernel/actor.js';
import { FILES } from '../../../modules/files/index.js';
import { Photos, Register } from '../../../modules/students/operations.js';
import { unit } from '../../../platform/db/index.js';
import { inLanes } from '../lanes.js';
import type { DemoPlan } from '../money/plans.js';
import { drawPortraits } from './portraits.js';
import type { Registered } from './register-builder.js';

const LARGEST = 100 * 1024;

/** Each drawing is made once and kept once for each child who has it, as if a photographer had been there. */
export async function hangPhotos(app: App, actor: Actor, plan: DemoPlan, registered: readonly Registered[]): Promise<void> {
  const get = app.container.get.bind(app.container);
  // It says who may read the photos that are kept here.
  get(Photos);
  const portraits = await drawPortraits(plan.start.colours!);
  const here = registered.filter(
    ({ child }) => child.face !== null && child.exit === null && child.consents['photo-in-school'] !== false,
  );
  await inLanes(app, here, ({ id, child }) =>
    app.run(() =>
      unit(async () => {
        const picture = portraits.of({ sex: child.sex, face: child.face!, religion: child.religion });
        const file = await get(FILES).save(actor, picture, {
          purpose: 'students.photo',
          owner: { kind: 'student', id },
          name: 'photo.jpg',
          maxBytes: LARGEST,
          types: ['image/jpeg'],
          drawn: true,
        });
        await get(Register).setPhoto(actor, id, file.id);
      }),
    ),
  );
}
