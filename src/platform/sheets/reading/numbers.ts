import { currencyExponent } from '../../../kernel/money.js';
import { asciiDigits } from '../text.js';

/**
 * A written number as plain digits (`-1234.5`), or null. `1,234` and `1 234` are thousands, `12,5` is a
 * decimal comma, `1.234,50` and `1,234.50` go by the last mark. `1e5` is refused: a spreadsheet wrote it
 * that way because it had already dropped digits.
 */
export function plainNumber(raw: string): string | null {
  const text = asciiDigits(raw)
    .replace(/[\u066b]/g, '.')
    .replace(/[\u066c\u2019']/g, ',')
    .replace(/[\u2212\u2013]/g, '-')
    .replace(/\s+/g, ' ')
    .trim();
  const negative = /^\((.*)\)$/.exec(text);
  const body = negative ? negative[1]! : text;
  const match = /^([+-]?) ?(\d[\d., ]*)$/.exec(body);
  if (!match || (negative && match[1])) return null;
  const digits = decimalPoint(match[2]!.trim());
  if (digits === null) return null;
  return (negative || match[1] === '-' ? '-' : '') + digits;
}

function decimalPoint(text: string): string | null {
  if (/^\d+(?:\.\d*)?$/.test(text)) return text.replace(/\.$/, '');
  if (/^\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?$/.test(text)) return text.replace(/[, ]/g, '');
  if (/^\d{1,3}(?:[. ]\d{3})+,\d+$/.test(text)) return text.replace(/[. ]/g, '').replace(',', '.');
  if (/^\d{1,3}(?:\.\d{3}){2,}$/.test(text)) return text.replace(/\./g, '');
  return /^\d+,\d{1,2}$/.test(text) ? text.replace(',', '.') : null;
}

export function parseNumber(raw: string | number): number | null {
  if (typeof raw === 'number') return Number.isFinite(raw) ? raw : null;
  const plain = plainNumber(raw);
  return plain === null ? null : Number(plain);
}

/** `7`, `7.0`, `1,200`; null for a fraction and for what is too large to be exact. */
export function parseInteger(raw: string | number): number | null {
  const value = parseNumber(raw);
  return value !== null && Number.isSafeInteger(value) ? value + 0 : null;
}

/** An amount in minor units, exactly: `KES 12,000.50`, `12 000,5`, `1,500/=`; null for more decimals than the currency has. */
export function parseAmount(raw: string | number, currency: string): number | null {
  const exponent = currencyExponent(currency);
  if (typeof raw === 'number') return minorOf(raw, exponent);
  const bare = raw
    .trim()
    .replace(/^(?:[A-Za-z]{1,4}\.?|[₦₵€£$])\s*(?=[\d(\-−\u0660-\u0669])/u, '')
    .replace(/\s*(?:\/[=-]|[A-Za-z]{2,4}|[₦₵€£$])$/u, '');
  const plain = plainNumber(bare);
  if (plain === null) return null;
  const [whole = '0', fraction = ''] = plain.split('.');
  const kept = fraction.replace(/0+$/, '');
  if (kept.length > exponent) return null;
  const minor = Number(whole + kept.padEnd(exponent, '0'));
  return Number.isSafeInteger(minor) ? minor + 0 : null;
}

function minorOf(value: number, exponent: number): number | null {
  const minor = value * 10 ** exponent;
  const whole = Math.round(minor);
  if (!Number.isSafeInteger(whole)) return null;
  return Math.abs(minor - whole) <= Math.max(1e-6, Math.abs(minor) * 1e-12) ? whole + 0 : null;
}

/** A number for a text file, never in exponent notation. */
export function writeNumber(value: number): string {
  const text = String(value);
  return /e/.test(text) ? value.toLocaleString('en-GB', { useGrouping: false, maximumFractionDigits: 20 }) : text;
}

export function writeAmount(minor: number, currency: string): string {
  const exponent = currencyExponent(currency);
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  const text = exponent ? `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}` : digits;
  return minor < 0 ? `-${text}` : text;
}
