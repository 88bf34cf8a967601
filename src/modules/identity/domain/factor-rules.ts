import { RuleBroken } from '../../../kernel/errors.js';

interface Holder {
  roles: readonly string[];
  hasTotp: boolean;
  passkeys: number;
}

/** @throws RuleBroken when the person would be without a second step that one of their roles needs. */
export function demandAnotherFactor(holder: Holder, factorRoles: readonly string[], removed: 'totp' | 'passkey'): void {
  if (!holder.roles.some((role) => factorRoles.includes(role))) return;
  const left = removed === 'totp' ? holder.passkeys : holder.passkeys - 1 + (holder.hasTotp ? 1 : 0);
  if (left < 1) throw new RuleBroken('last-factor', 'Your role needs a second step, and this is the only one you have. Add another first.');
}
