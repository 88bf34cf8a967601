import type { Request } from 'express';
import { z } from 'zod';
import { can } from '../../../../kernel/actor.js';
import { plainReference } from '../../../../kernel/references.js';
import { idOf } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { PROVEN_WITHIN_MS } from '../../messages/settling.js';
import { isDoubtful } from '../../messages/message.rules.js';
import { amount, type PaymentPages } from '../../adapters/pages.js';

const Share = z.object({
  number: z.string({ error: 'Enter the student’s number' }).trim().min(1, 'Enter the student’s number').max(40),
  amount,
});
const Match = z.object({
  shares: z.array(Share, { error: 'Enter the student’s number' }).min(1, 'Enter the student’s number').max(20),
  seen: z.literal('1').optional(),
});
const Filter = z.object({
  q: z.string().trim().max(60).optional(),
  outcome: z.enum(['waiting', 'booked', 'duplicate', 'suspense', 'taken-back', 'rejected', 'differs']).optional(),
});

export function suspenseRoutes(r: Routes, pages: PaymentPages): void {
  r.list({
    path: '/payments/suspense',
    can: 'payments.read',
    view: 'payments/suspense/index',
    filter: z.object({ state: z.enum(['open', 'matched', 'rejected', 'taken-back']).default('open') }),
    load: ({ state }, query, req) => pages.suspense.page(req.actor, state, query.cursor, query.limit),
    model: async (_filter, { rows }, req) => ({
      differing: await pages.suspense.differing(),
      meant: can(req.actor, 'payments.match') ? await pages.suspense.meant(req.actor, rows) : new Map(),
    }),
  });

  r.form({
    path: '/payments/suspense/:id',
    action: '/payments/suspense/:id/matches',
    can: 'payments.read',
    writes: 'payments.match',
    view: 'payments/suspense/show',
    schema: Match,
    load: async (req) => {
      const found = await pages.suspense.find(req.actor, idOf(req));
      const q = typeof req.query.q === 'string' ? req.query.q.trim().slice(0, 60) : '';
      const hits =
        found.item.state === 'open' && can(req.actor, 'payments.match') ? await pages.suspense.search(req.actor, q) : [];
      return {
        ...found,
        q,
        hits,
        doubtful: found.item.state === 'open' && isDoubtful(found.item),
        means: await pages.looking.means(),
        waiting: await pages.reversals.waiting(found.item.id),
        values: { shares: [{ number: numberFor(req, found.suggestions[0]) }] },
      };
    },
    save: async ({ shares, seen }, req) => {
      await pages.suspense.match(
        req.actor,
        idOf(req),
        shares.map((one) => ({ number: one.number, amountMinor: one.amount })),
        seen === '1',
      );
      return {
        to: '/payments/suspense',
        flash: {
          text: req.t('The payment is on the student’s account, with a receipt.'),
          links: [{ label: req.t('See what was matched'), href: '/payments/suspense?state=matched' }],
        },
      };
    },
  });

  r.form({
    path: '/payments/suspense/:id/rejection',
    can: 'payments.match',
    view: 'payments/suspense/reject',
    schema: z.object({
      reason: z
        .string({ error: 'Enter why this is not a student’s fee' })
        .trim()
        .min(3, 'Enter why this is not a student’s fee')
        .max(200, 'At most 200 characters'),
    }),
    load: (req) => pages.suspense.find(req.actor, idOf(req)),
    save: async ({ reason }, req) => {
      await pages.suspense.reject(req.actor, idOf(req), reason);
      return { to: '/payments/suspense', flash: req.t('Closed. The money stays in the suspense account until it is paid back.') };
    },
  });

  r.form({
    path: '/payments/suspense/:id/reopening',
    can: 'payments.match',
    view: 'payments/suspense/reopen',
    schema: z.object({
      reason: z
        .string({ error: 'Enter a reason for reopening' })
        .trim()
        .min(3, 'Enter a reason for reopening')
        .max(200, 'At most 200 characters'),
    }),
    load: (req) => pages.suspense.find(req.actor, idOf(req)),
    save: async ({ reason }, req) => {
      await pages.suspense.reopen(req.actor, idOf(req), reason);
      return { to: `/payments/suspense/${idOf(req)}`, flash: req.t('It is waiting to be matched again.') };
    },
  });

  r.list({
    path: '/payments/messages',
    can: 'payments.read',
    view: 'payments/messages/index',
    filter: Filter,
    load: ({ q, outcome }, query, req) => {
      const differs = outcome === 'differs';
      return pages.suspense.messages(
        req.actor,
        { text: q ?? null, outcome: differs ? null : (outcome ?? null), differs },
        query.cursor,
        query.limit,
      );
    },
  });

  r.form({
    path: '/payments/messages/:id',
    action: '/payments/messages/:id/looks',
    can: 'payments.read',
    writes: 'payments.match',
    view: 'payments/messages/show',
    schema: z.object({
      note: z.string({ error: 'Enter what it was' }).trim().min(3, 'Enter what it was').max(200, 'At most 200 characters'),
    }),
    load: async (req) => {
      const message = await pages.suspense.message(req.actor, idOf(req));
      return {
        message,
        where: await pages.reversals.whereabouts(req.actor, idOf(req)),
        means: await pages.looking.means(),
        givenUpAt: message.outcome === null ? new Date(message.receivedAt.getTime() + PROVEN_WITHIN_MS) : null,
      };
    },
    save: async ({ note }, req) => {
      await pages.suspense.look(req.actor, idOf(req), note);
      return { to: `/payments/messages/${idOf(req)}`, flash: req.t('Marked as checked. It no longer counts as a difference.') };
    },
  });
}

/** The network took the money of a message back at its own end, whether it is on receipts or in suspense. */
export function reversalRoutes(r: Routes, pages: PaymentPages): void {
  const word = 'Enter the code of the reversal, such as SKB7QX2M4T';
  r.form({
    path: '/payments/messages/:id/reversal',
    can: 'payments.match',
    view: 'payments/messages/reverse',
    schema: z.object({
      code: z
        .string({ error: word })
        .transform(plainReference)
        .refine((code) => /^[A-Z0-9]{6,20}$/.test(code), word),
      on: z.iso.date('Enter the date on which M-Pesa reversed it'),
    }),
    load: async (req) => ({
      message: await pages.suspense.message(req.actor, idOf(req)),
      where: await pages.reversals.whereabouts(req.actor, idOf(req)),
    }),
    save: async (reversal, req) => {
      await pages.reversals.say(req.actor, idOf(req), reversal);
      return { to: `/payments/messages/${idOf(req)}`, flash: req.t('Sent for approval: a second person decides in Approvals.') };
    },
  });
}

/** The number that was picked among the suggestions, else that of one that leaves no doubt. */
function numberFor(req: Request, best: { score: number; student: { paymentNo: string } } | undefined): string {
  if (typeof req.query.number === 'string') return req.query.number.slice(0, 40);
  return best && best.score >= 95 ? best.student.paymentNo : '';
}
