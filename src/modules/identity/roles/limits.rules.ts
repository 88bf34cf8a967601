/**
 * Every limit on who may hand out rights, and to whom. The pages and the use cases ask here and nowhere else.
 *
 * 1. Nobody grants what they don't hold.
 * 2. Permissions over money, health and pay are granted and taken away by an owner only; so is the role of an owner,
 *    and so is every role that carries such a permission.
 * 3. Guardians and students can't get staff permissions: only what a module offers to families.
 * 4. A person is staff or family in one account, never both.
 * 5. Nobody changes their own roles upward.
 * 6. The last owner can't be removed or disabled.
 * 7. An owner's account is changed by owners only.
 * 8. Whoever can take an account over (new password, new address, second factor removed) holds all that it may do.
 */
import type { Actor } from '../../../kernel/actor.js';
import { MISSING } from '../../../kernel/missing.js';
import { RuleBroken } from '../../../kernel/errors.js';
import type { Matrix } from './matrix.rules.js';
import type { Right } from './right.rules.js';

export const FAMILY_ROLES: readonly string[] = ['guardian', 'student'];

/** The owner of a school, the super-admin of the platform: whoever may do everything. What is said of owners holds for both. */
export const TOP_ROLES: readonly string[] = ['owner', 'super-admin'];

const isTop = (role: string): boolean => TOP_ROLES.includes(role);
const isOwner = (actor: Actor): boolean => actor.roles.some(isTop);
/** Bootstrap and the command line act before there is an owner. */
const isSystem = (actor: Actor): boolean => actor.userId === null && actor.roles.includes('system');

/** @throws RuleBroken when this cell of the matrix may not be changed so by this person. */
export function demandMatrixChange(actor: Actor, permission: Right, role: string, grant: boolean): void {
  const refusal = matrixRefusal(actor, permission, role, grant);
  if (refusal) throw refusal;
}

export function matrixRefusal(actor: Actor, permission: Right, role: string, grant: boolean): RuleBroken | null {
  if (isSystem(actor)) return null;
  if (isTop(role) && !grant) return new RuleBroken('owner-keeps-all', 'An owner always has every permission.');
  if (permission.guarded && !isOwner(actor)) {
    return new RuleBroken('owner-only', `Only an owner can give or remove permissions for ${permission.guarded}.`);
  }
  if (grant && FAMILY_ROLES.includes(role) && !permission.roles.includes(role)) {
    return new RuleBroken('families-no-staff-rights', 'Guardians and students can’t have staff permissions.');
  }
  if (grant && !isOwner(actor) && !actor.permissions.has(permission.key)) {
    return new RuleBroken('not-held', 'You can’t give a permission that you don’t have yourself.');
  }
  if (!grant && !isOwner(actor) && !actor.permissions.has(permission.key)) {
    return new RuleBroken('not-held', 'You can’t take away a permission that you don’t have yourself.');
  }
  if (grant && !isOwner(actor) && actor.roles.includes(role) && !actor.permissions.has(permission.key)) {
    return new RuleBroken('not-upward', 'You can’t add permissions to your own roles. Ask an owner.');
  }
  return null;
}

export interface RoleHolder {
  userId: string;
  roles: readonly string[];
}

/** @throws RuleBroken for a role that there is not here: a school's on the platform, or the reverse. */
export function demandKnownRoles(wanted: readonly string[], known: readonly string[]): void {
  if (wanted.some((role) => !known.includes(role))) throw new RuleBroken('no-such-role', MISSING.role, 'roles');
}

/** @throws RuleBroken when this person may not give the other exactly these roles. */
export function demandRoleChange(actor: Actor, holder: RoleHolder, wanted: readonly string[], matrix: Matrix): void {
  if (wanted.length === 0) throw new RuleBroken('no-role', 'Choose at least one role.', 'roles');
  if (wanted.some((role) => FAMILY_ROLES.includes(role)) && wanted.some((role) => !FAMILY_ROLES.includes(role))) {
    throw new RuleBroken(
      'staff-or-family',
      'A guardian or student can’t be staff in the same account. Create a second account.',
      'roles',
    );
  }
  if (isSystem(actor)) return;
  demandOwnerFor(actor, holder);
  const added = wanted.filter((role) => !holder.roles.includes(role));
  const removed = holder.roles.filter((role) => !wanted.includes(role));
  if (holder.userId === actor.userId && added.length > 0) {
    throw new RuleBroken('not-upward', 'You can’t give yourself another role. Ask an owner.', 'roles');
  }
  for (const role of [...added, ...removed]) demandMayHandOut(actor, role, matrix);
}

/** @throws RuleBroken unless the actor holds everything that the role brings. */
function demandMayHandOut(actor: Actor, role: string, matrix: Matrix): void {
  if (isOwner(actor)) return;
  if (isTop(role)) throw new RuleBroken('owner-only', 'Only an owner can add or remove an owner.', 'roles');
  const brings = matrix.held([role]).permissions;
  const guarded = matrix.catalogue.find((permission) => permission.guarded && brings.has(permission.key));
  if (guarded) {
    throw new RuleBroken('owner-only', `This role includes “${guarded.label}”: only an owner can give or remove it.`, 'roles');
  }
  if (FAMILY_ROLES.includes(role)) return;
  const missing = matrix.catalogue.find((permission) => brings.has(permission.key) && !actor.permissions.has(permission.key));
  if (missing) {
    throw new RuleBroken('not-held', `This role includes “${missing.label}”, which you don’t have. Ask an owner.`, 'roles');
  }
}

/** @throws RuleBroken when an owner's account is touched by somebody who is none. */
export function demandOwnerFor(actor: Actor, holder: RoleHolder): void {
  if (holder.roles.some(isTop) && !isOwner(actor) && !isSystem(actor)) {
    throw new RuleBroken('owner-only', 'Only an owner can change an owner’s account.');
  }
}

/** @throws RuleBroken when the other may do more than the actor: taking their account over would be a way upward. */
export function demandMayTakeOver(actor: Actor, holder: RoleHolder, matrix: Matrix): void {
  if (isSystem(actor) || isOwner(actor) || actor.userId === holder.userId) return;
  const theirs = matrix.held(holder.roles).permissions;
  const missing = matrix.catalogue.find((permission) => theirs.has(permission.key) && !actor.permissions.has(permission.key));
  if (!missing || holder.roles.every((role) => FAMILY_ROLES.includes(role))) return;
  throw new RuleBroken('not-held', `This person has “${missing.label}”, which you don’t have. Ask an owner.`);
}

/** @throws RuleBroken when nobody would be left who owns the school. `otherOwners` counts active owners besides the holder. */
export function demandOwnerRemains(holder: RoleHolder, staysOwner: boolean, otherOwners: number): void {
  if (holder.roles.some(isTop) && !staysOwner && otherOwners === 0) {
    throw new RuleBroken('last-owner', 'No one else has full rights here. Give someone else this role first.');
  }
}

/** @throws RuleBroken: maker is never their own judge. */
export function demandNotSelf(actor: Actor, holder: RoleHolder, sentence: string): void {
  if (actor.userId === holder.userId) throw new RuleBroken('not-yourself', sentence);
}
