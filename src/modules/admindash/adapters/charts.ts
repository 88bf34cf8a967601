import { barChart, key, lineChart, type Series } from '../../../platform/charts/charts.js';
import type { DayCount, Slot } from '../period.rules.js';
import type { Say } from './measures.js';

export interface Words {
  t: Say;
  date(day: string): string;
  number(value: number): string;
}

/** Room for so many dates under an axis. */
const MOST_TICKS = 5;

export function signupsChart(slots: readonly Slot[], words: Words): string {
  const { t } = words;
  const total = slots.reduce((sum, slot) => sum + slot.signups, 0);
  const series: Series[] = [{ label: t('Schools that signed up'), kind: 'main', values: valuesOf(slots, 'signups') }];
  return barChart({ ...axisOf(slots, words), series, finding: t('{{n}} schools signed up', { n: total }) });
}

/** Of all schools together, or of the platform's own people. */
export function doorChart(
  slots: readonly Slot[],
  counts: { came: DayCount; failed: DayCount },
  words: Words,
): { draw: string; key: string } {
  const { t } = words;
  const series: Series[] = [
    { label: t('Sign-ins'), kind: 'main', values: valuesOf(slots, counts.came) },
    { label: t('Refused'), kind: 'second', values: valuesOf(slots, counts.failed) },
  ];
  const sum = (count: DayCount): number => slots.reduce((total, slot) => total + slot[count], 0);
  const finding = t('{{n}} sign-ins, {{failed}} refused', { n: sum(counts.came), failed: sum(counts.failed) });
  return { draw: lineChart({ ...axisOf(slots, words), series, finding }), key: key(series) };
}

function valuesOf(slots: readonly Slot[], count: DayCount): number[] {
  return slots.map((slot) => slot[count]);
}

function axisOf(slots: readonly Slot[], { t, date, number }: Words) {
  const labels = slots.map(({ day, days }) => (days > 1 ? t('Week from {{day}}', { day: date(day) }) : date(day)));
  const apart = Math.ceil(slots.length / MOST_TICKS);
  const ticks = slots.map(({ day }, index) => ((slots.length - 1 - index) % apart === 0 ? shortDay(date(day)) : ''));
  return {
    labels,
    ticks,
    format: (value: number) => (Number.isInteger(value) ? number(value) : ''),
    t: (text: string) => t(text),
  };
}

/** The year is clear from where one is. */
function shortDay(date: string): string {
  return date.replace(/,? \d{4}$/, '');
}
