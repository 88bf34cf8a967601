import { wordsOf, type Words } from '../../../../platform/pdf/context.js';
import { pdfDocument } from '../../../../platform/pdf/document.js';
import type { PrintContext } from '../../../../platform/pdf/kit.js';
import type { Box, Pen } from '../../../../platform/pdf/pen.js';
import { INK_2, INK_3, LINE_2 } from '../../../../platform/pdf/units.js';
import { drawing } from '../../../../platform/pdf/worker.js';

export interface UpdateLetter {
  name: string;
  /** `Khadija Hassan, Omar Hassan` */
  children: string;
  url: string;
  /** The last day on which the address works, `YYYY-MM-DD`. */
  until: string;
}

export interface UpdateLetters {
  context: PrintContext;
  letters: readonly UpdateLetter[];
}

const DOWN = 3;
const HIGH = 297 / DOWN;
const PAD = 14;

/** Three to an A4 page, to cut and send home with the children. */
export async function updateLetters(data: UpdateLetters): Promise<Buffer> {
  const { context } = data;
  const words = await wordsOf(context);
  const facts = {
    page: 'A4',
    title: words.t('Letters to families'),
    author: context.letterhead.schoolName,
    language: context.language,
    madeAt: context.printedAt,
  } as const;
  return pdfDocument(facts, (pen) => {
    data.letters.forEach((letter, index) => {
      const at = index % DOWN;
      if (index > 0 && at === 0) pen.newPage();
      if (at > 0) pen.rule(4, at * HIGH, 206, at * HIGH, { dash: 1.2, colour: LINE_2 });
      drawLetter(
        pen,
        { x: PAD, y: at * HIGH + PAD - 2, width: 210 - 2 * PAD, height: HIGH - 2 * PAD + 4 },
        letter,
        context,
        words,
      );
    });
  });
}

function drawLetter(pen: Pen, box: Box, letter: UpdateLetter, context: PrintContext, { t, dateLong }: Words): void {
  const code = 34;
  const { x, y } = box;
  const width = box.width - code - 8;
  pen.stripe({ ...box, height: 1.4 }, context.letterhead.colours);
  pen.text(context.letterhead.schoolName, { x, y: y + 3.6, width, size: 9, colour: INK_2, lines: 1, shrinkTo: 7 });
  const name = pen.set(letter.name, { width, size: 14, face: 'heading', lines: 2, leading: 1.2, shrinkTo: 10 });
  pen.place(name, { x, y: y + 9, width });
  pen.text(letter.children, { x, y: y + 9 + name.height, width, size: 9, colour: INK_2, lines: 2, shrinkTo: 7 });
  const text = [
    t('Please check the details we hold about you and your children.'),
    t('Scan the code or type the address. You don’t need a password, only the date of birth of one of your children.'),
    t('This address is for you only and works until {{day}}. Please don’t share it.', { day: dateLong(letter.until) }),
  ];
  const set = pen.set(text.join('\n'), { width, size: 9.5, leading: 1.45, lines: 8, shrinkTo: 7.5 });
  pen.place(set, { x, y: y + 28, width });
  pen.text(letter.url.replace(/^https?:\/\//, ''), {
    x,
    y: box.y + box.height - 7,
    width: box.width,
    size: 11,
    face: 'strong',
    lines: 1,
    shrinkTo: 7,
  });
  pen.qr(letter.url, x + box.width - code, y + 5, code);
  pen.text(t('If your phone has no camera, ask at the school office.'), {
    x: x + box.width - code - 4,
    y: y + 5 + code + 2,
    width: code + 4,
    size: 7,
    colour: INK_3,
    lines: 3,
    align: 'right',
  });
}

export const updateLettersDrawing = drawing(import.meta.url, { updateLetters });
