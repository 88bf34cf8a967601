import { formatAmount } from '../../../../kernel/money.js';
import { wordsOf, type PrintContext } from '../../../../platform/pdf/context.js';
import { pdfDocument } from '../../../../platform/pdf/document.js';
import { drawLetterhead } from '../../../../platform/pdf/letterhead.js';
import { INK_3 } from '../../../../platform/pdf/units.js';
import { drawing } from '../../../../platform/pdf/worker.js';
import { drawFacts, drawSum } from '../../documents/adapters/slip.js';

export interface PrintedFormerReceipt {
  context: PrintContext;
  currency: string;
  number: string;
  receivedOn: string;
  amountMinor: number;
  inWords: string;
  student: string;
  admissionNo: string;
  payer: string;
  method: string;
  note: string;
}

const MARGIN = 12;
const WIDE = 210 - 2 * MARGIN;

/** A copy on A5 across of what an earlier system wrote, and marked so: no number, code or signature of ours stands on it. */
export async function formerReceipt(data: PrintedFormerReceipt): Promise<Buffer> {
  const { context, currency, number } = data;
  const words = await wordsOf(context);
  const { t } = words;
  const facts = {
    page: 'A5-landscape' as const,
    title: `${t('Receipt from before AIMS')} ${number}`,
    author: context.letterhead.schoolName,
    language: context.language,
    madeAt: context.printedAt,
  };
  return pdfDocument(facts, (pen) => {
    const x = MARGIN;
    const head = { title: t('From the former system'), note: t('Receipt {{number}}', { number }) };
    const y = drawLetterhead(pen, context.letterhead, { x, y: 8, width: WIDE }, head) + 6;
    drawSum(
      pen,
      { x: x + WIDE - 46, y: y - 1, width: 46, height: 12 },
      currency,
      formatAmount(data.amountMinor, currency, context.language),
    );
    const lines = [
      [t('Received from'), data.payer, false],
      [t('For'), [data.student, data.admissionNo].filter(Boolean).join(', '), true],
      [t('The sum of'), data.inWords, false],
      [t('How'), data.method, false],
      [t('Date'), words.dateLong(data.receivedOn), false],
      [t('Note'), data.note, false],
    ] as const;
    drawFacts(pen, { x, y, width: WIDE }, lines);
    const foot = t(
      'Taken over from the records that the school kept before AIMS. It is history: what it paid is in the balance brought forward.',
    );
    pen.text(foot, { x, y: 148 - 22, width: WIDE, size: 9, colour: INK_3, lines: 2 });
    pen.text(t('Printed by {{who}}', { who: context.printedBy }), {
      x,
      y: 148 - 12,
      width: WIDE,
      size: 8,
      colour: INK_3,
      lines: 1,
    });
  });
}

export const formerReceiptDrawing = drawing(import.meta.url, { formerReceipt });
