/** Decimal places of a currency's minor unit; currencies that aren't named have two. */
const EXPONENTS: Record<string, number> = { UGX: 0, RWF: 0, XOF: 0, XAF: 0, BIF: 0, DJF: 0, GNF: 0 };

export function currencyExponent(currency: string): number {
  return EXPONENTS[currency] ?? 2;
}

/** `KES 12,000`, `GHS 1,250.50`: code first, no decimals unless there are some. `minor` is in minor units. */
export function formatMoney(minor: number, currency: string): string {
  return `${currency} ${formatAmount(minor, currency)}`;
}

export function formatAmount(minor: number, currency: string): string {
  const exponent = currencyExponent(currency);
  const factor = 10 ** exponent;
  const decimals = minor % factor === 0 ? 0 : exponent;
  const text = formatOf(decimals).format(Math.abs(minor) / factor);
  return minor < 0 ? `−${text}` : text;
}

const formats: Intl.NumberFormat[] = [];

/** By number of decimals; making one costs as much as formatting a hundred amounts. */
function formatOf(decimals: number): Intl.NumberFormat {
  return (formats[decimals] ??= new Intl.NumberFormat('en-GB', { minimumFractionDigits: decimals, maximumFractionDigits: decimals }));
}
