import { randomUUID } from 'node:crypto';
import type { Request } from 'express';
import { z } from 'zod';
import type { FlashInput } from '../../../../platform/http/pages/flash.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { KEPT_BY_LISTS } from '../voucher.rules.js';
import { sourceWord } from './source-words.js';
import { journalColumns } from '../../statements/adapters/statements.sheet.js';
import { day, optionalAmount, idOf } from '../../../../platform/http/pages/fields.js';
import { booksOf, type FinancePages } from '../../adapters/pages.js';

const Filter = z.object({
  from: day.optional(),
  to: day.optional(),
  source: z
    .string()
    .regex(/^[a-z-]{1,30}$/)
    .optional(),
  q: z.string().trim().max(60).optional(),
});

function voucherForm(currency: string, headIds: ReadonlySet<string>) {
  const amount = optionalAmount(currency);
  const line = z.object({
    accountId: z.uuid('Choose an account'),
    debit: amount,
    credit: amount,
    memo: z.string().trim().max(200, 'At most 200 characters').default(''),
    costCentreId: z.uuid().optional(),
    voteHeadId: z
      .uuid()
      .refine((id) => headIds.has(id), 'Choose a vote head')
      .optional(),
  });
  return z.object({
    key: z.uuid(),
    valueOn: day,
    memo: z.string({ error: 'Enter what this is for' }).trim().max(200, 'At most 200 characters'),
    lines: z.array(line, { error: 'Enter at least two lines' }).min(2, 'Enter at least two lines').max(100),
  });
}

export function journalRoutes(r: Routes, pages: FinancePages): void {
  r.list({
    path: '/finance/journal',
    can: 'finance.read',
    view: 'finance/journal/index',
    filter: Filter,
    load: async (filter, query, req) => {
      await booksOf(pages);
      return pages.journals.journal(
        req.actor,
        { from: filter.from ?? null, to: filter.to ?? null, source: filter.source ?? null, text: filter.q ?? null },
        query.cursor,
        query.limit,
      );
    },
    sheet: { name: 'journal', columns: journalColumns },
  });

  r.form({
    path: '/finance/journal/new',
    action: '/finance/journal',
    can: 'finance.post',
    view: 'finance/journal/new',
    schema: async () =>
      voucherForm((await booksOf(pages)).currency, new Set((await pages.voteBooks.heads()).map((one) => one.id))),
    load: async (req) => ({ ...(await choices(pages, req)), values: { valueOn: req.school!.today, key: randomUUID() } }),
    save: async ({ key, valueOn, memo, lines }, req) => {
      const rows = lines.map((line) => ({
        accountId: line.accountId,
        debitMinor: line.debit,
        creditMinor: line.credit,
        memo: line.memo,
        costCentreId: line.costCentreId ?? null,
        voteHeadId: line.voteHeadId ?? null,
      }));
      const outcome = await pages.vouchers.post(req.actor, { key, valueOn, memo, rows });
      if (outcome.state === 'asked') return { to: '/finance/journal', flash: asked(req, outcome.requestId) };
      return {
        to: `/finance/journal/${outcome.entryId}`,
        flash: {
          text: req.t('The voucher has been booked.'),
          links: [{ label: req.t('Add another'), href: '/finance/journal/new' }],
        },
      };
    },
  });

  r.get('/finance/journal/:id', 'finance.read', async (req, res) => res.page('finance/journal/show', await shown(pages, req)));

  r.form({
    path: '/finance/journal/:id/reversal',
    can: 'finance.post',
    view: 'finance/journal/reverse',
    schema: z.object({ reason: z.string({ error: 'Enter a reason for reversing' }).trim().max(200, 'At most 200 characters') }),
    load: async (req) => shown(pages, req),
    save: async ({ reason }, req) => {
      const outcome = await pages.vouchers.reverse(req.actor, idOf(req), reason);
      if (outcome.state === 'asked') return { to: `/finance/journal/${idOf(req)}`, flash: asked(req, outcome.requestId) };
      return {
        to: `/finance/journal/${outcome.entryId}`,
        flash: req.t('The entry was reversed. Both entries stay in the books.'),
      };
    },
  });
}

function asked(req: Request, requestId: string): FlashInput {
  return {
    kind: 'info',
    text: req.t('Sent for approval. Nothing is booked until a second person approves it.'),
    links: [{ label: req.t('Request'), href: `/approvals/${requestId}` }],
  };
}

async function choices(pages: FinancePages, req: Request) {
  await booksOf(pages);
  const { accounts, costCentres } = await pages.accounts.chart(req.actor);
  return {
    accounts: accounts.filter((one) => one.active && !(one.role && one.role in KEPT_BY_LISTS)),
    costCentres: costCentres.filter((one) => one.active),
    heads: (await pages.voteBooks.heads()).filter((one) => one.active),
  };
}

async function shown(pages: FinancePages, req: Request) {
  const { accounts, costCentres } = await pages.accounts.chart(req.actor);
  const entry = await pages.journals.find(req.actor, idOf(req));
  return {
    entry,
    source: req.t(sourceWord(entry.sourceKind)),
    accounts: new Map(accounts.map((one) => [one.id, one])),
    costCentres: new Map(costCentres.map((one) => [one.id, one])),
    heads: new Map((await pages.voteBooks.heads()).map((one) => [one.id, one])),
  };
}
