import { addDays } from '../../../kernel/clock.js';
import { Invalid, RuleBroken } from '../../../kernel/errors.js';

export const VARIANTS = ['private', 'public'] as const;
export type Variant = (typeof VARIANTS)[number];

/** How income that was billed in advance is released: at the start of its term, or month by month. */
export const RELEASES = ['term', 'month'] as const;
export type Release = (typeof RELEASES)[number];

export interface Books {
  variant: Variant;
  currency: string;
  /** 1 to 12: the month in which the financial year begins. */
  yearStartsMonth: number;
  /** The first day of the books; what was before is the opening balance. */
  startsOn: string;
  /** Nothing is posted on this day or before it. */
  closedThrough: string | null;
  release: Release;
  /** Up to this sum one person books a voucher that touches no money; minor units. */
  voucherLimitMinor: number;
  version: number;
}

/** What one person may book alone until the school says otherwise, in minor units. */
export const USUAL_VOUCHER_LIMIT = 5_000_000;

export const NO_BOOKS = 'The school’s books are not open yet. Open them under Finance first.';

export interface Month {
  /** `2026-09`. */
  id: string;
  startsOn: string;
  endsOn: string;
  state: 'open' | 'closed' | 'to-come';
  /** The last month of the financial year. */
  endsYear: boolean;
}

/** @throws RuleBroken before the books are opened */
export function demandOpened(books: Books | null): Books {
  if (!books) throw new RuleBroken('no-books', NO_BOOKS);
  return books;
}

/** A day that its owner may write again: `field` is where it was written. */
export function monthClosed(field = 'valueOn'): RuleBroken {
  return new RuleBroken('period-closed', 'This month is closed. Choose a day after it.', field);
}

/**
 * Whether a day can be closed before what is booked on it is committed: only months that are over are closed, and this one
 * may be over by then.
 */
export function mayClose(day: string, today: string): boolean {
  return lastOfMonth(day) <= today;
}

/**
 * When something counts in the books. A person may not backdate into a closed month; what a rail or a statement reports
 * has happened and is never refused: it counts on the first open day and keeps its value date.
 * @param field where a person wrote the day
 * @throws Invalid or RuleBroken for a person's day that can't be
 */
export function postingDay(books: Books, valueOn: string, by: 'person' | 'rail', today: string, field = 'valueOn'): string {
  const open = firstOpenDay(books);
  if (by === 'rail') return valueOn < open ? open : valueOn;
  if (valueOn > today) throw new Invalid({ [field]: 'This date is in the future' });
  if (valueOn < books.startsOn)
    throw new RuleBroken('before-books', 'This date is before the books begin. Choose a later date.', field);
  if (valueOn < open) throw monthClosed(field);
  return valueOn;
}

export function firstOpenDay({ startsOn, closedThrough }: Pick<Books, 'startsOn' | 'closedThrough'>): string {
  return closedThrough === null ? startsOn : addDays(closedThrough, 1);
}

/** The months of the books from their first day until this one, oldest first; the first may be a part of one. */
export function monthsOf(books: Books, today: string): Month[] {
  const months: Month[] = [];
  for (let startsOn = books.startsOn; startsOn <= today;) {
    const endsOn = lastOfMonth(startsOn);
    const state = books.closedThrough !== null && endsOn <= books.closedThrough ? 'closed' : 'open';
    months.push({
      id: startsOn.slice(0, 7),
      startsOn,
      endsOn,
      state,
      endsYear: Number(endsOn.slice(5, 7)) % 12 === (books.yearStartsMonth - 1) % 12,
    });
    startsOn = addDays(endsOn, 1);
  }
  return months;
}

/** Months close in order, and only when they are over. @throws RuleBroken */
export function monthToClose(books: Books, id: string, today: string): Month {
  const month = monthsOf(books, today).find((one) => one.state === 'open');
  if (!month || month.id !== id)
    throw new RuleBroken('not-next', 'Months are closed in order. Close the oldest open month first.');
  if (month.endsOn >= today) throw new RuleBroken('not-over', 'This month has not ended yet.');
  return month;
}

/** Only the newest closed month can be opened again. @throws RuleBroken */
export function monthToReopen(books: Books, id: string, today: string): Month {
  const closed = monthsOf(books, today)
    .filter((one) => one.state === 'closed')
    .at(-1);
  if (!closed || closed.id !== id) throw new RuleBroken('not-last', 'Only the most recently closed month can be reopened.');
  return closed;
}

/** Until when the books are closed once this month is open again; null when no closed month is left. */
export function closedWithout({ startsOn }: Pick<Books, 'startsOn'>, month: Month): string | null {
  const day = addDays(month.startsOn, -1);
  return day < startsOn ? null : day;
}

/** First and last day of the financial year that a day lies in. */
export function financialYearOf(
  { yearStartsMonth }: Pick<Books, 'yearStartsMonth'>,
  day: string,
): { startsOn: string; endsOn: string } {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))];
  const first = month >= yearStartsMonth ? year : year - 1;
  return { startsOn: monthStart(first, yearStartsMonth), endsOn: addDays(monthStart(first + 1, yearStartsMonth), -1) };
}

function lastOfMonth(day: string): string {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))];
  return addDays(month === 12 ? monthStart(year + 1, 1) : monthStart(year, month + 1), -1);
}

function monthStart(year: number, month: number): string {
  return `${year}-${String(month).padStart(2, '0')}-01`;
}
