import { formatAmount } from '../../../../kernel/money.js';
import { wordsOf, type PrintContext } from '../../../../platform/pdf/context.js';
import { pdfDocument } from '../../../../platform/pdf/document.js';
import { drawLetterhead } from '../../../../platform/pdf/letterhead.js';
import { INK_3 } from '../../../../platform/pdf/units.js';
import { drawing } from '../../../../platform/pdf/worker.js';
import { drawFacts, drawSum } from '../../documents/adapters/slip.js';

export interface PrintedRefund {
  context: PrintContext;
  currency: string;
  number: string;
  /** It was printed before. */
  copy: boolean;
  /** It was taken back. */
  void: boolean;
  payee: string;
  student: string;
  place: string;
  amountMinor: number;
  inWords: string;
  /** `Mobile money SKL4T7QX2M to 0722 000 000`. */
  how: string;
  paidOn: string;
  reason: string;
  receipts: string;
  askedBy: string;
  decidedBy: string;
  paidBy: string;
}

const MARGIN = 12;
const WIDE = 210 - 2 * MARGIN;

/** A voucher on A5 across: who is paid back what and why, by whom it was decided, for two to sign. */
export async function refundVoucher(data: PrintedRefund): Promise<Buffer> {
  const { context, currency, number } = data;
  const words = await wordsOf(context);
  const { t } = words;
  const facts = {
    page: 'A5-landscape' as const,
    title: `${t('Refund')} ${number}`,
    author: context.letterhead.schoolName,
    language: context.language,
    madeAt: context.printedAt,
  };
  return pdfDocument(facts, (pen) => {
    const x = MARGIN;
    const mark = data.void ? t('VOID') : data.copy ? t('COPY') : '';
    const y =
      drawLetterhead(
        pen,
        context.letterhead,
        { x, y: 8, width: WIDE },
        { title: t('Refund'), note: [number, mark].filter(Boolean).join(' · ') },
      ) + 6;
    drawSum(
      pen,
      { x: x + WIDE - 46, y: y - 1, width: 46, height: 12 },
      currency,
      formatAmount(data.amountMinor, currency, context.language),
    );
    drawFacts(pen, { x, y, width: WIDE }, [
      [t('Paid to'), data.payee, true],
      [t('For'), [data.student, data.place].filter(Boolean).join(', '), false],
      [t('The sum of'), data.inWords, false],
      [t('How'), `${data.how}, ${words.dateLong(data.paidOn)}`, false],
      [t('Why'), data.reason, false],
      [t('From receipts'), data.receipts, false],
      [t('Asked by'), data.askedBy, false],
      [t('Approved by'), data.decidedBy, false],
    ]);
    const foot = 148 - 14;
    for (const [at, name, label] of [
      [0, data.paidBy, t('Paid out by')],
      [WIDE - 80, data.payee, t('Received by')],
    ] as const) {
      pen.rule(x + at, foot - 8, x + at + 80, foot - 8, { width: 0.2 });
      pen.text(name, { x: x + at, y: foot - 7, width: 80, size: 9, lines: 1, shrinkTo: 7 });
      pen.text(label, { x: x + at, y: foot - 2.5, width: 80, size: 8, colour: INK_3, lines: 1 });
    }
  });
}

export const refundVoucherDrawing = drawing(import.meta.url, { refundVoucher });
