import { barChart, key, type Series } from '../../../../platform/charts/charts.js';
import type { DashboardCard } from '../../../../platform/module.js';
import { classLines, sum, type ClassLine } from './class-lines.js';
import type { SubjectPages } from './pages.js';

type Say = (text: string, values?: Record<string, string | number>) => string;

/** On the first page of the office: how full the classes are, and which stream nobody looks after. */
export function classesCard(pages: SubjectPages): DashboardCard {
  return {
    order: 20,
    can: 'subjects.change',
    view: 'subjects/_card',
    load: async () => {
      const lines = (await classLines(pages, 'active')).filter((line) => line.stream);
      const total = sum(lines);
      return {
        total,
        teacherless: lines.filter((line) => line.teacher === null).map((line) => ({ id: line.stream!.id, label: line.label })),
        over: lines
          .filter((line) => line.seats !== null && line.seats < 0)
          .map((line) => ({ id: line.stream!.id, label: line.label, by: -line.seats! })),
        chart: (t: Say) => chartOf(lines, t),
        keyOf: (t: Say) => key(seriesOf(groupsOf(lines), t)),
      };
    },
  };
}

/** One column for each class: girls beside boys. */
function chartOf(lines: readonly ClassLine[], t: Say): string {
  const groups = groupsOf(lines);
  const fullest = groups.reduce<{ name: string; all: number } | null>(
    (most, one) => (most && most.all >= one.girls + one.boys ? most : { name: one.name, all: one.girls + one.boys }),
    null,
  );
  return barChart({
    labels: groups.map((one) => one.name),
    series: seriesOf(groups, t),
    finding: fullest
      ? t('{{name}} is the largest class with {{n}} learners.', { name: fullest.name, n: fullest.all })
      : t('No classes yet.'),
    format: (value) => value.toLocaleString('en-GB'),
    t,
  });
}

interface Group {
  name: string;
  girls: number;
  boys: number;
}

function groupsOf(lines: readonly ClassLine[]): Group[] {
  const classes = [...new Map(lines.map((line) => [line.own.id, line.own])).values()];
  return classes.map((own) => {
    const { girls, boys } = sum(lines.filter((line) => line.own.id === own.id));
    return { name: own.shortName, girls, boys };
  });
}

function seriesOf(groups: readonly Group[], t: Say): Series[] {
  return [
    { label: t('Girls'), kind: 'main', values: groups.map((one) => one.girls) },
    { label: t('Boys'), kind: 'second', values: groups.map((one) => one.boys) },
  ];
}
