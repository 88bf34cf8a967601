import { barChart, key, type Series } from '../../../../platform/charts/charts.js';
import type { DashboardCard } from '../../../../platform/module.js';
import { classLines, sum, type ClassLine } from '../../classes/adapters/class-lines.js';
import type { SubjectPages } from '../../adapters/pages.js';

type Say = (text: string, values?: Record<string, string | number>) => string;

/** On the first page of the office: how full the classes are, and which stream nobody looks after. */
export function classesCard(pages: SubjectPages): DashboardCard {
  return {
    order: 20,
    can: 'subjects.change',
    view: 'subjects/_card',
    load: async () => {
      const lines = (await classLines(pages, 'active')).filter((line) => line.stream);
      const groups = groupsOf(lines);
      const counted = groups.some((one) => one.seats !== null);
      return {
        total: sum(lines),
        teacherless: lines.filter((line) => line.teacher === null).map(link),
        over: lines.filter((line) => line.seats !== null && line.seats < 0).map(link),
        chart: counted ? { draw: (t: Say) => chartOf(groups, t), key: (t: Say) => key(seriesOf(groups, t)) } : null,
      };
    },
  };
}

/** On a teacher's first page: the streams that are theirs, with the ways that they go there every day. */
export function ownClassesCard(pages: SubjectPages): DashboardCard {
  return {
    order: 2,
    can: 'subjects.read',
    view: 'subjects/_own',
    load: async ({ person }) => {
      if (person?.kind !== 'staff') return null;
      const own = new Set(await pages.door.streamsOfTeacher(person.id, await pages.school.today()));
      if (own.size === 0) return null;
      const lines = (await classLines(pages, 'active')).filter((line) => line.stream && own.has(line.stream.id));
      return { lines: lines.map((line) => ({ ...link(line), size: line.size })) };
    },
  };
}

function link(line: ClassLine): { id: string; label: string } {
  return { id: line.stream!.id, label: line.label };
}

interface Group {
  name: string;
  learners: number;
  /** Null unless the seats of every stream are counted. */
  seats: number | null;
}

function groupsOf(lines: readonly ClassLine[]): Group[] {
  const classes = [...new Map(lines.map((line) => [line.own.id, line.own])).values()];
  return classes.map((own) => {
    const mine = lines.filter((line) => line.own.id === own.id);
    const { all, capacity } = sum(mine);
    return { name: own.shortName, learners: all, seats: mine.every((line) => line.seats !== null) ? capacity : null };
  });
}

/** A column of learners for each class under the line of its seats. */
function chartOf(groups: readonly Group[], t: Say): string {
  const full = groups.filter((one) => one.seats !== null && one.learners >= one.seats);
  return barChart({
    labels: groups.map((one) => one.name),
    series: seriesOf(groups, t),
    bad: new Set(groups.flatMap((one, index) => (one.seats !== null && one.learners > one.seats ? [index] : []))),
    finding:
      full.length > 0
        ? t('No seats left in {{names}}.', { names: full.map((one) => one.name).join(', ') })
        : t('Every class has seats left.'),
    format: (value) => value.toLocaleString('en-GB'),
    t,
  });
}

function seriesOf(groups: readonly Group[], t: Say): Series[] {
  return [
    { label: t('Students'), kind: 'main', values: groups.map((one) => one.learners) },
    { label: t('Seats'), kind: 'plan', values: groups.map((one) => one.seats) },
  ];
}
