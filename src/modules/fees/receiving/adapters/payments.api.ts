import type { Request } from 'express';
import { z } from 'zod';
import { Invalid, NotFound } from '../../../../kernel/errors.js';
import { MISSING } from '../../../../kernel/missing.js';
import { isId } from '../../../../kernel/id.js';
import { inFields } from '../../../../platform/http/routes/api.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { StudentsApi } from '../../../students/index.js';
import type { Codes } from '../codes.js';
import type { Desk } from '../desk.js';
import { METHODS } from '../../documents/document.rules.js';
import { MOST_PAID, paperReferences } from '../payment.rules.js';
import type { NewPayment as GivenPayment, PayingApi } from '../../index.js';
import type { PayingPages } from '../../adapters/paying-pages.js';

const minor = z.number().int('Enter a whole number of minor units').meta({ description: 'Minor units of the currency' });
const NewPayment = z
  .object({
    student: z.string().trim().min(1).max(40).meta({ description: 'Id or payment number' }),
    amount_minor: minor.min(1).max(MOST_PAID),
    currency: z.string().length(3),
    method: z.enum(['cash', 'bank', 'mobile', 'cheque', 'card']).meta({
      description:
        'The mobile money code claims money received under it; otherwise it is recorded as unverified until the money is seen',
    }),
    reference: z
      .string()
      .trim()
      .min(1)
      .max(40)
      .nullish()
      .meta({ description: 'The code, slip number or cheque number; optional for cash and cards' }),
    issuer: z.string().trim().min(1).max(40).nullish().meta({ description: 'The bank of a cheque or slip' }),
    bank_account: z.string().trim().min(1).max(20).nullish().meta({
      description: 'For a slip: the ledger code of the school’s bank account it was paid into; by default the usual one',
    }),
    received_on: z.iso.date(),
    payer_name: z.string().trim().max(80).nullish(),
    sure: z
      .boolean()
      .optional()
      .meta({ description: 'Confirms an amount far above what is owed; without it such a payment is refused with `far-above`' }),
  })
  .meta({ id: 'NewPayment' });

const Receipt = z.object({
  id: z.uuid().nullable(),
  number: z.string().nullable(),
  student: z.uuid(),
  amount_minor: minor,
  balance_after_minor: minor.nullable(),
});
const Payment = z.object({ id: z.uuid(), state: z.string(), receipts: z.array(Receipt) }).meta({ id: 'Payment' });
const ListedPayment = Payment.extend({
  amount_minor: minor,
  method: z.enum(METHODS),
  received_on: z.iso.date(),
  references: z.array(z.string()),
  payer_name: z.string(),
}).meta({ id: 'ListedPayment' });
/** How the fields of the use case are called here. */
const FIELDS = { amount: 'amount_minor', receivedOn: 'received_on' };
const KEY = /^[\x21-\x7e]{8,100}$/;

export interface PaymentApiParts extends PayingPages {
  paying: PayingApi;
  codes: Pick<Codes, 'take'>;
  desk: Pick<Desk, 'demandUsual'>;
  students: Pick<StudentsApi, 'byPaymentNo' | 'guardiansOf'>;
}

export function paymentsApi(r: Routes, { paying, codes, desk, payments, ledger, students }: PaymentApiParts): void {
  r.api.post({
    path: '/payments',
    can: 'fees.receive',
    summary: 'Books a payment once: the header `Idempotency-Key` is required, and the same key always returns the same receipt',
    body: NewPayment,
    output: Payment,
    keepsKey: true,
    run: (body, req) =>
      inFields(FIELDS, async () => {
        const clientKey = keyOf(req);
        const studentId = isId(body.student) ? body.student : (await students.byPaymentNo(body.student))?.id;
        if (!studentId) throw noStudent();
        const accountId = await bankOf(body, ledger);
        const payment: GivenPayment = {
          method: body.method,
          ...(accountId && { accountId }),
          amountMinor: body.amount_minor,
          currency: body.currency,
          receivedOn: body.received_on,
          payerName: body.payer_name ?? '',
          references: paperReferences(body.method, body.reference ?? null, body.issuer ?? null, body.currency),
          shares: [{ studentId, amountMinor: body.amount_minor }],
          client: `api:${req.actor.userId}`,
          clientKey,
          by: 'person',
        };
        if (!body.sure) await desk.demandUsual(payment);
        const { paymentId, state, receipts } = await (
          body.method === 'mobile' ? codes.take(req.actor, payment) : paying.receive(req.actor, payment)
        ).catch(orNoStudent);
        return {
          id: paymentId,
          state,
          receipts: receipts.map((one) => ({
            id: one.id,
            number: one.number,
            student: one.studentId,
            amount_minor: one.amountMinor,
            balance_after_minor: one.balanceAfterMinor,
          })),
        };
      }),
  });

  r.api.list({
    path: '/payments',
    can: 'fees.payments.read',
    summary: 'Payments received, newest first',
    query: z.object({
      student: z.uuid().optional(),
      from: z.iso.date().optional(),
      to: z.iso.date().optional(),
      method: z.enum(METHODS).optional(),
      reference: z.string().trim().min(1).max(40).optional(),
    }),
    row: ListedPayment,
    load: async ({ student, from, to, method, reference, cursor, limit }, req) => {
      const page = await payments.listWhole(
        req.actor,
        {
          text: reference ?? null,
          method: method ?? null,
          state: null,
          byUserId: null,
          from: from ?? null,
          to: to ?? null,
          studentId: student ?? null,
          sponsorId: null,
        },
        cursor,
        limit,
      );
      return {
        next: page.next,
        rows: page.rows.map((row) => ({
          id: row.id,
          state: row.state,
          amount_minor: row.amountMinor,
          method: row.method,
          received_on: row.receivedOn,
          payer_name: row.payerName,
          references: row.references.map((one) => one.value),
          receipts: row.receipts.map((one) => ({
            id: one.id,
            number: one.number,
            student: one.studentId,
            amount_minor: one.amountMinor,
            balance_after_minor: one.balanceAfterMinor,
          })),
        })),
      };
    },
  });
}

function noStudent(): Invalid {
  return new Invalid({ student: MISSING.student });
}

/** Nothing else that a payment needs can be missing. */
function orNoStudent(error: unknown): never {
  throw error instanceof NotFound ? noStudent() : error;
}

/** @throws Invalid for a code that no bank of the school has, and for money that doesn't come to a bank */
async function bankOf(
  { method, bank_account: code }: z.infer<typeof NewPayment>,
  ledger: PayingPages['ledger'],
): Promise<string | null> {
  if (!code) return null;
  if (method !== 'bank') throw new Invalid({ bank_account: 'Only a slip can be paid into a bank account' });
  const bank = (await ledger.banks()).find((one) => one.code === code);
  if (!bank) throw new Invalid({ bank_account: 'The school has no bank account with this code' });
  return bank.id;
}

/** @throws Invalid without one: a call that is repeated after a broken connection must not pay twice */
function keyOf(req: Request): string {
  const key = req.get('idempotency-key');
  if (!key || !KEY.test(key))
    throw new Invalid({ 'Idempotency-Key': 'Send a header Idempotency-Key of 8 to 100 characters, a new one for each payment' });
  return key;
}
