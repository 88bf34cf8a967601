import type { Request } from 'express';
import { z } from 'zod';
import { RuleBroken } from '../../../../kernel/errors.js';
import { Missing } from '../../../../kernel/missing.js';
import { idOf } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { LEAVES, type Rollovers } from '../rollovers.js';
import { DECISIONS, type Rollover } from '../rollover.rules.js';
import type { RolloverStore, TermBill, YearBills } from '../../ports.js';
import { countRows } from './rollover-counts.js';
import type { StudentPages } from '../../register/adapters/students.routes.js';

export interface RolloverPages extends StudentPages {
  rollovers: Rollovers;
  rolloverStore: RolloverStore;
  yearBills: YearBills[];
}

const CAN = 'students.roll-over';
const percent = (message: string) => z.coerce.number({ error: message }).min(0, message).max(100, message);
const rule = {
  pass: percent('A percentage from 0 to 100').optional(),
  margin: percent('A percentage from 0 to 100').default(0),
};

/** The turn of the year in three steps: counts and goals, exceptions, the move itself. */
export function rolloverRoutes(r: Routes, pages: RolloverPages): void {
  r.get('/students/rollovers', CAN, async (_req, res) => {
    await res.page('students/rollovers/index', {
      rollovers: await pages.rolloverStore.list(),
      years: await pages.school.years(),
    });
  });

  r.form({
    path: '/students/rollovers/new',
    action: '/students/rollovers',
    can: CAN,
    view: 'students/rollovers/new',
    schema: z.object({
      fromYearId: z.uuid('Choose a year'),
      toYearId: z.union([z.uuid(), z.iso.date()], 'Choose a year'),
      ...rule,
    }),
    load: async () => {
      const { fromYearId, toYearId, ...choices } = await pages.rollovers.choices();
      return { ...choices, values: { fromYearId, toYearId, margin: 5 } };
    },
    save: async (form, req) => {
      const rollover = await pages.rollovers.prepare(req.actor, {
        fromYearId: form.fromYearId,
        toYearId: form.toYearId,
        pass: form.pass ?? null,
        margin: form.margin,
      });
      return { to: `/students/rollovers/${rollover.id}` };
    },
  });

  r.form({
    path: '/students/rollovers/:id',
    action: '/students/rollovers/:id/plan',
    can: CAN,
    view: 'students/rollovers/show',
    asRead: ({ values }) => values,
    schema: z.object({ ...rule, streams: z.record(z.uuid(), z.union([z.uuid(), z.literal(LEAVES)])).default({}) }),
    load: async (req) => {
      const rollover = await load(pages, req);
      const streams = Object.fromEntries(Object.entries(rollover.plan.streams).map(([from, to]) => [from, to ?? LEAVES]));
      return {
        ...(await shown(pages, rollover)),
        ...(await countRows(pages, rollover)),
        leaves: LEAVES,
        values: { pass: rollover.pass, margin: rollover.margin, streams },
      };
    },
    save: async (form, req) => {
      const id = idOf(req);
      const streams = Object.fromEntries(Object.entries(form.streams).map(([from, to]) => [from, to === LEAVES ? null : to]));
      await pages.rollovers.replan(req.actor, id, { pass: form.pass ?? null, margin: form.margin, streams });
      return { to: `/students/rollovers/${id}`, flash: req.t('Recalculated with the new settings.') };
    },
  });

  r.list({
    path: '/students/rollovers/:id/students',
    can: CAN,
    view: 'students/rollovers/students',
    filter: z.object({
      q: z.string().trim().max(80).optional(),
      stream: z.uuid().optional(),
      decision: z.enum(DECISIONS).optional(),
      show: z.enum(['exceptions', 'all']).default('exceptions'),
    }),
    load: async (filter, page, req) => {
      const all = filter.show === 'all' || filter.q !== undefined || filter.stream !== undefined || filter.decision !== undefined;
      return pages.rolloverStore.rows(
        idOf(req),
        { text: filter.q ?? null, streamId: filter.stream ?? null, decision: filter.decision ?? null, exceptions: !all },
        page.cursor,
        page.limit,
      );
    },
    model: async (_filter, _page, req) => {
      const rollover = await load(pages, req);
      return { ...(await shown(pages, rollover)), obstacles: await pages.rollovers.obstacles(rollover), decisions: DECISIONS };
    },
  });

  r.form({
    path: '/students/rollovers/:id/students/:student/edit',
    action: '/students/rollovers/:id/students/:student',
    can: CAN,
    view: 'students/rollovers/edit',
    asRead: ({ values }) => values,
    schema: z.object({
      decision: z.enum(['promoted', 'repeating', 'leaving', 'rule'], { error: 'Choose what happens to this student' }),
      chosenStreamId: z.uuid().optional(),
      reason: z.string().trim().max(300, 'At most 300 characters').optional(),
    }),
    load: async (req) => {
      const rollover = await load(pages, req);
      const row = await pages.rolloverStore.row(rollover.id, idOf(req, 'student'));
      if (!row) throw new Missing('student');
      return {
        ...(await shown(pages, rollover)),
        row,
        values: {
          decision: row.decision === 'review' ? undefined : row.decision,
          chosenStreamId: row.chosenStreamId,
          reason: row.reason,
        },
      };
    },
    save: async (form, req) => {
      const id = idOf(req);
      const word =
        form.decision === 'rule'
          ? null
          : {
              decision: form.decision,
              chosenStreamId: form.decision === 'leaving' ? null : (form.chosenStreamId ?? null),
              reason: form.reason ?? '',
            };
      await pages.rollovers.decide(req.actor, id, idOf(req, 'student'), word);
      return { to: `/students/rollovers/${id}/students`, flash: req.t('Decided.') };
    },
  });

  r.get('/students/rollovers/:id/check', CAN, async (req, res) => {
    const rollover = await load(pages, req);
    const [counted, obstacles, bills] = [
      await countRows(pages, rollover),
      await pages.rollovers.obstacles(rollover),
      await billsOf(pages, rollover),
    ];
    const turns = await pages.rollovers.subjectTurns(rollover);
    await res.page('students/rollovers/check', {
      ...(await shown(pages, rollover)),
      ...counted,
      obstacles,
      bills,
      turns,
      ends: await endsOf(pages),
      plans: await pages.rolloverStore.plans(rollover.id),
    });
  });

  r.post('/students/rollovers/:id/commitment', CAN, async (req, res) => {
    const id = idOf(req);
    const leaving = Number((req.body as { leaving?: unknown } | undefined)?.leaving ?? 0);
    const done = await orRefused(() => pages.rollovers.commit(req.actor, id, leaving));
    if (done instanceof RuleBroken)
      return res.done(`/students/rollovers/${id}/check`, { kind: 'bad', text: req.t(done.message) });
    res.done(
      `/students/rollovers/${id}`,
      req.t('The new year has begun: {{promoted}} promoted, {{repeating}} repeating, {{leaving}} left.', {
        promoted: done.promoted ?? 0,
        repeating: done.repeating ?? 0,
        leaving: done.leaving ?? 0,
      }),
    );
  });

  r.post('/students/rollovers/:id/undo', CAN, async (req, res) => {
    const id = idOf(req);
    const refusal = await orRefused(() => pages.rollovers.undo(req.actor, id));
    res.done(
      `/students/rollovers/${id}`,
      refusal instanceof RuleBroken
        ? { kind: 'bad', text: req.t(refusal.message) }
        : req.t('Undone. Everyone is back where they were at the end of the old year.'),
    );
  });

  r.post('/students/rollovers/:id/refresh', CAN, async (req, res) => {
    const id = idOf(req);
    await pages.rollovers.refresh(req.actor, id);
    res.done(`/students/rollovers/${id}`, req.t('Up to date with the register.'));
  });

  r.post('/students/rollovers/:id/removal', CAN, async (req, res) => {
    await pages.rollovers.discard(req.actor, idOf(req));
    res.done('/students/rollovers', req.t('The preparation was discarded. No one has been moved.'));
  });
}

