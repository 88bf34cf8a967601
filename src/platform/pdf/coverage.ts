import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { FILES } from './fonts.js';
import { pdfText } from './text.js';

type Range = readonly [first: number, last: number];

const require = createRequire(import.meta.url);
/** Nearly all texts: every one of our faces has these, so no font is opened. */
const EVERYWHERE = /^[\n -~\u00a0-\u017f]*$/;
let faces: (readonly Range[])[] | undefined;

/** The letters of a text that none of our fonts has, each once; empty where all of it can be printed. Paper would show boxes. */
export function unprintable(text: string): string {
  const set = pdfText(text);
  if (EVERYWHERE.test(set)) return '';
  faces ??= Object.values(FILES).map((files) => files.flatMap(rangesOf));
  return [...new Set(set)]
    .filter((letter) => !/\s/.test(letter) && !faces!.every((ranges) => has(ranges, letter.codePointAt(0)!)))
    .join(' ');
}

function has(ranges: readonly Range[], code: number): boolean {
  return ranges.some(([first, last]) => first <= code && code <= last);
}

/** The letters that a font file says it has: its table `cmap`, in the form with 32 or 16 bits a letter. */
function rangesOf(file: string): Range[] {
  const font = readFileSync(require.resolve(file));
  const tables = Array.from({ length: font.readUInt16BE(4) }, (_, n) => 12 + n * 16);
  const cmap = font.readUInt32BE(tables.find((at) => font.toString('latin1', at, at + 4) === 'cmap')! + 8);
  const subtables = Array.from({ length: font.readUInt16BE(cmap + 2) }, (_, n) => cmap + font.readUInt32BE(cmap + 4 + n * 8 + 4));
  const wide = subtables.find((at) => font.readUInt16BE(at) === 12);
  if (wide !== undefined)
    return Array.from({ length: font.readUInt32BE(wide + 12) }, (_, n): Range => [
      font.readUInt32BE(wide + 16 + n * 12),
      font.readUInt32BE(wide + 20 + n * 12),
    ]);
  const narrow = subtables.find((at) => font.readUInt16BE(at) === 4)!;
  const ends = font.readUInt16BE(narrow + 6);
  return Array.from({ length: ends / 2 }, (_, n): Range => [
    font.readUInt16BE(narrow + 16 + ends + n * 2),
    font.readUInt16BE(narrow + 14 + n * 2),
  ]).filter(([first]) => first !== 0xffff);
}
