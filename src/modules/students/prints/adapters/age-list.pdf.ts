import {
  report,
  type Column,
  type PrintContext,
  type ReportOptions,
  type Row,
  type Text,
  type Words,
} from '../../../../platform/pdf/kit.js';
import { RULE } from '../../../../platform/pdf/units.js';
import { drawing } from '../../../../platform/pdf/worker.js';

export interface AgeCount {
  className: string;
  /** Whole years on the day; null where the date of birth is not known. */
  age: number | null;
  boys: number;
  girls: number;
}

export interface AgeList {
  context: PrintContext;
  /** The day on which ages are counted, `YYYY-MM-DD`. */
  onDay: string;
  /** In the order in which they are printed; a class without learners may be among them. */
  classes: readonly string[];
  counts: readonly AgeCount[];
}

interface Group {
  head: string;
  has(age: number | null): boolean;
}

const MOST_AGES = 16;

/** Learners by age, class and sex, as ministries ask for them. */
export async function ageList(data: AgeList): Promise<Buffer> {
  const { context, counts } = data;
  const boys = sum(counts, 'boys');
  const girls = sum(counts, 'girls');
  const options: ReportOptions = {
    context,
    page: 'A4-landscape',
    title: ({ t }) => t('Age and sex'),
    subtitle: ({ t, dateLong, number }) => {
      const total = t('Boys {{boys}}, girls {{girls}}, all {{all}}', {
        boys: number(boys),
        girls: number(girls),
        all: number(boys + girls),
      });
      return `${t('Age in whole years on {{day}}', { day: dateLong(data.onDay) })} · ${total}`;
    },
  };
  return report(options, (kit) => {
    const { t } = kit;
    const groups = ageGroups(counts, t);
    const all: Group = { head: t('All'), has: () => true };
    const pairs = [...groups, all];
    const name = 34;
    const total = 12;
    const each = (kit.width - name - 3 * total) / (groups.length * 2);
    const columns: Column[] = [
      { head: t('Class'), width: name },
      ...groups.flatMap((): Column[] => [
        { head: t('B'), width: each, align: 'right', ruled: true },
        { head: t('G'), width: each, align: 'right' },
      ]),
      { head: t('Boys'), width: total, align: 'right', ruled: true },
      { head: t('Girls'), width: total, align: 'right' },
      { head: t('All'), width: total, align: 'right' },
    ];
    const row = (label: string, rows: readonly AgeCount[]): Text[] => [
      label,
      ...groups.flatMap((group) => {
        const inGroup = rows.filter((one) => group.has(one.age));
        return [cell(sum(inGroup, 'boys'), kit.words), cell(sum(inGroup, 'girls'), kit.words)];
      }),
      cell(sum(rows, 'boys'), kit.words),
      cell(sum(rows, 'girls'), kit.words),
      cell(sum(rows, 'boys') + sum(rows, 'girls'), kit.words),
    ];
    kit.table({
      columns,
      bands: pairs.map(({ head }, index) => ({
        text: head,
        from: 1 + index * 2,
        to: index === groups.length ? 3 + index * 2 : 2 + index * 2,
      })),
      rows: data.classes.map((one): Row => ({
        cells: row(
          one,
          counts.filter((count) => count.className === one),
        ),
      })),
      totals: [row(t('All classes'), counts)],
      size: each < 6.5 ? 7 : 8,
      rowHeight: { from: 4.2, to: 6.5 },
      empty: t('There are no classes yet.'),
    });
  });
}

/** A column for each age that occurs; the few who are older share the last one. */
function ageGroups(counts: readonly AgeCount[], t: (text: string, vars?: Record<string, number>) => string): Group[] {
  const present = counts.filter((one) => one.boys + one.girls > 0);
  const ages = [...new Set(present.map((one) => one.age))].filter((age) => age !== null).sort((a, b) => a - b);
  const single = ages.length > MOST_AGES ? ages.slice(0, MOST_AGES - 1) : ages;
  const groups = single.map((age): Group => ({ head: String(age), has: (one) => one === age }));
  const oldest = ages[single.length];
  if (oldest !== undefined)
    groups.push({ head: t('{{n}} and over', { n: oldest }), has: (one) => one !== null && one >= oldest });
  if (present.some((one) => one.age === null)) groups.push({ head: t('Not known'), has: (one) => one === null });
  return groups;
}

function sum(counts: readonly AgeCount[], sex: 'boys' | 'girls'): number {
  return counts.reduce((total, one) => total + one[sex], 0);
}

/** Nobody is faint, so that the eye finds the others. */
function cell(value: number, { number }: Words): Text {
  return value === 0 ? [{ text: '0', colour: RULE }] : number(value);
}

export const ageListDrawing = drawing(import.meta.url, { ageList });
