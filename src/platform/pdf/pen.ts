import type { QRCode } from 'qrcode';
import { press, stampOf, type Stamp } from './stamp.js';
import { Structure } from './structure.js';
import { BODY, Typesetter, type Line, type Text, type TypeStyle } from './text.js';
import { badge, silhouette, type Colours, type Drawing } from './pictures.js';
import { INK, millimetres, points, sizeOf, type PageSize } from './units.js';

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface TextPlace extends Partial<TypeStyle> {
  x: number;
  /** Top of the first line. */
  y: number;
  width: number;
  align?: 'left' | 'right' | 'centre';
  /** At most so many lines; the last one ends in an ellipsis where the text is longer. */
  lines?: number;
  /** Line height as a multiple of the size. */
  leading?: number;
  /** Smaller type, down to this size, before anything is cut off. */
  shrinkTo?: number;
  /** Smaller type, down to this size, before more lines than these are used. */
  prefer?: { lines: number; downTo: number };
}

export interface SetText {
  lines: readonly Line[];
  style: TypeStyle;
  /** Millimetres. */
  lineHeight: number;
  height: number;
}

export interface Stroke {
  /** Millimetres. */
  width?: number;
  colour?: string;
  dash?: number;
}

type Barcode = (text: string) => QRCode;
interface Image {
  width: number;
  height: number;
}

export const CAP_HEIGHT = 0.714;

/** Draws on the current page of a document. Places and lengths are millimetres from the top left corner, type is in points. */
export class Pen {
  /** Texts are paragraphs and lines are decoration, unless whoever draws says more. */
  readonly structure: Structure;
  private readonly setter: Typesetter;
  private readonly images = new Map<Uint8Array, Image | null>();
  private readonly stamps = new Map<Drawing, Stamp>();

  constructor(
    readonly document: PDFKit.PDFDocument,
    private readonly barcode: Barcode,
    page: PageSize,
  ) {
    this.setter = new Typesetter(document);
    this.structure = new Structure(document);
    this.page = sizeOf(page);
  }

  /** Of the current page. */
  page: { widthMm: number; heightMm: number };

  newPage(size: PageSize = this.page): void {
    this.page = sizeOf(size);
    this.document.addPage({ size: [points(this.page.widthMm), points(this.page.heightMm)], margin: 0 });
  }

  /** Breaks and measures a text without drawing it. */
  set(text: Text, place: Omit<TextPlace, 'x' | 'y'>): SetText {
    const style: TypeStyle = {
      face: place.face ?? BODY.face,
      size: place.size ?? BODY.size,
      colour: place.colour ?? BODY.colour,
    };
    const width = points(place.width);
    if (place.prefer) {
      const { prefer, ...rest } = place;
      const set = this.set(text, { ...rest, lines: prefer.lines, shrinkTo: prefer.downTo });
      if (this.setter.lines(text, set.style, width).length <= prefer.lines) return set;
      return this.set(text, { ...rest, size: set.style.size });
    }
    const most = place.lines ?? Infinity;
    let lines = this.setter.lines(text, style, width, most + 1);
    while (
      place.shrinkTo !== undefined &&
      style.size > place.shrinkTo &&
      (lines.length > most || lines.some((line) => line.cutsWord))
    ) {
      style.size = Math.max(place.shrinkTo, style.size - 0.25);
      lines = this.setter.lines(text, style, width, most + 1);
    }
    if (lines.length > most) lines = this.setter.lines(text, style, width, most);
    const lineHeight = millimetres(style.size * (place.leading ?? 1.35));
    return { lines, style, lineHeight, height: lines.length * lineHeight };
  }

  /** Returns the height used. */
  text(text: Text, place: TextPlace): number {
    const set = this.set(text, place);
    this.place(set, place);
    return set.height;
  }

  place(set: SetText, place: Pick<TextPlace, 'x' | 'y' | 'width' | 'align'>): void {
    if (set.lines.length > 0) this.structure.mark('P', () => this.lines(set, place));
  }

  private lines(set: SetText, place: Pick<TextPlace, 'x' | 'y' | 'width' | 'align'>): void {
    set.lines.forEach((line, index) => {
      const room = points(place.width) - line.width;
      const shift = place.align === 'right' ? room : place.align === 'centre' ? room / 2 : 0;
      const middle = points(place.y + set.lineHeight * (index + 0.5));
      this.setter.draw(line, points(place.x) + shift, middle + (set.style.size * CAP_HEIGHT) / 2);
    });
  }

  rule(x1: number, y1: number, x2: number, y2: number, stroke: Stroke = {}): void {
    this.structure.decoration(() => {
      this.document.save();
      if (stroke.dash) this.document.dash(points(stroke.dash), { space: points(stroke.dash) });
      this.document
        .lineWidth(points(stroke.width ?? 0.1))
        .moveTo(points(x1), points(y1))
        .lineTo(points(x2), points(y2))
        .stroke(stroke.colour ?? INK);
      this.document.restore();
    });
  }

