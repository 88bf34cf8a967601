import { z } from 'zod';
import { day } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { booksOf, SpanFilter, spanOf, type FinancePages } from '../../adapters/pages.js';

const minor = z.number().int().meta({ description: 'Minor units of the currency' });
const TrialBalanceOut = z
  .object({
    from: day,
    to: day,
    currency: z.string(),
    rows: z.array(
      z.object({
        code: z.string(),
        name: z.string(),
        kind: z.string(),
        opening_minor: minor,
        debit_minor: minor,
        credit_minor: minor,
        closing_minor: minor,
      }),
    ),
    totals: z.object({ debit_minor: minor, credit_minor: minor, closing_debit_minor: minor, closing_credit_minor: minor }),
  })
  .meta({ id: 'TrialBalance' });

const CheckOut = z
  .object({
    ran_at: z.iso.datetime().nullable(),
    differences: z.array(z.object({ check: z.string(), subject: z.string(), sentence: z.string() })),
  })
  .meta({ id: 'LedgerCheck' });

export function ledgerApi(r: Routes, pages: FinancePages): void {
  r.api.get({
    path: '/ledger/trial-balance',
    can: 'finance.read',
    summary:
      'Every account with movement: opening, debits, credits and closing for a period; by default the financial year to date, unless `from` and `to` are given',
    query: SpanFilter,
    output: TrialBalanceOut,
    load: async (req, asked) => {
      const books = await booksOf(pages);
      const { from, to, fundId } = spanOf(books, asked, req.school!.today);
      const { rows, totals } = await pages.statements.trialBalance(req.actor, { from, to, fundId });
      return {
        from,
        to,
        currency: books.currency,
        rows: rows.map((row) => ({
          code: row.code,
          name: row.name,
          kind: row.kind,
          opening_minor: row.openingMinor,
          debit_minor: row.debitMinor,
          credit_minor: row.creditMinor,
          closing_minor: row.closingMinor,
        })),
        totals: {
          debit_minor: totals.debit,
          credit_minor: totals.credit,
          closing_debit_minor: totals.closingDebit,
          closing_credit_minor: totals.closingCredit,
        },
      };
    },
  });

  r.api.get({
    path: '/ledger/check',
    can: 'finance.read',
    summary: 'Result of the last ledger check; `?now=1` runs it now',
    query: z.object({ now: z.literal('1').optional() }),
    output: CheckOut,
    load: async (req, { now }) => {
      const result = now === '1' ? await pages.checker.run() : await pages.checker.last();
      return { ran_at: result?.ranAt.toISOString() ?? null, differences: result?.differences ?? [] };
    },
  });
}
