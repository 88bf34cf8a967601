import { formatAmount } from '../../../../kernel/money.js';
import { bookColumns } from '../../../../platform/pdf/book-columns.js';
import { report, type PrintContext, type ReportKit, type Text } from '../../../../platform/pdf/kit.js';
import { drawWideTable, type WideRow } from '../../../../platform/pdf/wide-table.js';
import { drawing } from '../../../../platform/pdf/worker.js';
import type { CashBook } from '../cash-book.rules.js';
import type { ColumnWords } from './cash-book.sheet.js';

export interface PrintedCashBook {
  context: PrintContext;
  currency: string;
  /** Code and name. */
  account: string;
  /** `2026-09`. */
  month: string;
  from: string;
  to: string;
  book: CashBook;
  words: ColumnWords;
  /** Entry → the number that people know it by. */
  numbers: ReadonlyMap<string, string>;
}

/** Millimetres of a vote head's column; few of them leave more to the particulars. */
const HEAD = 17.7;

type Side = 'receipts' | 'payments';

/** Receipts and payments, each with its columns; both come to the same sum with the balances brought and carried down. */
export async function cashBookPrint(data: PrintedCashBook): Promise<Buffer> {
  const { context, account, from, to, currency } = data;
  return report(
    {
      context,
      page: 'A4-landscape',
      title: ({ t }) => t('Cash book'),
      subtitle: ({ t, dateLong }) =>
        [account, t('{{from}} to {{to}}', { from: dateLong(from), to: dateLong(to) }), t('in {{currency}}', { currency })].join(
          ' · ',
        ),
    },
    (kit) => {
      drawSide(kit, data, 'receipts');
      kit.newPage();
      drawSide(kit, data, 'payments');
      drawLegend(kit, data);
    },
  );
}

function drawSide(kit: ReportKit, { book, words, numbers, currency, context }: PrintedCashBook, name: Side): void {
  const { t } = kit;
  const of = bookColumns(kit.words);
  const side = book[name];
  const amount = (minor: number): string => (minor === 0 ? '' : formatAmount(minor, currency, context.language));
  const exact = (minor: number): string => formatAmount(minor, currency, context.language);
  const line = (
    particulars: string,
    minor: string,
    parts: Readonly<Record<string, number>> = {},
    on = '',
    number = '',
  ): WideRow => ({ fixed: [on, number, particulars, minor], cells: side.columns.map((key): Text => amount(parts[key] ?? 0)) });
  const upTo = (done: number): { minor: number; parts: Record<string, number> } => {
    const rows = side.rows.slice(0, name === 'receipts' ? Math.max(0, done - 1) : done);
    return {
      minor: rows.reduce((sum, row) => sum + row.minor, 0),
      parts: Object.fromEntries(side.columns.map((key) => [key, rows.reduce((sum, row) => sum + (row.parts[key] ?? 0), 0)])),
    };
  };
  const opening = name === 'receipts' ? [line(t('Balance brought down'), exact(book.openingMinor))] : [];
  const total = line(t(name === 'receipts' ? 'Total of receipts' : 'Total of payments'), exact(side.totalMinor), side.totals);
  kit.heading(t(name === 'receipts' ? 'Receipts' : 'Payments'));
  drawWideTable(kit, {
    fixed: [
      { ...of.date, width: 22 },
      { ...of.number, width: 19 },
      { ...of.details, width: Math.max(60, Math.min(110, kit.width - 64 - HEAD * side.columns.length)) },
      { ...of.amount, width: 23 },
    ],
    columns: side.columns.map((key, n) => ({
      head: words.get(key)?.code ?? '',
      width: HEAD,
      align: 'right' as const,
      ruled: n === 0,
      oneLineTo: 6,
    })),
    rows: [
      ...opening,
      ...side.rows.map((row) =>
        line(row.memo, exact(row.minor), row.parts, kit.words.date(row.postedOn), numbers.get(row.entryId) ?? ''),
      ),
    ],
    totals:
      name === 'receipts'
        ? [total, line(t('With the balance brought down'), exact(book.openingMinor + side.totalMinor))]
        : [
            total,
            line(t('Balance carried down'), exact(book.closingMinor)),
            line(t('With the balance carried down'), exact(side.totalMinor + book.closingMinor)),
          ],
    carry: (done, label) =>
      line(label, exact(upTo(done).minor + (name === 'receipts' ? book.openingMinor : 0)), upTo(done).parts),
    size: 8,
    empty: t('Nothing was paid in this period.'),
  });
}

/** What the short names of the columns mean. */
function drawLegend(kit: ReportKit, { book, words }: PrintedCashBook): void {
  const used = [...words].filter(([key]) => book.receipts.columns.includes(key) || book.payments.columns.includes(key));
  const named = used.filter(([, { code, name }]) => code !== name).map(([, { code, name }]) => `${code} ${name}`);
  if (named.length > 0) kit.paragraph(named.join(' · '), { size: 8 });
}

export const cashBookDrawing = drawing(import.meta.url, { cashBookPrint });
