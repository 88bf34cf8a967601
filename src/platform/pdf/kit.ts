import { wordsOf, type PrintContext, type Words } from './context.js';
import { pdfDocument } from './document.js';
import { drawLetterhead, drawRunningHead, type HeadTitle, type Letterhead, type Signatory } from './letterhead.js';
import type { Pen, TextPlace } from './pen.js';
import { drawTable, type Table } from './table.js';
import type { Text } from './text.js';
import { INK, INK_2, INK_3, LINE, type PageSize } from './units.js';

export type { PrintContext, Words } from './context.js';
export type { Letterhead, Signatory } from './letterhead.js';
export type { Column, Row, Table } from './table.js';
export type { Run, Text } from './text.js';

/** One document for one reader: pages are numbered within it, and only its first page has the whole letterhead. */
export interface Sheet {
  title: string;
  subtitle?: string;
  /** Where a person can see that the paper is genuine; printed at the foot. */
  checkUrl?: string;
}

type Said = string | ((words: Words) => string);

export interface ReportOptions {
  context: PrintContext;
  title: Said;
  subtitle?: Said;
  page?: PageSize;
  /** `large` under the letterhead (lists), or small at its right (letters, statements). */
  heading?: 'large' | 'letterhead';
  checkUrl?: string;
}

const MARGIN = 14;
const FOOT = 8;
const RUNNING_HEAD = 13;

/** A report of one sheet. */
export async function report(options: ReportOptions, draw: (kit: ReportKit) => void | Promise<void>): Promise<Buffer> {
  const sheetOf = (_: ReportOptions, words: Words): Sheet => ({
    title: said(options.title, words),
    subtitle: options.subtitle && said(options.subtitle, words),
    checkUrl: options.checkUrl,
  });
  return reports(options, [options], sheetOf, draw);
}

/** One sheet for each item, in one file: a class list for each class, a letter for each learner. */
export async function reports<Item>(
  options: Omit<ReportOptions, 'subtitle' | 'checkUrl'>,
  items: readonly Item[],
  sheetOf: (item: Item, words: Words) => Sheet,
  draw: (kit: ReportKit, item: Item) => void | Promise<void>,
): Promise<Buffer> {
  const { context } = options;
  const words = await wordsOf(context);
  const facts = {
    page: options.page ?? 'A4',
    title: said(options.title, words),
    author: context.letterhead.schoolName,
    language: context.language,
    madeAt: context.printedAt,
  };
  return pdfDocument(facts, async (pen) => {
    const kit = new ReportKit(pen, context.letterhead, words, options.heading ?? 'large');
    for (const [index, item] of items.entries()) {
      if (index > 0) pen.newPage();
      kit.begin(sheetOf(item, words));
      await draw(kit, item);
    }
    kit.drawFeet();
  });
}

function said(text: Said, words: Words): string {
  return typeof text === 'string' ? text : text(words);
}

interface SheetPages {
  sheet: Sheet;
  first: number;
  count: number;
}

/** Fills a page from top to bottom and goes on to the next one. All lengths are millimetres. */
export class ReportKit {
  private area: { x: number; width: number };
  /** Where the next thing is drawn. */
  y = MARGIN;
  private readonly sheets: SheetPages[] = [];

  constructor(
    readonly pen: Pen,
    readonly letterhead: Letterhead,
    readonly words: Words,
    private readonly head: 'large' | 'letterhead',
  ) {
    this.area = { x: MARGIN, width: pen.page.widthMm - 2 * MARGIN };
  }

  get t(): Words['t'] {
    return this.words.t;
  }

  get x(): number {
    return this.area.x;
  }

  get width(): number {
    return this.area.width;
  }

  /** The last line that may be drawn on. */
  get bottom(): number {
    return this.pen.page.heightMm - MARGIN - FOOT;
  }

  get left(): number {
    return this.bottom - this.y;
  }

  /** What a whole page holds under its running head. */
  get pageLength(): number {
    return this.bottom - MARGIN - RUNNING_HEAD;
  }

  /** Starts a sheet on the current, empty page. */
  begin(sheet: Sheet): void {
    this.sheets.push({ sheet, first: this.sheets.reduce((sum, one) => sum + one.count, 0), count: 1 });
    const right: HeadTitle | undefined = this.head === 'letterhead' ? { title: sheet.title, note: sheet.subtitle } : undefined;
    this.y = drawLetterhead(this.pen, this.letterhead, { x: this.x, y: MARGIN, width: this.width }, right) + 5;
    if (right) return;
    const place = { x: this.x, y: this.y, width: this.width };
    this.pen.structure.mark('H1', () => {
      this.y += this.pen.text(sheet.title, { ...place, size: 18, face: 'heading', leading: 1.25, lines: 2 });
    });
    if (sheet.subtitle)
      this.y += this.pen.text(sheet.subtitle, { x: this.x, y: this.y + 0.5, width: this.width, size: 9.5, colour: INK_2 }) + 0.5;
    this.y += 4;
  }

  newPage(): void {
    this.pen.newPage();
    const current = this.sheets.at(-1)!;
    current.count += 1;
    const area = { x: this.x, y: MARGIN, width: this.width };
    this.pen.structure.decoration(() => drawRunningHead(this.pen, this.letterhead, area, current.sheet.title));
    this.y = MARGIN + RUNNING_HEAD;
  }

  /** A new page unless there are so many millimetres left on this one. */
  room(height: number): void {
    if (height > this.left) this.newPage();
  }

