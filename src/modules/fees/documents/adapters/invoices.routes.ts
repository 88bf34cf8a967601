import type { Request } from 'express';
import { z } from 'zod';
import { RuleBroken } from '../../../../kernel/errors.js';
import { ABOVE_ZERO, formatAmount } from '../../../../kernel/money.js';
import { idOf } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { parseAmount } from '../../../../platform/sheets/reading/numbers.js';
import type { InvoiceOnPage } from '../invoices.js';
import { SEES_ACCOUNTS, WRITES } from '../document.rules.js';
import { documentColumns } from '../../billing/adapters/billing.sheet.js';
import { invoiceDrawing } from './invoice.pdf.js';
import { placeOf, printedInvoice } from './invoice.page.js';
import { termNames, type FeePages } from '../../adapters/pages.js';

const Filter = z.object({
  q: z.string().trim().max(100).optional(),
  term: z.uuid().optional(),
  class: z.uuid().optional(),
  kind: z.enum(['invoice', 'opening', 'debit-note', 'credit-note']).optional(),
  state: z.enum(['open', 'paid', 'reversed']).optional(),
});

export function invoiceRoutes(r: Routes, pages: FeePages): void {
  r.list({
    path: '/fees/invoices',
    can: SEES_ACCOUNTS,
    view: 'fees/invoices/index',
    filter: Filter,
    load: (filter, query, req) =>
      pages.invoices.list(
        req.actor,
        {
          text: filter.q ?? null,
          termId: filter.term ?? null,
          classId: filter.class ?? null,
          kind: filter.kind ?? null,
          state: filter.state ?? null,
        },
        query.cursor,
        query.limit,
      ),
    model: async () => ({ ...(await words(pages)) }),
    sheet: {
      name: 'invoices',
      columns: async () => {
        const { terms, classes } = await words(pages);
        return documentColumns({ terms: terms, classes: new Map(classes.map((one) => [one.id, one.name])) });
      },
    },
  });

  r.get('/fees/invoices/:id', SEES_ACCOUNTS, async (req, res) => res.page('fees/invoices/show', await shown(pages, req)));

  r.pdf({
    path: '/fees/invoices/:id/print.pdf',
    can: SEES_ACCOUNTS,
    filename: (_req, { number }) => `${number}.pdf`,
    load: async (req) => printedInvoice(pages, req, await pages.invoices.find(req.actor, idOf(req))),
    draw: invoiceDrawing,
  });

  r.pdf({
    path: '/fees/invoices/:id/family-copy.pdf',
    can: SEES_ACCOUNTS,
    filename: (_req, { number }) => `${number}-copy.pdf`,
    load: async (req) => printedInvoice(pages, req, await pages.invoices.familyCopy(idOf(req)), true),
    draw: invoiceDrawing,
  });

  r.form({
    path: '/fees/invoices/:id/notes/new',
    action: '/fees/invoices/:id/notes',
    can: WRITES,
    view: 'fees/invoices/note',
    schema: async () => noteForm((await pages.school.profile()).currency),
    load: async (req) => {
      const found = await shown(pages, req);
      return { ...found, values: { kind: 'credit-note', ...(req.query.double ? wholeOf(found, req) : {}) } };
    },
    save: async ({ kind, reason, amounts }, req) => {
      if (amounts.length === 0) throw new RuleBroken('nothing', 'Enter an amount for at least one vote head.');
      const id = await pages.charges.note(req.actor, idOf(req), kind, reason, amounts);
      return {
        to: `/fees/invoices/${idOf(req)}`,
        flash: {
          text: kind === 'credit-note' ? req.t('The credit note has been issued.') : req.t('The debit note has been issued.'),
          links: [{ label: req.t('Print'), href: `/fees/invoices/${id}/print.pdf` }],
        },
      };
    },
  });

  r.form({
    path: '/fees/invoices/:id/reversal',
    can: WRITES,
    view: 'fees/invoices/reverse',
    schema: z.object({
      reason: z.string({ error: 'Enter a reason' }).trim().min(3, 'Enter a reason').max(200, 'At most 200 characters'),
    }),
    load: (req) => shown(pages, req),
    save: async ({ reason }, req) => {
      await pages.charges.reverse(req.actor, idOf(req), reason);
      return { to: `/fees/invoices/${idOf(req)}`, flash: req.t('Reversed. What was paid on it is now credit.') };
    },
  });
}

/** All that the invoice comes to, taken off since its term is billed twice. */
function wholeOf({ heads }: Pick<InvoiceOnPage, 'heads'>, req: Request) {
  const { currency } = req.school!;
  return {
    reason: req.t('Billed twice after a merge'),
    amounts: Object.fromEntries(
      heads.filter((head) => head.netMinor > 0).map((head) => [head.headId, formatAmount(head.netMinor, currency, 'en')]),
    ),
  };
}

/** `amounts.<head>`: each box that holds an amount above zero. */
function noteForm(currency: string) {
  return z.object({
    kind: z.enum(['credit-note', 'debit-note'], { error: 'Choose what it does' }),
    reason: z.string({ error: 'Enter a reason' }).trim().min(3, 'Enter a reason').max(200, 'At most 200 characters'),
    amounts: z
      .record(z.uuid(), z.string())
      .default({})
      .transform((boxes, context) =>
        Object.entries(boxes).flatMap(([headId, text]) => {
          const amountMinor = parseAmount(text, currency);
          if (amountMinor === 0) return [];
          if (amountMinor !== null && amountMinor > 0) return [{ headId, amountMinor }];
          context.addIssue({ code: 'custom', message: ABOVE_ZERO, path: [headId] });
          return [];
        }),
      ),
  });
}

async function words(pages: FeePages) {
  const { classes } = await pages.subjects.classList();
  return { terms: await termNames(pages), classes };
}

async function shown(pages: FeePages, req: Request) {
  const found = await pages.invoices.find(req.actor, idOf(req));
  return { ...found, ...(await placeOf(pages, found.document)) };
}
