export interface Measures {
  /** How long, in the two digits that matter; empty for what isn't known. */
  span(seconds: number | null): string;
  /** How long ago. */
  ago(at: Date | string | null): string;
  size(bytes: number | null): string;
}

export type Say = (text: string, values?: Record<string, string | number>) => string;

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS = ['kB', 'MB', 'GB', 'TB'] as const;

export function measures(t: Say, number: (value: number) => string, now: Date): Measures {
  const span = (seconds: number | null): string => (seconds === null ? '' : spanOf(seconds, t, number));
  return {
    span,
    ago: (at) => {
      if (at === null) return '';
      const seconds = (now.getTime() - new Date(at).getTime()) / 1000;
      return seconds < MINUTE ? t('now') : t('{{span}} ago', { span: span(seconds) });
    },
    size: (bytes) => (bytes === null ? '' : sizeOf(bytes, number)),
  };
}

function spanOf(seconds: number, t: Say, number: (value: number) => string): string {
  if (seconds < 10) return t('{{n}} s', { n: number(Math.round(seconds * 10) / 10) });
  if (seconds < 2 * MINUTE) return t('{{n}} s', { n: Math.round(seconds) });
  if (seconds < 2 * HOUR) return t('{{n}} min', { n: Math.round(seconds / MINUTE) });
  if (seconds < 2 * DAY) return t('{{n}} h', { n: Math.round(seconds / HOUR) });
  return t('{{n}} days', { n: number(Math.round(seconds / DAY)) });
}

function sizeOf(bytes: number, number: (value: number) => string): string {
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${number(value < 10 ? Math.round(value * 10) / 10 : Math.round(value))} ${UNITS[unit]}`;
}
