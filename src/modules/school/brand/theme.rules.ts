/**
 * Two colours in, a light and a dark theme out. A school gives nothing else; every other colour follows from
 * these two, and what must be read is moved in lightness until it can be.
 */
import { RuleBroken } from '../../../kernel/errors.js';
import { contrast, hueDistance, reach, toHex, toOklch, type Oklch } from './colour.rules.js';

/** Token name without the dashes (`accent-ink`) to hex. */
export type Tokens = Record<string, string>;

export interface JudgedColour {
  /** `acting`: buttons and links. `trim`: second colour, in the stripe and as a mark in charts. */
  use: 'acting' | 'trim';
  given: string;
  used: string;
  moved: boolean;
  ratio: number;
  /** `Reads well, 10.1 to 1` */
  words: string;
}

export interface SchoolTheme {
  light: Tokens;
  dark: Tokens;
  judged: JudgedColour[];
  /** Redefines the tokens for a whole page. */
  css: string;
}

const WHITE = '#ffffff';
const BLACK = '#111111';
/** Hue and chroma of what says done, watch, wrong and information: never taken from the school. */
const MEANINGS = { ok: [152, 0.12], warn: [66, 0.12], bad: [27, 0.18], info: [250, 0.12] } as const;
const ERROR_HUE = MEANINGS.bad[0];

/** @throws RuleBroken when a colour can't be read, or both are the same */
export function makeTheme(first: string, second: string): SchoolTheme {
  const [brand, trim] = [parse(first), parse(second)];
  if (brand === trim) throw new RuleBroken('school.same-colours', 'Choose two different colours.', 'second_colour');
  const acting = actingOf(brand, trim);
  const other = acting === brand ? trim : brand;
  const light = lightTokens(acting);
  const dark = darkTokens(acting);
  addStripe(light, brand, trim, other, -1);
  addStripe(dark, brand, trim, other, 1);
  addLightMeanings(light);
  addDarkMeanings(dark);
  return { light, dark, judged: judge(acting, other, light), css: themeCss({ light, dark }) };
}

/** Under `[data-school=…]` the same theme colours a part of a page only. */
export function themeCss({ light, dark }: Pick<SchoolTheme, 'light' | 'dark'>, school?: string): string {
  const scope = school ? `[data-school=${school}]` : '';
  const notLight = ':root:not([data-theme=light])';
  const automatic = school ? `${notLight}${scope},${notLight} ${scope}:not([data-theme=light])` : notLight;
  const chosen = school ? `[data-theme=dark]${scope},[data-theme=dark] ${scope}` : '[data-theme=dark]';
  return (
    `${scope || ':root'}{${declarations(light)}}\n` +
    `@media screen and (prefers-color-scheme:dark){${automatic}{${declarations(dark)}}}\n` +
    `@media screen{${chosen}{${declarations(dark)}}}\n`
  );
}

function declarations(tokens: Tokens): string {
  return Object.entries(tokens)
    .map(([name, hex]) => `--${name}:${hex}`)
    .join(';');
}

