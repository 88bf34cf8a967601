import { formatAmount } from '../../../../kernel/money.js';
import { bookColumns } from '../../../../platform/pdf/book-columns.js';
import { wordsOf, type PrintContext, type Words } from '../../../../platform/pdf/context.js';
import { pdfDocument } from '../../../../platform/pdf/document.js';
import { contactLines, drawLetterhead } from '../../../../platform/pdf/letterhead.js';
import type { Pen } from '../../../../platform/pdf/pen.js';
import { INK_3, LINE, LINE_2 } from '../../../../platform/pdf/units.js';
import { drawing } from '../../../../platform/pdf/worker.js';
import { drawFacts, drawSum } from '../../documents/adapters/slip.js';

export interface PrintedReceipt {
  number: string;
  /** It was printed before. */
  copy: boolean;
  /** It was taken back. */
  void: boolean;
  student: string;
  place: string;
  /** Empty where nobody was named: the line is left out. */
  payer: string;
  /** The sponsor whose own bills it settles; empty for the family's account. */
  sponsor: string;
  /** `M-Pesa SKL4T7QX2M`. */
  by: string;
  /** `24 Nov 2026, 10:42`. */
  at: string;
  inWords: string;
  cashier: string;
  checkUrl: string;
  lines: readonly { head: string; term: string; amountMinor: number }[];
  amountMinor: number;
  balanceAfterMinor: number;
}

export interface PrintedReceipts {
  context: PrintContext;
  currency: string;
  receipts: readonly PrintedReceipt[];
}

const HALF = 148.5;
const MARGIN = 12;
const WIDE = 210 - 2 * MARGIN;
/** More heads than fit become one line. */
const MOST_LINES = 5;

/** One is an A5 page across, so that a printer with that paper in it needs no setting; several are two to an A4 page with a line to cut along. */
export async function receiptsA5(data: PrintedReceipts): Promise<Buffer> {
  const words = await wordsOf(data.context);
  const [only, ...more] = data.receipts;
  if (only && more.length === 0)
    return pdfDocument(factsOf(data, words, 'A5-landscape'), (pen) => drawSheet(pen, 0, only, data, words));
  return pdfDocument(factsOf(data, words, 'A4'), (pen) => {
    data.receipts.forEach((receipt, n) => {
      if (n > 0 && n % 2 === 0) pen.newPage();
      if (n % 2 === 1) pen.rule(0, HALF, 210, HALF, { width: 0.1, colour: LINE_2, dash: 1.5 });
      drawSheet(pen, (n % 2) * HALF, receipt, data, words);
    });
  });
}

function drawSheet(pen: Pen, top: number, receipt: PrintedReceipt, { context, currency }: PrintedReceipts, { t }: Words): void {
  const money = (minor: number): string => formatAmount(minor, currency, context.language);
  const x = MARGIN;
  let y =
    drawLetterhead(
      pen,
      context.letterhead,
      { x, y: top + 8, width: WIDE },
      { title: t('Receipt'), note: [receipt.number, markOf(receipt, t)].filter(Boolean).join(' · ') },
    ) + 6;
  drawSum(pen, { x: x + WIDE - 46, y: y - 1, width: 46, height: 12 }, currency, money(receipt.amountMinor));
  y = drawFacts(pen, { x, y, width: WIDE }, [
    [t('Received from'), receipt.payer, false],
    [t('For'), `${receipt.student}, ${receipt.place}`, true],
    [t('Account of'), receipt.sponsor, false],
    [t('The sum of'), receipt.inWords, false],
    [t('How'), `${receipt.by}, ${receipt.at}`, false],
  ]);
  y = drawLines(pen, { x, y: y + 3, width: WIDE }, receipt, currency, money, t);
  const foot = top + HALF - 10;
  pen.qr(receipt.checkUrl, x + WIDE - 20, foot - 20, 20);
  pen.text(
    [
      balanceWords(receipt, t).before + ' ',
      { text: signed(receipt.balanceAfterMinor + receipt.amountMinor, money), face: 'strong' },
      `, ${t('now')} `,
      { text: signed(receipt.balanceAfterMinor, money), face: 'strong' },
    ],
    { x, y: Math.max(y + 3, foot - 25), width: WIDE - 30, size: 10, lines: 1 },
  );
  pen.rule(x, foot - 8, x + 60, foot - 8, { width: 0.2 });
  pen.text(receipt.cashier, { x, y: foot - 7, width: 90, size: 9, lines: 1 });
  pen.text(receipt.checkUrl, { x, y: foot - 2, width: WIDE - 30, size: 7.5, colour: INK_3, lines: 1 });
}

