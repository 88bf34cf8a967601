import type { Request } from 'express';
import { z } from 'zod';
import { NotFound } from '../../../../kernel/errors.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { dayTypeInput, specialDayInput, yearInput } from '../calendar.js';
import type { Calendar } from '../calendar.js';
import type { AcademicYear } from '../../../../kernel/school-calendar.js';
import { DAY_KINDS, demandRunning, isPrinted, sourceOf } from '../calendar.rules.js';

/** `over`: the person means a year that is over. */
export const yearForm = yearInput.extend({ over: z.literal('on').optional() });

/** Years and terms, kinds of day, and days that are not like others. */
export function calendarRoutes(r: Routes, calendar: Calendar): void {
  yearRoutes(r, calendar);
  dayTypeRoutes(r, calendar);
  specialDayRoutes(r, calendar);
}

function yearRoutes(r: Routes, calendar: Calendar): void {
  r.get('/school/years', 'school.read', async (req, res) => {
    const { years } = await calendar.state();
    await res.page('school/years/index', { years: [...years].reverse(), today: req.school?.today });
  });

  r.form({
    path: '/school/years/new',
    can: 'school.years.change',
    view: 'school/years/edit',
    schema: yearForm,
    load: async (req) => ({ ...(await proposedYear(calendar, req)), year: null }),
    async save({ over, ...values }, req) {
      demandRunning(values, req.school!.today, over === 'on');
      const year = await calendar.addYear(req.actor, values);
      return { to: '/school/years', flash: req.t('Year {{name}} added', { name: year.name }) };
    },
  });

  r.form({
    path: '/school/years/:id/edit',
    can: 'school.years.change',
    view: 'school/years/edit',
    asRead: ({ year }) => year,
    schema: yearInput,
    async load(req) {
      const year = found((await calendar.state()).years.find((candidate) => candidate.id === req.params.id));
      return { values: year, year };
    },
    async save(values, req) {
      const year = await calendar.changeYear(req.actor, idOf(req), values);
      return { to: '/school/years', flash: req.t('Year {{name}} saved', { name: year.name }) };
    },
  });

  r.post('/school/years/:id/removal', 'school.years.change', async (req, res) => {
    const year = await calendar.removeYear(req.actor, idOf(req));
    res.done('/school/years', req.t('Year {{name}} removed', { name: year.name }));
  });
}

/** A proposal with what it is worth: where its dates are from, for whom they don't hold, and the calendars of sections beside it. */
export async function proposedYear(calendar: Calendar, req: Request, instead?: AcademicYear) {
  const asked = typeof req.query.calendar === 'string' ? req.query.calendar : undefined;
  const { values, year, calendar: proposal, section, sections, shared } = await calendar.propose(asked, instead);
  const dates = {
    source: sourceOf(proposal, year),
    printed: isPrinted(proposal, year),
    from: proposal.year,
    note: shared ? null : (proposal.note ?? null),
  };
  return { values, section, dates, shared, calendars: sections.map(({ id, name }) => ({ id, name, current: id === section })) };
}

function dayTypeRoutes(r: Routes, calendar: Calendar): void {
  for (const path of ['/school/day-types/new', '/school/day-types/:id/edit']) {
    r.form({
      path,
      can: 'school.years.change',
      view: 'school/day-types/edit',
      asRead: ({ type }) => type,
      schema: dayTypeInput,
      async load(req) {
        const type = req.params.id
          ? found((await calendar.state()).dayTypes.find((candidate) => candidate.id === req.params.id))
          : null;
        return { values: type ? { ...type, active: yes(type.active) } : { kind: 'half', active: 'yes' }, type, kinds: DAY_KINDS };
      },
      async save(values, req) {
        const type = await calendar.saveDayType(req.actor, req.params.id ? idOf(req) : null, values);
        return { to: '/school/days', flash: req.t('{{name}} saved', { name: type.name }) };
      },
    });
  }
}

function specialDayRoutes(r: Routes, calendar: Calendar): void {
  r.get('/school/days', 'school.read', async (req, res) => {
    const { specialDays, dayTypes } = await calendar.state();
    const days = specialDays.map((special) => ({ ...special, type: dayTypes.find((type) => type.id === special.dayTypeId) }));
    await res.page('school/days/index', { days, dayTypes, today: req.school?.today });
  });

  r.form({
    path: '/school/days/holidays',
    can: 'school.years.change',
    view: 'school/days/holidays',
    schema: z.object({ day: z.preprocess((value) => [value ?? []].flat(), z.array(z.iso.date()).max(200)) }),
    load: async () => ({ days: await calendar.toAdd() }),
    async save({ day }, req) {
      const count = await calendar.addDays(req.actor, day);
      return { to: '/school/days', flash: count === 1 ? req.t('1 day added') : req.t('{{n}} days added', { n: count }) };
    },
  });

  for (const path of ['/school/days/new', '/school/days/:id/edit']) {
    r.form({
      path,
      can: 'school.years.change',
      view: 'school/days/edit',
      asRead: ({ special }) => special,
      schema: specialDayInput,
      async load(req) {
        const { specialDays, dayTypes } = await calendar.state();
        const special = req.params.id ? found(specialDays.find((candidate) => candidate.id === req.params.id)) : null;
        const types = dayTypes.filter((type) => type.active || type.id === special?.dayTypeId);
        return { values: special ?? {}, special, types };
      },
      async save(values, req) {
        await calendar.saveSpecialDay(req.actor, req.params.id ? idOf(req) : null, values);
        return { to: '/school/days', flash: req.t('Day saved') };
      },
    });
  }

  r.post('/school/days/:id/removal', 'school.years.change', async (req, res) => {
    await calendar.removeSpecialDay(req.actor, idOf(req));
    res.done('/school/days', req.t('Removed. It is an ordinary day again.'));
  });
}

function idOf(req: Request): string {
  return String(req.params.id);
}

function yes(flag: boolean): string {
  return flag ? 'yes' : 'no';
}

function found<Thing>(thing: Thing | undefined): Thing {
  if (!thing) throw new NotFound();
  return thing;
}
