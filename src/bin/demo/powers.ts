import type { App } from '../../app.js';
import { systemActor, type Actor } from '../../kernel/actor.js';
import { PERMISSION_CATALOGUE } from '../../platform/tokens.js';

/** Somebody who may do all that any module knows of, for arranging things through the use cases. */
export function allPowers(app: App, name: string): Actor {
  const keys = app.container.get(PERMISSION_CATALOGUE).map((permission) => permission.key);
  return { ...systemActor(name), permissions: new Set(keys) };
}