function parse(text: string): string {
  const hex = text.trim().toLowerCase();
  if (/^#[0-9a-f]{6}$/.test(hex)) return hex;
  throw new RuleBroken('school.not-a-colour', 'Enter a colour as # and six digits, such as #0f5c43.');
}

/** The first colour acts, unless it would have to move far to carry white text and the second would not (yellow and black). */
function actingOf(brand: string, trim: string): string {
  return fallForWhite(brand) > 0.12 && fallForWhite(trim) < 0.04 ? trim : brand;
}

function fallForWhite(hex: string): number {
  const colour = toOklch(hex);
  return Math.max(0, colour.l - toOklch(reach(colour, { on: [WHITE], ratio: 4.6, towards: -1 })).l);
}

/** Paper and ink have a breath of the acting colour, or none when it is a grey. */
function neutrals(acting: Oklch): (lightness: number, strength?: number) => string {
  const chroma = neutralChroma(acting);
  return (lightness, strength = 1) => toHex({ l: lightness, c: chroma * strength, h: acting.h });
}

function neutralChroma(acting: Oklch): number {
  return acting.c < 0.02 ? 0 : 0.006;
}

function lightTokens(hex: string): Tokens {
  const acting = toOklch(hex);
  const { l, c, h } = acting;
  const neutral = neutrals(acting);
  const [paper, desk, hover] = [WHITE, neutral(0.966), neutral(0.955, 1.4)];
  const chroma = Math.min(c, 0.17);
  const accent = reach({ l: Math.min(l, 0.62), c, h }, { on: [WHITE, desk], ratio: 4.6, towards: -1 });
  const lightness = toOklch(accent).l;
  // A maroon school's selected rows must not look like errors.
  const tint = toHex({ l: 0.96, c: Math.min(chroma * 0.22, nearError(h) ? 0.009 : 0.022), h });
  return {
    paper,
    desk,
    inset: neutral(0.978),
    hover,
    line: neutral(0.905),
    'line-2': reach({ l: 0.68, c: neutralChroma(acting) * 1.5, h }, { on: [paper, desk], ratio: 3.1, towards: -1 }),
    ink: neutral(0.215, 2),
    'ink-2': neutral(0.4, 2),
    'ink-3': neutral(0.505, 2),
    accent,
    'on-accent': WHITE,
    'accent-hover': toHex({ l: lightness < 0.3 ? lightness + 0.09 : lightness - 0.055, c, h }),
    'accent-tint': tint,
    'accent-line': toHex({ l: 0.84, c: Math.min(chroma * 0.55, 0.07), h }),
    'accent-ink': reach({ l: Math.min(l, 0.5), c: chroma, h }, { on: [paper, desk, hover, tint], ratio: 5.5, towards: -1 }),
  };
}

function darkTokens(hex: string): Tokens {
  const acting = toOklch(hex);
  const { l, c, h } = acting;
  const neutral = neutrals(acting);
  const [paper, inset, hover] = [neutral(0.215, 1.2), neutral(0.245, 1.4), neutral(0.275, 1.6)];
  const chroma = Math.min(c, 0.17);
  const accent = reach({ l: Math.max(l, 0.7), c: Math.min(chroma, 0.13), h }, { on: [paper], ratio: 6.5, towards: 1 });
  const tint = toHex({ l: 0.285, c: Math.min(chroma * 0.4, nearError(h) ? 0.018 : 0.04), h });
  const ink = { l: Math.max(l, 0.76), c: Math.min(chroma, 0.11), h };
  return {
    paper,
    desk: neutral(0.175, 1.2),
    inset,
    hover,
    line: neutral(0.325, 1.6),
    'line-2': reach({ l: 0.45, c: neutralChroma(acting) * 2, h }, { on: [paper, inset], ratio: 3.1, towards: 1 }),
    ink: neutral(0.945, 0.8),
    'ink-2': neutral(0.8, 1.2),
    'ink-3': neutral(0.69, 1.4),
    accent,
    'on-accent': toHex({ l: 0.18, c: Math.min(chroma * 0.4, 0.03), h }),
    'accent-hover': toHex({ l: toOklch(accent).l + 0.05, c: Math.min(chroma, 0.13), h }),
    'accent-tint': tint,
    'accent-line': toHex({ l: 0.42, c: Math.min(chroma * 0.6, 0.07), h }),
    'accent-ink': reach(ink, { on: [paper, inset, hover, tint], ratio: 6, towards: 1 }),
  };
}

function nearError(hue: number): boolean {
  return hueDistance(hue, ERROR_HUE) < 45;
}

/** The stripe keeps the colours as given and in the given order; `trim-mark` may be a mark in a chart, never a word. */
function addStripe(tokens: Tokens, brand: string, trim: string, other: string, towards: -1 | 1): void {
  tokens['brand'] = brand;
  tokens['trim'] = trim;
  tokens['trim-mark'] = reach(toOklch(other), { on: [tokens['paper']!, tokens['inset']!], ratio: 3.05, towards });
  tokens['on-brand'] = betterOn(brand);
  tokens['on-trim'] = betterOn(trim);
}

/** Between white and near-black lies a gap (a middle violet) where only full black can be read. */
function betterOn(background: string): string {
  const better = contrast(WHITE, background) >= contrast(BLACK, background) ? WHITE : BLACK;
  return contrast(better, background) >= 4.5 ? better : '#000000';
}

function addLightMeanings(tokens: Tokens): void {
  const { desk, hover } = tokens as { desk: string; hover: string };
  for (const [name, [h, c]] of Object.entries(MEANINGS)) {
    const tint = toHex({ l: 0.962, c: 0.025, h });
    tokens[`${name}-tint`] = tint;
    tokens[`${name}-line`] = toHex({ l: 0.84, c: 0.07, h });
    tokens[`${name}-mark`] = reach({ l: 0.66, c, h }, { on: [WHITE, desk, tint], ratio: 3.3, towards: -1 });
    tokens[`${name}-ink`] = reach({ l: 0.52, c, h }, { on: [WHITE, desk, hover, tint], ratio: 5.2, towards: -1 });
  }
  tokens['bad'] = tokens['bad-ink']!;
  tokens['on-bad'] = WHITE;
}

function addDarkMeanings(tokens: Tokens): void {
  const { paper, hover } = tokens as { paper: string; hover: string };
  for (const [name, [h, c]] of Object.entries(MEANINGS)) {
    const tint = toHex({ l: 0.285, c: 0.045, h });
    tokens[`${name}-tint`] = tint;
    tokens[`${name}-line`] = toHex({ l: 0.43, c: 0.08, h });
    tokens[`${name}-mark`] = reach({ l: 0.68, c, h }, { on: [paper, tint], ratio: 4.5, towards: 1 });
    tokens[`${name}-ink`] = reach({ l: 0.78, c: Math.min(c, 0.12), h }, { on: [paper, hover, tint], ratio: 6, towards: 1 });
  }
  tokens['bad'] = tokens['bad-ink']!;
  tokens['on-bad'] = toHex({ l: 0.18, c: 0.03, h: ERROR_HUE });
}

function judge(acting: string, other: string, light: Tokens): JudgedColour[] {
  const accent = light['accent']!;
  const mark = light['trim-mark']!;
  const reads = contrast(accent, WHITE);
  const shows = contrast(mark, WHITE);
  return [
    {
      use: 'acting',
      given: acting,
      used: accent,
      moved: accent !== acting,
      ratio: round(reads),
      words: `Reads well, ${ratio(reads)}`,
    },
    {
      use: 'trim',
      given: other,
      used: mark,
      moved: mark !== other,
      ratio: round(shows),
      words: `Shows as a line, ${ratio(shows)}`,
    },
  ];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function ratio(value: number): string {
  return `${value.toFixed(1)} to 1`;
}
