const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter costs more than a page: there are as many as languages, and they are kept. */
function kept(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${options.day ?? ''} ${options.month ?? ''}`;
  let format = formats.get(key);
  if (!format)
    formats.set(
      key,
      (format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
        ...options,
        year: 'numeric',
        timeZone: 'UTC',
      })),
    );
  return format;
}

/** A day (`YYYY-MM-DD`) as people read it: `2 December 2026`, or `2 Dec 2026`. */
export function formatDay(day: string, language = 'en', length: 'short' | 'long' = 'long'): string {
  if (language === 'en' && length === 'short')
    return `${Number(day.slice(8, 10))} ${MONTHS[Number(day.slice(5, 7)) - 1] ?? ''} ${day.slice(0, 4)}`;
  return kept(language, { day: 'numeric', month: length }).format(new Date(`${day}T00:00:00Z`));
}

/** A month (`YYYY-MM`, or any day of it): `December 2026`. */
export function formatMonth(month: string, language = 'en'): string {
  return kept(language, { month: 'long' }).format(new Date(`${month.slice(0, 7)}-01T00:00:00Z`));
}
