import { wordsOf, type Words } from '../../../../platform/pdf/context.js';
import { pdfDocument } from '../../../../platform/pdf/document.js';
import type { Letterhead, PrintContext, Text } from '../../../../platform/pdf/kit.js';
import type { Box, Pen } from '../../../../platform/pdf/pen.js';
import { readableOn, warning } from '../../../../platform/pdf/pictures.js';
import { pdfText } from '../../../../platform/pdf/text.js';
import { BAD, INK_2, INK_3, LINE } from '../../../../platform/pdf/units.js';
import { drawing } from '../../../../platform/pdf/worker.js';
import type { Sex } from '../../register/student.rules.js';

export interface IdCard {
  surname: string;
  otherNames: string;
  sex: Sex;
  admissionNo: string;
  className: string;
  /** JPEG or PNG, about 4 to 5; a drawn learner stands in for it. */
  photo?: Uint8Array | null;
  /** What the code says: the public page that tells whether the card is genuine. */
  checkUrl: string;
  /** Up to two more lines: `Boarder`, `Kilimanjaro`. */
  facts?: readonly { label: string; value: string }[];
  /** `2026-12-04` */
  validUntil?: string | null;
  /** What a stranger must know to help: `Peanut allergy.` */
  alert?: string | null;
}

export interface IdCards {
  context: PrintContext;
  cards: readonly IdCard[];
  /** Whom to call about a card that was found. */
  phone: string;
  /** Whom to call in an emergency, if it is another number. */
  emergencyPhone?: string | null;
  /** A page of backs after each page of fronts, mirrored for printing on both sides along the long edge. */
  backs: boolean;
}

const WIDE = 85.6;
const HIGH = 54;
const ACROSS = 2;
const DOWN = 5;
/** Height of a line of facts. */
const FACT = 4;
const PER_PAGE = ACROSS * DOWN;
const GAP = 3;
const LEFT = (210 - ACROSS * WIDE - GAP) / 2;
const WARNING = warning(BAD);
const CUT = { colour: '#777777', width: 0.1 };
const TOP = (297 - DOWN * HIGH - (DOWN - 1) * GAP) / 2;

/** ID cards of 85.6 × 54 mm, ten to an A4 page with cut marks. */
export async function idCards(data: IdCards): Promise<Buffer> {
  const { context, cards } = data;
  const words = await wordsOf(context);
  const title = words.t('ID cards');
  const facts = {
    page: 'A4',
    title,
    author: context.letterhead.schoolName,
    language: context.language,
    madeAt: context.printedAt,
  } as const;
  return pdfDocument(facts, (pen) => {
    for (let from = 0; from < cards.length; from += PER_PAGE) {
      const page = cards.slice(from, from + PER_PAGE);
      if (from > 0) pen.newPage();
      pen.structure.decoration(() => drawCutMarks(pen));
      page.forEach((card, index) =>
        drawCard(pen, place(index, false), frontWords(card, words), (box) =>
          drawFront(pen, box, card, context.letterhead, words),
        ),
      );
      if (!data.backs) continue;
      pen.newPage();
      pen.structure.decoration(() => drawCutMarks(pen));
      page.forEach((card, index) =>
        drawCard(pen, place(index, true), [card.admissionNo, data.phone, card.alert ?? ''], (box) =>
          drawBack(pen, box, card, data, words),
        ),
      );
    }
  });
}

function place(index: number, mirrored: boolean): Box {
  const column = mirrored ? ACROSS - 1 - (index % ACROSS) : index % ACROSS;
  const row = Math.floor(index / ACROSS);
  return { x: LEFT + column * (WIDE + GAP), y: TOP + row * (HIGH + GAP), width: WIDE, height: HIGH };
}

/** A card is one thing to whoever listens: `says` is what stands on it. */
function drawCard(pen: Pen, box: Box, says: readonly string[], draw: (box: Box) => void): void {
  pen.clipped(box, 3, () => pen.structure.mark('P', () => draw(box), { actual: pdfText(says.filter(Boolean).join(', ')) }));
  pen.frame(box, { width: 0.12, colour: LINE }, 3);
}

