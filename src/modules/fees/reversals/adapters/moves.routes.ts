import type { Request } from 'express';
import { z } from 'zod';
import { isId } from '../../../../kernel/id.js';
import { spokenName } from '../../../../kernel/people/names.js';
import { idOf } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { REVERSE } from '../reversals.js';
import { placesOf, type PayingPages } from '../../adapters/paying-pages.js';

const PATH = '/fees/receipts/:id/move';

/** A receipt that was written for the wrong child: find the right one, say why. */
export function moveRoutes(r: Routes, pages: PayingPages): void {
  r.form({
    path: PATH,
    can: REVERSE,
    view: 'fees/payments/move',
    schema: z.object({
      to: z.uuid('Choose the right student'),
      reason: z.string({ error: 'Enter a reason' }).trim().min(1, 'Enter a reason').max(200, 'At most 200 characters'),
    }),
    load: (req) => movePage(pages, req),
    save: async ({ to, reason }, req) => {
      const { receipt } = await pages.moving.find(req.actor, idOf(req));
      const name = spokenName(await pages.moving.chosen(req.actor, to));
      const outcome = await pages.moving.move(req.actor, receipt.id, to, reason);
      return {
        to: `/fees/payments/${receipt.paymentId}`,
        flash:
          outcome === 'done'
            ? req.t('The receipt now belongs to {{name}}.', { name })
            : req.t('Sent for approval: a second person decides in Approvals.'),
      };
    },
  });
}

async function movePage(pages: PayingPages, req: Request) {
  const given = (req.method === 'POST' ? req.body : req.query) as Record<string, unknown>;
  const text = typeof given.q === 'string' ? given.q.trim() : '';
  const found = await pages.moving.find(req.actor, idOf(req));
  const to = isId(given.to) ? await pages.moving.chosen(req.actor, given.to) : null;
  const hits =
    text.length >= 2 ? (await pages.moving.search(req.actor, text)).filter((one) => one.id !== found.receipt.studentId) : null;
  return {
    ...found,
    chosen: to,
    hits,
    q: text,
    waiting: (await pages.moving.waiting([found.receipt.id]))[0] ?? null,
    place: await placesOf(pages),
    values: { to: to?.id ?? '' },
  };
}
