import type { Request } from 'express';
import { z } from 'zod';
import { registerName } from '../../../../kernel/people/names.js';
import { Missing } from '../../../../kernel/missing.js';
import { showPhone } from '../../../../kernel/people/phone.js';
import { printedFor } from '../../../../platform/http/routes/pdf-route.js';
import { amountField, day, idOf } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { parseAmount } from '../../../../platform/sheets/reading/numbers.js';
import { AGES } from '../../statements/ageing.rules.js';
import { SEES_ACCOUNTS } from '../../documents/document.rules.js';
import { REMINDS, type Defaulter, type DefaulterFilter } from '../defaulters.js';
import { defaultersDrawing } from './defaulters.pdf.js';
import { defaulterColumns } from './defaulters.sheet.js';
import { placeNames, type RemindingPages } from './reminders.page.js';

const Filter = z.object({
  /** A class or a stream. */
  class: z.uuid().optional(),
  min: z.string().trim().max(20).optional(),
  days: z.coerce.number().pipe(z.literal(AGES)).optional(),
});
type Filter = z.infer<typeof Filter>;

const PRINTED_AT_ONCE = 1000;
/** Keeps a phone number on one line. */
const NO_BREAK = '\u00a0';

/** Who owes what is overdue; on the screen, as a sheet and on paper; and what their families promised. */
export function defaulterRoutes(r: Routes, pages: RemindingPages): void {
  r.list({
    path: '/fees/defaulters',
    can: SEES_ACCOUNTS,
    view: 'fees/defaulters/index',
    filter: Filter,
    load: async (filter, query, req) =>
      pages.defaulters.list(req.actor, await wanted(pages, filter, req), query.cursor, query.limit),
    model: async () => ({ placeOf: await placeNames(pages), ages: AGES }),
    sheet: { name: 'overdue', columns: async () => defaulterColumns(await placeNames(pages)) },
  });

  r.pdf({
    path: '/fees/defaulters/print.pdf',
    can: SEES_ACCOUNTS,
    filename: () => 'overdue.pdf',
    load: async (req) => {
      const filter = await wanted(pages, Filter.catch({}).parse(req.query), req);
      const rows: Defaulter[] = [];
      for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
        const page = await pages.defaulters.list(req.actor, filter, cursor, PRINTED_AT_ONCE);
        rows.push(...page.rows);
        cursor = page.next;
      }
      const context = printedFor(req, await pages.school.letterhead());
      return {
        context,
        currency: req.school!.currency,
        today: req.school!.today,
        classes: byPlace(rows, await placeNames(pages), req.school!.country),
      };
    },
    draw: defaultersDrawing,
  });

  r.form({
    path: '/fees/students/:id/promises/new',
    action: '/fees/students/:id/promises',
    can: REMINDS,
    view: 'fees/defaulters/promise',
    schema: async (req) => promiseForm(req.school!.currency),
    load: async (req) => {
      const [student] = await pages.students.holders([idOf(req)]);
      if (!student) throw new Missing('student');
      const [debt] = await pages.defaulters.among(req.actor, [student.id]);
      return { student, debt: debt ?? null, promises: await pages.defaulters.promisesOf(req.actor, student.id) };
    },
    save: async (given, req) => {
      await pages.defaulters.promise(req.actor, idOf(req), given);
      return { to: '/fees/defaulters', flash: req.t('The promise has been recorded.') };
    },
  });
}

function promiseForm(currency: string) {
  return z.object({
    promisedOn: day,
    amountMinor: amountField(currency, 1),
    note: z.string().trim().max(200, 'At most 200 characters').default(''),
  });
}

async function wanted(pages: RemindingPages, filter: Filter, req: Request): Promise<DefaulterFilter> {
  const { streams } = await pages.subjects.classList();
  const isStream = streams.some((one) => one.id === filter.class);
  const place = filter.class ?? null;
  const atLeastMinor = Math.max(0, parseAmount(filter.min ?? '', req.school!.currency) ?? 0);
  return { classId: isStream ? null : place, streamId: isStream ? place : null, atLeastMinor, days: filter.days ?? 1 };
}

/** By class, each by name. */
function byPlace(rows: readonly Defaulter[], places: ReadonlyMap<string, string>, country: string) {
  const placeOf = ({ student }: Defaulter): string => student.streamId ?? student.classId ?? '';
  const order = [...places.keys(), ''];
  const groups = order
    .map((place) => ({
      name: places.get(place) ?? '',
      of: rows.filter((row) => (places.has(placeOf(row)) ? placeOf(row) : '') === place),
    }))
    .filter((group) => group.of.length > 0);
  return groups.map(({ name, of }) => ({
    name,
    rows: of
      .map(({ student, guardian, openMinor, overdueMinor, askedMinor, dueOn, promise }) => ({
        name: registerName(student),
        admissionNo: student.admissionNo,
        guardian: guardian?.fullName ?? '',
        phone: guardian?.phone ? showPhone(guardian.phone, country).replaceAll(' ', NO_BREAK) : '',
        openMinor,
        overdueMinor,
        dueOn,
        onPlan: askedMinor === 0,
        promisedOn: promise && promise.state !== 'kept' ? promise.promisedOn : '',
      }))
      .sort((a, b) => a.name.localeCompare(b.name)),
  }));
}
