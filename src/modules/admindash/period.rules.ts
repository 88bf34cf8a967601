import { addDays } from '../../kernel/clock.js';

/** How far back the dashboard looks, in days. */
export const PERIODS = [7, 30, 90] as const;
export type Period = (typeof PERIODS)[number];

/** What happened on one day of UTC, on the platform and in all schools together. */
export interface Day {
  day: string;
  signups: number;
  signIns: number;
  failedSignIns: number;
  lockOuts: number;
  platformSignIns: number;
  platformFailures: number;
  platformLockOuts: number;
}

export type DayCount = Exclude<keyof Day, 'day'>;

/** A day, or the week that begins with it. */
export interface Slot extends Day {
  days: number;
}

/** Days of the period with nothing left out, in weeks where so many days could not be told apart. */
export function slotsOf(days: readonly Day[], period: Period, today: string): Slot[] {
  const size = period > 30 ? 7 : 1;
  const known = new Map(days.map((each) => [each.day, each]));
  const count = Math.ceil(period / size);
  return Array.from({ length: count }, (_none, index) => {
    const first = addDays(today, -(count - index) * size + 1);
    const within = Array.from({ length: size }, (_day, offset) => known.get(addDays(first, offset)) ?? emptyDay(first));
    return within.slice(1).reduce<Slot>((sum, each) => added(sum, each), { ...within[0]!, day: first, days: size });
  });
}

/** Of the period, and of as many days before it. */
export function sumsOf(days: readonly Day[], count: DayCount, period: Period, today: string): { now: number; before: number } {
  const first = addDays(today, 1 - period);
  const sum = (some: readonly Day[]): number => some.reduce((total, each) => total + each[count], 0);
  return {
    now: sum(days.filter(({ day }) => day >= first)),
    before: sum(days.filter(({ day }) => day < first && day >= addDays(first, -period))),
  };
}

function emptyDay(day: string): Day {
  return {
    day,
    signups: 0,
    signIns: 0,
    failedSignIns: 0,
    lockOuts: 0,
    platformSignIns: 0,
    platformFailures: 0,
    platformLockOuts: 0,
  };
}

function added(sum: Slot, day: Day): Slot {
  const counts: DayCount[] = [
    'signups',
    'signIns',
    'failedSignIns',
    'lockOuts',
    'platformSignIns',
    'platformFailures',
    'platformLockOuts',
  ];
  return { ...sum, ...Object.fromEntries(counts.map((count) => [count, sum[count] + day[count]])) };
}
