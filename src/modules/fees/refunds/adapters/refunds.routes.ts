import type { Request } from 'express';
import { z } from 'zod';
import { can } from '../../../../kernel/actor.js';
import { formatAmount } from '../../../../kernel/money.js';
import { isId } from '../../../../kernel/id.js';
import { registerName } from '../../../../kernel/people/names.js';
import { amountField, day, idOf } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { REFUNDS } from '../refunds.js';
import { leavesBank, REFUND_METHODS, REFUND_STATES } from '../refund.rules.js';
import { amountInWords } from '../../documents/words.rules.js';
import { refundVoucherDrawing, type PrintedRefund } from './refund.pdf.js';
import { refundColumns } from './refunds.sheet.js';
import { methodWord } from '../../documents/adapters/method-words.js';
import { accountOf, placesOf, printContext, type PayingPages } from '../../adapters/paying-pages.js';

const Filter = z.object({
  q: z.string().trim().max(60).optional(),
  state: z.enum(REFUND_STATES).optional(),
  method: z.enum(REFUND_METHODS).optional(),
  from: day.optional(),
  to: day.optional(),
  student: z.uuid().optional(),
});
const Reason = z.object({
  reason: z.string({ error: 'Enter a reason' }).trim().min(1, 'Enter a reason').max(200, 'At most 200 characters'),
});

function askForm(currency: string) {
  return z.object({
    receipts: z
      .union([z.uuid(), z.array(z.uuid())], 'Choose the receipts whose credit is to be refunded')
      .transform((value) => [value].flat()),
    amount: amountField(currency, 1),
    method: z.enum(REFUND_METHODS, 'Choose how it is paid'),
    payeeName: z
      .string({ error: 'Enter who receives it' })
      .trim()
      .min(1, 'Enter who receives it')
      .max(80, 'At most 80 characters'),
    payeeAccount: z.string().trim().max(60, 'At most 60 characters').default(''),
    reason: Reason.shape.reason,
  });
}

/** Credit that goes back: from the account of a child, over the inbox of approvals, to the voucher that is signed. */
export function refundRoutes(r: Routes, pages: PayingPages): void {
  r.list({
    path: '/fees/refunds',
    can: 'fees.payments.read',
    view: 'fees/refunds/index',
    filter: Filter,
    load: (filter, query, req) =>
      pages.refunds.list(
        req.actor,
        {
          text: filter.q || null,
          studentId: filter.student ?? null,
          state: filter.state ?? null,
          method: filter.method ?? null,
          from: filter.from ?? null,
          to: filter.to ?? null,
        },
        query.cursor,
        query.limit,
      ),
    model: (_filter, _page, req) =>
      Promise.resolve({
        methods: REFUND_METHODS.map((method) => ({ value: method, label: methodWord(method, req.t) })),
        methodWord,
      }),
    sheet: { name: 'refunds', columns: refundColumns },
  });

  r.form({
    path: '/fees/students/:id/refunds/new',
    action: '/fees/students/:id/refunds',
    can: REFUNDS,
    view: 'fees/refunds/new',
    schema: (req) => askForm(req.school!.currency),
    load: (req) => creditPage(pages, req),
    save: async ({ receipts, amount, ...asked }, req) => {
      const id = await pages.refunds.ask(req.actor, {
        studentId: idOf(req),
        receiptIds: receipts,
        amountMinor: amount,
        ...asked,
      });
      return { to: `/fees/refunds/${id}`, flash: req.t('Sent for approval: a second person decides in Approvals.') };
    },
  });

  r.get('/fees/refunds/:id', 'fees.payments.read', async (req, res) => res.page('fees/refunds/show', await shown(pages, req)));

  r.form({
    path: '/fees/refunds/:id/payment',
    can: REFUNDS,
    view: 'fees/refunds/pay',
    schema: z.object({
      paidOn: day,
      accountId: z.uuid('Choose a bank account').optional(),
      reference: z.string().trim().max(40, 'At most 40 characters').default(''),
    }),
    load: async (req) => {
      const page = await shown(pages, req);
      return {
        ...page,
        banks: leavesBank(page.refund.method) ? await pages.ledger.banks() : [],
        till: can(req.actor, 'fees.receive') && (await pages.tills.mine(req.actor)) !== null,
        values: { paidOn: req.school!.today },
      };
    },
    save: async (form, req) => {
      const number = await pages.payouts.pay(req.actor, idOf(req), form);
      return {
        to: `/fees/refunds/${idOf(req)}`,
        flash: req.t('Refund {{number}} is booked. Print the voucher and have it signed.', { number }),
      };
    },
  });

  r.form({
    path: '/fees/refunds/:id/cancellation',
    can: REFUNDS,
    view: 'fees/refunds/cancel',
    schema: Reason,
    load: (req) => shown(pages, req),
    save: async ({ reason }, req) => {
      await pages.refunds.cancel(req.actor, idOf(req), reason);
      return { to: `/fees/refunds/${idOf(req)}`, flash: req.t('The refund will not be paid. The amount is credit again.') };
    },
  });

  r.form({
    path: '/fees/refunds/:id/reversal',
    can: REFUNDS,
    view: 'fees/refunds/reverse',
    schema: Reason,
    load: (req) => shown(pages, req),
    save: async ({ reason }, req) => {
      const outcome = await pages.payouts.takeBack(req.actor, idOf(req), reason);
      return {
        to: `/fees/refunds/${idOf(req)}`,
        flash:
          outcome === 'done'
            ? req.t('The refund was reversed. Its number stays in use.')
            : req.t('Sent for approval: a second person decides in Approvals.'),
      };
    },
  });

  r.pdf({
    path: '/fees/refunds/:id/voucher.pdf',
    can: 'fees.payments.read',
    filename: (_req, data: PrintedRefund) => `refund-${data.number}.pdf`,
    load: (req) => printed(pages, req),
    draw: refundVoucherDrawing,
  });
}