/** A rule that forbids it is an answer here; the page says it and stays. */
async function orRefused<Result>(work: () => Promise<Result>): Promise<Result | RuleBroken> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RuleBroken) return error;
    throw error;
  }
}

async function load(pages: RolloverPages, req: Request): Promise<Rollover> {
  const rollover = await pages.rollovers.find(idOf(req));
  if (!rollover) throw new Missing('rollover');
  return rollover;
}

/** What is billed by itself as soon as everybody has moved. */
async function billsOf({ rolloverStore, yearBills }: RolloverPages, rollover: Rollover): Promise<TermBill[]> {
  if (rollover.status !== 'draft' || yearBills.length === 0) return [];
  const joining = await rolloverStore.placesToCome(rollover.id);
  return (await Promise.all(yearBills.map((one) => one.expected(rollover.toYearId, joining)))).flat();
}

/** Classes at the end of the country's road: whoever leaves from another one should be looked at. */
async function endsOf({ school, subjects }: RolloverPages): Promise<ReadonlySet<string>> {
  const last = new Set((await school.pack()).levels.filter((level) => level.next === null).map((level) => level.name));
  return new Set((await subjects.classList()).classes.filter((one) => last.has(one.name)).map((one) => one.id));
}

/** Years and classes by name, for every page of the wizard. */
async function shown(pages: RolloverPages, rollover: Rollover): Promise<object> {
  const [years, { classes, streams }] = [await pages.school.years(), await pages.subjects.classList()];
  return {
    rollover,
    from: years.find((year) => year.id === rollover.fromYearId),
    to: years.find((year) => year.id === rollover.toYearId),
    classes,
    streams: streams.filter((stream) => stream.active),
    labels: new Map(streams.map((stream) => [stream.id, stream.label])),
    classNames: new Map(classes.map((one) => [one.id, one.name])),
  };
}
