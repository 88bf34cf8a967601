import type { Answers, Question } from '../question.rules.js';

/** As the reader of sheets counts them. */
interface DayFacts {
  dayFirst: number;
  monthFirst: number;
  either: number;
  examples: readonly string[];
  monthExamples: readonly string[];
  dates: number;
  lateDates: number;
  dateExamples: readonly string[];
}

export interface DayColumn {
  key: string;
  /** As the file calls it. */
  heading: string;
  facts: DayFacts;
}

export interface Order {
  monthFirst: boolean;
  turned?: boolean;
}

export const DAYS = 'days';
export const TURNED = 'turned-days';

/** How a day is read in one order; null where it can't be. */
export type ReadDay = (text: string, order: Order) => string | null;

/** A column that is written in one order throughout says so by its cells; else it has to be asked about. */
function isClear({ dayFirst, monthFirst, either }: DayFacts): boolean {
  return dayFirst > 0 ? monthFirst === 0 : monthFirst > 0 || either === 0;
}

/** Written month first, and every day that the spreadsheet took for a date could as well be a month. */
function maybeTurned({ dayFirst, monthFirst, dates, lateDates, dateExamples }: DayFacts): boolean {
  return monthFirst > 0 && dayFirst === 0 && dates > 0 && lateDates === 0 && dateExamples.length > 0;
}

/** How each column is read: by its own cells, else by the answer, else as most of its cells or the country have it. */
export function ordersOf(columns: readonly DayColumn[], answers: Answers, countryMonthFirst: boolean): Record<string, Order> {
  return Object.fromEntries(
    columns.map(({ key, facts }) => {
      const monthFirst = isClear(facts)
        ? clearOrder(facts, countryMonthFirst)
        : answers[DAYS] === undefined
          ? likelyOrder(facts, countryMonthFirst)
          : answers[DAYS] === 'month';
      return [key, { monthFirst, ...(maybeTurned(facts) && answers[TURNED] === 'turned' && { turned: true }) }];
    }),
  );
}

function clearOrder({ dayFirst, monthFirst }: DayFacts, countryMonthFirst: boolean): boolean {
  return dayFirst + monthFirst > 0 ? monthFirst > 0 : countryMonthFirst;
}

function likelyOrder({ dayFirst, monthFirst }: DayFacts, countryMonthFirst: boolean): boolean {
  return dayFirst === monthFirst ? countryMonthFirst : monthFirst > dayFirst;
}

export function dayQuestions(columns: readonly DayColumn[], orders: Readonly<Record<string, Order>>, read: ReadDay): Question[] {
  return [
    ...orderQuestion(
      columns.filter(({ facts }) => !isClear(facts)),
      orders,
      read,
    ),
    ...turnedQuestion(columns.filter(({ facts }) => maybeTurned(facts))),
  ];
}

function orderQuestion(columns: readonly DayColumn[], orders: Readonly<Record<string, Order>>, read: ReadDay): Question[] {
  if (columns.length === 0) return [];
  const texts = [...new Set(columns.flatMap(({ facts }) => facts.examples))].slice(0, 3);
  const examples = (monthFirst: boolean) =>
    texts.map((from) => ({ from, to: read(from, { monthFirst }) ?? '—', day: true as const }));
  return [
    {
      key: DAYS,
      text: 'Which comes first in {{columns}}: the day or the month?',
      vars: { columns: namesOf(columns) },
      needed: true,
      standing: orders[columns[0]!.key]!.monthFirst ? 'month' : 'day',
      choices: [
        { value: 'day', label: 'The day', examples: examples(false) },
        { value: 'month', label: 'The month', examples: examples(true) },
      ],
    },
  ];
}

function turnedQuestion(columns: readonly DayColumn[]): Question[] {
  if (columns.length === 0) return [];
  const { facts } = columns[0]!;
  const swapped = (day: string) => `${day.slice(0, 5)}${day.slice(8)}-${day.slice(5, 7)}`;
  return [
    {
      key: TURNED,
      needed: true,
      standing: 'shown',
      text: 'In {{columns}} some dates are written month first, such as {{text}}. The spreadsheet has read the others as dates, perhaps with day and month swapped. How should these be read?',
      vars: { columns: namesOf(columns), text: facts.monthExamples[0] ?? '' },
      choices: [
        {
          value: 'turned',
          label: 'They were written month first too',
          examples: facts.dateExamples.map((day) => ({ from: day, to: swapped(day), day: true })),
        },
        {
          value: 'shown',
          label: 'They are correct as they are',
          examples: facts.dateExamples.map((day) => ({ from: null, to: day, day: true })),
        },
      ],
    },
  ];
}

function namesOf(columns: readonly DayColumn[]): string {
  return columns.map(({ heading }) => `“${heading}”`).join(', ');
}
