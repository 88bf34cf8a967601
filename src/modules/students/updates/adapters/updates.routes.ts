import type { Request, Response } from 'express';
import { z } from 'zod';
import { Conflict, DomainError, Invalid, RuleBroken, type FieldProblem } from '../../../../kernel/errors.js';
import { isId } from '../../../../kernel/id.js';
import { sendPdf, printedFor } from '../../../../platform/http/routes/pdf-route.js';
import { FormState } from '../../../../platform/http/routes/form-data.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { drawInWorker } from '../../../../platform/pdf/worker.js';
import { seenValue, type ShownRequest, type UpdateRequests } from '../update-requests.js';
import type { UpdateLinks } from '../update-links.js';
import { sensitivityOf } from '../../register/sensitive.rules.js';
import type { DueFilter, UpdateStore } from '../../ports.js';
import { dueColumns } from './due-families.sheet.js';
import { updateLettersDrawing } from './update-letters.pdf.js';
import { classLabels, demandId, type StudentPages } from '../../register/adapters/students.routes.js';

export interface UpdatePages extends StudentPages {
  updateLinks: UpdateLinks;
  updateRequests: UpdateRequests;
  updateStore: UpdateStore;
}

const USE = 'students.updates';
const STATES = ['open', 'accepted', 'partly', 'rejected'] as const;
const Months = z.coerce.number().int().min(0).max(120).default(12);

/** What families have sent, and which families should be asked. */
export function updateRoutes(r: Routes, pages: UpdatePages): void {
  r.list({
    path: '/students/updates',
    can: USE,
    view: 'students/updates/index',
    filter: z.object({ state: z.enum([...STATES, 'all']).default('open') }),
    load: (filter, page) => pages.updateStore.requests(filter.state === 'all' ? null : filter.state, page.cursor, page.limit),
    model: async () => ({ states: STATES, open: await pages.updateStore.openCount() }),
  });

  r.list({
    path: '/students/updates/due',
    can: USE,
    view: 'students/updates/due',
    filter: z.object({ stream: z.uuid().optional(), months: Months }),
    load: (filter, page, req) => pages.updateStore.due(dueFilter(filter, req.school!.today), page.cursor, page.limit),
    model: async () => classLabels(pages.subjects),
    sheet: { name: 'families-to-ask', can: 'students.export', columns: dueColumns },
  });

  r.get('/students/updates/links/new', USE, async (req, res) => {
    const filter = asked(req.query, req.school!.today);
    const { rows, next } = await pages.updateStore.due(filter, null, 500);
    await res.page('students/updates/ask', {
      families: rows,
      many: next !== null,
      chosen: req.query,
      ...(await classLabels(pages.subjects)),
    });
  });

  r.post('/students/updates/links', USE, async (req, res) => {
    const body = (req.body ?? {}) as Record<string, unknown>;
    const filter = asked(body, req.school!.today);
    if (body.by === 'letter') return letters(pages, req, res, filter);
    const { sent, unreachable } = await pages.updateLinks.send(req.actor, filter);
    const lost =
      unreachable.length === 0
        ? ''
        : ` ${req.t('{{n}} have no phone or email: print letters for them.', { n: unreachable.length })}`;
    res.done('/students/updates/due', {
      kind: lost ? 'warn' : 'ok',
      text: req.t('{{n}} families were asked. Each link works for 14 days.', { n: sent }) + lost,
    });
  });

  r.get('/students/updates/:id', USE, (req, res) => draw(pages, req, res, []));

  r.post('/students/updates/:id/decision', USE, async (req, res) => {
    const body = (req.body ?? {}) as Record<string, string | string[] | undefined>;
    const { changes } = await pages.updateRequests.show(req.actor, demandId(req));
    const all = changes.map((_one, at) => at);
    const taken =
      body.all === 'yes'
        ? all.filter((at) => !changes[at]!.conflict && !changes[at]!.gone)
        : body.all === 'no'
          ? []
          : all.filter((at) => [body.taken].flat().includes(String(at)));
    const seen = new Map(all.map((at) => [at, String([body[`seen.${at}`]].flat()[0] ?? '')]));
    const reason =
      String([body.reason].flat()[0] ?? '')
        .trim()
        .slice(0, 300) || null;
    try {
      const decided = await pages.updateRequests.decide(req.actor, demandId(req), taken, seen, reason);
      res.done(
        '/students/updates',
        decided.state === 'rejected'
          ? req.t('No changes were accepted.')
          : req.t('{{n}} fields were updated.', { n: decided.changes.filter((one) => one.taken).length }),
      );
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const problems =
        error instanceof Invalid
          ? error.problems
          : error instanceof RuleBroken || error instanceof Conflict
            ? [{ field: '', message: error.message }]
            : null;
      if (!problems) throw error;
      await draw(pages, req, res, problems, error.status);
    }
  });
}

async function draw(pages: UpdatePages, req: Request, res: Response, problems: FieldProblem[], status = 200): Promise<void> {
  const request = await pages.updateRequests.show(req.actor, demandId(req));
  await noteRead(pages, req, request);
  const form = new FormState(
    `/students/updates/${request.id}/decision`,
    (req.body ?? {}) as Record<string, string>,
    problems.map((one) => ({ ...one, message: req.t(one.message) })),
    '',
  );
  const fields = new Map((await pages.customFields.all()).map((field) => [`custom.${field.key}`, field.label]));
  await res.page('students/updates/show', { request, form, fields, seenValue, stale: status === 409 }, { status });
}

async function noteRead(pages: UpdatePages, req: Request, { changes }: ShownRequest): Promise<void> {
  for (const id of new Set(changes.filter((one) => one.target === 'student').map((one) => one.targetId))) {
    const own = changes.filter((one) => one.targetId === id);
    const shown = (['identity', 'health'] as const).filter((kind) => own.some((one) => sensitivityOf(one.field) === kind));
    await pages.reads.note(req.actor, id, own[0]!.name, shown);
  }
}

async function letters(pages: UpdatePages, req: Request, res: Response, filter: DueFilter): Promise<void> {
  const made = await pages.updateLinks.letters(req.actor, filter);
  if (made.length === 0)
    return res.done('/students/updates/due', { kind: 'warn', text: req.t('There is no one to write to. Choose another class.') });
  const context = printedFor(req, await pages.school.letterhead({}));
  sendPdf(res, 'letters-to-families.pdf', await drawInWorker(updateLettersDrawing, { context, letters: made }));
}

/** One guardian, or those of a class, or everybody, who have not looked since then. */
function asked(given: Record<string, unknown>, today: string): DueFilter {
  if (isId(given.guardian)) return { before: null, streamId: null, guardianId: given.guardian };
  return dueFilter(
    { stream: isId(given.stream) ? given.stream : undefined, months: Months.catch(12).parse(given.months) },
    today,
  );
}

function dueFilter({ stream, months }: { stream?: string | undefined; months: number }, today: string): DueFilter {
  const day = new Date(`${today}T00:00:00Z`);
  day.setUTCMonth(day.getUTCMonth() - months);
  return { before: months === 0 ? null : day.toISOString().slice(0, 10), streamId: stream ?? null };
}
