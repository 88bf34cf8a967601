import { z } from 'zod';
import { NAME_PART } from '../../../../kernel/people/names.js';
import { parsePhone, phoneExample } from '../../../../kernel/people/phone.js';
import { day } from '../../../../platform/http/pages/fields.js';
import type { Admission, StudentDetails } from '../register.js';
import type { NewGuardian } from '../../guardians/guardians.js';
import type { IdentifierType } from '../../../school/index.js';
import { RELATIONSHIPS } from '../../guardians/guardian.rules.js';
import { GUARDIAN_LIMITS, IDENTIFIER_LIMIT, STUDENT_LIMITS } from '../limits.rules.js';
import { ORPHAN_STATUSES } from '../student.rules.js';

export const name = (what: string, most: number = STUDENT_LIMITS.surname) =>
  z
    .string({ error: `Enter the ${what}` })
    .trim()
    .min(1, `Enter the ${what}`)
    .max(most, `At most ${most} characters`)
    .regex(NAME_PART, 'A name has letters, spaces, hyphens and apostrophes only');
/** Somebody with one name has it as the surname. */
export const firstName = z
  .preprocess((value) => (value === '' || value === null ? undefined : value), name('first name').optional())
  .transform((value) => value ?? '');
const text = (most: number) => z.string().trim().max(most, `At most ${most} characters`).optional();
const flag = z
  .union([z.literal('on'), z.literal('1'), z.literal('true')])
  .optional()
  .transform((value) => value !== undefined);

/** Three boxes for a birthday: `bornOn.day`, `bornOn.month`, `bornOn.year`. */
export const birthday = z
  .object({ day: z.string().optional(), month: z.string().optional(), year: z.string().optional() })
  .optional()
  .transform((boxes, context) => {
    if (!boxes || (!boxes.day && !boxes.month && !boxes.year)) return null;
    const day = dayOf(boxes);
    if (!day) context.addIssue({ code: 'custom', message: 'Date of birth must be a real date, such as 14 3 2014' });
    return day;
  });

function dayOf(boxes: { day?: string | undefined; month?: string | undefined; year?: string | undefined }): string | null {
  const [day, month, year] = [Number(boxes.day), Number(boxes.month), Number(boxes.year)];
  if (![day, month, year].every(Number.isInteger) || year < 1900 || year > 2100) return null;
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return date.toISOString().slice(0, 10);
}

export const phoneIn = (country: string) =>
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

export const birthCertificateNo = z
  .string()
  .trim()
  .regex(/^[\w/ -]{3,30}$/, 'Birth certificate number has letters, digits and / only');
export const admissionNumber = z
  .string({ error: 'Enter the admission number' })
  .trim()
  .min(1, 'Enter the admission number')
  .max(STUDENT_LIMITS.admissionNo, `An admission number has at most ${STUDENT_LIMITS.admissionNo} characters`)
  .regex(/^[\w/.\- ]+$/, 'An admission number has letters, digits, / . and - only');

const details = {
  surname: name('surname'),
  firstName,
  middleName: name('middle name').optional(),
  preferredName: text(STUDENT_LIMITS.preferredName),
  sex: z.enum(['F', 'M'], { error: 'Choose girl or boy' }),
  bornOn: birthday,
  birthCertificateNo: birthCertificateNo.optional(),
  nationality: text(STUDENT_LIMITS.nationality),
  homeArea: text(STUDENT_LIMITS.homeArea),
  religion: text(STUDENT_LIMITS.religion),
  firstLanguage: text(STUDENT_LIMITS.firstLanguage),
  address: text(STUDENT_LIMITS.address),
  previousSchool: text(STUDENT_LIMITS.previousSchool),
  specialNeeds: text(STUDENT_LIMITS.specialNeeds),
  orphanStatus: z.enum(ORPHAN_STATUSES).optional(),
  boarding: z.enum(['day', 'boarder']).default('day'),
};

export const identifiersIn = (types: readonly IdentifierType[]) =>
  z
    .object(Object.fromEntries(types.map((type) => [type.key, identifier(type)])))
    .partial()
    .optional();

/** By the country's own pattern; a sheet's spaces and small letters are forgiven. */
function identifier({ label, hint, pattern }: IdentifierType) {
  const plain = z
    .string()
    .trim()
    .max(IDENTIFIER_LIMIT, `At most ${IDENTIFIER_LIMIT} characters`)
    .transform((value) => value.toUpperCase().replace(/\s+/g, ''));
  return (
    pattern ? plain.refine((value) => new RegExp(`^(?:${pattern})$`).test(value), `${label} doesn’t look right. ${hint}`) : plain
  ).optional();
}

/** Checked by what each field holds, when it is saved. */
const custom = z.record(z.string().max(40), z.union([z.string().max(1000), z.number(), z.boolean(), z.null()])).optional();

export const invite = flag;

export const tieFields = {
  relationship: z.enum(RELATIONSHIPS, { error: 'Choose this person’s relationship to the child' }),
  livesWith: flag,
  paysFees: flag,
  getsSms: flag,
  getsReports: flag,
  mayCollect: flag,
  barred: flag,
  barredReason: text(GUARDIAN_LIMITS.barredReason),
};

