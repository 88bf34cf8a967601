import type { Request } from 'express';
import { z } from 'zod';
import { can } from '../../../../kernel/actor.js';
import { Missing } from '../../../../kernel/missing.js';
import { isId } from '../../../../kernel/id.js';
import { registerName } from '../../../../kernel/people/names.js';
import type { Rows } from '../../../../kernel/shapes/record.js';
import { day } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { sheetOf } from '../../../../platform/records/columns.js';
import { changeFormOf, formOf, inputsOf } from '../../../../platform/records/form.js';
import type { AuditApi } from '../../../audit/index.js';
import type { IdentityApi } from '../../../identity/index.js';
import type { SchoolApi } from '../../../school/index.js';
import { CATEGORIES, staff, TITLES, type Staff } from '../staff.record.js';
import { LEAVING_REASONS, matching } from '../staff.rules.js';
import { changeStaff, hireStaff, recordLeaving, undoLeaving, type StaffRegister } from '../staff.js';
import { listPage, staffPage, type ListFacts } from './staff.page.js';

export interface StaffPages {
  register: StaffRegister;
  staff: Rows<typeof staff>;
  identity: IdentityApi;
  school: SchoolApi;
  audit: AuditApi;
}

export const StaffQuery = z.object({
  q: z.string().trim().max(80).optional(),
  category: z.enum(CATEGORIES).optional(),
  state: z.enum(['here', 'left', 'all']).default('here'),
  density: z.enum(['normal', 'compact']).optional(),
});

export function staffRoutes(r: Routes, pages: StaffPages): void {
  r.list({
    path: '/hr/staff',
    can: 'hr.staff.read',
    view: 'hr/staff/index',
    filter: StaffQuery,
    load: async (query, { cursor, limit }) =>
      pages.staff.page(matching(await pages.staff.all(), query, await pages.school.today()), cursor, limit),
    model: async (filter, page, req) => listPage(filter, page.rows, await listFacts(pages, req, page.rows), req),
    sheet: { name: 'staff', columns: async (req) => sheetOf(staff, (permission) => can(req.actor, permission)) },
  });

  r.form({
    path: '/hr/staff/new',
    action: '/hr/staff',
    command: hireStaff,
    view: 'hr/staff/new',
    schema: (req) => formOf(staff, req.school!.country),
    load: async (req) => ({
      ...(await choices(pages, req, { whole: false })),
      values: { category: 'teaching', joinedOn: await pages.school.today() },
    }),
    save: async (form, req) => {
      const hired = await req.run(hireStaff, form);
      return {
        to: `/hr/staff/${hired.id}`,
        flash: {
          text: req.t('{{name}} has been added to staff with number {{number}}.', {
            name: registerName(hired),
            number: hired.staffNo,
          }),
          links: [{ label: req.t('Add another'), href: '/hr/staff/new' }],
        },
      };
    },
  });
}

/** After the pages with fixed addresses, so that `/hr/staff/accounts` is not taken for a person. */
export function oneStaffRoutes(r: Routes, pages: StaffPages): void {
  r.get('/hr/staff/:id', 'hr.staff.read', async (req, res) => {
    const one = await pages.register.findOrThrow(idOf(req));
    const [account] = can(req.actor, 'hr.staff.accounts') ? await pages.identity.accountsOf('staff', [one.id]) : [];
    const changes = can(req.actor, 'hr.staff.change') ? await pages.audit.trailOf('staff', one.id, 8) : [];
    await res.page('hr/staff/show', staffPage(one, account ?? null, changes, req));
  });

  r.form({
    path: '/hr/staff/:id/edit',
    command: changeStaff,
    view: 'hr/staff/edit',
    schema: (req) => changeFormOf(staff, req.school!.country),
    load: async (req) => {
      const one = await pages.register.findOrThrow(idOf(req));
      return { ...(await choices(pages, req, { whole: true })), ...headOf(one), values: one };
    },
    save: async ({ version, values }, req) => {
      const changed = await req.run(changeStaff, { id: idOf(req), version, details: values });
      return {
        to: `/hr/staff/${changed.id}`,
        flash: req.t('The changes to {{name}} have been saved.', { name: registerName(changed) }),
      };
    },
  });

  r.form({
    path: '/hr/staff/:id/leaving',
    command: recordLeaving,
    view: 'hr/staff/leaving',
    schema: leavingSchema,
    load: async (req) => {
      const one = await pages.register.findOrThrow(idOf(req));
      return { ...headOf(one), reasons: LEAVING_REASONS, values: { leftOn: one.leftOn ?? (await pages.school.today()) } };
    },
    save: async ({ leftOn, reason, note, closeNow }, req) => {
      await req.run(recordLeaving, { id: idOf(req), leftOn, reason: [reason, note].filter(Boolean).join(': '), closeNow });
      return {
        to: `/hr/staff/${idOf(req)}`,
        flash: {
          text: req.t('The last day has been recorded.'),
          undo: { label: req.t('Undo'), action: `/hr/staff/${idOf(req)}/return` },
        },
      };
    },
  });

  r.post('/hr/staff/:id/return', undoLeaving, async (req, res) => {
    await req.run(undoLeaving, idOf(req));
    res.done(
      `/hr/staff/${idOf(req)}`,
      req.t('The departure was undone. Lessons that ended must be allocated again, and a closed account must be reopened.'),
    );
  });
}

const leavingSchema = z.object({
  leftOn: day,
  reason: z.string({ error: 'Choose the reason' }).trim().max(40),
  note: z.string().trim().max(200, 'At most 200 characters').optional(),
  closeNow: z
    .literal('on')
    .optional()
    .transform((value) => value !== undefined),
});

function headOf(one: Staff): { name: string; href: string } {
  return { name: `${one.firstName} ${one.surname}`, href: `/hr/staff/${one.id}` };
}

export function idOf(req: Request): string {
  const { id } = req.params;
  if (!isId(id)) throw new Missing('staff');
  return id;
}

async function listFacts({ register, identity, school }: StaffPages, req: Request, rows: readonly Staff[]): Promise<ListFacts> {
  const here = await register.records(await school.today());
  const ids = rows.map((row) => row.id);
  const accounts = can(req.actor, 'hr.staff.accounts') ? await identity.accountsOf('staff', ids) : null;
  return {
    here: here.length,
    teaching: here.filter((one) => one.category === 'teaching').length,
    accounts: accounts && new Map(accounts.map((one) => [one.personId, one])),
  };
}

async function choices(pages: StaffPages, req: Request, whole: { whole: boolean }): Promise<object> {
  const jobs = new Set((await pages.staff.all()).map((one) => one.job));
  return { titles: TITLES, jobs: [...jobs].sort(), fields: inputsOf(staff, req.school!.country, whole) };
}
