/**
 * `asking`: sent, and no answer yet whether the network has it. `unknown`: nobody can say. `failed` is not final: a late
 * success is credited. `receipt-awaited`: the network says that it is paid, and its number is still to come.
 */
export type PromptState = 'asking' | 'asked' | 'unknown' | 'failed' | 'receipt-awaited' | 'paid';

/** A part of a prompt's sum, in minor units. */
export interface PromptShare {
  studentId: string;
  amountMinor: number;
}

export interface Prompt {
  id: string;
  accountId: string;
  /** The child whose number is the reference. */
  studentId: string;
  /** Where it is for several children; empty where it is for that child alone. */
  shares: readonly PromptShare[];
  linkId: string | null;
  /** Whole units of the currency. */
  amountMinor: number;
  /** E.164 */
  phone: string;
  reference: string;
  state: PromptState;
  merchantRequestId: string | null;
  checkoutRequestId: string | null;
  resultCode: string | null;
  transId: string | null;
  paymentId: string | null;
  byUserId: string | null;
  byName: string;
  askedAt: Date;
  changedAt: Date;
}

/** The same phone is not prompted again before. */
export const BETWEEN_PROMPTS_MS = 60_000;
/** A payment that came so long after its prompt is not taken for its answer. */
const ANSWERS_WITHIN_MS = 30 * 60_000;

export function isOpen({ state }: Pick<Prompt, 'state'>): boolean {
  return state === 'asking' || state === 'asked' || state === 'unknown' || state === 'receipt-awaited';
}

/** Whom a payment of this sum is for; null where several children were to share another one. Who became one record since then gets both parts. */
export function sharesOf({ studentId, shares }: Pick<Prompt, 'studentId' | 'shares'>, paidMinor: number): PromptShare[] | null {
  if (shares.length === 0) return [{ studentId, amountMinor: paidMinor }];
  const parts = new Map<string, number>();
  for (const one of shares) parts.set(one.studentId, (parts.get(one.studentId) ?? 0) + one.amountMinor);
  const sum = shares.reduce((total, one) => total + one.amountMinor, 0);
  return sum === paidMinor ? [...parts].map(([id, amountMinor]) => ({ studentId: id, amountMinor })) : null;
}

/** Whether the same is asked for the same children. */
export function sameShares(one: readonly PromptShare[], other: readonly PromptShare[]): boolean {
  return (
    one.length === other.length &&
    one.every((share, n) => share.studentId === other[n]!.studentId && share.amountMinor === other[n]!.amountMinor)
  );
}

/** Paid after the network had said that it was not: nothing is wrong with it, and people should know. */
export function isLate({ state, resultCode }: Pick<Prompt, 'state' | 'resultCode'>): boolean {
  return state === 'paid' && resultCode !== null && resultCode !== '0';
}

/** Only what has no payment yet changes, and only a payment ends it. */
export function mayBecome(from: PromptState, to: PromptState): boolean {
  if (from === 'paid') return false;
  return !(from === 'receipt-awaited' && (to === 'failed' || to === 'unknown' || to === 'asked'));
}

/** The prompt that a payment without its number answers: same reference and amount, soon after; the newest of several. */
export function answered(
  prompts: readonly Prompt[],
  paid: { billRef: string; amountMinor: number; paidAt: Date },
): Prompt | null {
  const fitting = prompts.filter((one) => {
    const after = paid.paidAt.getTime() - one.askedAt.getTime();
    return (
      one.transId === null &&
      one.paymentId === null &&
      one.reference === paid.billRef &&
      one.amountMinor === paid.amountMinor &&
      after > -60_000 &&
      after < ANSWERS_WITHIN_MS
    );
  });
  return fitting.sort((a, b) => b.askedAt.getTime() - a.askedAt.getTime())[0] ?? null;
}
