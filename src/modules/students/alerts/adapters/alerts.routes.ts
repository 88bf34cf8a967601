import type { Request, Response } from 'express';
import { z } from 'zod';
import { Invalid, RuleBroken, type FieldProblem } from '../../../../kernel/errors.js';
import { day } from '../../../../platform/http/pages/fields.js';
import { FormState, problemsOf, unflatten, type FlatValues } from '../../../../platform/http/routes/form-data.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { Alerts } from '../alerts.js';
import { ALERT_KINDS, ALERT_LEVELS, CONCERN_KINDS } from '../alert.rules.js';
import type { AlertStore } from '../../ports.js';
import { alertColumns } from './alerts.sheet.js';
import { classLabels, demandId, loadProfile, type StudentPages } from '../../register/adapters/students.routes.js';

export interface AlertPages extends StudentPages {
  alerts: Alerts;
  alertStore: AlertStore;
}

const Raise = z.object({
  kind: z.enum(ALERT_KINDS, { error: 'Choose what this is about' }),
  level: z.enum(ALERT_LEVELS, { error: 'Choose a level' }),
  reason: z.string({ error: 'Enter the reason' }).trim().max(300, 'At most 300 characters'),
  untilOn: day.optional(),
});
const Note = z.object({
  concern: z.enum(CONCERN_KINDS, { error: 'Choose what this is about' }),
  text: z.string({ error: 'Describe what happened' }).trim().max(500, 'At most 500 characters'),
  onDay: day,
});
const limit = z.coerce.number('Enter a number').int().min(1, 'At least 1').max(100, 'At most 100');
const Limits = z.object({
  low: limit,
  medium: limit,
  high: limit,
  days: z.coerce.number('Enter a number of days').int().min(7, 'At least a week').max(365, 'At most a year'),
});

export function alertRoutes(r: Routes, pages: AlertPages): void {
  r.list({
    path: '/students/alerts',
    can: 'students.alerts.read',
    view: 'students/alerts/index',
    filter: z.object({
      kind: z.enum(ALERT_KINDS).optional(),
      level: z.enum(ALERT_LEVELS).optional(),
      stream: z.uuid().optional(),
    }),
    load: async (filter, page, req) => {
      const wanted = { kind: filter.kind ?? null, level: filter.level ?? null, streamId: filter.stream ?? null };
      const found = await pages.alerts.lines(req.actor, wanted, await pages.scope.of(req.actor), page.cursor, page.limit);
      await pages.reads.ofList(
        req.actor,
        'list of alerts',
        found.rows.filter((row) => row.kind === 'medical'),
      );
      return found;
    },
    model: async (_filter, _page, req) => ({
      ...(await classLabels(pages.subjects)),
      kinds: pages.alerts.kindsFor(req.actor),
      levels: ALERT_LEVELS,
    }),
    sheet: {
      name: 'alerts',
      can: 'students.export',
      columns: async () => alertColumns((await classLabels(pages.subjects)).labels),
    },
  });

  r.form({
    path: '/students/alerts/limits',
    can: 'students.alerts.limits',
    view: 'students/alerts/limits',
    asRead: ({ values }) => values,
    schema: z.object({ behaviour: Limits, academic: Limits }),
    load: async () => ({ values: await pages.alerts.limits(), kinds: CONCERN_KINDS }),
    save: async (form, req) => {
      await pages.alerts.setLimits(req.actor, form);
      return { to: '/students/alerts', flash: req.t('The limits have been saved. They apply from the next concern.') };
    },
  });

  r.get('/students/:id/alerts', 'students.alerts.read', (req, res) => draw(pages, req, res, []));
  r.post('/students/:id/alerts', 'students.alerts.change', (req, res) =>
    take(
      pages,
      req,
      res,
      Raise,
      (form, id) => pages.alerts.raise(req.actor, id, { ...form, untilOn: form.untilOn ?? null }),
      'The alert has been raised.',
    ),
  );
  r.post('/students/:id/concerns', 'students.concerns', (req, res) =>
    take(
      pages,
      req,
      res,
      Note,
      ({ concern, text, onDay }, id) => pages.alerts.addConcern(req.actor, id, { kind: concern, text, onDay }),
      'The concern has been recorded.',
    ),
  );
  r.post('/students/:id/alerts/:alert/ending', 'students.alerts.change', (req, res) =>
    take(
      pages,
      req,
      res,
      z.object({
        endReason: z.string({ error: 'Enter a reason for ending the alert' }).trim().max(300, 'At most 300 characters'),
      }),
      ({ endReason }, id) => pages.alerts.end(req.actor, id, demandId(req, 'alert'), endReason),
      'The alert has been ended.',
    ),
  );
}

async function take<Values>(
  pages: AlertPages,
  req: Request,
  res: Response,
  schema: z.ZodType<Values>,
  save: (form: Values, studentId: string) => Promise<void>,
  done: string,
): Promise<void> {
  const { student } = await loadProfile(pages, req);
  const parsed = schema.safeParse(unflatten((req.body ?? {}) as FlatValues));
  if (!parsed.success) return draw(pages, req, res, problemsOf(parsed.error), 422);
  try {
    await save(parsed.data, student.id);
    res.done(`/students/${student.id}/alerts`, req.t(done));
  } catch (error) {
    if (error instanceof Invalid) return draw(pages, req, res, error.problems, 422);
    if (error instanceof RuleBroken) return draw(pages, req, res, [{ field: error.field ?? '', message: error.message }], 422);
    throw error;
  }
}

async function draw(pages: AlertPages, req: Request, res: Response, problems: FieldProblem[], status = 200): Promise<void> {
  const { student } = await loadProfile(pages, req);
  const kinds = pages.alerts.kindsFor(req.actor);
  const all = await pages.alerts.ofStudent(req.actor, student.id);
  await pages.reads.ofChild(req.actor, {
    student: { ...student, birthCertificateNo: null, specialNeeds: null },
    openAlerts: all,
  });
  const shown = (alert: { endedAt: Date | null; untilOn: string | null }): boolean =>
    alert.endedAt === null && (alert.untilOn === null || alert.untilOn >= req.school!.today);
  const values = { onDay: req.school!.today, ...((req.body ?? {}) as FlatValues) };
  const form = new FormState(
    `/students/${student.id}/alerts`,
    values,
    problems.map((one) => ({ ...one, message: req.t(one.message) })),
    '',
  );
  await res.page(
    'students/alerts/show',
    {
      student,
      form,
      kinds,
      levels: ALERT_LEVELS,
      concernKinds: CONCERN_KINDS,
      current: all.filter(shown),
      past: all.filter((one) => !shown(one)),
      concerns: await pages.alertStore.concerns(student.id),
    },
    { status },
  );
}
