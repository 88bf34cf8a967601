import { z } from 'zod';
import { idOf } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { PayingPages } from '../../adapters/paying-pages.js';
import { shown } from '../../receiving/adapters/payments.routes.js';
import { recordBounce, reverseReceipt } from '../reversals.js';

const Why = z.object({
  reason: z
    .string({ error: 'Enter a reason for reversing' })
    .trim()
    .min(1, 'Enter a reason for reversing')
    .max(200, 'At most 200 characters'),
});

export function reversalRoutes(r: Routes, pages: PayingPages): void {
  r.form({
    path: '/fees/payments/:id/reversal',
    command: reverseReceipt,
    view: 'fees/payments/reverse',
    schema: Why,
    load: async (req) => ({ ...(await shown(pages, req)), told: await pages.payments.isTold(idOf(req)) }),
    save: async ({ reason }, req) => {
      const outcome = await req.run(reverseReceipt, { paymentId: idOf(req), reason });
      return {
        to: `/fees/payments/${idOf(req)}`,
        flash:
          outcome === 'done'
            ? req.t('The receipt was reversed. Its number stays in use.')
            : req.t('Sent for approval: a second person decides in Approvals.'),
      };
    },
  });

  r.form({
    path: '/fees/payments/:id/bounce',
    command: recordBounce,
    view: 'fees/payments/bounce',
    schema: Why,
    load: (req) => shown(pages, req),
    save: async ({ reason }, req) => {
      await req.run(recordBounce, { paymentId: idOf(req), reason });
      return {
        to: `/fees/payments/${idOf(req)}`,
        flash: req.t('The cheque is marked as bounced. What it had paid is owed again.'),
      };
    },
  });
}