/** What credit there is; all of the family's is chosen, or that of the receipt one comes from. */
async function creditPage(pages: PayingPages, req: Request) {
  const { holder, credits } = await pages.refunds.creditsOf(req.actor, idOf(req));
  const first = isId(req.query.receipt) ? credits.filter((one) => one.receiptId === req.query.receipt) : [];
  const family = credits.filter(
    (one) => one.payer.id === (credits.find((each) => each.payer.kind === 'student') ?? credits[0])?.payer.id,
  );
  const chosen = first.length > 0 ? first : family;
  const total = chosen.reduce((sum, one) => sum + one.creditMinor, 0);
  const from = chosen.find((one) => one.payerName);
  return {
    holder,
    credits,
    methodWord,
    values: {
      receipts: chosen.map((one) => one.receiptId),
      amount: formatAmount(total, req.school!.currency, 'en'),
      method: 'cash',
      payeeName: from?.payerName ?? '',
      payeeAccount: from?.payerPhone ?? '',
    },
  };
}

async function shown(pages: PayingPages, req: Request) {
  const refund = await pages.refunds.find(req.actor, idOf(req));
  return {
    refund,
    account: await accountOf(pages, refund.accountId),
    holder: refund.names.get(refund.studentId),
    waiting: await pages.refunds.waiting(refund.id),
    place: await placesOf(pages),
    methodWord,
  };
}

async function printed(pages: PayingPages, req: Request): Promise<PrintedRefund> {
  const refund = await pages.refunds.print(req.actor, idOf(req));
  const [holder, account] = [refund.names.get(refund.studentId), await accountOf(pages, refund.accountId)];
  const { currency } = req.school!;
  return {
    context: await printContext(pages, req),
    currency,
    number: refund.number!,
    copy: refund.copy,
    void: refund.state === 'reversed',
    payee: refund.payeeName,
    student: holder ? registerName(holder) : '',
    place: holder ? (await placesOf(pages))(holder) : '',
    amountMinor: refund.amountMinor,
    inWords: amountInWords(refund.amountMinor, currency, req.language),
    how: [
      methodWord(refund.method, req.t),
      refund.reference,
      refund.payeeAccount && req.t('to {{account}}', { account: refund.payeeAccount }),
      leavesBank(refund.method) && account && req.t('from {{account}}', { account: account.name }),
    ]
      .filter(Boolean)
      .join(' '),
    paidOn: refund.paidOn!,
    reason: refund.reason,
    receipts: [...new Set(refund.receipts.map((one) => one.number))].join(', '),
    askedBy: refund.byName,
    decidedBy: refund.decidedByName ?? '',
    paidBy: refund.paidByName!,
  };
}
