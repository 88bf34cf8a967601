import { formatAmount } from '../../../../kernel/money.js';
import { bookColumns } from '../../../../platform/pdf/book-columns.js';
import { wordsOf, type PrintContext } from '../../../../platform/pdf/context.js';
import { report, type Row } from '../../../../platform/pdf/kit.js';
import { drawing } from '../../../../platform/pdf/worker.js';

export interface PrintedSplit {
  context: PrintContext;
  currency: string;
  /** Who brought the money. */
  payer: string;
  /** `Cheque KCB 000123`. */
  by: string;
  receivedOn: string;
  amountMinor: number;
  /** Why it doesn't count any more; empty while it does. */
  ended: string;
  receipts: readonly {
    number: string;
    admissionNo: string;
    name: string;
    className: string;
    payerKind: 'student' | 'sponsor';
    amountMinor: number;
  }[];
}

/** How one payment was shared, for whoever brought it: a line for each receipt, and the sum that was paid. */
export async function paymentSplit(data: PrintedSplit): Promise<Buffer> {
  const { context, currency, receipts } = data;
  const amount = (minor: number): string => formatAmount(minor, currency, context.language);
  const words = await wordsOf(context);
  return report(
    {
      context,
      title: ({ t }) => t('How the payment was split'),
      subtitle: ({ dateLong }) => dateLong(data.receivedOn),
      heading: 'letterhead',
    },
    (kit) => {
      const { t } = kit;
      const of = bookColumns(kit.words, currency);
      kit.keyValues(
        [
          [t('Paid by'), data.payer],
          [t('How'), data.by],
          [t('Paid on'), words.dateLong(data.receivedOn)],
          [t('Amount'), `${currency} ${amount(data.amountMinor)}`],
        ],
        { columns: 2 },
      );
      kit.y += 3;
      if (data.ended) kit.paragraph(data.ended, { face: 'strong' });
      kit.table({
        columns: [
          { ...of.number, head: t('Receipt') },
          of.admissionNo,
          of.student,
          of.className,
          { head: t('Account'), width: 22 },
          of.amount,
        ],
        rows: receipts.map((one): Row => ({
          cells: [
            one.number,
            one.admissionNo,
            one.name,
            one.className,
            one.payerKind === 'sponsor' ? t('Sponsor') : t('Family'),
            amount(one.amountMinor),
          ],
        })),
        totals: [
          [
            receipts.length === 1 ? t('One receipt') : t('{{n}} receipts', { n: String(receipts.length) }),
            '',
            '',
            '',
            '',
            amount(receipts.reduce((sum, one) => sum + one.amountMinor, 0)),
          ],
        ],
        rowHeight: { from: 6, to: 8 },
      });
    },
  );
}

export const paymentSplitDrawing = drawing(import.meta.url, { paymentSplit });
