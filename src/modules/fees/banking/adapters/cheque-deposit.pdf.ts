import { formatAmount } from '../../../../kernel/money.js';
import { bookColumns } from '../../../../platform/pdf/book-columns.js';
import { wordsOf, type PrintContext } from '../../../../platform/pdf/context.js';
import { report, type Row } from '../../../../platform/pdf/kit.js';
import { drawing } from '../../../../platform/pdf/worker.js';

export interface PrintedDeposit {
  context: PrintContext;
  currency: string;
  /** The account of the books, and what the school has written of it at the bank. */
  bank: string;
  atBank: string;
  bankNumber: string;
  slipNumber: string;
  bankedOn: string;
  amountMinor: number;
  byName: string;
  cheques: readonly { bank: string; number: string; payer: string; students: string; receipts: string; amountMinor: number }[];
}

/** What goes to the bank with the slip: each cheque, the sum, and two lines to sign. */
export async function depositList(data: PrintedDeposit): Promise<Buffer> {
  const amount = (minor: number): string => formatAmount(minor, data.currency, data.context.language);
  const words = await wordsOf(data.context);
  return report(
    {
      context: data.context,
      title: ({ t }) => t('Cheques banked'),
      subtitle: (kit) => `${data.bank} · ${kit.t('slip {{number}}', { number: data.slipNumber })}`,
      heading: 'letterhead',
    },
    (kit) => {
      const { t } = kit;
      kit.keyValues(
        [
          [t('Bank account'), data.bank],
          ...written([
            [t('Bank'), data.atBank],
            [t('Account number'), data.bankNumber],
          ]),
          [t('Slip'), data.slipNumber],
          [t('Banked on'), words.dateLong(data.bankedOn)],
          [t('Banked by'), data.byName],
        ],
        { columns: 2 },
      );
      kit.y += 3;
      kit.table({
        columns: [
          { head: t('Bank'), width: 26 },
          { head: t('Cheque'), width: 28 },
          { head: t('Drawn by') },
          { head: t('For') },
          { head: t('Receipt'), width: 24 },
          { ...bookColumns(kit.words, data.currency).amount, width: 30 },
        ],
        rows: data.cheques.map((one): Row => ({
          cells: [one.bank, one.number, one.payer, one.students, one.receipts, amount(one.amountMinor)],
        })),
        totals: [[t('{{n}} cheques', { n: String(data.cheques.length) }), '', '', '', '', amount(data.amountMinor)]],
        rowHeight: { from: 6, to: 8 },
      });
      kit.y += 8;
      kit.room(34);
      const { y } = kit;
      for (const [x, label] of [
        [0, t('Banked by')],
        [95, t('Received by the bank')],
      ] as const) {
        kit.y = y;
        kit.signature({ name: '', title: label }, { x: kit.x + x, width: 75 });
      }
    },
  );
}

/** Without what nobody has written. */
function written(pairs: [label: string, value: string][]): [string, string][] {
  return pairs.filter(([, value]) => value !== '');
}

export const depositListDrawing = drawing(import.meta.url, { depositList });