/** A receipt for bills of a sponsor tells the sponsor's balance, not the family's, and says so. */
function balanceWords(receipt: PrintedReceipt, t: Words['t']): { before: string; now: string } {
  return receipt.sponsor
    ? { before: t('The sponsor’s balance before'), now: t('The sponsor’s balance now') }
    : { before: t('Balance before'), now: t('Balance now') };
}

function drawLines(
  pen: Pen,
  at: { x: number; y: number; width: number },
  receipt: PrintedReceipt,
  currency: string,
  money: (minor: number) => string,
  t: Words['t'],
): number {
  const { x, width } = at;
  let { y } = at;
  const row = (cells: readonly [string, string, string], face: 'regular' | 'strong', size = 9.5): void => {
    pen.text(cells[0], { x, y, width: 66, size, face, lines: 1, shrinkTo: 7.5 });
    pen.text(cells[1], { x: x + 68, y, width: 60, size, lines: 1 });
    pen.text(cells[2], { x: x + width - 50, y, width: 50, size, face, align: 'right', lines: 1 });
    y += 5.4;
  };
  const of = bookColumns({ t }, currency);
  row([of.details.head, t('Term'), of.amount.head], 'strong', 8.5);
  pen.rule(x, y - 0.4, x + width, y - 0.4, { width: 0.2, colour: LINE_2 });
  y += 0.4;
  for (const line of gathered(receipt, t)) {
    row([line.head, line.term, money(line.amountMinor)], 'regular');
    pen.rule(x, y - 0.4, x + width, y - 0.4, { colour: LINE });
  }
  pen.rule(x, y - 0.4, x + width, y - 0.4, { width: 0.35 });
  y += 0.6;
  row([t('Paid'), '', money(receipt.amountMinor)], 'strong', 10);
  for (const gap of [0, 0.6]) pen.rule(x, y + gap, x + width, y + gap, { width: 0.2 });
  return y + 1;
}

/** On the 80 mm roll: 72 mm that print, one column, as long as it needs. */
export async function receiptsRoll(data: PrintedReceipts): Promise<Buffer> {
  const words = await wordsOf(data.context);
  const size = (receipt: PrintedReceipt) => ({ widthMm: 80, heightMm: 112 + 4.4 * gathered(receipt, words.t).length });
  return pdfDocument(factsOf(data, words, size(data.receipts[0]!)), (pen) => {
    data.receipts.forEach((receipt, n) => {
      if (n > 0) pen.newPage(size(receipt));
      drawRoll(pen, receipt, data, words);
    });
  });
}

