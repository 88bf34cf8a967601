import type { Request } from 'express';
import { z } from 'zod';
import { NotFound } from '../../../../kernel/errors.js';
import { isId } from '../../../../kernel/id.js';
import { formatAmount } from '../../../../kernel/money.js';
import { parseAmount } from '../../../../platform/sheets/reading/numbers.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { sendSheet } from '../../../../platform/http/routes/sheet-route.js';
import { addDays } from '../../../../kernel/clock.js';
import { financialYearOf, type Books } from '../../books/books.rules.js';
import { voteTotals } from '../vote-book.rules.js';
import type { FinancialYear } from '../vote-books.js';
import type { HeadName } from '../../ports.js';
import { voteBookDrawing, type PrintedVoteBook } from './vote-book.pdf.js';
import { voteColumns, voteLineColumns, voteSheetRows, type HeadWords } from './vote-book.sheet.js';
import { booksOf, printContext, type FinancePages } from '../../adapters/pages.js';

const Asked = z.object({ year: z.iso.date().optional().catch(undefined), fund: z.uuid().optional().catch(undefined) });
type Asked = z.infer<typeof Asked>;
const NONE = 'none';

/** The vote book of a financial year: income, spending and balance of each head by month, beside what it may spend. */
export function voteBookRoutes(r: Routes, pages: FinancePages): void {
  const load = async (req: Request, asked: Asked) => {
    const books = await booksOf(pages);
    const years = yearsOf(books, req.school!.today);
    const year = years.find((one) => one.startsOn === asked.year) ?? years[0]!;
    const { funds } = await pages.accounts.chart(req.actor);
    const fund = funds.find((one) => one.id === asked.fund) ?? null;
    const { accounts, heads } = await pages.voteBooks.book(req.actor, year, fund?.id ?? null);
    return { years, year, funds, fund, accounts, words: wordsOf(heads, req.t), currency: books.currency };
  };
  const asked = (req: Request): Asked =>
    Asked.parse(Object.fromEntries(Object.entries(req.query).filter(([, value]) => typeof value === 'string' && value !== '')));

  r.get('/finance/vote-book', 'finance.read', async (req, res) => {
    const loaded = await load(req, asked(req));
    const { format } = req.query;
    if (format !== 'csv' && format !== 'xlsx')
      return res.page('finance/vote-book/index', { ...loaded, totals: voteTotals(loaded.accounts) });
    const rows = voteSheetRows(loaded.accounts, loaded.words, req.t('Total'));
    return sendSheet(req, res, {
      name: 'vote-book',
      columns: voteColumns,
      format,
      rows: (async function* () {
        yield rows;
      })(),
    });
  });

  r.pdf<PrintedVoteBook>({
    path: '/finance/vote-book/print.pdf',
    can: 'finance.read',
    filename: (_req, { to }) => `vote-book-${to}.pdf`,
    load: async (req) => {
      const { year, fund, accounts, words, currency } = await load(req, asked(req));
      return {
        context: await printContext(pages, req),
        currency,
        from: year.startsOn,
        to: year.endsOn,
        fund: fund?.name ?? null,
        accounts,
        words,
      };
    },
    draw: voteBookDrawing,
  });

  r.list({
    path: '/finance/vote-book/:head',
    can: 'finance.read',
    view: 'finance/vote-book/show',
    filter: Asked,
    load: async (filter, query, req) => {
      const { year, fund } = await load(req, filter);
      return pages.voteBooks.lines(
        req.actor,
        await headOf(pages, req),
        { from: year.startsOn, to: year.endsOn, fundId: fund?.id ?? null },
        query.cursor,
        query.limit,
      );
    },
    model: async (filter, _page, req) => {
      const loaded = await load(req, filter);
      const headId = await headOf(pages, req);
      return { ...loaded, headId, account: loaded.accounts.find((one) => one.headId === headId) ?? null };
    },
    sheet: { name: 'vote-head', columns: voteLineColumns },
  });

  r.form({
    path: '/finance/vote-book/:head/allocation',
    can: 'finance.setup',
    view: 'finance/vote-book/allocate',
    schema: async () => allocationForm((await booksOf(pages)).currency),
    load: async (req) => {
      const books = await booksOf(pages);
      const head = await pages.voteBooks.head(String(await headOf(pages, req)));
      const years = yearsOf(books, req.school!.today);
      const { year: wanted } = asked(req);
      const year = years.find((one) => one.startsOn === wanted) ?? years[0]!;
      const now = await pages.voteBooks.allocation(req.actor, head.id, year.startsOn);
      return {
        voteHead: head,
        year,
        values: {
          amount: now.version === 0 ? '' : formatAmount(now.amountMinor, books.currency),
          version: now.version,
          year: year.startsOn,
        },
      };
    },
    save: async ({ amount, version, year }, req) => {
      const head = await pages.voteBooks.head(String(await headOf(pages, req)));
      if (!yearsOf(await booksOf(pages), req.school!.today).some((one) => one.startsOn === year)) throw new NotFound();
      await pages.voteBooks.allocate(req.actor, { headId: head.id, yearStartsOn: year, amountMinor: amount, version });
      return {
        to: `/finance/vote-book?year=${year}`,
        flash: req.t('The allocation for {{name}} has been saved.', { name: head.name }),
      };
    },
  });
}

function allocationForm(currency: string) {
  const message = 'Enter an amount of zero or more, such as 250,000';
  return z.object({
    amount: z.string({ error: message }).transform((text, context) => {
      const minor = parseAmount(text, currency);
      if (minor !== null && minor >= 0) return minor;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }),
    version: z.coerce.number().int().min(0),
    year: z.iso.date(),
  });
}

/** Financial years of the books, the running one first. */
function yearsOf(books: Books, today: string): FinancialYear[] {
  const years = [financialYearOf(books, today)];
  while (years.at(-1)!.startsOn > books.startsOn) years.push(financialYearOf(books, addDays(years.at(-1)!.startsOn, -1)));
  return years;
}

function wordsOf(heads: readonly HeadName[], t: Request['t']): HeadWords {
  return new Map<string | null, { code: string; name: string }>([
    ...heads.map(({ id, code, name }) => [id, { code, name }] as const),
    [null, { code: '', name: t('Without a vote head') }],
  ]);
}

/** Null for what names no head. @throws NotFound */
async function headOf(pages: FinancePages, req: Request): Promise<string | null> {
  const { head } = req.params;
  if (head === NONE) return null;
  if (!isId(head)) throw new NotFound();
  return (await pages.voteBooks.head(head)).id;
}
