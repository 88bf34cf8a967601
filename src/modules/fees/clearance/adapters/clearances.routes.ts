import { z } from 'zod';
import { Invalid, NotFound } from '../../../../kernel/errors.js';
import { isId } from '../../../../kernel/id.js';
import { registerName } from '../../../../kernel/people/names.js';
import { printedFor } from '../../../../platform/http/routes/pdf-route.js';
import { day, idOf } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { parseAmount } from '../../../../platform/sheets/reading/numbers.js';
import type { SchoolApi } from '../../../school/index.js';
import type { StudentsApi } from '../../../students/index.js';
import type { SubjectsApi } from '../../../subjects/index.js';
import { CLEARS, EXCEPTS, SEES_CLEARANCE, type Clearances, type GateFilter, type GateRow } from '../clearances.js';
import { THRESHOLD_KINDS } from '../clearance.rules.js';
import { gateListDrawing } from './gate-list.pdf.js';
import { gateColumns } from './gate-list.sheet.js';
import { studentByNumber, termNames } from '../../adapters/pages.js';
import { placeNames } from '../../reminders/adapters/reminders.page.js';

export interface ClearancePages {
  clearances: Clearances;
  school: SchoolApi;
  subjects: SubjectsApi;
  students: StudentsApi;
}

const Filter = z.object({
  /** A class or a stream. */
  class: z.uuid().optional(),
  q: z.string().trim().max(60).optional(),
  state: z.enum(['held', 'cleared']).optional(),
});
type Filter = z.infer<typeof Filter>;

const PRINTED_AT_ONCE = 1000;

/** Snapshots of who is cleared, the gate list on a phone and on paper, and who counts as cleared all the same. */
export function clearanceRoutes(r: Routes, pages: ClearancePages): void {
  exceptionRoutes(r, pages);

  r.list({
    path: '/fees/clearances',
    can: SEES_CLEARANCE,
    view: 'fees/clearances/index',
    filter: z.object({}),
    load: (_filter, query, req) => pages.clearances.list(req.actor, query.cursor, query.limit),
    model: async (_filter, _page, req) => ({ terms: await termNames(pages), law: await pages.clearances.law(req.actor) }),
  });

  r.form({
    path: '/fees/clearances/new',
    action: '/fees/clearances',
    can: CLEARS,
    view: 'fees/clearances/new',
    schema: z.object({
      termId: z.uuid('Choose a term'),
      thresholdKind: z.enum(THRESHOLD_KINDS, { error: 'Choose one' }),
      threshold: z.string({ error: 'Enter how much may be owed, 0 for nothing' }),
      graceDays: z.coerce
        .number({ error: 'A number from 0 to 120' })
        .int('A number from 0 to 120')
        .min(0, 'A number from 0 to 120')
        .max(120, 'A number from 0 to 120'),
      plansCount: z
        .literal('on')
        .optional()
        .transform((value) => value !== undefined),
    }),
    load: async (req) => {
      const term = (await pages.school.currentTerm())?.term;
      return {
        terms: await termNames(pages),
        law: await pages.clearances.law(req.actor),
        values: { termId: term?.id ?? null, thresholdKind: 'amount', threshold: '0', graceDays: 0, plansCount: 'on' },
      };
    },
    save: async ({ termId, threshold, ...terms }, req) => {
      const id = await pages.clearances.start(req.actor, termId, {
        ...terms,
        threshold: thresholdOf(threshold, terms.thresholdKind, req.school!.currency),
      });
      return { to: `/fees/clearances/${id}` };
    },
  });

  r.list({
    path: '/fees/clearances/:id',
    can: SEES_CLEARANCE,
    view: 'fees/clearances/show',
    filter: Filter,
    load: async (filter, query, req) =>
      pages.clearances.rows(req.actor, idOf(req), await wanted(pages, filter), query.cursor, query.limit),
    model: async (_filter, _page, req) => ({
      clearance: await pages.clearances.find(req.actor, idOf(req)),
      terms: await termNames(pages),
      law: await pages.clearances.law(req.actor),
      placeOf: await placeNames(pages),
    }),
    sheet: {
      name: 'clearance',
      columns: async (req) => gateColumns(await placeNames(pages), req.actor.permissions.has('fees.accounts')),
    },
  });

  r.pdf({
    path: '/fees/clearances/:id/gate-list.pdf',
    can: SEES_CLEARANCE,
    filename: () => 'gate-list.pdf',
    load: async (req) => {
      const filter = await wanted(pages, Filter.catch({}).parse(req.query));
      const clearance = await pages.clearances.find(req.actor, idOf(req));
      const rows: GateRow[] = [];
      for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
        const page = await pages.clearances.rows(req.actor, clearance.id, filter, cursor, PRINTED_AT_ONCE);
        rows.push(...page.rows);
        cursor = page.next;
      }
      const context = printedFor(req, await pages.school.letterhead());
      const { rules } = await pages.clearances.law(req.actor);
      return {
        context,
        term: (await termNames(pages)).get(clearance.termId) ?? '',
        asOf: clearance.asOf,
        rules,
        classes: byPlace(rows, await placeNames(pages)),
      };
    },
    draw: gateListDrawing,
  });
}

