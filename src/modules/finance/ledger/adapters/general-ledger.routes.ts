import type { Request } from 'express';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { generalLedgerDrawing, type PrintedLedger } from './general-ledger.pdf.js';
import { generalColumns } from '../../statements/adapters/statements.sheet.js';
import { booksOf, printContext, SpanFilter, spanOf, type FinancePages } from '../../adapters/pages.js';

/** The ledger of all accounts for a span of days: on the screen by pages, whole in print and as a sheet. */
export function generalLedgerRoutes(r: Routes, pages: FinancePages): void {
  const asked = async (filter: SpanFilter, req: Request) => {
    const books = await booksOf(pages);
    return { ...spanOf(books, filter, req.school!.today), currency: books.currency };
  };
  const fundsOf = async (req: Request) => (await pages.accounts.chart(req.actor)).funds;

  r.list({
    path: '/finance/general-ledger',
    can: 'finance.read',
    view: 'finance/statements/general-ledger',
    filter: SpanFilter,
    perPage: 100,
    load: async (filter, query, req) =>
      pages.statements.generalLedger(req.actor, await asked(filter, req), query.cursor, query.limit),
    model: async (filter, _page, req) => ({ span: await asked(filter, req), funds: await fundsOf(req) }),
    sheet: {
      name: 'general-ledger',
      columns: generalColumns,
      rows: async function* (filter, req) {
        yield* pages.statements.wholeGeneralLedger(req.actor, await asked(filter, req));
      },
    },
  });

  r.pdf<PrintedLedger>({
    path: '/finance/general-ledger/print.pdf',
    can: 'finance.read',
    filename: (_req, { to }) => `general-ledger-${to}.pdf`,
    load: async (req) => {
      const span = await asked(SpanFilter.catch({}).parse(req.query), req);
      const fund = (await fundsOf(req)).find((one) => one.id === span.fundId)?.name ?? null;
      return {
        lines: await pages.statements.wholeLedger(req.actor, span),
        from: span.from,
        to: span.to,
        fund,
        currency: span.currency,
        context: await printContext(pages, req),
      };
    },
    draw: generalLedgerDrawing,
  });
}
