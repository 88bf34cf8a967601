import { formatDay } from '../../kernel/day-words.js';
import { formatAmount, formatMoney, numbersIn } from '../../kernel/money.js';
import { showPhone } from '../../kernel/people/phone.js';

/** Who reads: in which language, and at which school. */
export interface Reader {
  language: string;
  school: { country: string; zone: string; currency: string } | null;
}

/** Days, sums and numbers as the reader of this answer writes them; for views, and for those who prepare what a view shows. */
export class Words {
  constructor(private readonly req: Reader) {}

  /** `5 Jan 2026`; a day is `YYYY-MM-DD`. */
  date(day: string | null | undefined): string {
    return day ? formatDay(day, this.req.language, 'short') : '';
  }
  /** `24 November 2026`. */
  dateLong(day: string | null | undefined): string {
    return day ? formatDay(day, this.req.language, 'long') : '';
  }
  /** `24 Nov 2026, 08:04` in the school's zone. */
  time(instant: Date | string | null | undefined): string {
    if (!instant) return '';
    const at = typeof instant === 'string' ? new Date(instant) : instant;
    return timeFormat(this.req.language, this.req.school?.zone ?? 'UTC').format(at);
  }
  money(minor: number): string {
    return formatMoney(minor, this.req.school?.currency ?? 'KES', this.req.language);
  }
  amount(minor: number): string {
    return formatAmount(minor, this.req.school?.currency ?? 'KES', this.req.language);
  }
  number(value: number): string {
    return numbersIn(this.req.language).format(value);
  }
  phone(e164: string | null | undefined): string {
    return e164 ? showPhone(e164, this.req.school?.country ?? 'KE') : '';
  }
}

const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter costs more than a page: there are as many as languages and zones, and they are kept. */
function kept(key: string, language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  let format = FORMATS.get(key);
  if (!format) FORMATS.set(key, (format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, options)));
  return format;
}

function timeFormat(language: string, timeZone: string): Intl.DateTimeFormat {
  return kept(`${language} ${timeZone}`, language, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    timeZone,
  });
}

export function roleTitle(role: string): string {
  const words = role.replaceAll('-', ' ');
  return words === 'hr officer' ? 'HR officer' : words.charAt(0).toUpperCase() + words.slice(1);
}
