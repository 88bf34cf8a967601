import { plainReference } from '../../../kernel/references.js';

/** What somebody shows as a proof, as far as it can be read; nothing of it is believed by that. */
export interface Pasted {
  /** Numbers by which it may be known, likeliest first; one for what is no message. */
  numbers: string[];
  amountMinor: number | null;
  paidOn: string | null;
}

const MOST = 5;
/** A number alone, of a cheque or a slip too, is no longer. */
const NUMBER_ALONE = 30;

/** A code, a number, or a whole message: `SFF6XYZ123 Confirmed. Ksh1,500.00 sent to … on 15/6/26 at 2:15 PM.`, in English or Kiswahili. */
export function readPasted(written: string): Pasted {
  const text = written.trim();
  if (!/\s/.test(text) || (text.length <= NUMBER_ALONE && !/ksh|kes/i.test(text)))
    return { numbers: [plainReference(text)].filter(Boolean), amountMinor: null, paidOn: null };
  const words = [...new Set(text.toUpperCase().match(/[A-Z0-9][A-Z0-9/-]*/g) ?? [])]
    .filter((word) => /\d/.test(word) && !/^\d{1,2}\/\d{1,2}\/\d{2,4}$/.test(word))
    .map(plainReference);
  const codes = words.filter((word) => /^[A-Z0-9]{10}$/.test(word) && /[A-Z]/.test(word));
  const numbers =
    codes.length > 0 ? codes : words.filter((word) => /^[A-Z0-9]{6,20}$/.test(word) && !/^0?7\d{8}$|^254\d{9}$/.test(word));
  return { numbers: numbers.slice(0, MOST), amountMinor: amountIn(text), paidOn: dayIn(text) };
}

/** The first sum is the one that was paid; balance and cost come behind it. */
function amountIn(text: string): number | null {
  const [, whole, cents = '00'] = /(?:ksh|kes)\.?\s?(\d[\d,]*)(?:\.(\d\d))?/i.exec(text) ?? [];
  if (whole === undefined) return null;
  const minor = Number(whole.replaceAll(',', '') + cents);
  return Number.isSafeInteger(minor) && minor > 0 ? minor : null;
}

/** Day before month, the year with two digits or four. */
function dayIn(text: string): string | null {
  const [, day, month, year] = /\b(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})\b/.exec(text) ?? [];
  if (!day || !month || !year) return null;
  const iso = `${year.length === 2 ? `20${year}` : year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const read = new Date(`${iso}T00:00:00Z`);
  return Number.isNaN(read.getTime()) || read.toISOString().slice(0, 10) !== iso ? null : iso;
}
