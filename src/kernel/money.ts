/** Decimal places of a currency's minor unit; currencies that aren't named have two. */
const EXPONENTS: Record<string, number> = { UGX: 0, RWF: 0, XOF: 0, XAF: 0, BIF: 0, DJF: 0, GNF: 0 };

/** Currencies of which nobody has the hundredths any more: bills come to whole shillings or naira. In minor units. */
const BILLING_UNITS: Record<string, number> = { KES: 100, TZS: 100, NGN: 100 };

/** What is said where a sum is missing or can't be read. */
export const ABOVE_ZERO = 'Enter an amount above zero, such as 12,500';
export const ZERO_OR_MORE = 'Enter an amount of zero or more, such as 2,000';

export function currencyExponent(currency: string): number {
  return EXPONENTS[currency] ?? 2;
}

/** The smallest amount that a bill works out in this currency; what people enter, and what they pay, is taken as it is. */
export function billingUnit(currency: string): number {
  return BILLING_UNITS[currency] ?? 1;
}

/** `KES 12,000`, in French `KES 12 000`, `GHS 1,250.50`: code first, no decimals unless there are some. `minor` is in minor units. */
export function formatMoney(minor: number, currency: string, language = 'en'): string {
  return `${currency} ${formatAmount(minor, currency, language)}`;
}

export function formatAmount(minor: number, currency: string, language = 'en'): string {
  const exponent = currencyExponent(currency);
  const factor = 10 ** exponent;
  const decimals = minor % factor === 0 ? 0 : exponent;
  const text = numbersIn(language, decimals).format(Math.abs(minor) / factor);
  return minor < 0 ? `−${text}` : text;
}

/** How a language writes its numbers where our schools are: Kiswahili has the commas of English, not those of Europe. */
const LOCALES: Record<string, string> = { en: 'en-GB', fr: 'fr-FR', sw: 'sw-KE' };
const formats = new Map<string, Intl.NumberFormat>();

/** Making one costs as much as formatting a hundred amounts, so they are kept. Without `decimals` as many as the number has, at most three. */
export function numbersIn(language: string, decimals?: number): Intl.NumberFormat {
  const key = `${language} ${decimals ?? ''}`;
  let format = formats.get(key);
  if (!format) {
    const fixed = decimals === undefined ? {} : { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    formats.set(key, (format = new Intl.NumberFormat(LOCALES[language] ?? language, fixed)));
  }
  return format;
}
