import { dayQuestions, ordersOf, type DayColumn, type Order } from './days.rules.js';
import type { Answers, Question } from '../question.rules.js';
import type { Column, DaySurvey, Mapping, RawRow, SheetReader } from '../ports.js';

interface Watched {
  key: string;
  heading: string;
  at: number;
  /** What the blank sheet has there: nobody wrote it. */
  example: string | undefined;
  survey: DaySurvey;
}

/** How the days of a file are written, column by column: known only when all of its rows have been seen. */
export class DayOrders {
  private readonly watched: Watched[];

  constructor(
    private readonly reader: Pick<SheetReader, 'daySurvey' | 'readDay' | 'writesMonthFirst'>,
    columns: readonly Column<never>[],
    mapping: Mapping,
    headers: readonly string[],
  ) {
    this.watched = columns.flatMap(({ key, kind, example }) => {
      const at = kind === 'date' ? mapping.indexOf(key) : -1;
      return at < 0 ? [] : [{ key, heading: headers[at] ?? key, at, example, survey: reader.daySurvey() }];
    });
  }

  get needed(): boolean {
    return this.watched.length > 0;
  }

  look(cells: RawRow['cells']): void {
    for (const { at, example, survey } of this.watched) {
      const cell = cells[at] ?? null;
      if (cell !== example) survey.add(cell);
    }
  }

  orders(answers: Answers, country: string): Record<string, Order> {
    return ordersOf(this.columns(), answers, this.reader.writesMonthFirst(country));
  }

  questions(answers: Answers, country: string, today: string): Question[] {
    return dayQuestions(this.columns(), this.orders(answers, country), (text, order) =>
      this.reader.readDay(text, { country, today, order }),
    );
  }

  private columns(): DayColumn[] {
    return this.watched.map(({ key, heading, survey }) => ({ key, heading, facts: survey.facts }));
  }
}
