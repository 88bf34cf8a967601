import type { Request } from 'express';
import { z } from 'zod';
import { NotFound } from '../../../kernel/errors.js';
import { printedFor } from '../../../platform/http/routes/pdf-route.js';
import { day } from '../../../platform/http/pages/fields.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import type { PrintContext } from '../../../platform/pdf/kit.js';
import type { SchoolApi } from '../../school/index.js';
import type { Accounts } from '../chart/accounts.js';
import type { CashBooks } from '../cash-book/cash-books.js';
import type { BooksKeeping } from '../books/books.js';
import type { Checker } from '../books/checker.js';
import type { Grants } from '../grants/grants.js';
import type { Journals } from '../ledger/journals.js';
import type { Vouchers } from '../ledger/vouchers.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Reopening } from '../books/reopening.js';
import type { Statements } from '../statements/statements.js';
import type { VoteBooks } from '../vote-book/vote-books.js';
import { financialYearOf, type Books } from '../books/books.rules.js';

/** What the pages of this module work with. */
export interface FinancePages {
  ledger: Ledger;
  books: BooksKeeping;
  reopening: Reopening;
  accounts: Accounts;
  journals: Journals;
  vouchers: Vouchers;
  statements: Statements;
  cashBooks: CashBooks;
  voteBooks: VoteBooks;
  grants: Grants;
  checker: Checker;
  school: SchoolApi;
}

export const SpanFilter = z.object({ from: day.optional(), to: day.optional(), fund: z.uuid().optional() });
export type SpanFilter = z.infer<typeof SpanFilter>;

/** The asked days, or the financial year until today. */
export function spanOf(books: Books, filter: SpanFilter, today: string): { from: string; to: string; fundId: string | null } {
  const to = filter.to ?? today;
  const year = financialYearOf(books, to).startsOn;
  const from = filter.from ?? (year < books.startsOn ? books.startsOn : year);
  return { from: from > to ? to : from, to, fundId: filter.fund ?? null };
}

/** The same routes, but as long as the books aren't open their pages lead to the one that opens them. */
export function booksFirst(routes: Routes, pages: FinancePages): Routes {
  return routes.wrapped((handler, method) =>
    method === 'get'
      ? async (req, res, next) => ((await pages.ledger.openBooks()) ? handler(req, res, next) : res.redirect(303, '/finance'))
      : handler,
  );
}

/** @throws NotFound before the books are opened */
export async function booksOf(pages: FinancePages): Promise<Books> {
  const books = await pages.ledger.openBooks();
  if (!books) throw new NotFound('The school’s books are not open yet.');
  return books;
}

export async function printContext(pages: FinancePages, req: Request): Promise<PrintContext> {
  return printedFor(req, await pages.school.letterhead());
}
