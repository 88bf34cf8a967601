import type { Request } from 'express';
import { z } from 'zod';
import { can } from '../../../../kernel/actor.js';
import { Missing } from '../../../../kernel/missing.js';
import { isId } from '../../../../kernel/id.js';
import { registerName } from '../../../../kernel/names.js';
import { callingCode } from '../../../../kernel/phone.js';
import type { Routes } from '../../../../platform/http/routes.js';
import type { AuditApi } from '../../../audit/index.js';
import type { IdentityApi } from '../../../identity/index.js';
import type { SchoolApi } from '../../../school/index.js';
import type { StaffAccounts } from '../../application/accounts.js';
import type { StaffRegister } from '../../application/staff.js';
import { CATEGORIES, LEAVING_REASONS, TITLES, worksOn, type Staff } from '../../domain/staff.js';
import type { StaffFilter, StaffStore } from '../../ports.js';
import { staffColumns } from '../reports/staff.sheet.js';
import { detailsOf, leavingSchema, staffChangeSchema, staffSchema } from './staff-form.js';

export interface StaffPages {
  register: StaffRegister;
  accounts: StaffAccounts;
  store: StaffStore;
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

export function filterOf(query: z.infer<typeof StaffQuery>): StaffFilter {
  return { text: query.q ?? null, category: query.category ?? null, state: query.state };
}

export function staffRoutes(r: Routes, pages: StaffPages): void {
  r.list({
    path: '/hr/staff',
    can: 'hr.staff.read',
    view: 'hr/staff/index',
    filter: StaffQuery,
    load: async (query, page) => pages.store.list(filterOf(query), await pages.school.today(), page.cursor, page.limit),
    model: async (_filter, page, req) => ({
      worksOn,
      counts: await counts(pages),
      accounts: can(req.actor, 'hr.staff.accounts')
        ? new Map(
            (
              await pages.identity.accountsOf(
                'staff',
                page.rows.map((row) => row.id),
              )
            ).map((one) => [one.personId, one]),
          )
        : null,
    }),
    sheet: { name: 'staff', columns: async (req) => staffColumns({ all: can(req.actor, 'hr.staff.change') }) },
  });

  r.form({
    path: '/hr/staff/new',
    action: '/hr/staff',
    can: 'hr.staff.change',
    view: 'hr/staff/new',
    schema: (req) => staffSchema(req.school!.country),
    load: async (req) => ({
      ...(await choices(pages, req)),
      values: { category: 'teaching', joinedOn: await pages.school.today() },
    }),
    save: async (form, req) => {
      const staff = await pages.register.hire(req.actor, { ...detailsOf(form), staffNo: form.staffNo ?? null });
      return {
        to: `/hr/staff/${staff.id}`,
        flash: {
          text: req.t('{{name}} has been added to staff with number {{number}}.', {
            name: registerName(staff),
            number: staff.staffNo,
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
    const staff = await pages.register.demandStaff(idOf(req));
    const seesAll = can(req.actor, 'hr.staff.change') || isSelf(req, staff);
    const [account] = can(req.actor, 'hr.staff.accounts') ? await pages.identity.accountsOf('staff', [staff.id]) : [];
    await res.page('hr/staff/show', {
      staff,
      seesAll,
      account: account ?? null,
      working: worksOn(staff, req.school!.today),
      changes: can(req.actor, 'hr.staff.change') ? await pages.audit.trailOf('staff', staff.id, 8) : [],
    });
  });

  r.form({
    path: '/hr/staff/:id/edit',
    can: 'hr.staff.change',
    view: 'hr/staff/edit',
    schema: (req) => staffChangeSchema(req.school!.country),
    load: async (req) => {
      const staff = await pages.register.demandStaff(idOf(req));
      return { ...(await choices(pages, req)), staff, values: staff };
    },
    save: async (form, req) => {
      const staff = await pages.register.change(req.actor, idOf(req), form.version, {
        ...detailsOf(form),
        staffNo: form.staffNo,
      });
      return {
        to: `/hr/staff/${staff.id}`,
        flash: req.t('The changes to {{name}} have been saved.', { name: registerName(staff) }),
      };
    },
  });

  r.form({
    path: '/hr/staff/:id/leaving',
    can: 'hr.staff.change',
    view: 'hr/staff/leaving',
    schema: leavingSchema,
    load: async (req) => {
      const staff = await pages.register.demandStaff(idOf(req));
      return { staff, reasons: LEAVING_REASONS, values: { leftOn: staff.leftOn ?? (await pages.school.today()) } };
    },
    save: async (form, req) => {
      const reason = [form.reason, form.note].filter(Boolean).join(': ');
      await pages.register.leave(req.actor, idOf(req), { leftOn: form.leftOn, reason, closeNow: form.closeNow });
      return {
        to: `/hr/staff/${idOf(req)}`,
        flash: {
          text: req.t('The last day has been recorded.'),
          undo: { label: req.t('Undo'), action: `/hr/staff/${idOf(req)}/return` },
        },
      };
    },
  });

  r.post('/hr/staff/:id/return', 'hr.staff.change', async (req, res) => {
    await pages.register.stay(req.actor, idOf(req));
    res.done(
      `/hr/staff/${idOf(req)}`,
      req.t('The departure was undone. Lessons that ended must be allocated again, and a closed account must be reopened.'),
    );
  });
}

export function idOf(req: Request): string {
  const { id } = req.params;
  if (!isId(id)) throw new Missing('staff');
  return id;
}

function isSelf(req: Request, staff: Staff): boolean {
  return req.actor.person?.kind === 'staff' && req.actor.person.id === staff.id;
}

async function counts(pages: StaffPages): Promise<{ here: number; teaching: number }> {
  const here = await pages.register.staff(await pages.school.today());
  return { here: here.length, teaching: here.filter((one) => one.category === 'teaching').length };
}

async function choices(pages: StaffPages, req: Request): Promise<object> {
  const jobs = new Set((await pages.store.all()).map((one) => one.job));
  return { titles: TITLES, jobs: [...jobs].sort(), callingCode: callingCode(req.school!.country) };
}
