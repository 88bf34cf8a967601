import { RuleBroken } from '../../../kernel/errors.js';
import { addDays } from '../../../kernel/clock.js';
import { equalParts } from '../structures/rounding.rules.js';

export interface Instalment {
  /** The last day on which it may come. */
  dueOn: string;
  /** Minor units, above zero. */
  amountMinor: number;
}

export const PLAN_STATES = ['active', 'compliant', 'overdue', 'broken', 'completed', 'cancelled'] as const;
/**
 * `active`: no day is over yet; `compliant`: what was due so far is paid; `overdue`: an instalment is late; `broken`: it is
 * late by more than the days of grace; `completed`: all is paid, or nothing of it is owed any more; `cancelled`: taken back.
 */
export type PlanState = (typeof PLAN_STATES)[number];

/** What a plan's state follows from. Minor units. */
export interface PlanFacts {
  totalMinor: number;
  /** By day, the earliest first; they add up to the total. */
  instalments: readonly Instalment[];
  /** Days after an instalment's own at which the plan still holds. */
  graceDays: number;
  /** What the family paid for this student since the plan was agreed on, less what was taken back or refunded since; below zero where that is more. */
  paidMinor: number;
  /** What the family owes for this student now, what came after the plan too. */
  openMinor: number;
  endedAs: 'cancelled' | 'completed' | null;
}

export interface PlanStanding {
  state: PlanState;
  /** Of the total: what is paid or owed no more, and what is left. */
  settledMinor: number;
  leftMinor: number;
  /** Of instalments whose day is over. */
  overdueMinor: number;
  /** What counted as paid when the plan was agreed on, and was taken back since: it stands beside the instalments, and is due. */
  behindMinor: number;
  /** The earliest that isn't paid in full, with what is left of it. */
  next: Instalment | null;
  /** What is left of each. */
  leftOf: readonly number[];
}

/** Where a plan stands on a day. Money settles the earliest instalment first; a bill that was lowered since counts like money. */
export function planStanding(
  { totalMinor, instalments, graceDays, paidMinor, openMinor, endedAs }: PlanFacts,
  today: string,
): PlanStanding {
  const settledMinor =
    endedAs === 'completed' ? totalMinor : Math.min(totalMinor, Math.max(0, paidMinor, endedAs ? 0 : totalMinor - openMinor));
  let money = settledMinor;
  const leftOf = instalments.map(({ amountMinor }) => {
    const taken = Math.min(money, amountMinor);
    money -= taken;
    return amountMinor - taken;
  });
  const at = leftOf.findIndex((left) => left > 0);
  const next = at < 0 || endedAs ? null : { dueOn: instalments[at]!.dueOn, amountMinor: leftOf[at]! };
  const overdueMinor = endedAs ? 0 : leftOf.reduce((sum, left, n) => (instalments[n]!.dueOn < today ? sum + left : sum), 0);
  const leftMinor = totalMinor - settledMinor;
  const behindMinor = endedAs ? 0 : Math.max(0, -paidMinor - settledMinor);
  const state = endedAs ?? stateOf(next, instalments, graceDays, today);
  return { state, settledMinor, leftMinor, overdueMinor, behindMinor, next, leftOf };
}

function stateOf(next: Instalment | null, instalments: readonly Instalment[], graceDays: number, today: string): PlanState {
  if (!next) return 'completed';
  if (addDays(next.dueOn, graceDays) < today) return 'broken';
  if (next.dueOn < today) return 'overdue';
  return instalments[0]!.dueOn < today ? 'compliant' : 'active';
}

/**
 * What of a student's overdue fees is asked for. Under a plan that holds: what is late of its instalments, what came after
 * the plan, and what was taken back since; a broken one holds nothing back. `sinceMinor` is overdue on bills that are younger.
 */
export function askedOverdue(
  { overdueMinor, sinceMinor, openMinor }: { overdueMinor: number; sinceMinor: number; openMinor: number },
  plan: Pick<PlanStanding, 'state' | 'overdueMinor' | 'behindMinor'> | null,
): number {
  return plan && holds(plan.state) ? Math.min(openMinor, plan.overdueMinor + plan.behindMinor + sinceMinor) : overdueMinor;
}

/** Whether it is the plan that says what is asked for and when. */
export function holds(state: PlanState): boolean {
  return state === 'active' || state === 'compliant' || state === 'overdue';
}

export const INTERVALS = ['week', 'fortnight', 'month'] as const;
export type Interval = (typeof INTERVALS)[number];

export const LEAST_PARTS = 2;
export const MOST_PARTS = 24;
/** A plan is for two years of school at most. */
const MOST_DAYS = 731;

export function equalInstalments(
  totalMinor: number,
  parts: number,
  firstOn: string,
  interval: Interval,
  unit: number,
): Instalment[] {
  return equalParts(totalMinor, parts, unit).map((amountMinor, n) => ({ dueOn: dayOf(firstOn, interval, n), amountMinor }));
}

/** @throws RuleBroken for parts that aren't what is open, or days that aren't in order from today on */
export function demandInstalments(instalments: readonly Instalment[], totalMinor: number, today: string): void {
  if (instalments.length < LEAST_PARTS || instalments.length > MOST_PARTS)
    throw new RuleBroken('parts', 'Enter from 2 to 24 instalments', 'parts');
  if (instalments.some((one) => one.amountMinor <= 0))
    throw new RuleBroken('amount', 'Each instalment needs an amount above zero', 'parts');
  if (instalments[0]!.dueOn < today) throw new RuleBroken('past', 'The first instalment is due today or later', 'firstOn');
  if (instalments.some((one, n) => n > 0 && one.dueOn <= instalments[n - 1]!.dueOn))
    throw new RuleBroken('order', 'Each instalment is due after the one before it');
  if (instalments.at(-1)!.dueOn > addDays(today, MOST_DAYS))
    throw new RuleBroken('far', 'The last instalment is due within two years');
  if (sumOf(instalments) !== totalMinor) throw new RuleBroken('sum', 'The instalments don’t add up to what is owed');
}

export function sumOf(instalments: readonly Instalment[]): number {
  return instalments.reduce((sum, one) => sum + one.amountMinor, 0);
}

/** The n-th day; of months the same day, or the last where a month is shorter. */
function dayOf(firstOn: string, interval: Interval, n: number): string {
  if (interval !== 'month') return addDays(firstOn, n * (interval === 'week' ? 7 : 14));
  const [year, month, day] = firstOn.split('-').map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month + n, 0));
  return `${last.toISOString().slice(0, 8)}${String(Math.min(day, last.getUTCDate())).padStart(2, '0')}`;
}
