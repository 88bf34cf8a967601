import { addDays } from '../../../kernel/clock.js';

/**
 * By when what is billed on a day is due: so many days after it, or after `from` where that is later. So nothing is overdue on
 * the day on which somebody hears of it.
 */
export function dueDay(billedOn: string, graceDays: number, from = billedOn): string {
  return addDays(from > billedOn ? from : billedOn, graceDays);
}

/** What a note adds is due like any other charge, and not before its invoice; what it takes off counts at once. */
export function dueDayOfNote(
  kind: 'debit-note' | 'credit-note',
  billedOn: string,
  graceDays: number,
  invoiceDueOn: string,
): string {
  if (kind === 'credit-note') return billedOn;
  const day = dueDay(billedOn, graceDays);
  return day > invoiceDueOn ? day : invoiceDueOn;
}

/** Days past due at which an older group begins. */
export const AGES = [1, 31, 61, 91] as const;

export interface Ageing {
  /** Not due yet; minor units. */
  comingMinor: number;
  /** Up to 30 days past due, 31 to 60, 61 to 90, and older. */
  overdueMinor: readonly [number, number, number, number];
  totalMinor: number;
}

const DAY = 86_400_000;

/** How long what is open has been due; what was paid ahead is taken off nothing here, since it has settled what it could. */
export function ageingOf(items: readonly { dueOn: string; openMinor: number }[], today: string): Ageing {
  let comingMinor = 0;
  const overdue: [number, number, number, number] = [0, 0, 0, 0];
  for (const { dueOn, openMinor } of items) {
    const days = Math.round((Date.parse(today) - Date.parse(dueOn)) / DAY);
    if (days < 1) comingMinor += openMinor;
    else overdue[AGES.findLastIndex((from) => days >= from)]! += openMinor;
  }
  return { comingMinor, overdueMinor: overdue, totalMinor: comingMinor + overdue.reduce((sum, one) => sum + one, 0) };
}

/** Of several accounts together. */
export function agesOf(ages: readonly Ageing[]): Ageing {
  const sum = (pick: (one: Ageing) => number): number => ages.reduce((total, one) => total + pick(one), 0);
  return {
    comingMinor: sum((one) => one.comingMinor),
    overdueMinor: [
      sum((one) => one.overdueMinor[0]),
      sum((one) => one.overdueMinor[1]),
      sum((one) => one.overdueMinor[2]),
      sum((one) => one.overdueMinor[3]),
    ],
    totalMinor: sum((one) => one.totalMinor),
  };
}

/** What is open on one day that it is due. */
export interface Due {
  dueOn: string;
  openMinor: number;
}

/** What is open, by the day that it is due, earliest first. */
export function duesOf(items: readonly Due[]): Due[] {
  const days = new Map<string, number>();
  for (const { dueOn, openMinor } of items) days.set(dueOn, (days.get(dueOn) ?? 0) + openMinor);
  return [...days].map(([dueOn, openMinor]) => ({ dueOn, openMinor })).sort((a, b) => (a.dueOn < b.dueOn ? -1 : 1));
}
