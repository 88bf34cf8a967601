import { parseDay, shortDay } from './dates.js';
import type { RawCell } from '../columns.js';

/** How the days of one column are written, counted over all its cells. */
export interface DayFacts {
  /** Cells that can only be read with the day first, with the month first, or either way with another day each time. */
  dayFirst: number;
  monthFirst: number;
  either: number;
  /** Some of the last kind, and of the second. */
  examples: string[];
  monthExamples: string[];
  /** Cells that the spreadsheet holds as dates, and how many of them are after the 12th. */
  dates: number;
  lateDates: number;
  /** Some that would be another day the other way round. */
  dateExamples: string[];
}

const EXAMPLES = 3;
const LAST_MONTH = 12;

export class DaySurvey {
  readonly facts: DayFacts = {
    dayFirst: 0,
    monthFirst: 0,
    either: 0,
    examples: [],
    monthExamples: [],
    dates: 0,
    lateDates: 0,
    dateExamples: [],
  };

  add(cell: RawCell): void {
    if (cell instanceof Date) this.addDate(cell);
    else if (typeof cell === 'string') this.addText(cell);
  }

  private addDate(cell: Date): void {
    const day = parseDay(cell, { country: '', today: '' });
    if (!day) return;
    const { facts } = this;
    facts.dates += 1;
    if (Number(day.slice(8)) > LAST_MONTH) facts.lateDates += 1;
    else if (day.slice(8) !== day.slice(5, 7)) keep(facts.dateExamples, day);
  }

  private addText(cell: string): void {
    const short = cell.length <= 40 ? shortDay(cell) : null;
    if (!short) return;
    const { first, second } = short;
    const { facts } = this;
    if (first > LAST_MONTH && second <= LAST_MONTH) facts.dayFirst += 1;
    else if (second > LAST_MONTH && first <= LAST_MONTH) {
      facts.monthFirst += 1;
      keep(facts.monthExamples, cell.trim());
    } else if (first <= LAST_MONTH && second <= LAST_MONTH && first !== second) {
      facts.either += 1;
      keep(facts.examples, cell.trim());
    }
  }
}

function keep(examples: string[], one: string): void {
  if (examples.length < EXAMPLES && !examples.includes(one)) examples.push(one);
}
