import { z } from 'zod';
import { formatAmount } from '../../../../kernel/money.js';
import { day } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { parseAmount } from '../../../../platform/sheets/reading/numbers.js';
import { holdsMoney } from '../../chart/account.rules.js';
import { RELEASES, VARIANTS } from '../books.rules.js';
import { keepsFundsApart } from '../../chart/chart.rules.js';
import { booksOf, type FinancePages } from '../../adapters/pages.js';

const OpeningForm = z.object({
  variant: z.enum(VARIANTS, { error: 'Choose what kind of school this is' }),
  yearStartsMonth: z.coerce.number({ error: 'Choose a month' }).int().min(1).max(12),
  startsOn: day,
  release: z.enum(RELEASES, { error: 'Choose one' }),
});

function settingsForm(currency: string) {
  const limit = z.string({ error: 'Enter an amount, or 0 if every voucher needs a second person' }).transform((text, context) => {
    const minor = parseAmount(text, currency);
    if (minor !== null && minor >= 0) return minor;
    context.addIssue({ code: 'custom', message: 'Enter an amount, or 0 if every voucher needs a second person' });
    return z.NEVER;
  });
  return z.object({ release: z.enum(RELEASES, { error: 'Choose one' }), voucherLimit: limit, version: z.coerce.number().int() });
}
const ClosingForm = z.object({ reason: z.string().trim().max(300, 'At most 300 characters').default('') });

/** The overview, and the one form that comes before everything else. */
export function openingRoutes(r: Routes, pages: FinancePages): void {
  r.get('/finance', 'finance.read', async (req, res) => {
    const books = await pages.ledger.openBooks();
    if (!books) return res.page('finance/index', { books: null });
    const { accounts } = await pages.accounts.chart(req.actor);
    const today = req.school!.today;
    const trial = await pages.statements.trialBalance(req.actor, { from: books.startsOn, to: today });
    const closing = new Map(trial.rows.map((row) => [row.accountId, row.closingMinor]));
    const { months } = await pages.books.months(req.actor);
    return res.page('finance/index', {
      books,
      money: accounts
        .filter((one) => holdsMoney(one) && closing.has(one.id))
        .map((one) => ({ ...one, balanceMinor: closing.get(one.id)! })),
      owed: closing.get(accounts.find((one) => one.role === 'receivable')!.id) ?? 0,
      suspense: -(closing.get(accounts.find((one) => one.role === 'suspense')!.id) ?? 0),
      overdue: months.filter((month) => month.state === 'open' && month.endsOn < today),
      check: await pages.checker.last(),
      journal: (await pages.journals.journal(req.actor, { from: null, to: null, source: null, text: null }, null, 8)).rows,
    });
  });

  r.form({
    path: '/finance/books/new',
    action: '/finance/books',
    can: 'finance.setup',
    view: 'finance/books/new',
    schema: OpeningForm,
    load: async (req) => {
      const [pack, year] = [await pages.school.pack(), await pages.school.currentYear().catch(() => null)];
      // Where the school year begins in the middle of a calendar year, schools keep their books by it.
      const first =
        pack.calendar.spansTwoYears && year?.terms[0]
          ? year.terms[0].startsOn.slice(0, 7)
          : `${req.school!.today.slice(0, 4)}-01`;
      return {
        values: { variant: 'private', yearStartsMonth: Number(first.slice(5)), startsOn: `${first}-01`, release: 'term' },
        apart: keepsFundsApart(pack.country),
      };
    },
    save: async (form, req) => {
      await pages.books.open(req.actor, form);
      return {
        to: '/finance/accounts',
        flash: req.t('The books are open. Check the accounts and rename them as your school does.'),
      };
    },
  });
}

/** How the books are kept, their months, and whether they agree. */
export function booksRoutes(r: Routes, pages: FinancePages): void {
  r.get('/finance/books', 'finance.read', async (req, res) => {
    const { books, months, closings } = await pages.books.months(req.actor);
    const next = months.find((month) => month.state === 'open');
    const last = months.filter((month) => month.state === 'closed').at(-1)?.id ?? null;
    const waiting = last && (await pages.reopening.waiting(last));
    await res.page('finance/books/show', {
      books,
      months: [...months].reverse(),
      closings,
      next: next && next.endsOn < req.school!.today ? next.id : null,
      last,
      waiting,
    });
  });

  r.form({
    path: '/finance/books/edit',
    action: '/finance/books/settings',
    can: 'finance.setup',
    view: 'finance/books/edit',
    schema: (req) => settingsForm(req.school!.currency),
    load: async () => {
      const books = await booksOf(pages);
      return { values: { ...books, voucherLimit: formatAmount(books.voucherLimitMinor, books.currency) } };
    },
    save: async ({ release, voucherLimit, version }, req) => {
      await pages.books.settle(req.actor, { release, voucherLimitMinor: voucherLimit, version });
      return { to: '/finance/books', flash: req.t('The settings have been saved.') };
    },
  });

  r.form({
    path: '/finance/months/:month/closing',
    can: 'finance.close',
    view: 'finance/books/close',
    schema: ClosingForm,
    load: async (req) => ({ checklist: await pages.books.checklist(req.actor, String(req.params.month)) }),
    save: async ({ reason }, req) => {
      await pages.books.close(req.actor, String(req.params.month), reason);
      return { to: '/finance/books', flash: req.t('The month is closed. Nothing more can be posted to it.') };
    },
  });

  r.form({
    path: '/finance/months/:month/reopening',
    can: 'finance.close',
    view: 'finance/books/reopen',
    schema: z.object({ reason: z.string({ error: 'Enter a reason for reopening' }).trim().max(300, 'At most 300 characters') }),
    load: async (req) => ({ month: await pages.reopening.month(req.actor, String(req.params.month)) }),
    save: async ({ reason }, req) => {
      const { requestId } = await pages.reopening.ask(req.actor, String(req.params.month), reason);
      return {
        to: '/finance/books',
        flash: {
          text: req.t('Sent for approval. The month reopens when a second person approves.'),
          links: [{ label: req.t('Request'), href: `/approvals/${requestId}` }],
        },
      };
    },
  });

  r.get('/finance/checks', 'finance.read', async (_req, res) =>
    res.page('finance/checks', { check: await pages.checker.last() }),
  );
  r.post('/finance/checks', 'finance.post', async (req, res) => {
    const { differences } = await pages.checker.run();
    res.done(
      '/finance/checks',
      differences.length === 0
        ? req.t('Checked: no differences.')
        : { kind: 'warn', text: req.t('Checked: {{n}} differences.', { n: differences.length }) },
    );
  });
}
