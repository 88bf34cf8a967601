import { addDays } from '../../../../kernel/clock.js';
import { barChart, key, type Series } from '../../../../platform/charts/charts.js';
import type { DashboardCard, Figure, FigureWords } from '../../../../platform/module.js';
import type { SchoolApi } from '../../../school/index.js';
import type { SubjectsApi } from '../../../subjects/index.js';
import type { Overview, OverviewStore } from '../../ports.js';

type T = (text: string) => string;

/** The registrar's part of the first page: who is here, who came and went, what needs a look. */
export function studentCard(store: OverviewStore, school: SchoolApi, subjects: SubjectsApi): DashboardCard {
  return {
    order: 10,
    // Who can mend what it names.
    can: 'students.change',
    view: 'students/_card',
    async load() {
      const since = addDays(await school.today(), -6);
      const [overview, { classes, streams }] = await Promise.all([store.overview(since), subjects.classList()]);
      const rows = classes.flatMap((one) => {
        const count = overview.classes.find((each) => each.classId === one.id);
        return count ? [{ label: one.shortName, girls: count.girls, boys: count.boys }] : [];
      });
      return {
        overview,
        labels: new Map(streams.map((stream) => [stream.id, stream.label])),
        finding: finding(overview),
        figures: (words: FigureWords) => figures(overview, words),
        chart: rows.length > 0 ? chartOf(rows) : null,
      };
    },
  };
}

/** The one thing to see first; the page puts it under the date. */
function finding({ missing, here }: Overview): object | null {
  if (here === 0) return null;
  if (missing.class > 0)
    return {
      text: missing.class === 1 ? 'One student has no class' : '{{n}} students have no class',
      values: { n: missing.class },
      href: '/students?missing=class',
      link: missing.class === 1 ? 'Assign a class' : 'Assign classes',
    };
  if (missing.phone > 0)
    return {
      text:
        missing.phone === 1
          ? 'One student has no guardian with a phone number, so messages can’t reach the family'
          : '{{n}} students have no guardian with a phone number, so messages can’t reach their families',
      values: { n: missing.phone },
      href: '/students?missing=phone',
      link: 'View them',
    };
  return null;
}

function figures(o: Overview, words: FigureWords): Figure[] {
  const t: FigureWords['t'] = (text, values) => words.t(text, values);
  const part = (n: number): string => (o.here ? t('{{n}}% of all', { n: Math.round((n / o.here) * 100) }) : '');
  return [
    {
      rank: 1,
      label: t('Here now'),
      value: words.number(o.here),
      after: t('students'),
      note: t('{{n}} boarders', { n: words.number(o.boarders) }),
      status: o.suspended ? { kind: 'watch', word: t('{{n}} suspended', { n: o.suspended }) } : null,
    },
    { rank: 5, label: t('Girls'), value: words.number(o.girls), note: part(o.girls) },
    { rank: 6, label: t('Boys'), value: words.number(o.boys), note: part(o.boys) },
    {
      rank: 4,
      label: t('Expected'),
      value: words.number(o.expected),
      note: o.expected ? t('not reported yet') : t('no one expected'),
      status: o.aside ? { kind: 'none', word: t('{{n}} archived', { n: o.aside }) } : null,
    },
  ];
}

function chartOf(rows: { label: string; girls: number; boys: number }[]): { draw(t: T): string; key(t: T): string } {
  const series = (t: T): Series[] => [
    { label: t('Girls'), kind: 'main', values: rows.map((row) => row.girls) },
    { label: t('Boys'), kind: 'second', values: rows.map((row) => row.boys) },
  ];
  const largest = rows.reduce((best, row) => (row.girls + row.boys > best.girls + best.boys ? row : best));
  return {
    key: (t) => key(series(t)),
    draw: (t) =>
      barChart({
        labels: rows.map((row) => row.label),
        series: series(t),
        format: String,
        t,
        finding: `${t('Girls and boys by class; the largest is')} ${largest.label}: ${largest.girls} + ${largest.boys}`,
      }),
  };
}
