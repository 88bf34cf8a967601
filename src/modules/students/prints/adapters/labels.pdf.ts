import { wordsOf } from '../../../../platform/pdf/context.js';
import { pdfDocument } from '../../../../platform/pdf/document.js';
import type { PrintContext } from '../../../../platform/pdf/kit.js';
import type { Box, Pen } from '../../../../platform/pdf/pen.js';
import { INK_2, INK_3, LINE } from '../../../../platform/pdf/units.js';
import { drawing } from '../../../../platform/pdf/worker.js';

/** For an envelope. */
export interface AddressLabel {
  kind: 'address';
  /** `Mr Hassan Abdi Noor` */
  to: string;
  lines: readonly string[];
  /** Small, at the foot: whose letter it is (`Amina Hassan, MH220417`). */
  note?: string | null;
}

/** For an exercise book. */
export interface BookLabel {
  kind: 'book';
  surname: string;
  otherNames: string;
  className: string;
  admissionNo: string;
  /** A line to write on if there is none. */
  subject?: string | null;
}

export type Label = AddressLabel | BookLabel;

export interface Labels {
  context: PrintContext;
  labels: readonly Label[];
  /** Labels at the beginning of the first sheet that are used already. */
  skip?: number;
  /** Hairlines between the labels, for plain paper. */
  cutLines?: boolean;
}

const ACROSS = 3;
const DOWN = 8;
const PER_PAGE = ACROSS * DOWN;
const WIDE = 70;
const HIGH = 37;
const TOP = (297 - DOWN * HIGH) / 2;
const PAD = 5;

/** Labels of 70 × 37 mm, three by eight to an A4 sheet. */
export async function labels(data: Labels): Promise<Buffer> {
  const { context } = data;
  const { t } = await wordsOf(context);
  const facts = {
    page: 'A4',
    title: t('Labels'),
    author: context.letterhead.schoolName,
    language: context.language,
    madeAt: context.printedAt,
  } as const;
  const skip = Math.min(Math.max(data.skip ?? 0, 0), PER_PAGE - 1);
  return pdfDocument(facts, (pen) => {
    if (data.cutLines) drawGrid(pen);
    data.labels.forEach((label, index) => {
      const at = index + skip;
      if (index > 0 && at % PER_PAGE === 0) {
        pen.newPage();
        if (data.cutLines) drawGrid(pen);
      }
      const box = place(at % PER_PAGE);
      if (label.kind === 'address') drawAddress(pen, box, label);
      else drawBook(pen, box, label, context.letterhead.schoolName, t);
    });
  });
}

function place(index: number): Box {
  const x = (index % ACROSS) * WIDE + PAD;
  const y = TOP + Math.floor(index / ACROSS) * HIGH + PAD;
  return { x, y, width: WIDE - 2 * PAD, height: HIGH - 2 * PAD };
}

function drawAddress(pen: Pen, box: Box, label: AddressLabel): void {
  const { x, width } = box;
  const to = pen.set(label.to, { width, size: 10.5, face: 'strong', lines: 2, leading: 1.25, shrinkTo: 8.5 });
  const lines = pen.set(label.lines.filter(Boolean).join('\n'), { width, size: 9, lines: 4, leading: 1.3, shrinkTo: 7.5 });
  const height = to.height + 0.6 + lines.height;
  const y = box.y + Math.max(0, (box.height - (label.note ? 4 : 0) - height) / 2);
  pen.place(to, { x, y, width });
  pen.place(lines, { x, y: y + to.height + 0.6, width });
  if (label.note)
    pen.text(label.note, { x, y: box.y + box.height - 2.6, width, size: 6.5, colour: INK_3, lines: 1, shrinkTo: 5 });
}

function drawBook(pen: Pen, box: Box, label: BookLabel, schoolName: string, t: (text: string) => string): void {
  const { x, width } = box;
  pen.text(schoolName, { x, y: box.y, width, size: 7, colour: INK_2, lines: 1, shrinkTo: 5.5 });
  const name = `${label.otherNames} ${label.surname}`;
  const set = pen.set(name, { width, size: 12, face: 'heading', lines: 2, leading: 1.2, shrinkTo: 9 });
  pen.place(set, { x, y: box.y + 4.4, width });
  const half = width * 0.58;
  const y = box.y + 4.4 + set.height + 1;
  pen.text(label.className, { x, y, width: half, size: 9, lines: 1, shrinkTo: 7 });
  pen.text(label.admissionNo, { x: x + half, y, width: width - half, size: 9, lines: 1, align: 'right', shrinkTo: 6 });
  const foot = box.y + box.height;
  if (label.subject) {
    pen.text(label.subject, { x, y: foot - 4.4, width, size: 9.5, face: 'strong', lines: 1, shrinkTo: 7 });
    return;
  }
  const word = t('Subject');
  pen.text(word, { x, y: foot - 3.6, width: 14, size: 7, colour: INK_3, lines: 1 });
  pen.rule(x + 14, foot - 0.6, x + width, foot - 0.6, { width: 0.15, colour: INK_3 });
}

function drawGrid(pen: Pen): void {
  for (let column = 1; column < ACROSS; column++)
    pen.rule(column * WIDE, TOP, column * WIDE, TOP + DOWN * HIGH, { colour: LINE });
  for (let row = 0; row <= DOWN; row++) pen.rule(0, TOP + row * HIGH, 210, TOP + row * HIGH, { colour: LINE });
}

export const labelsDrawing = drawing(import.meta.url, { labels });