  /** Draws into a part of the width, `from` the left edge on. The caller has made room: a new page would begin as narrow. */
  within(from: number, width: number, draw: () => void): void {
    const whole = this.area;
    this.area = { x: whole.x + from, width };
    draw();
    this.area = whole;
  }

  space(height: number): void {
    this.y += height;
  }

  /** An ink rule, a short heading and a faint note. `keep`: what must still fit on the page beneath it. */
  heading(text: string, note?: string, keep = 20): void {
    this.room(9 + keep);
    this.pen.rule(this.x, this.y, this.x + this.width, this.y, { width: 0.5, colour: INK });
    const noteWidth = note ? this.width / 2 : 0;
    let height = 0;
    this.pen.structure.mark('H2', () => {
      height = this.pen.text(text, {
        x: this.x,
        y: this.y + 1.6,
        width: this.width - noteWidth,
        size: 11,
        face: 'strong',
        lines: 1,
      });
    });
    if (note) {
      const place = { x: this.x + this.width - noteWidth, y: this.y + 2, width: noteWidth, align: 'right' as const };
      this.pen.text(note, { ...place, size: 8.5, colour: INK_3, lines: 1 });
    }
    this.y += height + 3;
  }

  paragraph(text: Text, style: Partial<Omit<TextPlace, 'x' | 'y'>> & { gap?: number } = {}): void {
    const place = { x: this.x, width: this.width, leading: 1.5, ...style };
    const set = this.pen.set(text, place);
    const inParagraph = this.pen.structure.pieces('P');
    for (const line of set.lines) {
      this.room(set.lineHeight);
      inParagraph(() => this.pen.place({ ...set, lines: [line] }, { ...place, y: this.y }));
      this.y += set.lineHeight;
    }
    this.y += style.gap ?? 3;
  }

  /** Labels in grey, values beside them; in two columns the second starts in the middle of the page. */
  keyValues(
    pairs: readonly (readonly [label: string, value: Text])[],
    options: { columns?: 1 | 2; labelWidth?: number; width?: number } = {},
  ): void {
    const columns = options.columns ?? 1;
    const gap = 8;
    const width = ((options.width ?? this.width) - gap * (columns - 1)) / columns;
    const labelWidth = options.labelWidth ?? Math.min(42, width * 0.38);
    const rows = Math.ceil(pairs.length / columns);
    for (let row = 0; row < rows; row++) {
      const cells = Array.from({ length: columns }, (_, column) => pairs[column * rows + row]).map((pair) => {
        if (!pair) return null;
        return {
          label: this.pen.set(pair[0], { width: labelWidth - 2, size: 9.5, colour: INK_3 }),
          value: this.pen.set(pair[1], { width: width - labelWidth, size: 9.5 }),
        };
      });
      const height = Math.max(...cells.map((cell) => (cell ? Math.max(cell.label.height, cell.value.height) : 0))) + 1.6;
      this.room(height);
      cells.forEach((cell, column) => {
        if (!cell) return;
        const x = this.x + column * (width + gap);
        this.pen.place(cell.label, { x, y: this.y, width: labelWidth - 2 });
        this.pen.place(cell.value, { x: x + labelWidth, y: this.y, width: width - labelWidth });
      });
      this.y += height;
    }
    this.y += 2;
  }

  table(table: Table): void {
    drawTable(this, table);
  }

  /** A line to sign on with the name beneath it, the stamp beside it. Stays together on one page. */
  signature(signatory: Signatory, options: { stamp?: Uint8Array | null; width?: number; x?: number } = {}): void {
    const width = options.width ?? 70;
    const x = options.x ?? this.x;
    this.room(34);
    this.pen.image(signatory.image, { x, y: this.y, width, height: 16 }, 'inside', 'left');
    if (options.stamp) this.pen.image(options.stamp, { x: x + width + 6, y: this.y - 4, width: 32, height: 32 });
    this.y += 17;
    this.pen.rule(x, this.y, x + width, this.y, { width: 0.25 });
    this.y += 1.2;
    if (signatory.name) this.y += this.pen.text(signatory.name, { x, y: this.y, width, size: 10, face: 'strong', lines: 2 });
    this.y += this.pen.text(signatory.title, { x, y: this.y, width, size: 9, colour: INK_2, lines: 2 }) + 3;
  }

  /** At the page's numbers: by now it is known how many there are. */
  drawFeet(): void {
    for (const { sheet, first, count } of this.sheets) {
      for (let index = 0; index < count; index++) {
        this.pen.document.switchToPage(first + index);
        this.pen.structure.decoration(() => this.foot(sheet, this.t('Page {{n}} of {{m}}', { n: index + 1, m: count })));
      }
    }
  }

  private foot(sheet: Sheet, page: string): void {
    const y = this.pen.page.heightMm - MARGIN - 4;
    this.pen.rule(this.x, y, this.x + this.width, y, { colour: LINE, width: 0.2 });
    const style = { y: y + 0.8, size: 7.5, colour: INK_2, lines: 1 };
    const side = 26;
    this.pen.text(this.t('Printed by {{who}}', { who: this.words.printed }), {
      ...style,
      x: this.x,
      width: this.width - side - 3,
    });
    // On a line of its own: half of an address proves nothing.
    if (sheet.checkUrl)
      this.pen.text(this.t('Check at {{address}}', { address: sheet.checkUrl.replace(/^https?:\/\//, '') }), {
        ...style,
        y: y + 4.4,
        x: this.x,
        width: this.width,
        shrinkTo: 5,
      });
    this.pen.text(page, { ...style, x: this.x + this.width - side, width: side, align: 'right' });
  }
}
