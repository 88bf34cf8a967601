import type { CountryPack } from '../../kernel/packs/types.js';
import { EACH_LEARNER, FREE_TERMS, SHARES } from './prices.rules.js';

export interface PriceLine {
  learners: number;
  /** Minor units for one of them and one term. */
  each: number;
  amount: number;
}

export interface Price {
  currency: string;
  lines: readonly PriceLine[];
  /** Minor units, as all amounts here. */
  term: number;
  terms: number;
  year: number;
  firstYear: number;
}

/**
 * What a school pays. Each learner pays the price of the band in which they are counted, so that a school never pays
 * less by having more of them.
 */
export function priceFor(pack: CountryPack, learners: number): Price {
  const { currency, minor } = EACH_LEARNER[pack.country];
  const lines: PriceLine[] = [];
  let counted = 0;
  for (const { upTo, share } of SHARES) {
    const inBand = Math.min(learners, upTo) - counted;
    if (inBand <= 0) break;
    const each = (minor * share) / 100;
    lines.push({ learners: inBand, each, amount: inBand * each });
    counted += inBand;
  }
  const term = lines.reduce((sum, line) => sum + line.amount, 0);
  const terms = pack.calendar.terms.length;
  return { currency, lines, term, terms, year: term * terms, firstYear: term * (terms - FREE_TERMS) };
}
