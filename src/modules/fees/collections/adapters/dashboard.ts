import { addDays } from '../../../../kernel/clock.js';
import { currencyExponent } from '../../../../kernel/money.js';
import { key, lineChart, type Series } from '../../../../platform/charts/charts.js';
import type { DashboardCard, Figure, FigureWords } from '../../../../platform/module.js';
import type { SchoolApi } from '../../../school/index.js';
import type { WaitingMoney } from '../../index.js';
import type { Codes } from '../../receiving/codes.js';
import { SEES_COLLECTIONS, type Collections } from '../collections.js';
import { byWeeks } from '../collections.rules.js';

type T = (text: string, values?: Record<string, string | number>) => string;

/** Millions with one digit, thousands whole: the words of an axis. */
export function shortAmount(units: number): string {
  const cut = (value: number): string => String(Math.round(value * 10) / 10);
  return units >= 1_000_000 ? `${cut(units / 1_000_000)} m` : units >= 1_000 ? `${cut(units / 1_000)} k` : cut(units);
}

/** The bursar’s part of the first page: what came in since the last term began, and what waits. */
export function moneyCard(collections: Collections, codes: Pick<Codes, 'waiting'>, school: SchoolApi): DashboardCard {
  return {
    order: 5,
    can: SEES_COLLECTIONS,
    view: 'fees/_card',
    async load(actor) {
      const [today, years, zone, { currency }] = await Promise.all([
        school.today(),
        school.years(),
        school.zone(),
        school.profile(),
      ]);
      const term = years
        .flatMap((year) => year.terms)
        .sort((a, b) => (a.startsOn < b.startsOn ? -1 : 1))
        .findLast((one) => one.startsOn <= today);
      if (!term) return null;
      const [{ days, chores }, waiting] = await Promise.all([
        collections.atAGlance(actor, { from: term.startsOn, to: today }, zone),
        codes.waiting(actor),
      ]);
      const sum = (of: (day: { on: string }) => boolean, what: 'minor' | 'payments'): number =>
        days.filter(of).reduce((total, day) => total + day[what], 0);
      const inTerm = { minor: sum(() => true, 'minor'), payments: sum(() => true, 'payments') };
      const ofToday = { minor: sum(({ on }) => on === today, 'minor'), payments: sum(({ on }) => on === today, 'payments') };
      const yesterday = {
        minor: sum(({ on }) => on === addDays(today, -1), 'minor'),
        payments: sum(({ on }) => on === addDays(today, -1), 'payments'),
      };
      return {
        term,
        chores,
        waiting,
        inTerm,
        today: ofToday,
        figures: (words: FigureWords) => [
          ...figures({ term: term.name, inTerm, today: ofToday, yesterday }, words),
          ...unmatched(waiting, words),
        ],
        chart:
          days.length > 0
            ? chartOf(byWeeks(days, { from: term.startsOn, to: today }), weeksOf(term), 10 ** currencyExponent(currency))
            : null,
      };
    },
  };
}

interface Sum {
  minor: number;
  payments: number;
}

/** Received in the term and today, with yesterday beside it: before the desk opens today says little. */
function figures(
  { term, inTerm, today, yesterday }: { term: string; inTerm: Sum; today: Sum; yesterday: Sum },
  words: FigureWords,
): Figure[] {
  const t: FigureWords['t'] = (text, values) => words.t(text, values);
  const payments = (n: number): string => (n === 1 ? t('1 payment') : t('{{n}} payments', { n: words.number(n) }));
  const unit = 10 ** currencyExponent(words.school.currency);
  return [
    {
      rank: 2,
      label: t('Received, {{term}}', { term }),
      unit: words.school.currency,
      value: inTerm.minor >= 10_000_000 * unit ? shortAmount(inTerm.minor / unit) : words.amount(inTerm.minor),
      note: payments(inTerm.payments),
    },
    {
      rank: 3,
      label: t('Received today'),
      unit: words.school.currency,
      value: words.amount(today.minor),
      note: today.payments > 0 ? payments(today.payments) : t('yesterday {{amount}}', { amount: words.amount(yesterday.minor) }),
    },
  ];
}

function unmatched(waiting: readonly WaitingMoney[], words: FigureWords): Figure[] {
  return waiting
    .filter((one) => one.count > 0 && words.can(one.can))
    .map((one) => ({
      rank: 3,
      label: words.t('Unmatched payments'),
      value: words.number(one.count),
      note: words.money(one.sumMinor),
    }));
}

function weeksOf({ startsOn, endsOn }: { startsOn: string; endsOn: string }): number {
  return byWeeks([], { from: startsOn, to: endsOn }).length;
}

function chartOf(weeks: readonly number[], inTerm: number, unit: number): { draw(t: T): string; key(t: T): string } {
  const length = Math.max(inTerm, weeks.length);
  const values = Array.from({ length }, (_, n) => (n < weeks.length ? weeks[n]! / unit : null));
  const series = (t: T): Series[] => [{ label: t('Received'), kind: 'main', values }];
  const last = shortAmount(weeks.at(-1)! / unit);
  return {
    key: (t) => key(series(t)),
    draw: (t) =>
      lineChart({
        labels: values.map((_, n) => String(n + 1)),
        series: series(t),
        format: shortAmount,
        t: (text) => t(text),
        mark: { strong: last, note: t('in week {{n}}', { n: weeks.length }) },
        finding: t('Fees received by the end of each week of the term: {{sum}} in week {{n}}', { sum: last, n: weeks.length }),
      }),
  };
}
