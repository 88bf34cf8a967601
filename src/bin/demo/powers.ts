import type { App } from '../../app.js';
import { systemActor, type Actor } from '../../kernel/actor.js';
import { spokenName } from '../../kernel/people/names.js';
import type { Staff } from '../../modules/hr/index.js';
import { IDENTITY } from '../../modules/identity/index.js';
import { PERMISSION_CATALOGUE } from '../../platform/tokens.js';

/** Somebody who may do all that any module knows of, for arranging things through the use cases. */
export function allPowers(app: App, name: string): Actor {
  const keys = app.container.get(PERMISSION_CATALOGUE).map((permission) => permission.key);
  return { ...systemActor(name), permissions: new Set(keys) };
}

/** The same powers under the name of whoever has this job, so that papers and the trail name people of the school. */
export function inTheNameOf(actor: Actor, staff: readonly Staff[], job: string): Actor {
  const one = staff.find((each) => each.job === job);
  return one ? { ...actor, name: spokenName(one), person: { kind: 'staff', id: one.id } } : actor;
}

/** The same, at work in the account that signs in with this address. */
export async function signedIn(app: App, actor: Actor, role: string, email: string): Promise<Actor> {
  return { ...actor, userId: await app.container.get(IDENTITY).accountWith(email), roles: [role] };
}
