import { fontsOf, type Face, type RegisteredFont } from './fonts.js';
import { showText } from './glyphs.js';
import { INK } from './units.js';

export interface TypeStyle {
  face: Face;
  /** Points. */
  size: number;
  colour: string;
}

export interface Run extends Partial<TypeStyle> {
  text: string;
}

/** Plain text, or runs that differ in face, size or colour. `\n` ends a line. */
export type Text = string | readonly (string | Run)[];

/** The words alone. */
export function wordsIn(text: Text): string {
  return pdfText(typeof text === 'string' ? text : text.map((run) => (typeof run === 'string' ? run : run.text)).join(''));
}

export interface Line {
  pieces: Piece[];
  /** Points. */
  width: number;
  /** A word was wider than the line and goes on in the next one. */
  cutsWord?: boolean;
  /** The text itself ends the line. */
  ends?: boolean;
}

interface Piece extends TypeStyle {
  text: string;
  font: string;
  width: number;
}

/** What stays together on a line. */
interface Word {
  pieces: Piece[];
  width: number;
  space: Piece | null;
  newLine: boolean;
}

export const BODY: TypeStyle = { face: 'regular', size: 10.5, colour: INK };

/** Points at which widths are measured. */
const MEASURED = 1000;

const UNKNOWN = '\ufffd';
/** A line doesn't break at them; on paper they are spaces like others. */
const FIXED_SPACES = /[\u00a0\u2007\u2009\u202f]/g;
/** Control and format characters (direction marks, joiners, soft hyphens) and variation selectors: none has a place on paper. */
const INVISIBLE = /(?!\n)[\p{Cc}\p{Cf}]|\p{Variation_Selector}/gu;

/** Composed letters, so that search and copy find the same text that was typed; no invisible characters. */
export function pdfText(text: string): string {
  return text
    .replace(/\t/g, ' ')
    .replace(INVISIBLE, '')
    .normalize('NFC')
    .replace(/\u2011/g, '-');
}

/** Sets text in a document: picks a font for each letter, measures, breaks lines, draws. All in points. */
export class Typesetter {
  private readonly faces = new Map<Face, RegisteredFont[]>();
  /** By font. */
  private readonly widths = new Map<string, Map<string, number>>();
  /** Labels, the school's name, a class: most of what stands on a card or in a row stands on the next one too. */
  private readonly known = new Map<string, readonly Line[]>();

  constructor(private readonly document: PDFKit.PDFDocument) {}

  /** The lines of a text in this width; what exceeds `maxLines` ends in an ellipsis. */
  lines(text: Text, style: TypeStyle, width: number, maxLines = Infinity): readonly Line[] {
    if (typeof text !== 'string') return this.newLines(text, style, width, maxLines);
    const key = `${style.face} ${style.size} ${style.colour} ${width} ${maxLines} ${text}`;
    let lines = this.known.get(key);
    if (!lines) this.known.set(key, (lines = this.newLines(text, style, width, maxLines)));
    return lines;
  }

  private newLines(text: Text, style: TypeStyle, width: number, maxLines: number): Line[] {
    const all = this.broken(this.words(text, style), width);
    if (all.length <= maxLines) return all;
    const kept = all.slice(0, maxLines);
    kept[maxLines - 1] = this.shortened(kept[maxLines - 1]!, all[maxLines]!, width);
    return kept;
  }

  draw(line: Line, x: number, baseline: number): void {
    let left = x;
    for (const piece of inReadingOrder(merged(line.pieces))) {
      this.document.fillColor(piece.colour);
      showText(this.document, piece.font, piece.size, piece.text.replace(FIXED_SPACES, ' '), left, baseline);
      left += piece.width;
    }
  }

  private words(text: Text, style: TypeStyle): Word[] {
    const words: Word[] = [];
    let space: Piece | null = null;
    let newLine = false;
    let joins = false;
    for (const part of typeof text === 'string' ? [text] : text) {
      const run = typeof part === 'string' ? { text: part } : part;
      const look: TypeStyle = {
        face: run.face ?? style.face,
        size: run.size ?? style.size,
        colour: run.colour ?? style.colour,
      };
      for (const token of pdfText(run.text).split(/(\n| +|(?<=\p{L}-)(?=\p{L})|(?<=@)(?=\w))/u)) {
        if (token === '') continue;
        if (token === '\n') {
          if (newLine) words.push({ pieces: [], width: 0, space: null, newLine: true });
          newLine = true;
          joins = false;
        } else if (token.startsWith(' ')) {
          space = this.piece(' ', look, this.fonts(look.face)[0]!);
          joins = false;
        } else {
          const pieces = this.pieces(token, look);
          const last = words.at(-1);
          const mayBreak = /[-@]$/.test(last?.pieces.at(-1)?.text ?? '');
          if (joins && last && !mayBreak) {
            last.pieces.push(...pieces);
            last.width += widthOf(pieces);
          } else {
            // After a hyphen or an @ there is no space, but a line may begin.
            words.push({ pieces, width: widthOf(pieces), space: joins ? null : space, newLine });
          }
          space = null;
          newLine = false;
          joins = true;
        }
      }
    }
    return words;
  }