/** In the margins only: the guillotine goes from edge to edge. */
function drawCutMarks(pen: Pen): void {
  const right = LEFT + ACROSS * WIDE + GAP;
  const bottom = TOP + DOWN * HIGH + (DOWN - 1) * GAP;
  const ends = (first: number, count: number, size: number) =>
    Array.from({ length: count }, (_, index) => first + index * (size + GAP)).flatMap((from) => [from, from + size]);
  for (const x of ends(LEFT, ACROSS, WIDE)) {
    pen.rule(x, TOP - 4, x, TOP - 1, CUT);
    pen.rule(x, bottom + 1, x, bottom + 4, CUT);
  }
  for (const y of ends(TOP, DOWN, HIGH)) {
    pen.rule(LEFT - 5, y, LEFT - 1, y, CUT);
    pen.rule(right + 1, y, right + 5, y, CUT);
  }
}

function drawFront(pen: Pen, box: Box, card: IdCard, letterhead: Letterhead, words: Words): void {
  drawBand(pen, box, letterhead);
  const photo = { x: box.x + 4, y: box.y + 18, width: 24, height: 30 };
  pen.photo(card.photo, photo, letterhead.colours, card.sex);
  const x = photo.x + photo.width + 4;
  const width = box.x + box.width - 4 - x;
  const code = { x: x + width - 15, y: photo.y + photo.height - 15, size: 15 };
  pen.qr(card.checkUrl, code.x, code.y, code.size);
  const name = {
    width,
    size: 12.5,
    face: 'heading',
    lines: 3,
    leading: 1.18,
    prefer: { lines: 2, downTo: 9.5 },
    shrinkTo: 8,
  } as const;
  let y = box.y + 17.4;
  y += pen.text(`${card.otherNames} ${card.surname}`, { x, y, ...name }) + 1.6;
  const label = 12.5;
  const facts = factsOf(card, words);
  let spare = box.y + HIGH - 3 - y - FACT * facts.length;
  for (const [word, value] of facts) {
    const beside = y + FACT > code.y;
    const style = {
      size: 7.8,
      face: 'strong',
      leading: 1.25,
      lines: spare > 2.4 ? 2 : 1,
      prefer: { lines: 1, downTo: 6 },
    } as const;
    const set = pen.set(value, { width: width - label - (beside ? code.size + 1.5 : 0), ...style });
    const height = Math.max(FACT, set.height + 0.6);
    spare -= height - FACT;
    pen.text(word, { x, y, width: label - 1, size: 7.8, colour: INK_3, lines: 1 });
    pen.place(set, { x: x + label, y: y + (height - 0.3 - set.height) / 2, width });
    y += height;
  }
}

function factsOf(card: IdCard, { t, date }: Words): [string, string][] {
  const facts: [string, string][] = [
    [t('Adm no'), card.admissionNo],
    [t('Class'), card.className],
    ...(card.facts ?? []).slice(0, 2).map(({ label, value }): [string, string] => [label, value]),
  ];
  if (card.validUntil) facts.push([t('Valid to'), date(card.validUntil)]);
  return facts;
}

function frontWords(card: IdCard, words: Words): string[] {
  return [`${card.otherNames} ${card.surname}`, ...factsOf(card, words).map(([label, value]) => `${label} ${value}`)];
}

