import type { Request } from 'express';
import { z } from 'zod';
import { idOf } from '../../../platform/http/pages/fields.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import type { Approvals } from '../approvals.js';
import { TABS, type Inbox } from '../inbox.js';
import type { Kinds } from '../kinds.js';
import type { ApprovalRequest } from '../request.rules.js';

export interface ApprovalPages {
  approvals: Approvals;
  inbox: Inbox;
  kinds: Kinds;
}

const Filter = z.object({ tab: z.enum(TABS).default('open'), kind: z.string().max(80).optional() });
export const DecisionForm = z.object({
  decision: z.enum(['approve', 'refuse'], { error: 'Approve it or refuse it' }),
  note: z.string().trim().max(500, 'At most 500 characters').default(''),
});

export function inboxRoutes(r: Routes, pages: ApprovalPages): void {
  r.list({
    path: '/approvals',
    can: 'approvals.read',
    view: 'approvals/index',
    filter: Filter,
    load: ({ tab, kind }, { cursor, limit }, req) => pages.inbox.page(req.actor, tab, kind ?? null, cursor, limit),
    model: async (_filter, page, req) => ({
      titles: new Map(page.rows.map((row) => [row.id, described(pages, req, row).title])),
      kinds: pages.kinds.all().map(({ key, label }) => ({ value: key, label: req.t(label) })),
      waiting: (await pages.inbox.waitingFor(req.actor)).length,
    }),
  });

  r.form({
    path: '/approvals/:id',
    action: '/approvals/:id/decision',
    can: 'approvals.read',
    writes: 'approvals.decide',
    view: 'approvals/show',
    schema: DecisionForm,
    load: (req) => shown(pages, req),
    save: async ({ decision, note }, req) => {
      const approve = decision === 'approve';
      await pages.approvals.decide(req.actor, idOf(req), { approve, note });
      return {
        to: '/approvals',
        flash: {
          text: approve ? req.t('Approved and carried out.') : req.t('Refused. The person who asked can see why.'),
          links: [{ label: req.t('View the request'), href: `/approvals/${idOf(req)}` }],
        },
      };
    },
  });

  r.post('/approvals/:id/withdrawal', 'approvals.decide', async (req, res) => {
    await pages.approvals.withdraw(req.actor, idOf(req));
    res.done('/approvals?tab=mine', req.t('The request was withdrawn.'));
  });
}

export function described(
  { kinds }: Pick<ApprovalPages, 'kinds'>,
  req: Request,
  request: ApprovalRequest,
): { label: string; title: string; lines: readonly string[]; href: string | null } {
  const kind = kinds.find(request.kind);
  if (!kind) return { label: request.kind, title: request.summary, lines: [], href: null };
  return { label: req.t(kind.label), ...kind.describe(request, req.t), href: kind.href?.(request) ?? null };
}

async function shown(pages: ApprovalPages, req: Request) {
  const found = await pages.inbox.find(req.actor, idOf(req));
  return { ...found, about: described(pages, req, found.request) };
}
