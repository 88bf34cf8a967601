import { RuleBroken } from '../../../kernel/errors.js';
import type { Matrix } from '../roles/matrix.rules.js';

interface Holder {
  roles: readonly string[];
  hasTotp: boolean;
  passkeys: number;
}

/** What a school has decided about second steps beyond what permissions ask for. */
export interface FactorChoice {
  /** Asked of them too. */
  added: readonly string[];
  /** An owner has let them off. */
  waived: readonly string[];
}

/**
 * Asked for a second step until a school decides, whatever they may do: whoever leads, and class teachers, who see what may
 * become an emergency in a whole class. That is not held back from them, so no guarded permission asks them for it.
 */
export const ASKED_BESIDES = [
  'owner',
  'head',
  'bursar',
  'administrator',
  'class-teacher',
  'super-admin',
  'support',
  'analyst',
] as const;

/** Hours from the first sign-in on in which somebody may still put the second step off, without what needs it. */
export const FACTOR_GRACE_HOURS = 24;

/** Who signs in with a second step: whoever has all, whoever holds a guarded permission, whoever the school adds, but those an owner let off. */
export function rolesWithFactor<Role extends string>(
  all: readonly Role[],
  matrix: Matrix,
  { added, waived }: FactorChoice,
): Role[] {
  return all.filter((role) => !waived.includes(role) && (added.includes(role) || matrix.held([role]).stepped.size > 0));
}

/** @throws RuleBroken when somebody who is no owner lets a role off. */
export function demandMayLower(isOwner: boolean, before: readonly string[], wanted: readonly string[]): void {
  if (!isOwner && before.some((role) => !wanted.includes(role))) {
    throw new RuleBroken('owner-only', 'Only an owner can drop the second step for a role.', 'roles');
  }
}

/** @throws RuleBroken when the person would be without a second step that one of their roles needs. */
export function demandAnotherFactor(holder: Holder, factorRoles: readonly string[], removed: 'totp' | 'passkey'): void {
  if (!holder.roles.some((role) => factorRoles.includes(role))) return;
  const left = removed === 'totp' ? holder.passkeys : holder.passkeys - 1 + (holder.hasTotp ? 1 : 0);
  if (left < 1)
    throw new RuleBroken('last-factor', 'Your role needs a second step, and this is the only one you have. Add another first.');
}
