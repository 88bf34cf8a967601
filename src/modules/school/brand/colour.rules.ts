/** Colours as OKLCH for even steps of lightness, and as WCAG luminance for what can be read on what. */
export interface Oklch {
  l: number;
  c: number;
  h: number;
}

export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

export function luminance(hex: string): number {
  const [r, g, b] = linear(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function toOklch(hex: string): Oklch {
  const [r, g, b] = linear(hex);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const A = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const B = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return {
    l: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    c: Math.hypot(A, B),
    h: ((Math.atan2(B, A) * 180) / Math.PI + 360) % 360,
  };
}

/** The nearest colour that a screen can show: chroma shrinks until it fits. */
export function toHex({ l, c, h }: Oklch): string {
  let chroma = c;
  let channels = linearOf(l, chroma, h);
  while (channels.some((value) => value < -0.0005 || value > 1.0005) && chroma > 0) {
    chroma = Math.max(0, chroma - 0.002);
    channels = linearOf(l, chroma, h);
  }
  return `#${channels.map(byte).join('')}`;
}

export interface Reach {
  on: string[];
  ratio: number;
  /** -1 walks towards black, 1 towards white. */
  towards: -1 | 1;
}

/** Moves only the lightness, in small steps, until the colour reads on every background. */
export function reach({ l, c, h }: Oklch, { on, ratio, towards }: Reach): string {
  let lightness = l;
  for (let step = 0; step < 200; step++) {
    const hex = toHex({ l: lightness, c, h });
    if (on.every((background) => contrast(hex, background) >= ratio)) return hex;
    lightness += towards * 0.005;
    if (towards < 0 ? lightness <= 0.02 : lightness >= 0.99) break;
  }
  return toHex({ l: Math.min(0.99, Math.max(0.02, lightness)), c, h });
}

export function hueDistance(one: number, other: number): number {
  return Math.abs(((one - other + 540) % 360) - 180);
}

function linear(hex: string): [number, number, number] {
  return [1, 3, 5].map((start) => {
    const value = parseInt(hex.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
}

function linearOf(lightness: number, chroma: number, hue: number): number[] {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function byte(value: number): string {
  const clipped = Math.min(1, Math.max(0, value));
  const encoded = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055;
  return Math.round(255 * encoded)
    .toString(16)
    .padStart(2, '0');
}
