import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { adlamLayout, type AdlamFont } from './adlam.js';

/** `heading` is for what names a thing: schools, titles, the person on a card. */
export type Face = 'regular' | 'strong' | 'heading';

/** What is used of a font that pdfkit has parsed. */
export interface ParsedFont {
  layout(text: string, features?: Record<string, boolean>): unknown;
  hasGlyphForCodePoint(codePoint: number): boolean;
}

export interface RegisteredFont {
  /** The name it is registered under in every document. */
  name: string;
  font: ParsedFont;
}

type Document = PDFKit.PDFDocument;
type DocumentClass = new (options: PDFKit.PDFDocumentOptions) => Document;

/** Scripts whose font comes in one weight. */
const ONE_WEIGHT = [
  '@expo-google-fonts/noto-sans-nko/400Regular/NotoSansNKo_400Regular.ttf',
  '@expo-google-fonts/noto-sans-tifinagh/400Regular/NotoSansTifinagh_400Regular.ttf',
];

/** Of each face the fonts in order of preference: a letter is set in the first one that has it. */
export const FILES: Record<Face, readonly string[]> = {
  regular: [
    '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
    '@expo-google-fonts/noto-sans-ethiopic/400Regular/NotoSansEthiopic_400Regular.ttf',
    '@expo-google-fonts/noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf',
    '@expo-google-fonts/noto-sans-adlam/400Regular/NotoSansAdlam_400Regular.ttf',
    ...ONE_WEIGHT,
  ],
  strong: [
    '@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf',
    '@expo-google-fonts/noto-sans-ethiopic/600SemiBold/NotoSansEthiopic_600SemiBold.ttf',
    '@expo-google-fonts/noto-sans-arabic/600SemiBold/NotoSansArabic_600SemiBold.ttf',
    '@expo-google-fonts/noto-sans-adlam/600SemiBold/NotoSansAdlam_600SemiBold.ttf',
    ...ONE_WEIGHT,
  ],
  heading: [
    '@expo-google-fonts/noto-serif/600SemiBold/NotoSerif_600SemiBold.ttf',
    '@expo-google-fonts/noto-sans-ethiopic/700Bold/NotoSansEthiopic_700Bold.ttf',
    '@expo-google-fonts/noto-sans-arabic/700Bold/NotoSansArabic_700Bold.ttf',
    '@expo-google-fonts/noto-sans-adlam/700Bold/NotoSansAdlam_700Bold.ttf',
    ...ONE_WEIGHT,
  ],
};

const require = createRequire(import.meta.url);
const parsed = new Map<string, ParsedFont>();

/** For Latin letters no ccmp: it would name the parts of `ọ̀` after the whole, and every later `o` would be copied out of the file as `ọ`. */
const LATIN = { ccmp: false };
/** Arabic letters and N’Ko join by forms that are found once ccmp has taken their dots off. */
const JOINED = /noto-sans-(arabic|nko)/;

/**
 * The fonts of a face; the first is registered in this document, the others once a letter is looked for in them. Parsing
 * a font and its layout tables costs some 25 ms, so the parsed fonts are kept for the life of the thread and shared by its documents.
 */
export function fontsOf(document: Document, face: Face): RegisteredFont[] {
  const [first, ...others] = FILES[face];
  return [registered(document, first!), ...others.map((file) => asked(document, file))];
}

function asked(document: Document, file: string): RegisteredFont {
  let one: RegisteredFont | undefined;
  return {
    name: file,
    get font() {
      return (one ??= registered(document, file)).font;
    },
  };
}

function registered(document: Document, file: string): RegisteredFont {
  const font = parsed.get(file) ?? parse(document, file);
  parsed.set(file, font);
  document.registerFont(file, font as unknown as Uint8Array);
  return { name: file, font };
}

/** pdfkit takes parsed fonts but does not export its parser: a document that is thrown away parses for us. */
function parse(document: Document, file: string): ParsedFont {
  const Scratch = document.constructor as DocumentClass;
  const scratch = new Scratch({ autoFirstPage: false, font: '' });
  scratch.font(readFileSync(require.resolve(file)));
  const { font } = (scratch as unknown as { _font: { font: Fontkit } })._font;
  nameGlyphs(font);
  return Object.assign(Object.create(font) as ParsedFont, { layout: remembering(layoutOf(file, font)) });
}

function layoutOf(file: string, font: Fontkit): (text: string) => Layout {
  if (file.includes('noto-sans-adlam')) return (text) => adlamLayout(font as unknown as AdlamFont, text);
  const features = JOINED.test(file) ? {} : LATIN;
  return (text) => font.layout(text, features) as Layout;
}

interface Layout {
  positions: readonly object[];
}

/** Words: labels, classes, first names and surnames come back in every document of a school. */
const REMEMBERED = 5_000;

/** Whoever asks gets positions of its own, since pdfkit scales them in place. */
function remembering(layout: (text: string) => Layout): (text: string) => Layout {
  const known = new Map<string, Layout>();
  return (text) => {
    let run = known.get(text);
    if (!run) {
      if (known.size >= REMEMBERED) known.clear();
      known.set(text, (run = layout(text)));
    }
    return Object.assign(Object.create(Object.getPrototypeOf(run) as object) as Layout, run, {
      positions: run.positions.map((position) => ({ ...position })),
    });
  };
}

interface Glyph {
  codePoints: number[];
}

interface Fontkit extends ParsedFont {
  getGlyph(id: number, codePoints?: number[]): Glyph | null;
  _glyphs: Record<number, Glyph>;
}

/**
 * A font remembers its glyphs under the letters they were first asked for. Where a document embeds `á`, its parts are asked
 * for without a letter, and an `a` in the next document could be seen but not copied: such glyphs are forgotten again.
 */
function nameGlyphs(font: Fontkit): void {
  const getGlyph = font.getGlyph.bind(font);
  font.getGlyph = (id, codePoints = []) => {
    if (codePoints.length > 0 && font._glyphs[id]?.codePoints.length === 0) delete font._glyphs[id];
    return getGlyph(id, codePoints);
  };
}
