import type { Request } from 'express';
import { z } from 'zod';
import { addDays } from '../../../../kernel/clock.js';
import { registerName } from '../../../../kernel/people/names.js';
import { printedFor } from '../../../../platform/http/routes/pdf-route.js';
import { amountField, day, idOf } from '../../../../platform/http/pages/fields.js';
import type { FlatValues } from '../../../../platform/http/routes/form-data.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { SchoolApi } from '../../../school/index.js';
import type { SubjectsApi } from '../../../subjects/index.js';
import { PLANS, type Parts, type Plans } from '../plans.js';
import { SEES_ACCOUNTS } from '../../documents/document.rules.js';
import { INTERVALS, LEAST_PARTS, MOST_PARTS, PLAN_STATES } from '../plan.rules.js';
import { agreementDrawing } from './agreement.pdf.js';
import { planColumns } from './plans.sheet.js';
import { placeNames } from '../../reminders/adapters/reminders.page.js';

export interface PlanPages {
  plans: Plans;
  school: SchoolApi;
  subjects: SubjectsApi;
}

const Filter = z.object({
  /** A class or a stream. */
  class: z.uuid().optional(),
  state: z.enum(PLAN_STATES).optional(),
});

/** Most plans begin with the month's pay. */
const FIRST_PARTS = 3;

/** Plans of instalments: the list, one of them, its agreement on paper, a new one, one that is taken back. */
export function planRoutes(r: Routes, pages: PlanPages): void {
  r.list({
    path: '/fees/plans',
    can: SEES_ACCOUNTS,
    view: 'fees/plans/index',
    filter: Filter,
    load: async (filter, query, req) => {
      const { streams } = await pages.subjects.classList();
      const place = filter.class ?? null;
      const isStream = streams.some((one) => one.id === place);
      return pages.plans.list(
        req.actor,
        { classId: isStream ? null : place, streamId: isStream ? place : null, state: filter.state ?? null },
        query.cursor,
        query.limit,
      );
    },
    model: async () => ({ placeOf: await placeNames(pages), states: PLAN_STATES }),
    sheet: { name: 'instalment-plans', columns: async () => planColumns(await placeNames(pages)) },
  });

  r.form({
    path: '/fees/students/:id/plans/new',
    action: '/fees/students/:id/plans',
    can: PLANS,
    view: 'fees/plans/new',
    schema: planForm,
    load: async (req) => {
      const { guardian, ...proposal } = await pages.plans.proposal(req.actor, idOf(req));
      return {
        ...proposal,
        how: howOf(req),
        most: MOST_PARTS,
        values: { agreedWith: guardian, parts: FIRST_PARTS, firstOn: addDays(req.school!.today, 7), interval: 'month' },
      };
    },
    save: async ({ agreedWith, note, also, ...parts }, req) => {
      const [id] = await pages.plans.agree(req.actor, [idOf(req), ...also], { parts, agreedWith, note });
      const text =
        also.length > 0
          ? req.t('{{n}} plans were set up, one for each student.', { n: also.length + 1 })
          : req.t('The plan is set up. Print it for signing.');
      return { to: `/fees/plans/${id}`, flash: text };
    },
  });

  r.get('/fees/plans/:id', SEES_ACCOUNTS, async (req, res) =>
    res.page('fees/plans/show', { plan: await pages.plans.find(req.actor, idOf(req)), placeOf: await placeNames(pages) }),
  );

  r.pdf({
    path: '/fees/plans/:id/agreement.pdf',
    can: SEES_ACCOUNTS,
    filename: (_req, { admissionNo }) => `instalments-${admissionNo}.pdf`,
    load: async (req) => {
      const { student, ...plan } = await pages.plans.find(req.actor, idOf(req));
      const context = printedFor(req, await pages.school.letterhead());
      const className = (await placeNames(pages)).get(student.streamId ?? student.classId ?? '') ?? '';
      return {
        context,
        currency: req.school!.currency,
        name: registerName(student),
        admissionNo: student.admissionNo,
        className,
        plan,
      };
    },
    draw: agreementDrawing,
  });

  r.form({
    path: '/fees/plans/:id/cancellation',
    can: PLANS,
    view: 'fees/plans/cancel',
    schema: z.object({ reason: z.string({ error: 'Enter a reason for reversing' }).trim().max(200, 'At most 200 characters') }),
    load: async (req) => ({ plan: await pages.plans.find(req.actor, idOf(req)) }),
    save: async ({ reason }, req) => {
      await pages.plans.takeBack(req.actor, idOf(req), reason);
      return { to: `/fees/plans/${idOf(req)}`, flash: req.t('The plan was cancelled.') };
    },
  });
}

const shared = {
  agreedWith: z.string({ error: 'Enter who agreed to it' }).trim().max(120, 'At most 120 characters'),
  note: z.string().trim().max(200, 'At most 200 characters').default(''),
  /** Brothers and sisters who get a plan of their own in the same way. */
  also: z.preprocess((value) => [value ?? []].flat(), z.array(z.uuid()).max(20)),
};

type PlanForm = { agreedWith: string; note: string; also: string[] } & Parts;

function planForm(req: Request): z.ZodType<PlanForm> {
  return howOf(req) === 'typed' ? typedForm(req.school!.currency) : equalForm;
}

const equalForm = z.object({
  ...shared,
  parts: z.coerce
    .number({ error: 'A number from 2 to 24' })
    .int('A number from 2 to 24')
    .min(LEAST_PARTS, 'A number from 2 to 24')
    .max(MOST_PARTS, 'A number from 2 to 24'),
  firstOn: day,
  interval: z.enum(INTERVALS, { error: 'Choose one' }),
});

function typedForm(currency: string) {
  const amountMinor = amountField(currency, 1);
  return z.object({
    ...shared,
    instalments: z
      .array(z.object({ dueOn: day, amountMinor }), { error: 'Enter at least two instalments' })
      .min(LEAST_PARTS, 'Enter at least two instalments')
      .max(MOST_PARTS, 'At most 24 instalments'),
  });
}

function howOf(req: Request): 'equal' | 'typed' {
  return ((req.body as FlatValues | undefined)?.how ?? req.query.how) === 'typed' ? 'typed' : 'equal';
}
