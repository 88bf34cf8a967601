import { z } from 'zod';
import { Invalid } from '../../../../kernel/errors.js';
import { idOf } from '../../../../platform/http/pages/fields.js';
import { inFields } from '../../../../platform/http/routes/api.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { REFUNDS } from '../refunds.js';
import { MOST_PAID } from '../../receiving/payment.rules.js';
import { REFUND_METHODS, REFUND_STATES } from '../refund.rules.js';
import type { RefundLine } from '../../ports.js';
import type { PayingPages } from '../../adapters/paying-pages.js';

const minor = z.number().int('Enter a whole number of minor units').meta({ description: 'Minor units of the currency' });
const NewRefund = z
  .object({
    student: z.uuid(),
    receipts: z.array(z.uuid()).min(1).max(100).meta({ description: 'Receipts of this student whose credit is to be refunded' }),
    amount_minor: minor.min(1).max(MOST_PAID),
    currency: z.string().length(3),
    method: z.enum(REFUND_METHODS),
    payee_name: z.string().trim().min(1).max(80),
    payee_account: z.string().trim().max(60).default('').meta({ description: 'The phone or bank account the money goes to' }),
    reason: z.string().trim().min(1).max(200),
  })
  .meta({ id: 'NewRefund' });

const Refund = z
  .object({
    id: z.uuid(),
    number: z.string().nullable().meta({ description: 'Voucher number, once paid' }),
    state: z.enum(REFUND_STATES),
    student: z.uuid(),
    amount_minor: minor,
    method: z.enum(REFUND_METHODS),
    payee_name: z.string(),
    payee_account: z.string(),
    reason: z.string(),
    asked_on: z.iso.date(),
    asked_by: z.string(),
    decided_by: z.string().nullable(),
    paid_on: z.iso.date().nullable(),
    reference: z.string(),
    receipts: z.array(z.object({ number: z.string(), payment: z.uuid(), amount_minor: minor })),
  })
  .meta({ id: 'Refund' });

/** How the fields of the use case are called here. */
const FIELDS = { amount: 'amount_minor', payeeName: 'payee_name', payeeAccount: 'payee_account' };

/** Credit that goes back: asked here, decided by a second person in the inbox of approvals. */
export function refundsApi(r: Routes, { refunds, school }: Pick<PayingPages, 'refunds' | 'school'>): void {
  r.api.post({
    path: '/refunds',
    can: REFUNDS,
    summary: 'Requests a refund of credit; a second person decides in Approvals, and the desk pays it',
    body: NewRefund,
    output: Refund,
    run: ({ student, receipts, amount_minor, currency, method, payee_name, payee_account, reason }, req) =>
      inFields(FIELDS, async () => {
        if (currency !== (await school.profile()).currency)
          throw new Invalid({ currency: 'The school accepts only its own currency' });
        const id = await refunds.ask(req.actor, {
          studentId: student,
          receiptIds: receipts,
          amountMinor: amount_minor,
          method,
          payeeName: payee_name,
          payeeAccount: payee_account,
          reason,
        });
        return shown(await refunds.find(req.actor, id));
      }),
  });

  r.api.list({
    path: '/refunds',
    can: 'fees.payments.read',
    summary: 'Refunds in every state, newest first; `from` and `to` are dates paid',
    query: z.object({
      student: z.uuid().optional(),
      state: z.enum(REFUND_STATES).optional(),
      method: z.enum(REFUND_METHODS).optional(),
      from: z.iso.date().optional(),
      to: z.iso.date().optional(),
    }),
    row: Refund,
    load: async ({ student, state, method, from, to, cursor, limit }, req) => {
      const page = await refunds.list(
        req.actor,
        {
          text: null,
          studentId: student ?? null,
          state: state ?? null,
          method: method ?? null,
          from: from ?? null,
          to: to ?? null,
        },
        cursor,
        limit,
      );
      return { next: page.next, rows: page.rows.map(shown) };
    },
  });

  r.api.get({
    path: '/refunds/:id',
    can: 'fees.payments.read',
    summary: 'One refund and its state',
    output: Refund,
    load: async (req) => shown(await refunds.find(req.actor, idOf(req))),
  });
}

function shown(refund: RefundLine): z.infer<typeof Refund> {
  return {
    id: refund.id,
    number: refund.number,
    state: refund.state,
    student: refund.studentId,
    amount_minor: refund.amountMinor,
    method: refund.method,
    payee_name: refund.payeeName,
    payee_account: refund.payeeAccount,
    reason: refund.reason,
    asked_on: refund.askedOn,
    asked_by: refund.byName,
    decided_by: refund.decidedByName,
    paid_on: refund.paidOn,
    reference: refund.reference,
    receipts: refund.receipts.map((one) => ({ number: one.number, payment: one.paymentId, amount_minor: one.amountMinor })),
  };
}
