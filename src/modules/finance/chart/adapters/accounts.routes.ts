import { z } from 'zod';
import { day, idOf } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { ACCOUNT_KINDS, isBank } from '../account.rules.js';
import { accountColumns, ledgerColumns } from '../../statements/adapters/statements.sheet.js';
import { booksOf, spanOf, type FinancePages } from '../../adapters/pages.js';

const code = z
  .string({ error: 'Enter a code, such as 5120' })
  .trim()
  .toUpperCase()
  .regex(/^[0-9A-Z.-]{1,20}$/, 'A code has up to 20 letters and digits, such as 5120');
const name = z.string({ error: 'Enter the name of the account' }).trim().max(80, 'At most 80 characters');

const fact = (most: number) => z.string().trim().max(most, `At most ${most} characters`).default('');
const bank = {
  atBank: z
    .literal('on')
    .optional()
    .transform((value) => value !== undefined),
  bankName: fact(60),
  bankBranch: fact(60),
  bankNumber: z
    .string()
    .trim()
    .regex(/^[0-9A-Za-z /-]{0,34}$/, 'An account number has up to 34 letters and digits')
    .default(''),
};

const NewAccount = z.object({
  code,
  name,
  kind: z.enum(ACCOUNT_KINDS, { error: 'Choose a kind' }),
  fundId: z.uuid().optional(),
  ...bank,
});
const ChangedAccount = z.object({ code, name, version: z.coerce.number().int(), ...bank });
const Filter = z.object({ from: day.optional(), to: day.optional() });

export function accountRoutes(r: Routes, pages: FinancePages): void {
  r.list({
    path: '/finance/accounts',
    can: 'finance.read',
    view: 'finance/accounts/index',
    filter: z.object({ kind: z.enum(ACCOUNT_KINDS).optional(), state: z.enum(['active', 'closed']).default('active') }),
    load: async (filter, _query, req) => {
      const books = await booksOf(pages);
      const { accounts, funds } = await pages.accounts.chart(req.actor);
      const trial = await pages.statements.trialBalance(req.actor, { from: books.startsOn, to: req.school!.today });
      const balances = new Map(trial.rows.map((row) => [row.accountId, row.closingMinor]));
      const shown = accounts.filter(
        (one) => one.active === (filter.state === 'active') && (!filter.kind || one.kind === filter.kind),
      );
      const rows = shown.map((one) => ({
        ...one,
        fund: funds.find((fund) => fund.id === one.fundId)?.name ?? null,
        balanceMinor: balances.get(one.id) ?? 0,
      }));
      return { rows, next: null };
    },
    model: async () => ({ kinds: ACCOUNT_KINDS, isBank }),
    sheet: { name: 'accounts', columns: accountColumns },
  });

  r.form({
    path: '/finance/accounts/new',
    action: '/finance/accounts',
    can: 'finance.setup',
    view: 'finance/accounts/new',
    schema: NewAccount,
    load: async (req) => {
      await booksOf(pages);
      const { funds } = await pages.accounts.chart(req.actor);
      return { values: { kind: 'expense' }, kinds: ACCOUNT_KINDS, funds };
    },
    save: async (form, req) => {
      const id = await pages.accounts.add(req.actor, { ...form, fundId: form.fundId ?? null });
      return { to: `/finance/accounts/${id}`, flash: req.t('{{name}} has been added.', { name: form.name }) };
    },
  });

  r.list({
    path: '/finance/accounts/:id',
    can: 'finance.read',
    view: 'finance/accounts/show',
    filter: Filter,
    load: async (filter, query, req) => {
      const span = spanOf(await booksOf(pages), filter, req.school!.today);
      return pages.journals.ledgerOf(req.actor, idOf(req), span, query.cursor, query.limit);
    },
    model: async (filter, _page, req) => {
      const { accounts } = await pages.accounts.chart(req.actor);
      return {
        account: await pages.accounts.find(req.actor, idOf(req)),
        isBank,
        span: spanOf(await booksOf(pages), filter, req.school!.today),
        names: new Map(accounts.map((one) => [one.code, one.name])),
      };
    },
    sheet: {
      name: 'ledger',
      columns: ledgerColumns,
      rows: async function* (filter, req) {
        yield* pages.journals.wholeLedgerOf(req.actor, idOf(req), spanOf(await booksOf(pages), filter, req.school!.today));
      },
    },
  });

  r.form({
    path: '/finance/accounts/:id/edit',
    can: 'finance.setup',
    view: 'finance/accounts/edit',
    schema: ChangedAccount,
    load: async (req) => {
      const account = await pages.accounts.find(req.actor, idOf(req));
      return { account, isBank, values: { ...account, atBank: account.atBank ? 'on' : null } };
    },
    save: async (form, req) => {
      await pages.accounts.change(req.actor, idOf(req), form);
      return {
        to: `/finance/accounts/${idOf(req)}`,
        flash: req.t('The changes to {{name}} have been saved.', { name: form.name }),
      };
    },
  });

  r.form({
    path: '/finance/accounts/:id/closing',
    can: 'finance.setup',
    view: 'finance/accounts/close',
    schema: z.object({}),
    load: async (req) => ({ account: await pages.accounts.find(req.actor, idOf(req)) }),
    save: async (_form, req) => {
      await pages.accounts.close(req.actor, idOf(req), req.school!.today);
      return { to: `/finance/accounts/${idOf(req)}`, flash: req.t('The account has been switched off.') };
    },
  });

  r.post('/finance/accounts/:id/opening', 'finance.setup', async (req, res) => {
    await pages.accounts.reopen(req.actor, idOf(req));
    res.done(`/finance/accounts/${idOf(req)}`, req.t('The account is in use again.'));
  });

  r.form({
    path: '/finance/cost-centres/new',
    action: '/finance/cost-centres',
    can: 'finance.setup',
    view: 'finance/accounts/cost-centre',
    schema: z.object({ code, name }),
    load: async (req) => ({ costCentres: (await pages.accounts.chart(req.actor)).costCentres }),
    save: async (form, req) => {
      await pages.accounts.addCostCentre(req.actor, form);
      return { to: '/finance/cost-centres/new', flash: req.t('{{name}} has been added.', { name: form.name }) };
    },
  });
}
