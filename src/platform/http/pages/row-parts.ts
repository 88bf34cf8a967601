/** The small parts that stand in every row of a list: plain functions, because a template call per row costs too much. */
import { escapeHtml } from './escape.js';

/** done, paid, active · part, in progress · not yet · watch · wrong, overdue · ended */
export type StatusKind = 'ok' | 'part' | 'none' | 'watch' | 'wrong' | 'ended';

/** Each has its colour and its shape in the style sheet. */
const STATUS: Record<StatusKind, string> = {
  ok: 'ok',
  part: 'info',
  none: 'off',
  watch: 'warn',
  wrong: 'bad',
  ended: 'off over',
};

export type TagTone = 'ok' | 'warn' | 'bad' | 'info' | 'acc';

export interface PhotoOf {
  /** Null draws a figure in the school's uniform. */
  url?: string | null;
  sex?: string | null;
  size?: 'm' | 'l';
}

/** What a template writes a field's control with. */
export interface InputOf {
  id: string;
  value: string;
  error: string | undefined;
  /** `id`, `name` and what a screen reader needs to know, ready for the tag. */
  attrs: string;
}

interface InputLocals {
  name: string;
  id?: string;
  value?: string | number | null;
  error?: string;
  hint?: string;
  form?: { value(name: string): string; errors: Record<string, string> } | null;
}

const SIZES: Record<string, number> = { crest: 36 };

export class RowParts {
  constructor(private readonly sprite: string) {}

  /** A larger drawing of the sprite by its whole id: `b-crest`. */
  draw(id: string, style: string): string {
    // The size stands for browsers that get no styles.
    return `<svg class="${style}" width="${SIZES[style] ?? 12}" height="${SIZES[style] ?? 12}" aria-hidden="true"><use href="${this.sprite}#${id}"/></svg>`;
  }

  status(kind: StatusKind, word: string): string {
    return `<span class="st ${STATUS[kind]}">${escapeHtml(word)}</span>`;
  }

  tag(word: string, tone?: TagTone): string {
    return `<span class="tag${tone ? ` ${tone}` : ''}">${escapeHtml(word)}</span>`;
  }

  photo({ url, sex, size }: PhotoOf): string {
    // In a row the thumbnail that browsers keep for a while; alone, the photo itself.
    const source = url && !size && url.startsWith('/files/') ? `${url}/small` : url;
    const style = `photo${size ? ` ${size}` : ''}`;
    if (!source) return `<span class="${style} ${figure(sex)}"></span>`;
    return `<span class="${style}"><img src="${escapeHtml(source)}" alt="" loading="lazy" decoding="async"></span>`;
  }

  /** An adult without a photo. */
  initials(name: string): string {
    const words = name.trim().split(/\s+/);
    const letters = words.length > 1 ? [words[0]!, words[words.length - 1]!] : words;
    return `<span class="ini" aria-hidden="true">${escapeHtml(
      letters
        .map((word) => [...word][0] ?? '')
        .join('')
        .toUpperCase(),
    )}</span>`;
  }

  input({ name, id = fieldId(name), value, error, hint, form }: InputLocals): InputOf {
    const wrong = error ?? form?.errors[name];
    const described = [hint && `${id}-h`, wrong && `${id}-e`].filter(Boolean).join(' ');
    return {
      id,
      value: value === undefined || value === null ? (form?.value(name) ?? '') : String(value),
      error: wrong,
      attrs:
        `id="${escapeHtml(id)}" name="${escapeHtml(name)}"` +
        (described ? ` aria-describedby="${escapeHtml(described)}"` : '') +
        (wrong ? ' aria-invalid="true"' : ''),
    };
  }
}

/** `guardians.0.phone` → `f-guardians-0-phone`: where a summary of mistakes leads to. */
export function fieldId(name: string): string {
  return `f-${name.replaceAll('.', '-')}`;
}

function figure(sex: string | null | undefined): string {
  if (!sex) return 'learner';
  return /^f/i.test(sex) ? 'girl' : 'boy';
}

const BROWSERS: [RegExp, string][] = [
  [/Edg(?:A|iOS)?\/(\d+)/, 'Edge'],
  [/OPR\/(\d+)/, 'Opera'],
  [/SamsungBrowser\/(\d+)/, 'Samsung Internet'],
  [/(?:Firefox|FxiOS)\/(\d+)/, 'Firefox'],
  [/(?:HeadlessChrome|Chrome|CriOS)\/(\d+)/, 'Chrome'],
  [/Version\/(\d+)[\d.]* (?:Mobile\/\S+ )?Safari/, 'Safari'],
];
const SYSTEMS: [RegExp, string][] = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
];

/** `Chrome 126, Android`: enough for people to know their own phone by. An unknown program says its own name. */
export function browserName(userAgent: string | null | undefined): string {
  if (!userAgent) return '';
  const found = BROWSERS.map(([pattern, name]) => ({ name, version: pattern.exec(userAgent)?.[1] })).find(
    ({ version }) => version,
  );
  const system = SYSTEMS.find(([pattern]) => pattern.test(userAgent))?.[1];
  return [found ? `${found.name} ${found.version}` : userAgent.slice(0, 40), system].filter(Boolean).join(', ');
}

const WEEKDAYS = new Map<string, Intl.DateTimeFormat>();

/** `Tue`; making the formatter costs more than all else on a page, so it is kept. */
export function weekday(day: string, language: string): string {
  let format = WEEKDAYS.get(language);
  if (!format) WEEKDAYS.set(language, (format = new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' })));
  return format.format(new Date(`${day}T00:00:00Z`));
}
