import { boardingOn, type Stay } from '../../../kernel/people/boarding.js';
import { addDays } from '../../../kernel/clock.js';
import type { Boarding } from '../structures/structure.rules.js';

/** Days of a term in which nothing changes for a learner. */
export interface Stretch {
  /** School days, halves counted as halves. */
  days: number;
  /** Not yet at the school. */
  away: boolean;
  boarding: Boarding;
  /** Heads that are not for everybody and that this learner takes. */
  takes: ReadonlySet<string>;
}

/** How changes in the middle of a term are charged: as for those who join in it, and those who leave. */
export interface MidTerm {
  joiners: 'days' | 'whole';
  leavers: 'days' | 'keep';
}

/** What is charged for a stretch, for the whole term. */
export interface Rate {
  days: number;
  amountMinor: number;
  boarding: Boarding;
}

/** A head that is taken from a day to a day, both of them days of it. */
export interface Taken {
  headId: string;
  from: string;
  to: string | null;
}

/** A term as one learner has it, cut at each day on which something changes. `since` is when they joined in it, if they did. */
export function stretchesOf(
  { startsOn, endsOn }: { startsOn: string; endsOn: string },
  since: string | null,
  stay: Stay,
  taken: readonly Taken[],
  daysFrom: (day: string) => number,
): Stretch[] {
  const cuts = [
    startsOn,
    since ?? startsOn,
    ...stay.boardingChanges,
    ...taken.flatMap(({ from, to }) => (to === null ? [from] : [from, addDays(to, 1)])),
  ];
  const begins = [...new Set(cuts)].filter((day) => day >= startsOn && day <= endsOn).sort();
  return begins.map((day, n) => ({
    days: daysFrom(day) - (n + 1 < begins.length ? daysFrom(begins[n + 1]!) : 0),
    away: since !== null && day < since,
    boarding: boardingOn(stay, day),
    takes: new Set(taken.filter((one) => one.from <= day && (one.to === null || day <= one.to)).map((one) => one.headId)),
  }));
}

/**
 * What each stretch is charged by in the end. Who pays the whole term on joining pays as if it had been so from its beginning;
 * where nothing is given back on leaving, what was once taken up is paid to the term's end.
 */
export function charged(rates: readonly Rate[], { joiners, leavers }: MidTerm): Rate[] {
  const highest = (of: readonly Rate[]): Rate => of.reduce((most, one) => (one.amountMinor > most.amountMinor ? one : most));
  return rates.map((rate, n) => {
    const [from, to] = [leavers === 'keep' ? 0 : n, joiners === 'whole' ? rates.length : n + 1];
    return { ...highest(rates.slice(from, to)), days: rate.days };
  });
}

/** The part of what is charged that lies at its end: what is left to somebody who goes before those days. */
export function partAfter(rates: readonly Rate[], days: number): { days: number; of: number } {
  const worth = (of: readonly Rate[]): number => of.reduce((sum, one) => sum + one.amountMinor * one.days, 0);
  let left = days;
  const last = [...rates].reverse().map((rate) => {
    const some = Math.min(rate.days, left);
    left -= some;
    return { ...rate, days: some };
  });
  return { days: worth(last), of: worth(rates) };
}
