import { Forbidden, ProofNeeded } from './errors.js';

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
  /** Whether they proved who they are a short while ago; nothing is said of whoever isn't asked for it, as the product itself. */
  proven?: boolean;
}

/** As many rows as a page shows at most. More people's data leaves in one go only with somebody who has just proven who they are. */
export const MOST_UNPROVEN = 200;

export function can(actor: Actor, permission: string): boolean {
  return actor.permissions.has(permission);
}

/** @throws Forbidden */
export function demand(actor: Actor, permission: string): void {
  if (!can(actor, permission)) throw new Forbidden(undefined, permission);
}

/**
 * For what takes many people's data out of the house, or ends it: a page that was left open, or a cookie that was stolen, is not enough.
 * @param rows how many people, where it depends on that
 * @param to what they come back to
 * @throws ProofNeeded
 */
export function demandProof(actor: Actor, rows = Infinity, to: ProofNeeded['of'] = 'file'): void {
  if (actor.proven === false && rows > MOST_UNPROVEN) throw new ProofNeeded(to);
}

/** The product acting by itself; `why` names the job or command and shows in the audit. */
export function systemActor(why: string): Actor {
  return { userId: null, name: why, person: null, roles: ['system'], permissions: new Set(), ip: null, requestId: null };
}
