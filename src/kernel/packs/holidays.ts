import { addDays } from '../clock.js';
import type { CountryPack, HolidayRule } from './types.js';

export interface PublicHoliday {
  name: string;
  on: string;
  /** It hangs on the moon, or the government may move it: what it announces counts. */
  toConfirm: boolean;
}

/** Public holidays of a span of days, in order; with the Monday after one on a Sunday, where the country's law gives it. */
export function holidaysIn(pack: Pick<CountryPack, 'holidays'>, from: string, to: string): PublicHoliday[] {
  const { rules, sundayGoesOn } = pack.holidays;
  const found: PublicHoliday[] = [];
  for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year += 1) {
    for (const rule of rules) {
      for (const on of daysOf(rule, year)) {
        found.push({ name: rule.name, on, toConfirm: rule.toConfirm === true });
        if (sundayGoesOn && weekday(on) === 7)
          found.push({ name: `${rule.name} (observed)`, on: addDays(on, 1), toConfirm: rule.toConfirm === true });
      }
    }
  }
  return found
    .filter(({ on }) => from <= on && on <= to)
    .sort((one, other) => (one.on < other.on ? -1 : one.on > other.on ? 1 : 0));
}

function daysOf({ when }: HolidayRule, year: number): readonly string[] {
  if ('every' in when) return [`${year}-${when.every}`];
  if ('easter' in when) return [addDays(easterSunday(year), when.easter)];
  if ('first' in when) return [firstOf(year, when.first.month, when.first.weekday)];
  return when.days.filter((day) => day.startsWith(`${year}-`));
}

/** 1 Monday to 7 Sunday. */
function weekday(day: string): number {
  return ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
}

function firstOf(year: number, month: number, wanted: number): string {
  const first = `${year}-${String(month).padStart(2, '0')}-01`;
  return addDays(first, (wanted - weekday(first) + 7) % 7);
}

/** In the Gregorian calendar, by the rule that Meeus, Jones and Butcher give. */
export function easterSunday(year: number): string {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100];
  const f = Math.floor((b + 8) / 25);
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - f + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const sum = h + l - 7 * m + 114;
  return `${year}-${String(Math.floor(sum / 31)).padStart(2, '0')}-${String((sum % 31) + 1).padStart(2, '0')}`;
}

const every = (name: string, monthDay: string, more: { toConfirm?: true } = {}): HolidayRule => ({
  name,
  when: { every: monthDay },
  ...more,
});
const moon = (name: string, days: readonly string[]): HolidayRule => ({ name, when: { days }, toConfirm: true });

const christian = [
  every('Christmas Day', '12-25'),
  { name: 'Good Friday', when: { easter: -2 } },
  every('New Year’s Day', '01-01'),
] as const satisfies readonly HolidayRule[];
const easterMonday: HolidayRule = { name: 'Easter Monday', when: { easter: 1 } };
const boxingDay = every('Boxing Day', '12-26');
// By the tables of the new moon; a country's own sighting may be a day earlier or later.
const eidAlFitr = moon('Eid al-Fitr', ['2026-03-20', '2027-03-10']);
const eidAlAdha = moon('Eid al-Adha', ['2026-05-27', '2027-05-17']);
const mawlid = moon('Prophet’s birthday', ['2026-08-26', '2027-08-15']);

/** Public Holidays Act (cap. 110) with the gazette notices for Eid; 10 October is Mazingira Day since 2024. */
export const kenyaHolidays: CountryPack['holidays'] = {
  sundayGoesOn: true,
  rules: [
    ...christian,
    easterMonday,
    boxingDay,
    every('Labour Day', '05-01'),
    every('Madaraka Day', '06-01'),
    every('Mazingira Day', '10-10'),
    every('Mashujaa Day', '10-20'),
    every('Jamhuri Day', '12-12'),
    eidAlFitr,
  ],
};

/** Public Holidays Act (cap. P40), Democracy Day since 2019; one that falls on a weekend is moved when the ministry of the interior says so. */
export const nigeriaHolidays: CountryPack['holidays'] = {
  sundayGoesOn: false,
  rules: [
    ...christian,
    easterMonday,
    boxingDay,
    every('Workers’ Day', '05-01'),
    every('Democracy Day', '06-12'),
    every('Independence Day', '10-01'),
    eidAlFitr,
    eidAlAdha,
    mawlid,
  ],
};

/**
 * Act 601 with Act 986 of 2019 and the amendment of 2025, by which one between Tuesday and Thursday may be moved to the Friday,
 * as the interior ministry did with 7 January 2026: those that it may move are to be confirmed.
 */
export const ghanaHolidays: CountryPack['holidays'] = {
  sundayGoesOn: true,
  rules: [
    ...christian,
    easterMonday,
    boxingDay,
    every('Constitution Day', '01-07', { toConfirm: true }),
    every('Independence Day', '03-06'),
    every('Workers’ Day', '05-01', { toConfirm: true }),
    every('Republic Day', '07-01', { toConfirm: true }),
    every('Founders’ Day', '09-21', { toConfirm: true }),
    { name: 'Farmers’ Day', when: { first: { month: 12, weekday: 5 } } },
    eidAlFitr,
    moon('Shaqq Day', ['2026-03-21', '2027-03-11']),
    eidAlAdha,
  ],
};

/** Public Holidays Act (cap. 255) and the days declared under it. */
export const ugandaHolidays: CountryPack['holidays'] = {
  sundayGoesOn: false,
  rules: [
    ...christian,
    easterMonday,
    boxingDay,
    every('NRM Liberation Day', '01-26'),
    every('Archbishop Janani Luwum Day', '02-16'),
    every('Women’s Day', '03-08'),
    every('Labour Day', '05-01'),
    every('Martyrs’ Day', '06-03'),
    every('Heroes’ Day', '06-09'),
    every('Independence Day', '10-09'),
    eidAlFitr,
    eidAlAdha,
  ],
};

/** Public Holidays Act 36 of 1994, with the Monday after a Sunday; those of 2027 stand in the school calendar of that year (careersportal.co.za). */
export const southAfricaHolidays: CountryPack['holidays'] = {
  sundayGoesOn: true,
  rules: [
    ...christian,
    { name: 'Family Day', when: { easter: 1 } },
    every('Day of Goodwill', '12-26'),
    every('Human Rights Day', '03-21'),
    every('Freedom Day', '04-27'),
    every('Workers’ Day', '05-01'),
    every('Youth Day', '06-16'),
    every('National Women’s Day', '08-09'),
    every('Heritage Day', '09-24'),
    every('Day of Reconciliation', '12-16'),
  ],
};
