import { randomUUID } from 'node:crypto';
import type { Request } from 'express';
import { z } from 'zod';
import { ABOVE_ZERO } from '../../../../kernel/money.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { grantNumber, type GrantChoices } from '../grants.js';
import { acknowledgementDrawing, type PrintedGrant } from './grant.pdf.js';
import { grantColumns } from './grants.sheet.js';
import { day, optionalAmount, idOf } from '../../../../platform/http/pages/fields.js';
import { booksOf, printContext, type FinancePages } from '../../adapters/pages.js';

const Filter = z.object({ fund: z.uuid().optional(), state: z.enum(['received', 'reversed']).optional() });

function grantForm(currency: string) {
  const amount = optionalAmount(currency);
  return z.object({
    key: z.uuid(),
    fundId: z.uuid('Choose a fund'),
    accountId: z.uuid('Choose a bank account'),
    receivedOn: day,
    giver: z.string({ error: 'Enter who gave the grant' }).trim().max(80, 'At most 80 characters'),
    reference: z.string({ error: 'Enter the advice number' }).trim().max(40, 'At most 40 characters'),
    learners: z.coerce
      .number('Enter a whole number above zero')
      .int('Enter a whole number above zero')
      .min(1, 'Enter a whole number above zero')
      .max(100_000, 'Enter a whole number above zero')
      .optional(),
    total: amount.refine((minor) => minor !== null, ABOVE_ZERO),
    note: z.string().trim().max(200, 'At most 200 characters').default(''),
    heads: z.record(z.uuid(), z.object({ perLearner: amount, amount })).default({}),
  });
}

/** Grants of the state: written down with their heads, listed, acknowledged on paper, taken back. */
export function grantRoutes(r: Routes, pages: FinancePages): void {
  r.list({
    path: '/finance/grants',
    can: 'finance.read',
    view: 'finance/grants/index',
    filter: Filter,
    load: async (filter, query, req) => {
      await booksOf(pages);
      const page = await pages.grants.list(
        req.actor,
        { fundId: filter.fund ?? null, state: filter.state ?? null },
        query.cursor,
        query.limit,
      );
      const { accounts, funds } = await pages.accounts.chart(req.actor);
      const nameOf = (all: readonly { id: string; name: string }[], id: string): string =>
        all.find((one) => one.id === id)?.name ?? '';
      return {
        ...page,
        rows: page.rows.map((row) => ({
          ...row,
          label: grantNumber(row.number),
          fund: nameOf(funds, row.fundId),
          account: nameOf(accounts, row.accountId),
        })),
      };
    },
    model: async (_filter, _page, req) => ({ funds: (await pages.accounts.chart(req.actor)).funds }),
    sheet: { name: 'grants', columns: grantColumns },
  });

  r.form({
    path: '/finance/grants/new',
    action: '/finance/grants',
    can: 'finance.post',
    view: 'finance/grants/new',
    schema: async () => grantForm((await booksOf(pages)).currency),
    load: async (req) => {
      await booksOf(pages);
      const choices = await pages.grants.choices();
      return { ...choices, values: { key: randomUUID(), receivedOn: req.school!.today, ...placeOf(choices) } };
    },
    save: async ({ total, heads, learners, ...form }, req) => {
      const rows = Object.entries(heads).map(([headId, one]) => ({
        headId,
        perLearnerMinor: one.perLearner,
        amountMinor: one.amount,
      }));
      const id = await pages.grants.receive(req.actor, { ...form, learners: learners ?? null, totalMinor: total!, rows });
      return { to: `/finance/grants/${id}`, flash: req.t('The grant has been booked.') };
    },
  });

  r.get('/finance/grants/:id', 'finance.read', async (req, res) => res.page('finance/grants/show', await shown(pages, req)));

  r.form({
    path: '/finance/grants/:id/reversal',
    can: 'finance.post',
    view: 'finance/grants/reverse',
    schema: z.object({ reason: z.string({ error: 'Enter a reason for reversing' }).trim().max(200, 'At most 200 characters') }),
    load: (req) => shown(pages, req),
    save: async ({ reason }, req) => {
      await pages.grants.takeBack(req.actor, idOf(req), reason);
      return { to: `/finance/grants/${idOf(req)}`, flash: req.t('The grant was reversed. Both entries stay in the books.') };
    },
  });

  r.pdf<PrintedGrant>({
    path: '/finance/grants/:id/acknowledgement.pdf',
    can: 'finance.read',
    filename: (_req, { number }) => `acknowledgement-${number}.pdf`,
    load: async (req) => {
      const { grant, label, fund, account, heads } = await shown(pages, req);
      const { currency } = await booksOf(pages);
      const parts = grant.parts.map((part) => ({ ...part, head: heads.get(part.headId) ?? '' }));
      return {
        ...grant,
        context: await printContext(pages, req),
        currency,
        number: label,
        fund,
        account,
        takenBack: grant.state === 'reversed',
        parts,
      };
    },
    draw: acknowledgementDrawing,
  });
}

/** Where there is one fund its grants go to the bank that is taken where nobody chooses; with several, whoever writes says which. */
function placeOf({ funds, banks }: GrantChoices): { fundId: string; accountId: string } {
  return funds.length === 1 ? { fundId: funds[0]!.id, accountId: banks[0]?.id ?? '' } : { fundId: '', accountId: '' };
}

async function shown(pages: FinancePages, req: Request) {
  const grant = await pages.grants.find(req.actor, idOf(req));
  const { accounts, funds } = await pages.accounts.chart(req.actor);
  const heads = new Map((await pages.grants.allHeads()).map((one) => [one.id, `${one.code} ${one.name}`]));
  return {
    grant,
    label: grantNumber(grant.number),
    fund: funds.find((one) => one.id === grant.fundId)?.name ?? '',
    account: accounts.find((one) => one.id === grant.accountId)?.name ?? '',
    heads,
  };
}
