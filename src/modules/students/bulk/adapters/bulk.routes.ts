import type { Request } from 'express';
import { z } from 'zod';
import { isId } from '../../../../kernel/id.js';
import { whoMay } from '../../../../platform/http/routes/guard.js';
import { day } from '../../../../platform/http/pages/fields.js';
import { closeGaps, FormState, problemsOf, unflatten, type FlatValues } from '../../../../platform/http/routes/form-data.js';
import type { FormRoute } from '../../../../platform/http/routes/form.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { LIST_KINDS, type ListItem, type ListKind } from '../../../school/index.js';
import { MOST_AT_ONCE, type BulkChanges, type BulkEdit } from '../bulk.js';
import { isOddStep } from '../../enrolments/enrolment.rules.js';
import { STATUS_WORDS } from '../../enrolments/life-cycle.rules.js';
import type { StudentBrief } from '../../index.js';
import { classLabels, demandId, type StudentPages } from '../../register/adapters/students.routes.js';

export interface BulkPages extends StudentPages {
  bulk: BulkChanges;
}

const ticked = z.preprocess(
  (value) => [value].flat().filter(Boolean),
  z.array(z.uuid()).min(1, 'Tick at least one student').max(MOST_AT_ONCE, 'At most 500 students at once'),
);
const text = (most: number) => z.string().trim().max(most, `At most ${most} characters`).optional();

const Move = z.object({
  student: ticked,
  streamId: z.uuid('Choose a class'),
  on: day,
  note: text(300),
  sure: z.literal('on').optional(),
});
/** `none` ends what is there; left out stays as it is. */
const place = z.union([z.uuid(), z.literal('none')]).optional();
const Edit = z.object({
  student: ticked,
  boarding: z.enum(['day', 'boarder']).optional(),
  nationality: text(60),
  homeArea: text(80),
  religion: text(40),
  firstLanguage: text(40),
  places: z
    .object(Object.fromEntries(LIST_KINDS.map((kind) => [kind, place])) as Record<ListKind, typeof place>)
    .partial()
    .default({}),
  on: day,
});

/** What can be done with ticked students: choose, look at each one's before and after, do it, see the result. */
export function bulkRoutes(r: Routes, pages: BulkPages): void {
  withPreview(r, pages, {
    path: '/students/bulk/move',
    can: 'students.move',
    view: 'students/bulk/move',
    schema: Move,
    load: async (req) => ({
      ...(await loadTicked(pages, req)),
      ...(await classLabels(pages.subjects)),
      values: { on: req.school!.today, student: idsOf(req) },
    }),
    save: async (form, req) => ({
      to: `/students/bulk/${await pages.bulk.move(req.actor, await inScope(pages, req, form.student), { streamId: form.streamId, on: form.on, note: form.note ?? null, sure: form.sure === 'on' })}`,
    }),
  });

  withPreview(r, pages, {
    path: '/students/bulk/edit',
    can: 'students.change',
    view: 'students/bulk/edit',
    schema: Edit,
    load: async (req) => ({
      ...(await loadTicked(pages, req)),
      ...(await classLabels(pages.subjects)),
      lists: await itemsOf(pages),
      values: { on: req.school!.today, student: idsOf(req) },
    }),
    save: async (form, req) => ({
      to: `/students/bulk/${await pages.bulk.edit(req.actor, await inScope(pages, req, form.student), editOf(form))}`,
    }),
  });

  r.get('/students/bulk/:id', 'students.read', async (req, res) => {
    const change = await pages.bulk.result(req.actor, demandId(req));
    const students = await pages.students.briefs({ ids: change.studentIds }, await pages.scope.of(req.actor));
    await res.page('students/bulk/show', {
      change,
      students,
      lists: await itemsOf(pages),
      ...(await classLabels(pages.subjects)),
    });
  });
}

type BulkForm = { student: string[] };

/** The form first asks for a look: `…/preview` draws who and what, and only that page can do it. */
function withPreview<Values extends BulkForm>(
  r: Routes,
  pages: BulkPages,
  route: FormRoute<Values> & { schema: z.ZodType<Values> },
): void {
  r.form(route);
  r.post(`${route.path}/preview`, whoMay(route), async (req, res) => {
    const body = (req.body ?? {}) as FlatValues;
    const parsed = await route.schema.safeParseAsync(closeGaps(unflatten(body)));
    const model = (await route.load?.(req)) ?? {};
    const problems = parsed.success
      ? []
      : problemsOf(parsed.error).map((problem) => ({ ...problem, message: req.t(problem.message) }));
    const values = Object.fromEntries(Object.entries(body).filter(([name]) => !name.startsWith('_')));
    const form = new FormState(route.path, values, problems, String(body._once ?? ''));
    if (!parsed.success) return res.page(route.view, { ...model, form }, { status: 422 });
    const kind = route.path.endsWith('move') ? 'move' : 'edit';
    const odd =
      kind === 'move'
        ? await oddSteps(pages, model as { students: StudentBrief[] }, (parsed.data as unknown as z.infer<typeof Move>).streamId)
        : 0;
    await res.page('students/bulk/preview', { ...model, form, kind, odd, statusWords: STATUS_WORDS });
  });
}

/** How many go further than to the class above or below. */
async function oddSteps({ subjects }: BulkPages, { students }: { students: StudentBrief[] }, streamId: string): Promise<number> {
  const { classes, streams } = await subjects.classList();
  const to = streams.find((one) => one.id === streamId)?.classId;
  return students.filter((one) => to && one.classId && isOddStep(classes, one.classId, to)).length;
}

function editOf(form: z.infer<typeof Edit>): BulkEdit {
  const { boarding, nationality, homeArea, religion, firstLanguage, places } = form;
  const details = Object.fromEntries(
    Object.entries({ boarding, nationality, homeArea, religion, firstLanguage }).filter(([, value]) => value !== undefined),
  );
  return {
    details,
    places: LIST_KINDS.flatMap((kind) => (places[kind] ? [{ kind, itemId: places[kind] === 'none' ? null : places[kind] }] : [])),
    on: form.on,
  };
}

function idsOf(req: Request): string[] {
  const sent = [req.query.student, (req.body as FlatValues | undefined)?.student].flat();
  return [...new Set(sent.filter((one): one is string => isId(one)))].slice(0, MOST_AT_ONCE + 1);
}

async function loadTicked(pages: BulkPages, req: Request): Promise<{ students: StudentBrief[]; most: number }> {
  return { students: await pages.students.briefs({ ids: idsOf(req) }, await pages.scope.of(req.actor)), most: MOST_AT_ONCE };
}

/** Ticks of children whom the actor may not see are as if they weren't there. */
async function inScope(pages: BulkPages, req: Request, ids: string[]): Promise<string[]> {
  return (await pages.students.briefs({ ids }, await pages.scope.of(req.actor))).map((one) => one.id);
}

async function itemsOf(pages: BulkPages): Promise<Record<string, ListItem[]>> {
  return Object.fromEntries(await Promise.all(LIST_KINDS.map(async (kind) => [kind, await pages.school.lists(kind)] as const)));
}
