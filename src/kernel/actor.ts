import { Forbidden } from './errors.js';

/** Who acts. Handed to every use case, so that a rule never has to look around for the current user. */
export interface Actor {
  /** null for the system itself (jobs, migrations, bootstrap). */
  userId: string | null;
  name: string;
  /** Which person of the school this account belongs to, if any. */
  person: { kind: 'staff' | 'guardian' | 'student'; id: string } | null;
  roles: readonly string[];
  permissions: ReadonlySet<string>;
  ip: string | null;
  requestId: string | null;
}

export function can(actor: Actor, permission: string): boolean {
  return actor.permissions.has(permission);
}

/** @throws Forbidden */
export function demand(actor: Actor, permission: string): void {
  if (!can(actor, permission)) throw new Forbidden();
}

/** The product acting by itself; `why` names the job or command and shows in the audit. */
export function systemActor(why: string): Actor {
  return { userId: null, name: why, person: null, roles: ['system'], permissions: new Set(), ip: null, requestId: null };
}
