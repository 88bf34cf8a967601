import { z } from 'zod';
import { parsePhone, phoneExample } from '../../../../kernel/phone.js';
import { CATEGORIES } from '../../domain/staff.js';
import type { StaffDetails } from '../../application/staff.js';

const name = (what: string) =>
  z
    .string({ error: `Write the ${what}` })
    .trim()
    .min(1, `Write the ${what}`)
    .max(60, 'At most 60 characters')
    .regex(/^[\p{L}\p{M}][\p{L}\p{M}\s'’ʼ.‑-]*$/u, 'A name has letters, spaces, hyphens and apostrophes only');
const text = (most: number) => z.string().trim().max(most, `At most ${most} characters`).optional();
const day = z.iso.date('Write the date as day, month and year');

const phoneIn = (country: string) =>
  z
    .string()
    .trim()
    .optional()
    .transform((value, context) => {
      if (!value) return null;
      const parsed = parsePhone(value, country);
      if (!parsed)
        context.addIssue({ code: 'custom', message: `Mobile phone must be a number such as ${phoneExample(country)}` });
      return parsed;
    });

const staffNo = z
  .string()
  .trim()
  .max(20, 'A staff number has at most 20 characters')
  .regex(/^[\w/.\- ]+$/, 'A staff number has letters, digits, / . and - only');

export const staffSchema = (country: string) =>
  z.object({
    staffNo: staffNo.optional(),
    title: text(12),
    surname: name('surname'),
    firstName: name('first name'),
    middleName: name('middle name').optional(),
    sex: z.enum(['F', 'M']).optional(),
    phone: phoneIn(country),
    email: z.email('Write the whole email address, such as name@example.org').max(254).optional(),
    nationalId: text(30),
    registrationNo: text(30),
    job: z.string({ error: 'Write the job, such as Teacher' }).trim().max(80, 'At most 80 characters'),
    category: z.enum(CATEGORIES, { error: 'Choose teaching or non-teaching' }),
    joinedOn: day.optional(),
  });

export const staffChangeSchema = (country: string) =>
  staffSchema(country).extend({
    version: z.coerce.number().int(),
    staffNo: z.string({ error: 'Write the staff number' }).pipe(staffNo),
  });

export type StaffForm = z.infer<ReturnType<typeof staffSchema>>;

export function detailsOf(form: StaffForm): Omit<StaffDetails, 'staffNo'> {
  return {
    title: form.title ?? null,
    surname: form.surname,
    firstName: form.firstName,
    middleName: form.middleName ?? null,
    sex: form.sex ?? null,
    phone: form.phone,
    email: form.email ?? null,
    nationalId: form.nationalId ?? null,
    registrationNo: form.registrationNo ?? null,
    job: form.job,
    category: form.category,
    joinedOn: form.joinedOn ?? null,
  };
}

export const leavingSchema = z.object({
  leftOn: day,
  reason: z.string({ error: 'Choose the reason' }).trim().max(40),
  note: text(200),
  closeNow: z
    .literal('on')
    .optional()
    .transform((value) => value !== undefined),
});
