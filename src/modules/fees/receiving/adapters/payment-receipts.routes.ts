import type { Request } from 'express';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from '../../../../kernel/page.js';
import { registerName } from '../../../../kernel/people/names.js';
import { idOf } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { Named } from '../payments.js';
import type { PaymentLine } from '../../ports.js';
import { receiptColumns, type ReceiptOfPayment } from './payment-receipts.sheet.js';
import { paymentSplitDrawing } from './payment-receipts.pdf.js';
import { paidBy } from '../../documents/adapters/method-words.js';
import { printContext, type PayingPages } from '../../adapters/paying-pages.js';

const READ = 'fees.payments.read';

/** How one payment was shared over many children: the list for whoever brought it, on the page, in a sheet and on paper. */
export function paymentReceiptRoutes(r: Routes, pages: PayingPages): void {
  r.list({
    path: '/fees/payments/:id/receipts',
    can: READ,
    view: 'fees/payments/receipts',
    filter: z.object({}),
    load: async (_filter, { cursor, limit }, req) => {
      const payment = await pages.payments.find(req.actor, idOf(req));
      const from = cursor === null ? 0 : Number(decodeCursor(cursor, 1)[0]) || 0;
      const all = await receiptsOf(pages, payment);
      return {
        payment,
        rows: all.slice(from, from + limit),
        next: from + limit < all.length ? encodeCursor([from + limit]) : null,
      };
    },
    model: (_filter, { payment }, req) => Promise.resolve({ payment, how: paidBy(payment.method, payment.references, req.t) }),
    sheet: { name: 'receipts', columns: receiptColumns },
  });

  r.pdf({
    path: '/fees/payments/:id/receipts.pdf',
    can: READ,
    filename: (_req, { receipts }) => `shared-${receipts[0]?.number || 'payment'}.pdf`,
    load: async (req: Request) => {
      const payment = await pages.payments.find(req.actor, idOf(req));
      const standing = (await receiptsOf(pages, payment)).filter((one) => payment.state !== 'posted' || one.state === 'issued');
      return {
        context: await printContext(pages, req),
        currency: req.school!.currency,
        payer: payment.payerName,
        by: paidBy(payment.method, payment.references, req.t),
        receivedOn: payment.receivedOn,
        amountMinor: payment.amountMinor,
        ended: payment.endedOn ? `${req.t('No longer valid')}: ${payment.endedWhy}` : '',
        receipts: standing.map(({ number, admissionNo, name, className, payerKind, amountMinor }) => ({
          number: number ?? '',
          admissionNo,
          name,
          className,
          payerKind,
          amountMinor,
        })),
      };
    },
    draw: paymentSplitDrawing,
  });
}

async function receiptsOf(pages: PayingPages, { receipts, names }: Named<PaymentLine>): Promise<ReceiptOfPayment[]> {
  const { classes, streams } = await pages.subjects.classList();
  const labels = new Map([
    ...classes.map((one) => [one.id, one.name] as const),
    ...streams.map((one) => [one.id, one.label] as const),
  ]);
  return receipts.map((one) => {
    const holder = names.get(one.studentId);
    return {
      ...one,
      admissionNo: holder?.admissionNo ?? '',
      name: holder ? registerName(holder) : '',
      className: labels.get(holder?.streamId ?? holder?.classId ?? '') ?? '',
    };
  });
}
