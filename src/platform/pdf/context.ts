import { fileURLToPath } from 'node:url';
import { dialectOf } from '../../kernel/packs/dialect.js';
import type { T } from '../i18n/i18n.js';
import type { Letterhead } from './letterhead.js';

/** What every print of a school needs to know; plain data, so that it can be sent to a worker. */
export interface PrintContext {
  letterhead: Letterhead;
  /** Who asked for it. */
  printedBy: string;
  printedAt: Date;
  /** IANA name of the school's time zone. */
  zone: string;
  language: string;
}

/** Texts, dates and numbers of one print. */
export interface Words {
  t: T;
  /** `2026-01-05` → `5 Jan 2026`, which is not broken over two lines. */
  date(day: string): string;
  /** `2026-01-05` → `5 January 2026`. */
  dateLong(day: string): string;
  /** `Joseph Rono, 24 November 2026, 10:46`. */
  printed: string;
  /** `1,026` */
  number(value: number): string;
}

export async function wordsOf(context: PrintContext): Promise<Words> {
  const locale = context.language === 'en' ? 'en-GB' : context.language;
  const day = (month: 'short' | 'long') => {
    const format = new Intl.DateTimeFormat(locale, { day: 'numeric', month, year: 'numeric', timeZone: 'UTC' });
    return (text: string) =>
      format
        .format(new Date(`${text}T00:00:00Z`))
        .replace('Sept ', 'Sep ')
        .replace(/ /g, '\u00a0');
  };
  const at = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: context.zone }).format(context.printedAt);
  const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: context.zone }).format(context.printedAt);
  const numbers = new Intl.NumberFormat(locale);
  return {
    number: (value) => numbers.format(value),
    t: await translator(context.language, context.letterhead.country),
    date: day('short'),
    dateLong: day('long'),
    printed: `${context.printedBy}, ${at}, ${time}`,
  };
}

const translators = new Map<string, T>();

/** English needs no catalogue: a worker that prints in English doesn't load one. */
async function translator(language: string, country?: string): Promise<T> {
  const dialect = dialectOf(country) ?? ((text: string) => text);
  if (language === 'en')
    return (text, vars) => dialect(text).replace(/\{\{(\w+)\}\}/g, (whole, name: string) => String(vars?.[name] ?? whole));
  const known = translators.get(language);
  if (known) return known;
  const { Texts } = await import('../i18n/i18n.js');
  const t = new Texts(
    fileURLToPath(new URL('../../modules', import.meta.url)),
    fileURLToPath(new URL('../i18n/texts', import.meta.url)),
  ).in(language);
  translators.set(language, t);
  return t;
}
