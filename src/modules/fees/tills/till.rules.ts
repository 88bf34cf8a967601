import { Invalid, RuleBroken } from '../../../kernel/errors.js';
import { ABOVE_ZERO, ZERO_OR_MORE } from '../../../kernel/money.js';
import type { Method } from '../documents/document.rules.js';

/**
 * Where cash goes that leaves a till: into the safe, to the bank, back to who paid it in an earlier session, or out as a refund.
 * `refund-back` alone comes in: a refund that was taken back.
 */
export const MOVEMENT_KINDS = ['safe', 'bank', 'returned', 'refunded', 'refund-back'] as const;
export type MovementKind = (typeof MOVEMENT_KINDS)[number];
/** Those that a cashier writes; the others follow from taking a receipt back and from refunds. */
export const DROP_KINDS = ['safe', 'bank'] as const satisfies readonly MovementKind[];
export type DropKind = (typeof DROP_KINDS)[number];

/** What was taken by one method, in minor units. */
export interface Taking {
  method: Method;
  count: number;
  totalMinor: number;
}

export interface Movement {
  kind: MovementKind;
  /** Above zero, whichever way it goes. */
  amountMinor: number;
  /** It came back before the count, since its slip was undone. */
  backInTill?: boolean;
}

/** What a movement changes of what lies there. */
export function changeBy({ kind, amountMinor, backInTill = false }: Movement): number {
  if (backInTill) return 0;
  return kind === 'refund-back' ? amountMinor : -amountMinor;
}

/** What ought to lie in the till: the float and the cash that was taken, less what left, with what came back. Below zero when more was given back than lay there. */
export function expectedCash(floatMinor: number, takings: readonly Taking[], movements: readonly Movement[]): number {
  const cash = takings.filter((one) => one.method === 'cash').reduce((sum, one) => sum + one.totalMinor, 0);
  return movements.reduce((sum, one) => sum + changeBy(one), floatMinor + cash);
}

/** @throws Invalid at `field` for what can't lie in a till */
export function demandSum(field: string, minor: number, least: 0 | 1): void {
  if (Number.isSafeInteger(minor) && minor >= least) return;
  throw new Invalid({ [field]: least === 0 ? ZERO_OR_MORE : ABOVE_ZERO });
}

/** @throws RuleBroken when more would leave than lies there */
export function demandThere(amountMinor: number, expectedMinor: number, field = 'amount'): void {
  if (amountMinor > expectedMinor) throw new RuleBroken('more-than-there', 'This is more than the till holds.', field);
}

/** Cash is what a till holds; a bank slip or a code only passes over the same desk. */
export function liesInTill(method: Method): boolean {
  return method === 'cash';
}
