import type { ClearanceUse, LawSwitches } from '../../../kernel/packs/types.js';
import type { PlanState } from '../instalments/plan.rules.js';

export const THRESHOLD_KINDS = ['amount', 'percent'] as const;

export interface ClearanceTerms {
  thresholdKind: (typeof THRESHOLD_KINDS)[number];
  /** So much may be left open: minor units, or hundredths of a per cent of the term's bill. */
  threshold: number;
  /** What is past its day by no more than this does not count yet. */
  graceDays: number;
  /** A plan of instalments that is kept counts as cleared. */
  plansCount: boolean;
}

export const OUTCOMES = ['paid', 'plan', 'exception', 'held'] as const;
/** Why a child is cleared; `held`: it isn't. */
export type Outcome = (typeof OUTCOMES)[number];

/** How much of a child's fees may be open. */
export function limitOf(
  { thresholdKind, threshold }: Pick<ClearanceTerms, 'thresholdKind' | 'threshold'>,
  billedMinor: number,
): number {
  return thresholdKind === 'amount' ? threshold : Math.floor((Math.max(0, billedMinor) * threshold) / 10_000);
}

/** What was paid comes first, then a plan that is kept, then what somebody allowed. */
export function outcomeOf(
  {
    countedMinor,
    limitMinor,
    plan,
    excepted,
  }: { countedMinor: number; limitMinor: number; plan: PlanState | null; excepted: boolean },
  plansCount: boolean,
): Outcome {
  if (countedMinor <= limitMinor) return 'paid';
  if (plansCount && (plan === 'active' || plan === 'compliant' || plan === 'completed')) return 'plan';
  return excepted ? 'exception' : 'held';
}

/** What may be kept from a child that is not cleared, by the law of the school's country, and what never. */
export function blockable({
  clearance,
  nationalCertificateMayBeWithheld,
}: Pick<LawSwitches, 'clearance' | 'nationalCertificateMayBeWithheld'>): {
  may: readonly ClearanceUse[];
  certificates: boolean;
  rules: readonly string[];
} {
  return { may: clearance.mayHold, certificates: nationalCertificateMayBeWithheld, rules: clearance.rules };
}
