import { wordsOf, type Words } from './context.js';
import { pdfDocument } from './document.js';
import type { PrintContext } from './kit.js';
import type { Box, Pen } from './pen.js';
import { INK_2, INK_3, LINE_2 } from './units.js';
import { drawing } from './worker.js';

export interface SignInSlip {
  /** `Joyce Muthoni Njoroge` */
  name: string;
  /** `Class teacher, Grade 7 East` */
  note?: string | null;
  /** Email or phone. */
  login: string;
  password: string;
}

export interface SignInSlips {
  context: PrintContext;
  slips: readonly SignInSlip[];
  /** `https://kilimani.aimsgo.com` */
  siteUrl: string;
  /** The last day on which the passwords work, `YYYY-MM-DD`. */
  validUntil?: string | null;
}

const ACROSS = 2;
const DOWN = 4;
const PER_PAGE = ACROSS * DOWN;
const WIDE = 105;
const HIGH = 297 / DOWN;
const PAD = 9;

/** Eight slips to an A4 page, to cut along the dashed lines and hand over one by one. */
export async function signInSlips(data: SignInSlips): Promise<Buffer> {
  const { context } = data;
  const words = await wordsOf(context);
  const title = words.t('Sign-in slips');
  const facts = {
    page: 'A4',
    title,
    author: context.letterhead.schoolName,
    language: context.language,
    madeAt: context.printedAt,
  } as const;
  return pdfDocument(facts, (pen) => {
    data.slips.forEach((slip, index) => {
      const at = index % PER_PAGE;
      if (index > 0 && at === 0) pen.newPage();
      if (at === 0) drawCutLines(pen);
      const place = { x: (at % ACROSS) * WIDE + PAD, y: Math.floor(at / ACROSS) * HIGH + PAD - 1 };
      drawSlip(pen, { ...place, width: WIDE - 2 * PAD, height: HIGH - 2 * PAD + 2 }, slip, data, words);
    });
  });
}

function drawSlip(pen: Pen, box: Box, slip: SignInSlip, data: SignInSlips, { t, date }: Words): void {
  const { letterhead } = data.context;
  const { x, width } = box;
  pen.stripe({ ...box, height: 1.4 }, letterhead.colours);
  const code = 16;
  const beside = width - code - 3;
  pen.qr(data.siteUrl, x + width - code, box.y + 3.4, code);
  pen.text(letterhead.schoolName, { x, y: box.y + 2.8, width: beside, size: 7.5, colour: INK_2, lines: 1, shrinkTo: 6 });
  const name = pen.set(slip.name, {
    width: beside,
    size: 11.5,
    face: 'heading',
    lines: 2,
    leading: 1.2,
    prefer: { lines: 1, downTo: 9.5 },
    shrinkTo: 9,
  });
  pen.place(name, { x, y: box.y + 7, width: beside });
  if (slip.note)
    pen.text(slip.note, { x, y: box.y + 7 + name.height, width: beside, size: 8, colour: INK_2, lines: 1, shrinkTo: 6.5 });
  drawFacts(pen, { x, y: box.y + 22, width }, [
    [t('Address'), data.siteUrl.replace(/^https?:\/\//, '').replace(/\/$/, '')],
    [t('Sign-in name'), slip.login],
    [t('One-time password'), slip.password],
  ]);
  const steps = [
    t('1. Open the address on a phone or computer, or scan the code.'),
    t('2. Type the sign-in name and the password exactly as shown here.'),
    t('3. Choose your own password. This slip then stops working: destroy it.'),
    data.validUntil
      ? t('The password works until {{day}}. No one from the school will ask you for it.', { day: date(data.validUntil) })
      : t('No one from the school will ask you for the password.'),
  ];
  const set = pen.set(steps.join('\n'), { width, size: 7.4, colour: INK_2, leading: 1.42, lines: 7, shrinkTo: 6 });
  pen.place(set, { x, y: box.y + box.height - set.height, width });
}

function drawFacts(
  pen: Pen,
  place: { x: number; y: number; width: number },
  facts: readonly (readonly [string, string])[],
): void {
  const label = 26;
  let { y } = place;
  for (const [name, value] of facts) {
    const set = pen.set(value, { width: place.width - label, size: 10, face: 'strong', lines: 1, shrinkTo: 6.5 });
    pen.text(name, { x: place.x, y, width: label - 1, size: 7.6, colour: INK_3, lines: 1, shrinkTo: 5.5, leading: 1.78 });
    pen.place(set, { x: place.x + label, y: y + (4.76 - set.height) / 2, width: place.width - label });
    y += 5.6;
  }
}

function drawCutLines(pen: Pen): void {
  pen.rule(WIDE, 4, WIDE, 293, { dash: 1.2, colour: LINE_2 });
  for (let row = 1; row < DOWN; row++) pen.rule(4, row * HIGH, 206, row * HIGH, { dash: 1.2, colour: LINE_2 });
}

export const signInSlipsDrawing = drawing(import.meta.url, { signInSlips });
