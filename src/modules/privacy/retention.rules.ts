import type { RetentionClass } from '../../kernel/people/personal-data.js';

/** What the school has settled for one kind of data; a kind without a row follows its module's own. */
export interface RetentionRule {
  key: string;
  on: boolean;
  months: number;
}

export const MOST_MONTHS = 600;

/** The first day that is still kept, `YYYY-MM-DD`: everything from before may go. A 31st falls back to the month's end. */
export function keptFrom(today: string, months: number): string {
  const [year, month, day] = today.split('-').map(Number) as [number, number, number];
  const first = new Date(Date.UTC(year, month - 1 - months, 1));
  const days = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(day, days));
  return first.toISOString().slice(0, 10);
}

export function ruleOf(
  kind: Pick<RetentionClass, 'key' | 'on' | 'months' | 'least'>,
  rules: readonly RetentionRule[],
): RetentionRule {
  const settled = rules.find((one) => one.key === kind.key);
  if (!settled) return { key: kind.key, on: kind.on, months: kind.months };
  // A module may raise its least after the school has chosen.
  return { ...settled, months: Math.max(settled.months, kind.least) };
}

const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** `7KX2-MQ9P`: tells two erased records apart, and nothing about who they were. */
export function pseudonymOf(random: Uint8Array): string {
  const letters = [...random.subarray(0, 8)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}