function drawBand(pen: Pen, box: Box, { colours, logo, lines, schoolName }: Letterhead): void {
  const ink = readableOn(colours.first);
  pen.fill({ ...box, height: 14 }, colours.first);
  pen.fill({ ...box, y: box.y + 12.8, height: 1.2 }, colours.second);
  const plate = { x: box.x + 4, y: box.y + 2, width: 8, height: 9 };
  pen.fill(plate, '#ffffff', 1);
  pen.logo(logo, { x: plate.x + 0.6, y: plate.y + 0.6, width: 6.8, height: 7.8 }, colours);
  const x = plate.x + plate.width + 2.5;
  const width = box.x + box.width - 4 - x;
  const name = pen.set(schoolName, {
    width,
    size: 11,
    face: 'heading',
    colour: ink,
    lines: 2,
    leading: 1.25,
    prefer: { lines: 1, downTo: 8.5 },
    shrinkTo: 7,
  });
  const address = pen.set(lines.filter(Boolean).slice(0, 2).join(' · '), {
    width,
    size: 6.2,
    colour: ink,
    lines: 1,
    shrinkTo: 5,
  });
  const y = box.y + 6.4 - (name.height + address.height) / 2;
  pen.place(name, { x, y, width });
  pen.place(address, { x, y: y + name.height, width });
}

function drawBack(pen: Pen, box: Box, card: IdCard, data: IdCards, { t }: Words): void {
  const { letterhead } = data.context;
  pen.fill({ ...box, height: 5 }, letterhead.colours.first);
  pen.fill({ ...box, y: box.y + 2.4, height: 1.6 }, letterhead.colours.second);
  const left = box.x + 4;
  const side = 28;
  pen.logo(letterhead.logo, { x: left, y: box.y + 9, width: 10, height: 11.25 }, letterhead.colours);
  let y = box.y + 22;
  const name = { width: side, size: 8, face: 'heading', lines: 4, leading: 1.25, prefer: { lines: 2, downTo: 6.5 } } as const;
  y += pen.text(letterhead.schoolName, { x: left, y, ...name }) + 0.6;
  const number = box.y + HIGH - 7.4;
  const lines = letterhead.lines.filter(Boolean);
  const most = Math.floor((number - y) / 2.8);
  const address = {
    width: side,
    size: 6.4,
    colour: INK_2,
    lines: most,
    leading: 1.4,
    prefer: { lines: Math.min(lines.length, most), downTo: 5.4 },
  };
  if (lines.length > 0) pen.text(lines.join('\n'), { x: left, y, ...address });
  pen.text(card.admissionNo, { x: left, y: number, width: side, size: 8, face: 'strong', lines: 1 });
  drawFound(pen, { x: left + side + 5, y: box.y + 9, width: box.width - 8 - side - 5, height: HIGH - 13 }, card, data, t);
}

function drawFound(pen: Pen, box: Box, card: IdCard, data: IdCards, t: Words['t']): void {
  const size = 7.6;
  const found: Text = [
    t('If found, please bring this card to the school or call') + ' ',
    { text: `${nonBreaking(data.phone)}.`, face: 'strong' },
  ];
  const y = box.y + pen.text(found, { ...box, size, lines: 4, leading: 1.4 }) + 2;
  if (card.alert) {
    const call = t('Call {{phone}}.', { phone: nonBreaking(data.emergencyPhone ?? data.phone) });
    const text: Text = [{ text: card.alert, face: 'strong' }, ` ${call}`];
    const set = pen.set(text, { width: box.width - 6, size, lines: 4, leading: 1.4, shrinkTo: 6 });
    pen.fill({ x: box.x, y, width: 0.8, height: set.height }, BAD);
    pen.drawing(WARNING, { x: box.x + 2, y: y + 0.8, width: 2.6, height: 2.4 });
    pen.place(set, { x: box.x + 5.6, y, width: box.width - 6 });
  }
  const line = box.y + box.height - 4.4;
  const signature = data.context.letterhead.signature;
  pen.image(signature?.image, { x: box.x, y: line - 8, width: box.width * 0.7, height: 7.6 }, 'inside', 'left');
  pen.rule(box.x, line, box.x + box.width, line, { width: 0.2 });
  pen.text(signature?.title ?? t('Head teacher'), {
    x: box.x,
    y: line + 0.6,
    width: box.width,
    size: 6.8,
    colour: INK_2,
    lines: 1,
  });
}

/** A phone number is not broken over two lines. */
function nonBreaking(phone: string): string {
  return phone.replace(/ /g, '\u00a0');
}

export const idCardsDrawing = drawing(import.meta.url, { idCards });
