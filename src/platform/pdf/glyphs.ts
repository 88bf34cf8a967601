/** What pdfkit keeps to itself of a font that is embedded in a document, in thousandths of the type size. */
interface Embedded {
  id: string;
  encode(text: string): [codes: string[], positions: Position[]];
  ref(): object;
}

interface Position {
  xAdvance: number;
  xOffset: number;
  yOffset: number;
  advanceWidth: number;
}

/** What readers would tear apart, or read backwards since they don't know which way it runs. */
const SAID_BESIDE = /[\p{M}\p{Script=Adlam}]/u;

interface Inside {
  _font: Embedded;
  page: { height: number; fonts: Record<string, object> };
  addContent(content: string): void;
}

/**
 * Writes one line of text at a baseline, in points from the top left. pdfkit's own `text` can't do this: where a
 * mark is raised by itself, as in `ị́`, readers tear the word apart unless it is written beside its glyphs, and
 * that must stand inside the text's own coordinates.
 */
export function showText(
  document: PDFKit.PDFDocument,
  font: string,
  size: number,
  text: string,
  x: number,
  baseline: number,
): void {
  document.font(font, size);
  const inside = document as unknown as Inside;
  const embedded = inside._font;
  inside.page.fonts[embedded.id] ??= embedded.ref();
  const [codes, positions] = embedded.encode(text);
  const shown = [
    'BT',
    `/${embedded.id} ${decimal(size)} Tf`,
    ...runs(codes, positions, size, x, inside.page.height - baseline),
    'ET',
  ];
  if (SAID_BESIDE.test(text)) {
    shown.unshift(`/Span <</ActualText <feff${hex(text)}>>> BDC`);
    shown.push('EMC');
  }
  inside.addContent(['q', `1 0 0 -1 0 ${decimal(inside.page.height)} cm`, ...shown, 'Q'].join('\n'));
}

/** Glyphs that follow each other are shown together, kerning between them; one that is shifted is placed by itself. */
function runs(codes: string[], positions: Position[], size: number, x: number, y: number): string[] {
  const scale = size / 1000;
  const result: string[] = [];
  let shown = '';
  let start = x;
  let at = x;
  const flush = () => {
    if (shown) result.push(`1 0 0 1 ${decimal(start)} ${decimal(y)} Tm`, `[${shown}] TJ`);
    shown = '';
  };
  positions.forEach((position, index) => {
    const code = `<${codes[index]}>`;
    if (position.xOffset || position.yOffset) {
      flush();
      const place = `${decimal(at + position.xOffset * scale)} ${decimal(y + position.yOffset * scale)}`;
      result.push(`1 0 0 1 ${place} Tm`, `[${code}] TJ`);
    } else {
      if (!shown) start = at;
      const kerning = position.advanceWidth - position.xAdvance;
      shown += kerning === 0 ? code : `${code} ${decimal(kerning)} `;
    }
    at += position.xAdvance * scale;
  });
  flush();
  return result.map((line) => line.replaceAll('><', ''));
}

function hex(text: string): string {
  return Buffer.from(text, 'utf16le').swap16().toString('hex');
}

function decimal(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
