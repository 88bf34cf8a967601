/** GSM 03.38's basic alphabet: one septet each. */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Its extension table: an escape and the character, two septets. */
const EXTENDED = new Set('\f^{}\\[~]|€');

export interface SmsSize {
  encoding: 'GSM-7' | 'UCS-2';
  /** Septets or UTF-16 units. */
  units: number;
  segments: number;
  /** Units that still fit into the last segment. */
  left: number;
}

/** What a text costs: one character outside the GSM alphabet makes all of it UCS-2, which holds less than half. */
export function smsSize(text: string): SmsSize {
  const letters = [...text];
  const gsm = letters.every((letter) => BASIC.has(letter) || EXTENDED.has(letter));
  const widths = letters.map((letter) => (gsm ? (EXTENDED.has(letter) ? 2 : 1) : letter.length));
  const units = widths.reduce((sum, width) => sum + width, 0);
  const [single, part] = gsm ? [160, 153] : [70, 67];
  const encoding = gsm ? 'GSM-7' : 'UCS-2';
  if (units <= single) return { encoding, units, segments: 1, left: single - units };
  const { segments, used } = fill(widths, part);
  return { encoding, units, segments, left: part - used };
}

/** A character of two units is never cut in two: it moves to the next part. */
function fill(widths: readonly number[], part: number): { segments: number; used: number } {
  let segments = 1;
  let used = 0;
  for (const width of widths) {
    if (used + width > part) {
      segments += 1;
      used = 0;
    }
    used += width;
  }
  return { segments, used };
}

const PLAIN: Record<string, string> = {
  '‘': "'",
  '’': "'",
  '‚': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '—': '-',
  '−': '-',
  '‐': '-',
  '‑': '-',
  '…': '...',
  '\u00a0': ' ',
  '\u202f': ' ',
  '\u2009': ' ',
  '•': '-',
  '·': '-',
  '\t': ' ',
};

/** The same words without the typographic signs that would more than double the price. Letters stay as they are. */
export function plainSms(text: string): string {
  return text.normalize('NFC').replace(/[‘’‚“”„«»–—−‐‑…\u00a0\u202f\u2009•·\t]/g, (sign) => PLAIN[sign] ?? sign);
}
