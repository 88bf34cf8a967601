import { z } from 'zod';
import { can } from '../../../../kernel/actor.js';
import { readAs } from '../../../../platform/http/api.js';
import type { Routes } from '../../../../platform/http/routes.js';
import { STAFF_LIMITS } from '../../domain/limits.js';
import { CATEGORIES, type Staff } from '../../domain/staff.js';
import { detailsOf, staffSchema, type StaffForm } from './staff-form.js';
import { filterOf, idOf, type StaffPages } from './staff.routes.js';

const StaffOut = z
  .object({
    id: z.uuid(),
    staff_no: z.string(),
    title: z.string().nullable(),
    surname: z.string(),
    first_name: z.string(),
    middle_name: z.string().nullable(),
    sex: z.enum(['F', 'M']).nullable(),
    phone: z.string().nullable(),
    email: z.string().nullable(),
    job: z.string(),
    category: z.enum(CATEGORIES),
    joined_on: z.iso.date().nullable(),
    left_on: z.iso.date().nullable(),
    version: z.number().int(),
  })
  .meta({ id: 'Staff' });

/** Only for those who look after staff. */
const StaffFull = StaffOut.extend({
  national_id: z.string().nullable().optional(),
  registration_no: z.string().nullable().optional(),
  leaving_reason: z.string().nullable().optional(),
}).meta({ id: 'StaffMember' });

const given = {
  staff_no: z
    .string()
    .max(STAFF_LIMITS.staffNo)
    .meta({ description: 'If omitted, the next number in the school’s pattern is used' }),
  title: z.string().max(STAFF_LIMITS.title).nullable(),
  surname: z.string().max(STAFF_LIMITS.surname),
  first_name: z.string().max(STAFF_LIMITS.firstName),
  middle_name: z.string().max(STAFF_LIMITS.middleName).nullable(),
  sex: z.enum(['F', 'M']).nullable(),
  phone: z
    .string()
    .nullable()
    .meta({ description: 'Any common spelling; a number without country code is read in the school’s country' }),
  email: z.string().max(STAFF_LIMITS.email).nullable(),
  national_id: z.string().max(STAFF_LIMITS.nationalId).nullable(),
  registration_no: z.string().max(STAFF_LIMITS.registrationNo).nullable(),
  job: z.string().max(STAFF_LIMITS.job),
  category: z.enum(CATEGORIES),
  joined_on: z.iso.date().nullable(),
};
const NewStaff = z
  .object(given)
  .partial()
  .required({ surname: true, first_name: true, job: true, category: true })
  .meta({ id: 'NewStaff' });
const StaffChange = z
  .object({ version: z.number().int(), ...given })
  .partial()
  .required({ version: true })
  .meta({ id: 'StaffChange' });

export function staffApi(r: Routes, pages: StaffPages): void {
  r.api.list({
    path: '/hr/staff',
    can: 'hr.staff.read',
    summary: 'Staff by name',
    query: z.object({
      q: z.string().max(80).optional(),
      category: z.enum(CATEGORIES).optional(),
      state: z.enum(['here', 'left', 'all']).default('here'),
    }),
    row: StaffOut,
    load: async (query) => {
      const page = await pages.store.list(filterOf(query), await pages.school.today(), query.cursor, query.limit);
      return { rows: page.rows.map(briefOut), next: page.next };
    },
  });

  r.api.get({
    path: '/hr/staff/:id',
    can: 'hr.staff.read',
    summary: 'One member of staff',
    output: StaffFull,
    load: async (req) => {
      const staff = await pages.register.demandStaff(idOf(req));
      if (!can(req.actor, 'hr.staff.change')) return briefOut(staff);
      return {
        ...briefOut(staff),
        national_id: staff.nationalId,
        registration_no: staff.registrationNo,
        leaving_reason: staff.leavingReason,
      };
    },
  });

  r.api.post({
    path: '/hr/staff',
    can: 'hr.staff.change',
    summary: 'Add a member of staff',
    body: NewStaff,
    output: z.object({ id: z.uuid(), staff_no: z.string() }),
    run: async (body, req) => {
      const form = checked(body, req.school!.country);
      const staff = await pages.register.hire(req.actor, { ...detailsOf(form), staffNo: form.staffNo ?? null });
      return { id: staff.id, staff_no: staff.staffNo };
    },
  });

  r.api.patch({
    path: '/hr/staff/:id',
    can: 'hr.staff.change',
    summary: 'Changes the fields sent',
    body: StaffChange,
    output: z.object({ id: z.uuid(), version: z.number().int() }),
    run: async ({ version, ...changes }, req) => {
      const before = await pages.register.demandStaff(idOf(req));
      const form = checked({ ...before, ...camel(changes) }, req.school!.country);
      const after = await pages.register.change(req.actor, before.id, version, {
        ...detailsOf(form),
        staffNo: form.staffNo ?? before.staffNo,
      });
      return { id: after.id, version: after.version };
    },
  });
}

function briefOut(staff: Staff): z.infer<typeof StaffOut> {
  return {
    id: staff.id,
    staff_no: staff.staffNo,
    title: staff.title,
    surname: staff.surname,
    first_name: staff.firstName,
    middle_name: staff.middleName,
    sex: staff.sex,
    phone: staff.phone,
    email: staff.email,
    job: staff.job,
    category: staff.category,
    joined_on: staff.joinedOn,
    left_on: staff.leftOn,
    version: staff.version,
  };
}

/** Through the form's own schema, so that both ways in are checked by one. */
function checked(values: object, country: string): StaffForm {
  const named = Object.fromEntries(Object.entries(camel(values)).filter(([, value]) => value !== null));
  return readAs(staffSchema(country), named);
}

function camel(values: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase()), value as unknown]),
  );
}
