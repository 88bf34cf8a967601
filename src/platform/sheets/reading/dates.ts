import { fold } from '../../../kernel/people/names.js';
import { asciiDigits } from '../text.js';

export interface DayContext {
  /** ISO code of the school's country: in which order 3/4/2014 is meant. */
  country: string;
  /** `YYYY-MM-DD`; decides the century of a two-digit year. */
  today: string;
  /** The workbook counts days from 1904 (old Macs). */
  date1904?: boolean;
  /** How this column is written, where that is known; else as the country does. */
  order?: DayOrder;
}

/** `turned`: days that the spreadsheet took for dates were written month first too, and taken for day first. */
export interface DayOrder {
  monthFirst: boolean;
  turned?: boolean;
}

const MONTHS = [
  ['january', 'janvier', 'januari', 'janeiro'],
  ['february', 'fevrier', 'februari', 'fevereiro'],
  ['march', 'mars', 'machi', 'marco'],
  ['april', 'avril', 'aprili', 'abril'],
  ['may', 'mai', 'mei', 'maio'],
  ['june', 'juin', 'juni', 'junho'],
  ['july', 'juillet', 'julai', 'julho'],
  ['august', 'aout', 'agosti', 'agosto'],
  ['september', 'septembre', 'septemba', 'setembro'],
  ['october', 'octobre', 'oktoba', 'outubro'],
  ['november', 'novembre', 'novemba'],
  ['december', 'decembre', 'desemba', 'dezembro'],
];
/** The countries that write the month first. */
const MONTH_FIRST = new Set(['US', 'LR']);
const DAY_MS = 86_400_000;

/** 3 April that was 4 March; from the 13th on there is no other reading. */
function turned(day: string | null): string | null {
  const parts = day === null ? null : /^(\d{4})-(\d\d)-(\d\d)$/.exec(day);
  return parts ? (ymd(Number(parts[1]), Number(parts[3]), Number(parts[2])) ?? day) : day;
}

export function writesMonthFirst(country: string): boolean {
  return MONTH_FIRST.has(country);
}

/** The two numbers of a day that is written `3/4/2014`, in their order; null for every other spelling. */
export function shortDay(raw: string): { first: number; second: number } | null {
  const text = asciiDigits(raw).trim();
  const short = ISO.test(text) ? null : SHORT.exec(text);
  return short ? { first: Number(short[1]), second: Number(short[2]) } : null;
}

/** A day as `YYYY-MM-DD` from any common spelling, a spreadsheet's serial number or date cell, or null. */
export function parseDay(raw: string | number | Date, context: DayContext): string | null {
  if (raw instanceof Date) return context.order?.turned ? turned(dayOfDate(raw)) : dayOfDate(raw);
  if (typeof raw === 'number') return dayOfNumber(raw, context);
  const text = asciiDigits(raw).trim();
  return fromNumbers(text, context) ?? fromWords(text, context);
}

/** A whole number is a serial day between 1927 and 2064, or written as 20140314. */
function dayOfNumber(value: number, context: DayContext): string | null {
  if (!Number.isFinite(value) || value < 0) return null;
  if (value >= 19_000_101) return Number.isInteger(value) ? fromNumbers(String(value), context) : null;
  if (value < 10_000 || value > 60_000) return null;
  return dayOfDate(dateOfSerial(value, context.date1904 ?? false));
}

/** Counted from 1900 there is a 29 February 1900 that never was (serial 60); before it the days are one off. */
export function dateOfSerial(serial: number, date1904: boolean): Date {
  if (date1904) return new Date(Math.round((serial - 24_107) * DAY_MS));
  return new Date(Math.round((serial - (serial < 60 ? 25_568 : 25_569)) * DAY_MS));
}

function dayOfDate(date: Date): string | null {
  const time = date.getTime();
  if (Number.isNaN(time)) return null;
  // A time of day is dropped, but 23:59:59.6 is a rounding fault of the next day.
  const day = new Date(Math.floor((time + 500) / DAY_MS) * DAY_MS);
  return ymd(day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate());
}

const TIME = '(?:[T ]\\d{1,2}[:.]\\d{2}.*)?$';
const ISO = new RegExp(`^(\\d{4})[-/. ](\\d{1,2})[-/. ](\\d{1,2})${TIME}`);
const SHORT = new RegExp(`^(\\d{1,2})\\s*[-/. ]\\s*(\\d{1,2})\\s*[-/. ]\\s*(\\d{4}|\\d{2})${TIME}`);

function fromNumbers(text: string, context: DayContext): string | null {
  const iso = ISO.exec(text) ?? /^((?:19|20)\d\d)(\d\d)(\d\d)$/.exec(text);
  if (iso) return ymd(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const short = SHORT.exec(text);
  if (short) {
    const [first, second] = [Number(short[1]), Number(short[2])];
    const year = fullYear(short[3]!, context.today);
    return (context.order?.monthFirst ?? writesMonthFirst(context.country)) ? ymd(year, first, second) : ymd(year, second, first);
  }
  return /^\d{5}(?:\.\d+)?$/.test(text) ? dayOfNumber(Number(text), context) : null;
}

/** `14 Mar 2014`, `14th of March, 2014`, `March 14 2014`, `Friday 14-Machi-14`, `1er août 2014`. */
function fromWords(text: string, context: DayContext): string | null {
  const words = fold(text)
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  const numbers: string[] = [];
  let month = 0;
  for (const word of words) {
    const number = /^(\d{1,4})(?:st|nd|rd|th|er|eme)?$/.exec(word);
    if (number) numbers.push(number[1]!);
    else if (!month) month = monthOf(word);
  }
  if (!month || numbers.length !== 2) return null;
  const [first, second] = numbers as [string, string];
  if (first.length === 4) return ymd(Number(first), month, Number(second));
  return second.length === 3 ? null : ymd(fullYear(second, context.today), month, Number(first));
}

/** 1 to 12 for a month's name or for the start of one (three letters or more) that fits no other month, else 0. */
function monthOf(word: string): number {
  if (word.length < 3) return 0;
  const fits = MONTHS.map((names, index) => (names.some((name) => name.startsWith(word)) ? index + 1 : 0)).filter(Boolean);
  return fits.length === 1 ? fits[0]! : word === 'sept' ? 9 : 0;
}

function fullYear(year: string, today: string): number {
  if (year.length === 4) return Number(year);
  const century = Number(today.slice(0, 2)) * 100;
  const full = century + Number(year);
  return full > Number(today.slice(0, 4)) + 5 ? full - 100 : full;
}

const LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function ymd(year: number, month: number, day: number): string | null {
  if (year < 1900 || year > 2100 || month < 1 || month > 12 || day < 1 || day > LENGTHS[month - 1]!) return null;
  if (month === 2 && day === 29 && (year % 4 !== 0 || (year % 100 === 0 && year % 400 !== 0))) return null;
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** How a person is asked to write a day. */
export function dayExample(country: string, order?: DayOrder): string {
  return (order?.monthFirst ?? MONTH_FIRST.has(country)) ? '03/14/2014' : '14/03/2014';
}