function drawRoll(pen: Pen, receipt: PrintedReceipt, { context, currency }: PrintedReceipts, { t }: Words): void {
  const money = (minor: number): string => formatAmount(minor, currency, context.language);
  const x = 4;
  const width = 72;
  let y = 4;
  const line = (left: string, right: string, size = 8.5, face: 'regular' | 'strong' = 'regular'): void => {
    pen.text(left, { x, y, width: 46, size, face, lines: 1, shrinkTo: 7 });
    pen.text(right, { x: x + 30, y, width: width - 30, size, face, align: 'right', lines: 1 });
    y += size * 0.52;
  };
  const rule = (): void => {
    pen.rule(x, y, x + width, y, { width: 0.25 });
    y += 1;
  };
  // Two black lines stand for the stripe: the roll knows no colour.
  for (const gap of [0, 1]) pen.rule(x, y + gap, x + width, y + gap, { width: gap === 0 ? 0.7 : 0.3 });
  y += 3;
  y += pen.text(context.letterhead.schoolName, { x, y, width, size: 11, face: 'heading', align: 'centre', lines: 2 });
  y +=
    pen.text(contactLines(pen, context.letterhead, { width, size: 8 }), { x, y, width, size: 8, align: 'centre', lines: 3 }) +
    1.5;
  rule();
  line([t('Receipt'), markOf(receipt, t)].filter(Boolean).join(' · '), receipt.number, 9.5, 'strong');
  rule();
  for (const [label, value] of [
    [t('Student'), receipt.student],
    [t('Class'), receipt.place],
    [t('Paid by'), receipt.payer],
    [t('Account of'), receipt.sponsor],
    [t('Method'), receipt.by],
    [t('Date'), receipt.at],
  ] as const) {
    if (!value) continue;
    pen.text(label, { x, y, width: 18, size: 8, lines: 1 });
    y += Math.max(
      4.2,
      pen.text(value, {
        x: x + 18,
        y,
        width: width - 18,
        size: 8,
        face: label === t('Student') ? 'strong' : 'regular',
        lines: 2,
        shrinkTo: 7,
      }),
    );
  }
  y += 1;
  for (const one of gathered(receipt, t)) line([one.head, one.term].filter(Boolean).join(', '), money(one.amountMinor));
  rule();
  line(`${t('Paid')}, ${currency}`, money(receipt.amountMinor), 11, 'strong');
  rule();
  pen.rule(x, y - 0.4, x + width, y - 0.4, { width: 0.25 });
  y += pen.text(receipt.inWords, { x, y, width, size: 8, lines: 3 }) + 1;
  const { before, now } = balanceWords(receipt, t);
  line(before, signed(receipt.balanceAfterMinor + receipt.amountMinor, money));
  line(now, signed(receipt.balanceAfterMinor, money), 8.5, 'strong');
  y += 1;
  pen.rule(x, y, x + width, y, { width: 0.2, dash: 1 });
  pen.qr(receipt.checkUrl, x, y + 2, 18);
  pen.text(`${t('Served by {{name}}', { name: receipt.cashier })}\n${receipt.checkUrl}`, {
    x: x + 21,
    y: y + 2,
    width: width - 21,
    size: 7.5,
    lines: 5,
  });
}

/** `Copy`, and above all `Void`. */
function markOf(receipt: PrintedReceipt, t: Words['t']): string {
  return receipt.void ? t('VOID') : receipt.copy ? t('COPY') : '';
}

/** A line for each head and term; credit last; the smallest together where there are too many. */
function gathered({ lines, amountMinor }: PrintedReceipt, t: Words['t']): PrintedReceipt['lines'] {
  const rest = amountMinor - lines.reduce((sum, line) => sum + line.amountMinor, 0);
  const all = rest > 0 ? [...lines, { head: t('Credit for the next bill'), term: '', amountMinor: rest }] : [...lines];
  if (all.length <= MOST_LINES) return all;
  const others = all.slice(MOST_LINES - 1);
  return [
    ...all.slice(0, MOST_LINES - 1),
    {
      head: t('{{count}} more vote heads', { count: others.length }),
      term: '',
      amountMinor: others.reduce((sum, line) => sum + line.amountMinor, 0),
    },
  ];
}

function signed(minor: number, money: (minor: number) => string): string {
  return minor < 0 ? `${money(-minor)} cr` : money(minor);
}

function factsOf<Page>({ context, receipts }: PrintedReceipts, { t }: Words, page: Page) {
  return {
    page,
    title: `${t('Receipt')} ${receipts[0]!.number}`,
    author: context.letterhead.schoolName,
    language: context.language,
    madeAt: context.printedAt,
  };
}

export const receiptA5Drawing = drawing(import.meta.url, { receiptsA5 });
export const receiptRollDrawing = drawing(import.meta.url, { receiptsRoll });