  fill(box: Box, colour: string, radius = 0): void {
    this.structure.decoration(() => void this.outlined(box, radius).fill(colour));
  }

  frame(box: Box, stroke: Stroke = {}, radius = 0): void {
    this.structure.decoration(() => {
      this.document.save().lineWidth(points(stroke.width ?? 0.1));
      this.outlined(box, radius).stroke(stroke.colour ?? INK);
      this.document.restore();
    });
  }

  /** What `draw` draws is seen only inside the box. */
  clipped(box: Box, radius: number, draw: () => void): void {
    this.document.save();
    this.outlined(box, radius).clip();
    draw();
    this.document.restore();
  }

  /** As large as fits into the box, in its middle. */
  drawing(drawing: Drawing, box: Box): void {
    this.structure.decoration(() => this.pressed(drawing, box));
  }

  private pressed(drawing: Drawing, box: Box): void {
    const scale = Math.min(points(box.width) / drawing.width, points(box.height) / drawing.height);
    const left = points(box.x) + (points(box.width) - drawing.width * scale) / 2;
    const top = points(box.y) + (points(box.height) - drawing.height * scale) / 2;
    this.document.save().translate(left, top).scale(scale);
    const stamp = this.stamps.get(drawing) ?? stampOf(this.document, drawing, `D${this.stamps.size + 1}`);
    this.stamps.set(drawing, stamp);
    press(this.document, stamp);
    this.document.restore();
  }

  /** A JPEG or PNG inside the box; false, and nothing drawn, if it can't be read. */
  image(
    data: Uint8Array | null | undefined,
    box: Box,
    fit: 'inside' | 'fill' = 'inside',
    at: 'left' | 'centre' = 'centre',
  ): boolean {
    const image = data ? this.opened(data) : null;
    if (!image) return false;
    const size: [number, number] = [points(box.width), points(box.height)];
    const kind = fit === 'fill' ? { cover: size } : { fit: size };
    const place = { ...kind, align: at === 'left' ? undefined : 'center', valign: 'center' } as const;
    this.structure.decoration(
      () =>
        void this.document.image(image as unknown as Buffer, points(box.x), points(box.y), place as PDFKit.Mixins.ImageOption),
    );
    return true;
  }

  /** A passport photo, or a learner in the school's colours where there is none. */
  photo(data: Uint8Array | null | undefined, box: Box, colours: Colours, sex: 'F' | 'M'): void {
    this.clipped(box, 1, () => {
      if (!this.image(data, box, 'fill')) this.drawing(silhouette(colours, sex), box);
    });
  }

  logo(data: Uint8Array | null | undefined, box: Box, colours: Colours): void {
    if (!this.image(data, box)) this.drawing(badge(colours), box);
  }

  /** The school's two colours, woven as on a tie. */
  stripe(box: Box, colours: Colours): void {
    this.fill(box, colours.first);
    this.fill({ ...box, y: box.y + box.height * 0.45, height: box.height * 0.3 }, colours.second);
  }

  /** Without the quiet zone: leave white around it. */
  qr(text: string, x: number, y: number, size: number): void {
    this.structure.mark('Figure', () => this.code(text, x, y, size), { alt: text });
  }

  private code(text: string, x: number, y: number, size: number): void {
    const { modules } = this.barcode(text);
    const bars: string[] = [];
    for (let row = 0; row < modules.size; row++) {
      for (let from = 0; from < modules.size; from++) {
        let to = from;
        while (to < modules.size && modules.get(row, to)) to++;
        if (to > from) bars.push(`${from} ${row} ${to - from} 1 re`);
        from = to;
      }
    }
    this.document
      .save()
      .translate(points(x), points(y))
      .scale(points(size) / modules.size);
    // Some two hundred bars: one by one through pdfkit they cost more than the rest of a card.
    (this.document as unknown as { addContent(content: string): void }).addContent(bars.join('\n'));
    this.document.fill('#000000').restore();
  }

  private outlined(box: Box, radius: number): PDFKit.PDFDocument {
    const [x, y, width, height] = [points(box.x), points(box.y), points(box.width), points(box.height)];
    return radius > 0 ? this.document.roundedRect(x, y, width, height, points(radius)) : this.document.rect(x, y, width, height);
  }

  /** Each picture is put into the file once; only bytes are taken, since pdfkit would open a text as a path. */
  private opened(data: Uint8Array): Image | null {
    const known = this.images.get(data);
    if (known !== undefined) return known;
    let image: Image | null = null;
    try {
      if (data instanceof Uint8Array) image = (this.document as unknown as { openImage(src: Uint8Array): Image }).openImage(data);
    } catch {
      // A damaged or unknown picture: its drawn stand-in is printed instead.
    }
    this.images.set(data, image);
    return image;
  }
}
