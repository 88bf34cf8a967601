import type { Request } from 'express';
import { z } from 'zod';
import { day, idOf } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { can } from '../../../../kernel/actor.js';
import { REFUNDS } from '../../refunds/refunds.js';
import { numbersInBrief } from '../../documents/brief.rules.js';
import { METHODS } from '../../documents/document.rules.js';
import { paymentColumns } from './payments.sheet.js';
import { receiptA5Drawing, receiptRollDrawing, type PrintedReceipts } from './receipt.pdf.js';
import { methodWord, paidBy } from '../../documents/adapters/method-words.js';
import { accountOf, placesOf, printContext, receiptsOf, type PayingPages } from '../../adapters/paying-pages.js';

const STATES = ['provisional', 'posted', 'rejected', 'reversed', 'bounced'] as const;
const Filter = z.object({
  q: z.string().trim().max(60).optional(),
  method: z.enum(METHODS).optional(),
  state: z.enum(STATES).optional(),
  by: z.uuid().optional(),
  from: day.optional(),
  to: day.optional(),
  student: z.uuid().optional(),
  sponsor: z.uuid().optional(),
});
const PAPERS = [
  ['a5', receiptA5Drawing],
  ['roll', receiptRollDrawing],
] as const;

export function paymentRoutes(r: Routes, pages: PayingPages): void {
  r.list({
    path: '/fees/payments',
    can: 'fees.payments.read',
    view: 'fees/payments/index',
    filter: Filter,
    load: (filter, query, req) =>
      pages.payments.list(
        req.actor,
        {
          text: filter.q || null,
          method: filter.method ?? null,
          state: filter.state ?? null,
          byUserId: filter.by ?? null,
          from: filter.from ?? null,
          to: filter.to ?? null,
          studentId: filter.student ?? null,
          sponsorId: filter.sponsor ?? null,
        },
        query.cursor,
        query.limit,
      ),
    model: (_filter, _page, req) =>
      Promise.resolve({
        methods: METHODS.map((method) => ({ value: method, label: methodWord(method, req.t) })),
        paidBy,
        numbersInBrief,
      }),
    sheet: { name: 'payments', columns: paymentColumns },
  });

  r.get('/fees/payments/:id', 'fees.payments.read', async (req, res) => res.page('fees/payments/show', await shown(pages, req)));

  for (const [paper, draw] of PAPERS) {
    r.pdf({
      path: `/fees/payments/:id/${paper}.pdf`,
      can: 'fees.payments.read',
      filename: (_req, data: PrintedReceipts) => `receipt-${data.receipts[0]!.number}.pdf`,
      load: async (req) => {
        const receipts = await receiptsOf(pages, req, await pages.payments.print(req.actor, idOf(req)));
        return { context: await printContext(pages, req), currency: req.school!.currency, receipts };
      },
      draw,
      framed: true,
    });
  }

  r.form({
    path: '/fees/payments/:id/verification',
    can: 'fees.verify',
    view: 'fees/payments/verify',
    schema: z.object({ receivedOn: day }),
    load: async (req) => ({ ...(await shown(pages, req)), values: { receivedOn: req.school!.today } }),
    save: async ({ receivedOn }, req) => {
      const { paymentId } = await pages.payments.verify(req.actor, idOf(req), receivedOn);
      return { to: `/fees/payments/${paymentId}`, flash: req.t('The payment is booked. You can print the receipt.') };
    },
  });

  r.form({
    path: '/fees/payments/:id/rejection',
    can: 'fees.verify',
    view: 'fees/payments/reject',
    schema: z.object({
      reason: z
        .string({ error: 'Enter a reason for rejecting' })
        .trim()
        .min(1, 'Enter a reason for rejecting')
        .max(200, 'At most 200 characters'),
    }),
    load: (req) => shown(pages, req),
    save: async ({ reason }, req) => {
      await pages.payments.reject(req.actor, idOf(req), reason);
      return { to: '/fees/payments?state=provisional', flash: req.t('The code was rejected. It stays in the payments list.') };
    },
  });

  r.get('/fees/check/:code', 'public', async (req, res) => {
    const found = await pages.papers.find(String(req.params.code ?? ''));
    await res.page('fees/check', { found }, { status: found ? 200 : 404 });
  });
}

/** A payment with all that its page says of it. */
export async function shown(pages: PayingPages, req: Request) {
  const payment = await pages.payments.find(req.actor, idOf(req));
  const credits =
    can(req.actor, REFUNDS) && payment.state === 'posted'
      ? await pages.refunds.creditsOfPayment(
          req.actor,
          payment.id,
          payment.receipts.map((one) => one.studentId),
        )
      : [];
  return {
    payment,
    credits,
    refunds: await pages.refunds.ofPayment(payment.id),
    waiting: await pages.takingBack.waiting(payment.id),
    moves: await pages.moving.waiting(payment.receipts.flatMap((one) => (one.state === 'issued' && one.id ? [one.id] : []))),
    heard: await pages.payments.heard(payment),
    place: await placesOf(pages),
    account: payment.method === 'bank' && payment.entryId ? await accountOf(pages, payment.accountId) : null,
    how: paidBy(payment.method, payment.references, req.t),
    numbersInBrief,
  };
}