  private broken(words: Word[], width: number): Line[] {
    const lines: Line[] = [];
    let line: Line = { pieces: [], width: 0 };
    const next = () => {
      lines.push(line);
      line = { pieces: [], width: 0 };
    };
    for (const [n, word] of words.entries()) {
      if (word.newLine) {
        line.ends = true;
        next();
      }
      const space = line.pieces.length > 0 ? word.space : null;
      if (line.pieces.length > 0 && line.width + (space?.width ?? 0) + widthNeeded(words, n, width) > width + 0.01) {
        next();
      } else if (space) {
        append(line, [space]);
      }
      if (word.width <= width + 0.01) {
        append(line, word.pieces);
        continue;
      }
      for (const piece of word.pieces.flatMap((one) => this.letters(one))) {
        if (line.pieces.length > 0 && line.width + piece.width > width) {
          line.cutsWord = true;
          next();
        }
        append(line, [piece]);
      }
    }
    lines.push(line);
    return lines;
  }

  /** As much of the next line as has room, then an ellipsis. */
  private shortened(line: Line, next: Line, width: number): Line {
    const pieces = merged(line.pieces).flatMap((piece) => this.letters(piece));
    const last = pieces.at(-1);
    if (!last) return line;
    if (!line.cutsWord) pieces.push(this.piece(' ', last, this.fonts(last.face)[0]!));
    if (!line.ends) pieces.push(...next.pieces.flatMap((piece) => this.letters(piece)));
    const dots = this.piece('…', last, this.fonts(last.face)[0]!);
    while (pieces.length > 1 && (widthOf(pieces) + dots.width > width || pieces.at(-1)?.text === ' ')) pieces.pop();
    return { pieces: [...pieces, dots], width: widthOf(pieces) + dots.width };
  }

  /** A letter with its marks is one. */
  private letters(piece: Piece): Piece[] {
    const clusters = piece.text.match(/\P{M}\p{M}*|\p{M}+/gu) ?? [];
    return clusters.map((text) => ({ ...piece, text, width: this.measure(text, piece.font, piece.size) }));
  }

  private pieces(word: string, look: TypeStyle): Piece[] {
    const fonts = this.fonts(look.face);
    const first = fonts[0]!;
    if (isPlain(word)) return [this.piece(word, look, first)];
    const pieces: { text: string; font: RegisteredFont }[] = [];
    for (const letter of word.replace(FIXED_SPACES, '\u00a0')) {
      const last = pieces.at(-1);
      const code = letter.codePointAt(0)!;
      const stays = last && /\p{M}/u.test(letter) && last.font.font.hasGlyphForCodePoint(code);
      const font = stays ? last.font : fonts.find((candidate) => candidate.font.hasGlyphForCodePoint(code));
      const text = font ? letter : UNKNOWN;
      if (last && last.font === (font ?? first)) last.text += text;
      else pieces.push({ text, font: font ?? first });
    }
    return pieces.map((piece) => this.piece(piece.text, look, piece.font));
  }

  private piece(text: string, look: TypeStyle, font: RegisteredFont): Piece {
    return {
      face: look.face,
      size: look.size,
      colour: look.colour,
      text,
      font: font.name,
      width: this.measure(text, font.name, look.size),
    };
  }

  /** Widths grow with the size; words come back: names, labels, every space. */
  private measure(text: string, font: string, size: number): number {
    let known = this.widths.get(font);
    if (!known) this.widths.set(font, (known = new Map<string, number>()));
    let width = known.get(text);
    if (width === undefined) {
      width = this.document.font(font, MEASURED).widthOfString(text.replace(FIXED_SPACES, ' '));
      known.set(text, width);
    }
    return (width * size) / MEASURED;
  }

  private fonts(face: Face): RegisteredFont[] {
    const known = this.faces.get(face) ?? fontsOf(this.document, face);
    this.faces.set(face, known);
    return known;
  }
}

function append(line: Line, pieces: Piece[]): void {
  line.pieces.push(...pieces);
  line.width += widthOf(pieces);
}

/** What a word needs on its line: an address is broken after its @ only where no line has room for all of it. */
function widthNeeded(words: readonly Word[], n: number, width: number): number {
  const word = words[n]!;
  if (!word.pieces.at(-1)?.text.endsWith('@')) return word.width;
  let whole = word.width;
  for (let next = n + 1; next < words.length && !words[next]!.space && !words[next]!.newLine; next += 1)
    whole += words[next]!.width;
  return whole <= width ? whole : word.width;
}

function widthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + piece.width, 0);
}

/** Neighbours that look the same become one piece: whole sentences are found when the file is searched. */
function merged(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (last && last.font === piece.font && last.size === piece.size && last.colour === piece.colour) {
      last.text += piece.text;
      last.width += piece.width;
    } else {
      result.push({ ...piece });
    }
  }
  return result;
}

/** Arabic, N’Ko and Adlam are written from right to left: words that follow each other stand the other way round on the line. */
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Nko}\p{Script=Adlam}]/u;

function inReadingOrder(pieces: Piece[]): Piece[] {
  if (!pieces.some((piece) => RIGHT_TO_LEFT.test(piece.text))) return pieces;
  const result: Piece[] = [];
  for (let at = 0; at < pieces.length;) {
    let end = at + 1;
    if (RIGHT_TO_LEFT.test(pieces[at]!.text)) {
      for (let next = end; next < pieces.length && isNeutral(pieces[next]!.text); next += 1)
        if (RIGHT_TO_LEFT.test(pieces[next]!.text)) end = next + 1;
    }
    result.push(...pieces.slice(at, end).reverse());
    at = end;
  }
  return result;
}

/** What doesn't end a run of right-to-left words: such words themselves, and what stands between two of them. */
function isNeutral(text: string): boolean {
  return RIGHT_TO_LEFT.test(text) || !/[\p{L}\p{N}]/u.test(text);
}

/** Nearly all words: no need to ask the fonts letter by letter. */
function isPlain(word: string): boolean {
  return /^[!-~]*$/.test(word);
}
