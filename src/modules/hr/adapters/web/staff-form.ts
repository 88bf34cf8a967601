import { z } from 'zod';
import { NAME_PART } from '../../../../kernel/names.js';
import { parsePhone, phoneExample } from '../../../../kernel/phone.js';
import { day } from '../../../../platform/http/fields.js';
import { STAFF_LIMITS } from '../../domain/limits.js';
import { CATEGORIES } from '../../domain/staff.js';
import type { StaffDetails } from '../../application/staff.js';

const name = (what: string) =>
  z
    .string({ error: `Enter the ${what}` })
    .trim()
    .min(1, `Enter the ${what}`)
    .max(STAFF_LIMITS.surname, `At most ${STAFF_LIMITS.surname} characters`)
    .regex(NAME_PART, 'A name has letters, spaces, hyphens and apostrophes only');
const text = (most: number) => z.string().trim().max(most, `At most ${most} characters`).optional();

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
  .max(STAFF_LIMITS.staffNo, `A staff number has at most ${STAFF_LIMITS.staffNo} characters`)
  .regex(/^[\w/.\- ]+$/, 'A staff number has letters, digits, / . and - only');

export const staffSchema = (country: string) =>
  z.object({
    staffNo: staffNo.optional(),
    title: text(STAFF_LIMITS.title),
    surname: name('surname'),
    firstName: name('first name'),
    middleName: name('middle name').optional(),
    sex: z.enum(['F', 'M']).optional(),
    phone: phoneIn(country),
    email: z.email('Enter the full email address, such as name@example.org').max(STAFF_LIMITS.email).optional(),
    nationalId: text(STAFF_LIMITS.nationalId),
    registrationNo: text(STAFF_LIMITS.registrationNo),
    job: z
      .string({ error: 'Enter the job, such as Teacher' })
      .trim()
      .max(STAFF_LIMITS.job, `At most ${STAFF_LIMITS.job} characters`),
    category: z.enum(CATEGORIES, { error: 'Choose teaching or non-teaching' }),
    joinedOn: day.optional(),
  });

export const staffChangeSchema = (country: string) =>
  staffSchema(country).extend({
    version: z.coerce.number().int(),
    staffNo: z.string({ error: 'Enter the staff number' }).pipe(staffNo),
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
