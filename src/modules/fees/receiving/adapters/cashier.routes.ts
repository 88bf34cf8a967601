import { randomUUID } from 'node:crypto';
import type { Request } from 'express';
import { z } from 'zod';
import { NotFound } from '../../../../kernel/errors.js';
import { isId } from '../../../../kernel/id.js';
import { formatMoney } from '../../../../kernel/money.js';
import { amountField, day } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { parseAmount } from '../../../../platform/sheets/reading/numbers.js';
import { FOUND_BY_WORDS } from '../../../students/index.js';
import { AT_MOST, takePayment, type Account, type Found } from '../cashier.js';
import { DESK_METHODS } from '../desk.js';
import { numbersInBrief } from '../../documents/brief.rules.js';
import { payerAmong, placesOf, receiptsOf, type PayingPages } from '../../adapters/paying-pages.js';

const PATH = '/fees/cashier';
const NOBODY: Found = { hits: [], more: false };
const text = (most: number) =>
  z
    .string()
    .trim()
    .max(most, `At most ${most} characters`)
    .optional()
    .transform((value) => value || null);

function deskForm(currency: string) {
  return z.object({
    key: z.uuid(),
    student: z.uuid('Find the student first'),
    q: z.string().max(60).optional(),
    family: z.literal('1').optional(),
    amount: amountField(currency, 1),
    method: z.enum(DESK_METHODS, 'Choose how it is paid'),
    reference: text(40),
    bank: text(40),
    accountId: z.uuid('Choose a bank account').optional(),
    receivedOn: day,
    payerName: text(80),
    memo: text(120),
    sure: z.literal('1').optional(),
  });
}

export function cashierRoutes(r: Routes, pages: PayingPages): void {
  r.form({
    path: PATH,
    command: takePayment,
    view: 'fees/cashier/index',
    schema: (req) => deskForm(req.school!.currency),
    load: (req) => counter(pages, req),
    before: async (url, req) => {
      const payment = await pages.payments.find(req.actor, new URL(url, 'http://here').searchParams.get('paid')!);
      const number = numbersInBrief(payment.receipts.flatMap((one) => (one.number ? [one.number] : [])));
      const sum = formatMoney(payment.amountMinor, req.school!.currency);
      return number
        ? req.t('Receipt {{number}} for {{sum}} was saved from this form.', { number, sum })
        : req.t('A code for {{sum}} was recorded from this form.', { sum });
    },
    save: async (
      { key, student, family, amount, method, reference, bank, accountId, receivedOn, payerName, memo, sure },
      req,
    ) => {
      const { paymentId, state } = await req.run(takePayment, {
        studentId: student,
        family: family === '1',
        amountMinor: amount,
        currency: req.school!.currency,
        method,
        reference,
        bank,
        accountId,
        receivedOn,
        payerName: payerName ?? '',
        memo: memo ?? '',
        sure: sure === '1',
        client: `user:${req.actor.userId}`,
        clientKey: key,
      });
      const to = `${PATH}?paid=${paymentId}`;
      if (state === 'provisional')
        return {
          to,
          flash: {
            kind: 'warn',
            text: req.t('The code is recorded as unverified. No balance changes until the payment is verified.'),
          },
        };
      return method === 'mobile' ? { to, flash: req.t('M-Pesa had already reported this payment. It is booked.') } : { to };
    },
  });

  r.get(`${PATH}/preview`, 'fees.receive', async (req, res) => {
    const accounts = isId(req.query.student) ? await pages.cashier.family(req.actor, req.query.student) : [];
    if (!accounts[0]) throw new NotFound();
    const amount = typeof req.query.amount === 'string' ? parseAmount(req.query.amount, req.school!.currency) : null;
    await res.part('fees/cashier/_shown', {
      ...(await whereItGoes(pages, accounts, req.query.family === '1', amount)),
      place: await placesOf(pages),
    });
  });
}

/** Everything on the page: who was found, whose account is open, where the money would go, and the last receipt. */
async function counter(pages: PayingPages, req: Request): Promise<{ values: object } & Record<string, unknown>> {
  const given = (req.method === 'POST' ? req.body : req.query) as Record<string, unknown>;
  const text = typeof given.q === 'string' ? given.q.trim() : '';
  const place = await placesOf(pages);
  const [found, accounts, day, till, banks, paper] = await Promise.all([
    text.length >= 2 ? pages.cashier.find(req.actor, text, given.all === '1' ? AT_MOST : undefined) : NOBODY,
    isId(given.student) ? pages.cashier.family(req.actor, given.student) : [],
    pages.cashier.day(req.actor),
    pages.tills.mine(req.actor),
    pages.ledger.banks(),
    pages.cashier.paper(req.actor),
  ]);
  const family = given.family === '1';
  const amount = typeof given.amount === 'string' ? parseAmount(given.amount, req.school!.currency) : null;
  return {
    q: text,
    ...found,
    foundByWords: FOUND_BY_WORDS,
    place,
    accounts,
    day,
    banks,
    paper,
    openedAt: till?.openedAt ?? null,
    names: await pages.cashier.names(
      req.actor,
      day.last.map((one) => one.studentId),
    ),
    receipts: isId(given.paid) ? await paid(pages, req, given.paid) : [],
    paidId: isId(given.paid) ? given.paid : null,
    ...(accounts[0] ? await whereItGoes(pages, accounts, family, amount) : {}),
    values: {
      key: randomUUID(),
      student: given.student,
      q: text,
      receivedOn: req.school!.today,
      method: 'cash',
      payerName: await usualPayer(pages, req, given.student),
    },
  };
}

/** Offered, and written over where somebody else has come. */
async function usualPayer(pages: PayingPages, req: Request, student: unknown): Promise<string> {
  if (!isId(student)) return '';
  return payerAmong((await pages.students.guardiansOf(req.actor, [student])).get(student))?.fullName ?? '';
}

async function whereItGoes(pages: PayingPages, accounts: readonly Account[], family: boolean, amountMinor: number | null) {
  const terms = new Map((await pages.school.years()).flatMap((year) => year.terms).map((term) => [term.id, term.name]));
  const shares = await pages.cashier.preview(accounts, family, Math.max(0, amountMinor ?? 0));
  const shown = (family ? accounts : accounts.slice(0, 1)).map(
    (account) => shares.find((one) => one.account === account) ?? { account, amountMinor: 0, allocations: [], restMinor: 0 },
  );
  return { shown, family, terms };
}

async function paid(pages: PayingPages, req: Request, id: string) {
  const payment = await pages.payments.find(req.actor, id);
  // Also what came by itself, after a prompt from the desk.
  const isOwn = payment.byUserId === null || payment.byUserId === req.actor.userId;
  return payment.state === 'posted' && isOwn ? receiptsOf(pages, req, await pages.payments.show(req.actor, id)) : [];
}
