import type { Request } from 'express';
import { z } from 'zod';
import { NotFound, RuleBroken } from '../../../../kernel/errors.js';
import { idOf } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { sendSheet } from '../../../../platform/http/routes/sheet-route.js';
import type { Term } from '../../../school/index.js';
import type { Plan, PlannedLearner } from '../billing-plan.js';
import { totalOf } from '../billing.rules.js';
import { WRITES } from '../../documents/document.rules.js';
import type { RunScope } from '../../ports.js';
import { planColumns } from './billing.sheet.js';
import type { FeePages } from '../../adapters/pages.js';

const PER_PAGE = 50;
const Scope = z.object({
  term: z.uuid('Choose a term'),
  class: z.uuid().optional(),
  stream: z.uuid().optional(),
  boarding: z.enum(['day', 'boarder']).optional(),
  student: z.uuid().optional(),
});
const Reason = z.object({
  reason: z.string({ error: 'Enter a reason' }).trim().min(3, 'Enter a reason').max(200, 'At most 200 characters'),
});

/** Double bills that the page counts; all of them have a list of their own. */
const COUNTED = 100;

/** Bills of a term: looked at first, then written, and taken back where they were wrong. */
export function billingRoutes(r: Routes, pages: FeePages): void {
  r.list({
    path: '/fees/billing',
    can: WRITES,
    view: 'fees/billing/index',
    filter: z.object({}),
    load: (_filter, query, req) => pages.runs.list(req.actor, query.cursor, query.limit),
    model: async (_filter, _page, req) => {
      const { rows: double, next } = await pages.doubleBills.list(req.actor, null, COUNTED);
      return { ...(await named(pages)), double, moreDouble: next !== null };
    },
  });

  r.form({
    path: '/fees/billing/new',
    action: '/fees/billing',
    can: WRITES,
    view: 'fees/billing/new',
    schema: Scope,
    load: (req) => dryRunPage(pages, req),
    save: async (form, req) => {
      const id = await pages.runs.start(req.actor, form.term, scopeOf(form));
      return { to: `/fees/billing/${id}` };
    },
  });

  r.get('/fees/billing/dry-run', WRITES, async (req, res) => {
    const form = Scope.safeParse(present(req.query));
    if (!form.success) throw new NotFound();
    const plan = await pages.runs.dryRun(req.actor, form.data.term, scopeOf(form.data));
    const { labels } = await named(pages);
    const format = req.query.format === 'csv' ? 'csv' : 'xlsx';
    await sendSheet(req, res, { name: 'dry-run', columns: planColumns(labels), format, rows: oncePaged(changesOf(plan)) });
  });

  r.get('/fees/billing/:id', WRITES, async (req, res) => {
    const run = await pages.runs.find(req.actor, idOf(req));
    await res.page('fees/billing/show', {
      run,
      telling: run.state === 'done' ? await pages.notices.of(req.actor, run.id) : null,
      ...(await named(pages)),
    });
  });

  r.form({
    path: '/fees/billing/:id/reversal',
    can: WRITES,
    view: 'fees/billing/reverse',
    schema: Reason,
    load: async (req) => ({ run: await pages.runs.find(req.actor, idOf(req)), ...(await named(pages)) }),
    save: async ({ reason }, req) => {
      await pages.runs.reverse(req.actor, idOf(req), reason);
      return { to: `/fees/billing/${idOf(req)}` };
    },
  });
}

function scopeOf(form: z.infer<typeof Scope>): RunScope {
  return {
    classIds: form.class && !form.stream ? [form.class] : [],
    streamIds: form.stream ? [form.stream] : [],
    boarding: form.boarding ?? null,
    studentIds: form.student ? [form.student] : null,
  };
}

function present(query: object): object {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));
}

/** The choice of a term and of whom, and what a run would write for them. */
async function dryRunPage(pages: FeePages, req: Request) {
  const { terms, ...names } = await named(pages);
  const asked = present({ ...req.query, ...((req.body as object | undefined) ?? {}) });
  const today = await pages.school.today();
  const first = (terms.find((term) => term.endsOn >= today) ?? terms.at(-1))?.id;
  const parsed = Scope.safeParse({ term: first, ...asked });
  const chosen = parsed.success ? parsed.data : null;
  const values = { ...chosen };
  const plan = chosen && (await plannedFor(pages, req, chosen));
  if (!chosen || !plan) return { ...names, terms, values, chosen, plan: null, notYet: null };
  const changes = changesOf(plan);
  const at = Math.max(0, Number(req.query.at) || 0);
  return {
    ...names,
    terms,
    values,
    chosen,
    notYet: await notYetIn(pages, plan, today),
    plan: {
      ...summaryOf(plan, changes),
      rows: changes.slice(at, at + PER_PAGE),
      at,
      next: at + PER_PAGE < changes.length ? at + PER_PAGE : null,
    },
  };
}

/** Null while no fee structure is published: the page says so; a run that is started then is refused. */
async function plannedFor(pages: FeePages, req: Request, chosen: z.infer<typeof Scope>): Promise<Plan | null> {
  try {
    return await pages.runs.dryRun(req.actor, chosen.term, scopeOf(chosen));
  } catch (error) {
    if (error instanceof RuleBroken && error.code === 'no-structure') return null;
    throw error;
  }
}

/** How many are at the school and have no place in the year that is to be billed: it hasn't been turned to yet. */
async function notYetIn(
  pages: FeePages,
  { year, term, roll }: Plan,
  today: string,
): Promise<{ count: number; year: string } | null> {
  if (term.endsOn < today) return null;
  const there = new Set(roll.map((one) => one.id));
  const count = (await pages.students.onRoll()).filter(
    (one) => !there.has(one.id) && (one.since === null || one.since <= term.endsOn),
  ).length;
  return count === 0 ? null : { count, year: year.name };
}

function changesOf(plan: Plan): PlannedLearner[] {
  return plan.rows.filter((row) => row.steps.length > 0);
}

function summaryOf(plan: Plan, changes: readonly PlannedLearner[]) {
  const steps = changes.flatMap((row) => row.steps);
  const sum = (kind: (typeof steps)[number]['kind']) =>
    steps.filter((step) => step.kind === kind).reduce((total, step) => total + totalOf(step.lines), 0);
  return {
    learners: plan.rows.length,
    changed: changes.length,
    unbilled: plan.rows.filter((row) => row.bills.length === 0).length,
    invoices: steps.filter((step) => step.kind === 'invoice').length,
    invoicedMinor: sum('invoice'),
    moreMinor: sum('debit-note'),
    lessMinor: sum('credit-note'),
  };
}

async function* oncePaged<Row>(rows: readonly Row[]): AsyncGenerator<readonly Row[]> {
  yield rows;
}

/** Terms, classes and streams by name, for choosing and for showing. */
async function named(pages: FeePages) {
  const { classes, streams } = await pages.subjects.classList();
  const years = await pages.school.years();
  const terms = years.flatMap((year) =>
    year.terms.map((term): Term & { label: string } => ({ ...term, label: `${term.name}, ${year.name}` })),
  );
  const labels = new Map([
    ...classes.map((one) => [one.id, one.name] as const),
    ...streams.map((one) => [one.id, one.label] as const),
  ]);
  return {
    classes: classes.filter((one) => one.active),
    streams: streams.filter((one) => one.active),
    terms,
    labels,
    termLabels: new Map(terms.map((term) => [term.id, term.label])),
  };
}
