import type { Request } from 'express';
import { z } from 'zod';
import { NotFound } from '../../../../kernel/errors.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { sendSheet } from '../../../../platform/http/routes/sheet-route.js';
import { monthsOf } from '../../books/books.rules.js';
import { paperKey, type CashRow } from '../cash-book.rules.js';
import { cashBookDrawing, type PrintedCashBook } from './cash-book.pdf.js';
import { cashBookColumns, cashBookSheetRows, type ColumnWords } from './cash-book.sheet.js';
import { booksOf, printContext, type FinancePages } from '../../adapters/pages.js';

const Asked = z.object({
  account: z.uuid().optional().catch(undefined),
  month: z.string().optional(),
  side: z.enum(['receipts', 'payments']).default('receipts').catch('receipts'),
  /** Rows of this side before the page. */
  after: z.coerce.number().int().min(0).default(0).catch(0),
});
const PER_PAGE = 100;

/** The columnar cash book: one account and month, a column for each vote head, receipts and payments. */
export function cashBookRoutes(r: Routes, pages: FinancePages): void {
  const load = async (req: Request) => {
    const asked = Asked.parse(
      Object.fromEntries(Object.entries(req.query).filter(([, value]) => typeof value === 'string' && value !== '')),
    );
    const months = monthsOf(await booksOf(pages), req.school!.today).reverse();
    const accounts = await pages.cashBooks.accounts(req.actor);
    const account = accounts.find((one) => one.id === asked.account) ?? accounts.find((one) => one.active)!;
    if (asked.account && account.id !== asked.account) throw new NotFound('This account has no cash book.');
    const month = months.find((one) => one.id === asked.month) ?? months[0]!;
    const { book, heads } = await pages.cashBooks.book(req.actor, account.id, { from: month.startsOn, to: month.endsOn });
    return { asked, months, month, accounts, account, book, words: columnWords(heads, req.t) };
  };

  r.get('/finance/cash-book', 'finance.read', async (req, res) => {
    const { asked, book, words, ...loaded } = await load(req);
    const { format } = req.query;
    if (format === 'csv' || format === 'xlsx') {
      const rows = cashBookSheetRows(
        book,
        await numbersOf(pages, [...book.receipts.rows, ...book.payments.rows]),
        { opening: req.t('Balance brought down'), total: req.t('Total'), closing: req.t('Balance carried down') },
        loaded.month,
      );
      return sendSheet(req, res, {
        name: `cash-book-${loaded.account.code}-${loaded.month.id}`,
        columns: cashBookColumns(book, words),
        format,
        rows: (async function* () {
          yield rows;
        })(),
      });
    }
    const side = book[asked.side];
    const rows = side.rows.slice(asked.after, asked.after + PER_PAGE);
    return res.page('finance/cash-book/index', {
      ...loaded,
      book,
      words,
      side: asked.side,
      rows,
      after: asked.after,
      next: asked.after + PER_PAGE < side.rows.length ? asked.after + PER_PAGE : null,
      papers: await pages.cashBooks.papersOf(rows),
      paperKey,
    });
  });

  r.pdf<PrintedCashBook>({
    path: '/finance/cash-book/print.pdf',
    can: 'finance.read',
    filename: (_req, { account, month }) => `cash-book-${account}-${month}.pdf`,
    load: async (req) => {
      const { account, month, book, words } = await load(req);
      const { currency } = await booksOf(pages);
      const numbers = await numbersOf(pages, [...book.receipts.rows, ...book.payments.rows]);
      return {
        context: await printContext(pages, req),
        currency,
        account: `${account.code} ${account.name}`,
        month: month.id,
        from: month.startsOn,
        to: month.endsOn,
        book,
        words,
        numbers,
      };
    },
    draw: cashBookDrawing,
  });
}

/** Source → the number that people know: of the receipt, else of the entry. */
async function numbersOf(pages: FinancePages, rows: readonly CashRow[]): Promise<Map<string, string>> {
  const papers = await pages.cashBooks.papersOf(rows);
  return new Map(rows.map((row) => [row.entryId, papers.get(paperKey(row.source))?.number || String(row.number ?? '')]));
}

function columnWords(heads: readonly { id: string; code: string; name: string }[], t: Request['t']): ColumnWords {
  return new Map([
    ...heads.map(({ id, code, name }) => [id, { code, name }] as const),
    ['ahead', { code: t('Paid ahead'), name: t('Paid ahead') }],
    ['contra', { code: t('Contra'), name: t('Between own accounts') }],
    ['other', { code: t('Other'), name: t('Other') }],
  ]);
}
