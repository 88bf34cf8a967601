import { z } from 'zod';
import { can } from '../../../../kernel/actor.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { bodiesOf, outOf, readChange, readNew, tell } from '../../../../platform/records/api.js';
import { staff } from '../staff.record.js';
import { changeStaff, hireStaff } from '../staff.js';
import { matching } from '../staff.rules.js';
import { idOf, StaffQuery, type StaffPages } from './staff.routes.js';

const Brief = outOf(staff, 'Staff', { all: false });
const Whole = outOf(staff, 'StaffMember', { all: true });
const { New, Change } = bodiesOf(staff, 'Staff');

export function staffApi(r: Routes, pages: StaffPages): void {
  r.api.list({
    path: '/hr/staff',
    can: 'hr.staff.read',
    summary: 'Staff by name',
    query: StaffQuery.omit({ density: true }),
    row: Brief,
    load: async (query) => {
      const found = matching(await pages.staff.all(), query, await pages.school.today());
      const page = pages.staff.page(found, query.cursor, query.limit);
      return { rows: page.rows.map((row) => tell(staff, row, () => false)), next: page.next };
    },
  });

  r.api.get({
    path: '/hr/staff/:id',
    can: 'hr.staff.read',
    summary: 'One member of staff',
    output: Whole,
    load: async (req) => tell(staff, await pages.register.findOrThrow(idOf(req)), (permission) => can(req.actor, permission)),
  });

  r.api.post({
    path: '/hr/staff',
    command: hireStaff,
    summary: 'Add a member of staff',
    body: New,
    output: z.object({ id: z.uuid(), staff_no: z.string() }),
    run: async (body, req) => {
      const hired = await req.run(hireStaff, readNew(staff, body, req.school!.country));
      return { id: hired.id, staff_no: hired.staffNo };
    },
  });

  r.api.patch({
    path: '/hr/staff/:id',
    command: changeStaff,
    summary: 'Changes the fields sent',
    body: Change,
    output: z.object({ id: z.uuid(), version: z.number().int() }),
    run: async ({ version, ...changes }, req) => {
      const before = await pages.register.findOrThrow(idOf(req));
      const details = readChange(staff, before, changes, req.school!.country);
      const after = await req.run(changeStaff, { id: before.id, version, details });
      return { id: after.id, version: after.version };
    },
  });
}
