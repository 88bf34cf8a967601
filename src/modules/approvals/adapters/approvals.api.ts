import { z } from 'zod';
import type { Request } from 'express';
import { idOf } from '../../../platform/http/pages/fields.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import { TABS } from '../inbox.js';
import { STATES, type ApprovalRequest } from '../request.rules.js';
import { DecisionForm, described, type ApprovalPages } from './inbox.routes.js';

const Query = z.object({
  tab: z.enum(TABS).default('open').meta({ description: '`open` of others, `mine`, or `decided`' }),
  kind: z.string().max(80).optional().meta({ description: 'Such as `finance.reopening`' }),
});

const RequestOut = z
  .object({
    id: z.uuid(),
    kind: z.string(),
    title: z.string(),
    facts: z.array(z.string()),
    amount_minor: z.number().int().nullable().meta({ description: 'Minor units of the school’s currency' }),
    summary: z.string().meta({ description: 'What happens when it is approved' }),
    reason: z.string(),
    state: z.enum(STATES),
    asked_by: z.string(),
    asked_at: z.iso.datetime(),
    decided_by: z.string().nullable(),
    decided_at: z.iso.datetime().nullable(),
    note: z.string(),
  })
  .meta({ id: 'ApprovalRequest' });

/** The inbox for programs: the same requests, and the same rule that who asks does not decide. */
export function approvalsApi(r: Routes, pages: ApprovalPages): void {
  r.api.list({
    path: '/approvals',
    can: 'approvals.read',
    summary: 'Requests waiting for a second person, your own requests, or decided ones',
    query: Query,
    row: RequestOut,
    load: async ({ tab, kind, cursor, limit }, req) => {
      const page = await pages.inbox.page(req.actor, tab, kind ?? null, cursor, limit);
      return { rows: page.rows.map((row) => toOut(pages, req, row)), next: page.next };
    },
  });

  r.api.post({
    path: '/approvals/:id/decision',
    can: 'approvals.decide',
    summary:
      'Approves a request, which carries it out immediately, or refuses it with a note; 409 if it has already been decided',
    body: DecisionForm,
    output: RequestOut,
    status: 200,
    run: async ({ decision, note }, req) => {
      await pages.approvals.decide(req.actor, idOf(req), { approve: decision === 'approve', note });
      return toOut(pages, req, (await pages.inbox.find(req.actor, idOf(req))).request);
    },
  });
}

function toOut(pages: ApprovalPages, req: Request, request: ApprovalRequest): z.infer<typeof RequestOut> {
  const { title, lines } = described(pages, req, request);
  return {
    id: request.id,
    kind: request.kind,
    title,
    facts: [...lines],
    amount_minor: request.amountMinor,
    summary: request.summary,
    reason: request.reason,
    state: request.state,
    asked_by: request.askedBy.name,
    asked_at: request.askedAt.toISOString(),
    decided_by: request.decidedBy?.name ?? null,
    decided_at: request.decidedAt?.toISOString() ?? null,
    note: request.note,
  };
}