function exceptionRoutes(r: Routes, pages: ClearancePages): void {
  r.list({
    path: '/fees/clearances/exceptions',
    can: SEES_CLEARANCE,
    view: 'fees/clearances/exceptions',
    filter: z.object({}),
    load: (_filter, query, req) => pages.clearances.exceptions(req.actor, query.cursor, query.limit),
    model: async () => ({ placeOf: await placeNames(pages) }),
  });

  r.form({
    path: '/fees/clearances/exceptions/new',
    action: '/fees/clearances/exceptions',
    can: EXCEPTS,
    view: 'fees/clearances/exception',
    schema: z.object({
      student: z.string({ error: 'Enter the admission number' }).trim().max(40, 'Enter the admission number'),
      until: day,
      reason: z.string({ error: 'Enter a reason' }).trim().max(200, 'At most 200 characters'),
    }),
    load: async (req) => {
      const [student] = isId(req.query.student) ? await pages.students.holders([String(req.query.student)]) : [];
      return { values: { student: student?.admissionNo ?? '' } };
    },
    save: async ({ student, ...given }, req) => {
      const { id } = await studentByNumber(pages, req, student);
      await pages.clearances.except(req.actor, { studentId: id, ...given });
      return { to: '/fees/clearances/exceptions', flash: req.t('The student counts as cleared until that day.') };
    },
  });

  r.post('/fees/clearances/exceptions/:exception/end', EXCEPTS, async (req, res) => {
    if (!isId(req.params.exception)) throw new NotFound();
    await pages.clearances.endException(req.actor, String(req.params.exception));
    res.done('/fees/clearances/exceptions', req.t('The exception has ended.'));
  });
}

/** Minor units, or hundredths of a per cent. */
function thresholdOf(text: string, kind: (typeof THRESHOLD_KINDS)[number], currency: string): number {
  const number = kind === 'amount' ? parseAmount(text, currency) : Number(text.replace(',', '.').replace(/\s*%$/, '')) * 100;
  if (number === null || !Number.isFinite(number) || number < 0)
    throw new Invalid({ threshold: 'Enter how much may be owed, 0 for nothing' });
  return Math.round(number);
}

async function wanted(pages: ClearancePages, filter: Filter): Promise<GateFilter> {
  const { streams } = await pages.subjects.classList();
  const place = filter.class ?? null;
  const isStream = streams.some((one) => one.id === place);
  return {
    classId: isStream ? null : place,
    streamId: isStream ? place : null,
    text: filter.q || null,
    held: filter.state ? filter.state === 'held' : null,
  };
}

/** By the class of that day, each in the register's order. */
function byPlace(rows: readonly GateRow[], places: ReadonlyMap<string, string>) {
  const placeOf = (row: GateRow): string => row.streamId ?? row.classId ?? '';
  return [...places.keys(), ''].flatMap((place) => {
    const own = rows.filter((row) => (places.has(placeOf(row)) ? placeOf(row) : '') === place);
    if (own.length === 0) return [];
    return [
      {
        name: places.get(place) ?? '',
        rows: own.map((row) => ({
          name: registerName(row.student),
          admissionNo: row.student.admissionNo,
          cleared: row.outcome !== 'held',
          since: row.since !== null,
        })),
      },
    ];
  });
}
