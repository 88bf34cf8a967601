import type { CountryCode } from '../../kernel/packs/types.js';

/** What one learner costs for one term, in whole minor units of the country's currency. */
export const EACH_LEARNER: Record<CountryCode, { currency: string; minor: number }> = {
  KE: { currency: 'KES', minor: 60_00 },
  NG: { currency: 'NGN', minor: 700_00 },
  GH: { currency: 'GHS', minor: 7_00 },
  UG: { currency: 'UGX', minor: 1_700 },
  ZA: { currency: 'ZAR', minor: 9_00 },
};

/** Of the full price, in per cent: the learners up to the five-hundredth pay all of it, those after them less. */
export const SHARES: readonly { upTo: number; share: number }[] = [
  { upTo: 500, share: 100 },
  { upTo: 1_500, share: 85 },
  { upTo: Infinity, share: 70 },
];

/** Terms that a new school does not pay. */
export const FREE_TERMS = 1;

export const MOST_LEARNERS = 20_000;
