import type { Request } from 'express';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { sendSheet } from '../../../../platform/http/routes/sheet-route.js';
import type { Column } from '../../../../platform/sheets/columns.js';
import type { Span } from '../statements.js';
import { statementDrawing, type PrintedStatement, type StatementKind } from './statements.pdf.js';
import { sectionColumns, sectionSheetRows, sectionsOf, trialColumns, trialSheetRows } from './statements.sheet.js';
import { booksOf, printContext, SpanFilter, spanOf, type FinancePages } from '../../adapters/pages.js';

interface Statement<Figures extends PrintedStatement['figures'], SheetRow> {
  kind: StatementKind;
  load(req: Request, span: Span): Promise<Figures>;
  columns: Column<SheetRow>[];
  sheetRows(figures: Figures, t: Request['t']): SheetRow[];
}

/** Each statement on the screen, in print and as a sheet, from the same figures. */
export function statementRoutes(r: Routes, pages: FinancePages): void {
  const { statements } = pages;
  declare(r, pages, {
    kind: 'trial-balance',
    load: (req, span) => statements.trialBalance(req.actor, span),
    columns: trialColumns,
    sheetRows: (figures, t) => trialSheetRows(figures, t('Total')),
  });
  declare(r, pages, {
    kind: 'income-statement',
    load: (req, span) => statements.incomeStatement(req.actor, span),
    columns: sectionColumns,
    sheetRows: (figures, t) =>
      sectionSheetRows(sectionsOf(figures), t, {
        name: t(figures.surplusMinor < 0 ? 'Deficit' : 'Surplus'),
        amountMinor: Math.abs(figures.surplusMinor),
      }),
  });
  declare(r, pages, {
    kind: 'balance-sheet',
    load: (req, { to }) =>
      statements.balanceSheet(req.actor, to, {
        credits: req.t('Paid ahead by families'),
        surplus: req.t('Surplus not yet carried forward'),
      }),
    columns: sectionColumns,
    sheetRows: (figures, t) => sectionSheetRows(sectionsOf(figures), t),
  });
}

function declare<Figures extends PrintedStatement['figures'], SheetRow>(
  r: Routes,
  pages: FinancePages,
  statement: Statement<Figures, SheetRow>,
): void {
  const { kind, columns } = statement;
  const path = `/finance/${kind}`;
  const load = async (req: Request) => {
    const books = await booksOf(pages);
    const span = spanOf(books, SpanFilter.catch({}).parse(req.query), req.school!.today);
    const { funds } = await pages.accounts.chart(req.actor);
    const fund = funds.find((one) => one.id === span.fundId)?.name ?? null;
    return {
      kind,
      figures: await statement.load(req, span),
      from: span.from,
      to: span.to,
      fund,
      funds,
      fundId: span.fundId,
      currency: books.currency,
    };
  };

  r.get(path, 'finance.read', async (req, res) => {
    const loaded = await load(req);
    const { format } = req.query;
    if (format !== 'csv' && format !== 'xlsx') return res.page(`finance/statements/${kind}`, { ...loaded, address: path });
    const rows = statement.sheetRows(loaded.figures, req.t);
    return sendSheet(req, res, {
      name: kind,
      columns,
      format,
      rows: (async function* () {
        yield rows;
      })(),
    });
  });

  r.pdf<PrintedStatement>({
    path: `${path}/print.pdf`,
    can: 'finance.read',
    filename: (_req, { to }) => `${kind}-${to}.pdf`,
    load: async (req) => {
      const { figures, from, to, fund, currency } = await load(req);
      return { kind, figures, from, to, fund, currency, context: await printContext(pages, req) };
    },
    draw: statementDrawing,
  });
}
