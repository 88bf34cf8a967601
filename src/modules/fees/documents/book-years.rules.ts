/** How long the books, and the bills and receipts behind them, must be kept: years after the end of the financial year, and by which law. */
export interface BookYears {
  years: number;
  law: string;
}

const BOOK_YEARS: Readonly<Record<string, BookYears>> = {
  KE: { years: 5, law: 'Tax Procedures Act 2015, section 23' },
  NG: { years: 6, law: 'Companies and Allied Matters Act 2020' },
  GH: { years: 6, law: 'Revenue Administration Act 2016' },
  UG: { years: 5, law: 'Tax Procedures Code Act 2014' },
  ZA: { years: 7, law: 'Companies Act 2008, section 24' },
};

/** The longest of ours where we know no law. */
const UNKNOWN: BookYears = { years: 7, law: 'the law on the keeping of books' };

export function bookYearsOf(country: string): BookYears {
  return BOOK_YEARS[country] ?? UNKNOWN;
}

/** Months after which no law of ours asks for a payment's papers any more: a year's first day waits for its last. */
export const MONTHS_OF_PAPERS = 12 * (1 + Math.max(UNKNOWN.years, ...Object.values(BOOK_YEARS).map((one) => one.years)));