export const guardianFields = (country: string) => ({
  fullName: z
    .string({ error: 'Enter the full name' })
    .trim()
    .min(2, 'Enter the full name')
    .max(GUARDIAN_LIMITS.fullName, `At most ${GUARDIAN_LIMITS.fullName} characters`),
  phone: phoneIn(country),
  otherPhone: phoneIn(country),
  email: z.email('Enter the full email address, such as name@example.org').optional(),
  nationalId: text(GUARDIAN_LIMITS.nationalId),
  occupation: text(GUARDIAN_LIMITS.occupation),
  address: text(GUARDIAN_LIMITS.address),
});

/** A row of which only the ticks are filled in is an empty row. */
const guardianRow = (country: string) =>
  z.object({ guardianId: z.uuid().optional(), invite: flag, ...guardianFields(country), ...tieFields });

const guardianRows = (country: string) =>
  z.preprocess(
    (rows) => (Array.isArray(rows) ? rows.filter((row) => hasPerson(row as Record<string, unknown>)) : []),
    z.array(guardianRow(country)).max(6, 'At most six guardians'),
  );

function hasPerson(row: Record<string, unknown>): boolean {
  return ['guardianId', 'fullName', 'phone', 'email'].some((key) => typeof row[key] === 'string');
}

export const changeSchema = (identifierTypes: readonly IdentifierType[]) =>
  z.object({
    version: z.coerce.number().int(),
    admissionNo: admissionNumber,
    ...details,
    boardingSince: day.optional(),
    identifiers: identifiersIn(identifierTypes),
    custom,
  });

export const admissionSchema = (country: string, identifierTypes: readonly IdentifierType[]) =>
  z.object({
    ...details,
    admissionNo: admissionNumber.optional(),
    status: z.enum(['active', 'expected', 'applicant']).default('active'),
    joinedOn: z.iso.date(),
    streamId: z.uuid({ error: 'Choose a class' }).optional(),
    identifiers: identifiersIn(identifierTypes),
    custom,
    guardians: guardianRows(country),
    /** The duplicates that the person has looked at; sent by the page that shows them. */
    notTheSame: flag,
  });

export type AdmissionForm = z.infer<ReturnType<typeof admissionSchema>>;
export type ChangeForm = z.infer<ReturnType<typeof changeSchema>>;

export function detailsOf(
  form: Omit<ChangeForm, 'version' | 'admissionNo' | 'identifiers' | 'custom' | 'boardingSince'>,
): StudentDetails {
  return {
    surname: form.surname,
    firstName: form.firstName,
    middleName: form.middleName ?? null,
    preferredName: form.preferredName ?? null,
    sex: form.sex,
    bornOn: form.bornOn,
    birthCertificateNo: form.birthCertificateNo ?? null,
    nationality: form.nationality ?? null,
    homeArea: form.homeArea ?? null,
    religion: form.religion ?? null,
    firstLanguage: form.firstLanguage ?? null,
    address: form.address ?? null,
    previousSchool: form.previousSchool ?? null,
    specialNeeds: form.specialNeeds ?? null,
    orphanStatus: form.orphanStatus ?? null,
    boarding: form.boarding,
  };
}

export function admissionOf(form: AdmissionForm, classId: string | null): Admission {
  return {
    ...detailsOf(form),
    admissionNo: form.admissionNo ?? null,
    status: form.status,
    joinedOn: form.joinedOn,
    streamId: form.streamId ?? null,
    classId,
    identifiers: identifierList(form.identifiers),
    custom: form.custom ?? {},
    guardians: form.guardians.map((row, index): NewGuardian => ({
      guardianId: row.guardianId ?? null,
      invite: row.invite,
      ...guardianOf(row),
      ...tieOf(row, index + 1),
    })),
  };
}

export function identifierList(given: Record<string, string | undefined> | undefined): { type: string; value: string }[] {
  return Object.entries(given ?? {}).flatMap(([type, value]) => (value ? [{ type, value }] : []));
}

type GuardianRow = z.infer<ReturnType<typeof guardianRow>>;

export function guardianOf(
  row: Pick<GuardianRow, 'fullName' | 'phone' | 'otherPhone' | 'email' | 'nationalId' | 'occupation' | 'address'>,
): Omit<NewGuardian, keyof ReturnType<typeof tieOf> | 'guardianId' | 'invite'> {
  return {
    fullName: row.fullName,
    phone: row.phone,
    otherPhone: row.otherPhone,
    email: row.email ?? null,
    nationalId: row.nationalId ?? null,
    occupation: row.occupation ?? null,
    address: row.address ?? null,
    language: null,
  };
}

export function tieOf(row: Pick<GuardianRow, keyof typeof tieFields>, priority: number) {
  return {
    relationship: row.relationship,
    priority,
    livesWith: row.livesWith,
    paysFees: row.paysFees,
    getsSms: row.getsSms,
    getsReports: row.getsReports,
    mayCollect: row.mayCollect,
    barred: row.barred,
    barredReason: row.barredReason ?? null,
  };
}
