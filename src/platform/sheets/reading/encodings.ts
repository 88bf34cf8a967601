/** What a CSV file that is no Unicode may be written in: Windows, old Macs, and the text format of old DOS programs. */
export const LEGACY_ENCODINGS = ['windows-1252', 'macintosh', 'cp850'] as const;
export type LegacyEncoding = (typeof LEGACY_ENCODINGS)[number];

/** The same words of a file in one encoding. */
export interface Reading {
  encoding: LegacyEncoding;
  words: string[];
}

/** What stands from 0x80 on. By hand, because Node 20 decodes the name `windows-1252` as Latin-1 and knows no cp850. */
const LATIN = Array.from({ length: 96 }, (_unused, at) => String.fromCharCode(0xa0 + at)).join('');
const UPPER: Record<LegacyEncoding, string> = {
  'windows-1252': '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ' + LATIN,
  macintosh:
    'ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ',
  cp850:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
};

export function decodeLegacy(bytes: Buffer, encoding: LegacyEncoding): string {
  return inEncoding(bytes.toString('latin1'), encoding);
}

function inEncoding(latin: string, encoding: LegacyEncoding): string {
  const upper = UPPER[encoding];
  return latin.replace(/[\x80-\xff]/g, (char) => upper.charAt(char.charCodeAt(0) - 0x80));
}

/** Enough to know the language by. */
const SAMPLE_BYTES = 1_000_000;
const MOST_WORDS = 500;
/** Of words that a person compares. */
const SHOWN_WORDS = 6;
/** A reading is sure when its letters are so likely, and so much likelier than the next one's; most a letter can be is 1. */
const LIKELY = 0.5;
const LEAD = 0.4;

/** The likeliest encoding by its words, and all of them with the same words when that is not sure. */
export function guessLegacy(bytes: Buffer): { encoding: LegacyEncoding; readings: Reading[] } {
  const sample = bytes.subarray(0, SAMPLE_BYTES).toString('latin1');
  const words = new Set<string>();
  for (const [word] of sample.matchAll(/[A-Za-z'\x80-\xff]*[\x80-\xff][A-Za-z'\x80-\xff]*/g)) {
    words.add(word);
    if (words.size === MOST_WORDS) break;
  }
  const ranked = LEGACY_ENCODINGS.map((encoding) => ({
    encoding,
    likely: likelihood([...words].map((word) => inEncoding(word, encoding))),
  })).sort((one, other) => other.likely - one.likely);
  const [best, next] = ranked as [(typeof ranked)[number], (typeof ranked)[number]];
  const sure = words.size === 0 || (best.likely >= LIKELY && best.likely - next.likely >= LEAD);
  const shown = [...words].sort((one, other) => one.length - other.length).slice(-SHOWN_WORDS);
  return {
    encoding: best.encoding,
    readings: sure
      ? []
      : readingsOf(
          ranked.map((one) => one.encoding),
          shown,
        ),
  };
}

/** Those that say something else than a likelier one. */
function readingsOf(encodings: readonly LegacyEncoding[], words: readonly string[]): Reading[] {
  const seen = new Set<string>();
  return encodings.flatMap((encoding) => {
    const read = words.map((word) => inEncoding(word, encoding));
    const key = read.join('\n');
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ encoding, words: read }];
  });
}

const COMMON = new Set('éèêëçàâäãñôöõïîüûùÉÈÊËÇÀÂÄÃÑÔÖÕÏÎÜÛÙ');
const RARER = new Set('áíóúòìáåæøßœÁÍÓÚÒÌÅÆØŒ');
const APOSTROPHES = new Set('’‘');
const OPENING = new Set('“‘«');
const CLOSING = new Set('”»');
const EDGES = new Set('“”«»–—…\u00a0•·');

function likelihood(words: readonly string[]): number {
  let [sum, count] = [0, 0];
  for (const word of words) {
    for (let at = 0; at < word.length; at += 1) {
      if (word.charCodeAt(at) < 0x80) continue;
      sum += likely(word.charAt(at), word.charAt(at - 1), word.charAt(at + 1));
      count += 1;
    }
  }
  return count === 0 ? 0 : sum / count;
}

/** From 1 for a letter that belongs where it stands to -3 for what stands in no text. */
function likely(char: string, left: string, right: string): number {
  const [before, after] = [isLetter(left), isLetter(right)];
  if (APOSTROPHES.has(char) && before && after) return 1;
  if ((OPENING.has(char) && !before && after) || (CLOSING.has(char) && before && !after)) return 0.9;
  if (APOSTROPHES.has(char)) return 0;
  if (EDGES.has(char)) return before && after ? -1 : 0;
  if (!isLetter(char) || char === 'ª' || char === 'º') return /\p{Cc}|\p{Co}/u.test(char) ? -3 : before && after ? -2 : -1;
  const small = char === char.toLowerCase();
  if (!small && before && left === left.toLowerCase()) return -2;
  if (!small && before && after && right === right.toLowerCase()) return -2;
  if (small && after && right !== right.toLowerCase() && (!before || left !== left.toLowerCase())) return -1;
  return COMMON.has(char) ? 1 : RARER.has(char) ? 0.8 : -0.5;
}

function isLetter(char: string): boolean {
  return /^\p{L}$/u.test(char);
}
