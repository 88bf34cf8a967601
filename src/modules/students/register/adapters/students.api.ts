import type { Request } from 'express';
import { z } from 'zod';
import { Forbidden, Invalid } from '../../../../kernel/errors.js';
import { Missing } from '../../../../kernel/missing.js';
import { readAs } from '../../../../platform/http/routes/api.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { AlertChip, EnrolmentStore, GuardianStore } from '../../ports.js';
import { seenRow, sightOf } from '../sight.js';
import { ALERT_KINDS, ALERT_LEVELS } from '../../alerts/alert.rules.js';
import type { Enrolment } from '../../enrolments/enrolment.rules.js';
import type { CustomField } from '../../custom-fields/custom-field.rules.js';
import { needsOf } from '../health.rules.js';
import { STATUSES } from '../../enrolments/life-cycle.rules.js';
import { mayCollectUnsaid, RELATIONSHIPS } from '../../guardians/guardian.rules.js';
import { GUARDIAN_LIMITS, STUDENT_LIMITS } from '../limits.rules.js';
import { ORPHAN_STATUSES } from '../student.rules.js';
import { FOUND_BY } from '../../search/search.rules.js';
import { sensitivityOf } from '../sensitive.rules.js';
import type { StudentProfile, StudentRow } from '../../ports.js';
import { admissionNumber, admissionOf, admissionSchema, birthCertificateNo, name } from './student-form.js';
import type { StudentChanges } from '../register.js';
import { chipsOfList, filterOf, identifierTypes, loadProfile, type StudentPages } from './students.routes.js';

const day = z.iso.date().nullable();

const StudentOut = z
  .object({
    id: z.uuid(),
    admission_no: z.string(),
    payment_no: z.string(),
    surname: z.string(),
    first_name: z.string(),
    middle_name: z.string().nullable(),
    sex: z.enum(['F', 'M']),
    born_on: day,
    status: z.enum(STATUSES).meta({ description: '`archived`: the student left, and the file is closed' }),
    boarding: z.enum(['day', 'boarder']),
    class_id: z.uuid().nullable(),
    stream_id: z.uuid().nullable(),
    class: z.string().nullable(),
    needs: z.array(z.object({ text: z.string(), urgent: z.boolean() })).meta({
      description: 'Special needs and medical alerts this account may see; `urgent` ones can become an emergency within minutes',
    }),
    alerts: z
      .array(z.object({ kind: z.enum(ALERT_KINDS), level: z.enum(ALERT_LEVELS), reason: z.string() }))
      .meta({ description: 'Current alerts this account may see; medical alerts need a separate permission' }),
  })
  .meta({ id: 'Student' });

const StudentFound = StudentOut.extend({
  found_by: z.enum(FOUND_BY).nullable().meta({ description: 'What the search matched in this row; null without a search' }),
}).meta({ id: 'StudentFound' });

const CustomValueIn = z.union([z.string().max(300), z.number(), z.boolean()]);
const CustomIn = z
  .record(z.string(), CustomValueIn.nullable())
  .optional()
  .meta({ description: 'Custom fields by key; null clears one' });

const GuardianOut = z
  .object({
    id: z.uuid(),
    full_name: z.string(),
    phone: z.string().nullable(),
    email: z.string().nullable(),
    relationship: z.enum(RELATIONSHIPS),
    barred: z.boolean(),
  })
  .meta({ id: 'GuardianOfStudent' });

const EnrolmentOut = z
  .object({
    id: z.uuid(),
    student_id: z.uuid(),
    year_id: z.uuid(),
    class_id: z.uuid(),
    stream_id: z.uuid().nullable(),
    entered_on: z.iso.date(),
    entry_reason: z.string(),
    left_on: day,
    exit_reason: z.string().nullable(),
  })
  .meta({ id: 'Enrolment' });

const StudentFull = StudentOut.extend({
  version: z.number().int(),
  boarding_since: day.meta({ description: 'Day of the last change between day and boarding; null if none is recorded' }),
  preferred_name: z.string().nullable(),
  birth_certificate_no: z.string().nullable(),
  nationality: z.string().nullable(),
  home_area: z.string().nullable(),
  first_language: z.string().nullable(),
  address: z.string().nullable(),
  previous_school: z.string().nullable(),
  special_needs: z.string().nullable(),
  religion: z.string().nullable().optional().meta({ description: 'Only for accounts that may change students' }),
  orphan_status: z
    .enum(ORPHAN_STATUSES)
    .nullable()
    .optional()
    .meta({ description: 'Only for accounts that may change students' }),
  identifiers: z.array(z.object({ type: z.string(), value: z.string() })),
  custom: z.record(z.string(), CustomValueIn).meta({ description: 'Custom fields by key, as far as this account may see them' }),
  guardians: z.array(GuardianOut),
  enrolments: z.array(EnrolmentOut),
}).meta({ id: 'StudentWithFamily' });

const limited = (field: keyof typeof STUDENT_LIMITS) => z.string().max(STUDENT_LIMITS[field]);
const aboutGuardian = (field: keyof typeof GUARDIAN_LIMITS) => z.string().max(GUARDIAN_LIMITS[field]).optional();

const NewGuardian = z.object({
  full_name: z.string().max(GUARDIAN_LIMITS.fullName),
  relationship: z.enum(RELATIONSHIPS),
  phone: z
    .string()
    .optional()
    .meta({ description: 'Any common spelling; a number without country code is read in the school’s country' }),
  other_phone: z.string().optional(),
  email: z.string().optional(),
  national_id: aboutGuardian('nationalId'),
  occupation: aboutGuardian('occupation'),
  address: aboutGuardian('address'),
  lives_with: z.boolean().default(false),
  pays_fees: z.boolean().default(false),
  gets_sms: z.boolean().default(true),
  gets_reports: z.boolean().default(true),
  may_collect: z.boolean().optional().meta({ description: 'By default family members may; sponsors and others may not' }),
  invite: z.boolean().default(false).meta({ description: 'Sends a sign-in link, unless the person already has an account' }),
});

const NewStudent = z
  .object({
    admission_no: limited('admissionNo')
      .optional()
      .meta({ description: 'If omitted, the next number in the school’s pattern is used' }),
    surname: limited('surname'),
    first_name: limited('firstName').meta({ description: 'Empty for someone with one name, which is then the surname' }),
    middle_name: limited('middleName').optional(),
    preferred_name: limited('preferredName').optional(),
    sex: z.enum(['F', 'M']),
    born_on: z.iso.date().optional(),
    birth_certificate_no: limited('birthCertificateNo').optional(),
    nationality: limited('nationality').optional(),
    home_area: limited('homeArea').optional(),
    religion: limited('religion').optional(),
    first_language: limited('firstLanguage').optional(),
    address: limited('address').optional(),
    previous_school: limited('previousSchool').optional(),
    special_needs: limited('specialNeeds').optional(),
    orphan_status: z.enum(ORPHAN_STATUSES).optional(),
    boarding: z.enum(['day', 'boarder']).default('day'),
    status: z.enum(['active', 'expected', 'applicant']).default('active'),
    joined_on: z.iso.date(),
    stream_id: z.uuid().optional(),
    identifiers: z.record(z.string(), z.string()).optional(),
    custom: CustomIn,
    guardians: z.array(NewGuardian).max(6).default([]),
  })
  .meta({ id: 'NewStudent' });

const Change = z
  .object({
    version: z.number().int(),
    surname: name('surname'),
    first_name: z.union([z.literal(''), name('first name')]),
    middle_name: name('middle name').nullable(),
    preferred_name: limited('preferredName').nullable(),
    sex: z.enum(['F', 'M']),
    born_on: day,
    birth_certificate_no: birthCertificateNo.nullable(),
    nationality: limited('nationality').nullable(),
    home_area: limited('homeArea').nullable(),
    religion: limited('religion').nullable(),
    first_language: limited('firstLanguage').nullable(),
    address: limited('address').nullable(),
    previous_school: limited('previousSchool').nullable(),
    special_needs: limited('specialNeeds').nullable(),
    orphan_status: z.enum(ORPHAN_STATUSES).nullable(),
    boarding: z.enum(['day', 'boarder']),
    boarding_since: day.meta({
      description:
        'Day since which the student boards, or no longer does; fees follow the days. Today, where `boarding` changes and this is null or not sent',
    }),
    admission_no: admissionNumber,
    custom: CustomIn,
  })
  .partial()
  .required({ version: true })
  .meta({ id: 'StudentChange' });

export function studentApi(
  r: Routes,
  pages: StudentPages & { guardianStore: GuardianStore; ledger: Pick<EnrolmentStore, 'page'> },
): void {
  r.api.list({
    path: '/students',
    can: 'students.read',
    summary: 'Students by name; searches list the closest matches first: surname, first name, other names, number, guardian',
    query: z.object({
      q: z.string().max(80).optional(),
      stream_id: z.uuid().optional(),
      class_id: z.uuid().optional(),
      status: z.enum([...STATUSES, 'here', 'all']).default('here'),
    }),
    row: StudentFound,
    load: async (query, req) => {
      const filter = filterOf({ q: query.q, class: query.class_id, stream: query.stream_id, status: query.status });
      const sight = sightOf(req.actor);
      const page = await pages.students.list(
        { ...filter, byContacts: sight.sees('contacts') },
        await pages.scope.of(req.actor),
        'best',
        false,
        query.cursor,
        query.limit,
      );
      const labels = await streamLabels(pages);
      const rows = page.rows.map((row) => seenRow(row, sight));
      const alerts = await chipsOfList(pages, req, rows);
      return {
        rows: rows.map((row) => ({ ...briefOut(row, labels, alerts.get(row.id) ?? []), found_by: row.foundBy })),
        next: page.next,
      };
    },
  });

  r.api.get({
    path: '/students/:id',
    can: 'students.read',
    summary: 'One student with guardians and enrolments',
    output: StudentFull,
    load: (req) => load(pages, req),
  });

  r.api.post({
    path: '/students',
    can: 'students.admit',
    summary: 'Admit a student with guardians and enrolment',
    body: NewStudent,
    output: z.object({ id: z.uuid(), admission_no: z.string(), payment_no: z.string() }),
    run: async (body, req) => {
      const { custom, ...given } = body;
      const rest = {
        ...given,
        guardians: given.guardians.map((one) => ({ ...one, may_collect: one.may_collect ?? mayCollectUnsaid(one.relationship) })),
      };
      const form = await inApiNames(async () =>
        readAs(admissionSchema(req.school!.country, await identifierTypes(pages.school)), formNames(rest)),
      );
      const classId = (await pages.subjects.classList()).streams.find((stream) => stream.id === form.streamId)?.classId ?? null;
      const student = await inApiNames(() =>
        pages.register.admit(req.actor, { ...admissionOf(form, classId), custom: custom ?? {} }),
      );
      return { id: student.id, admission_no: student.admissionNo, payment_no: student.paymentNo };
    },
  });

  r.api.patch({
    path: '/students/:id',
    can: 'students.change',
    summary: 'Changes the fields sent',
    body: Change,
    output: z.object({ id: z.uuid(), version: z.number().int() }),
    run: async (body, req) => {
      const { student } = await loadProfile(pages, req);
      const { version, custom, ...changes } = body;
      const closed = Object.keys(changes).find((key) => !sightOf(req.actor).sees(sensitivityOf(key)));
      if (closed) throw new Forbidden(`You can’t see ${closed}, so you can’t change it.`);
      const named = Object.fromEntries(
        Object.entries(changes)
          .filter(([, value]) => value !== undefined)
          .map(([key, value]) => [camelKey(key), value]),
      );
      const after = await inApiNames(() =>
        pages.register.change(
          req.actor,
          student.id,
          version,
          named as StudentChanges,
          undefined,
          custom && { values: custom, whole: false },
        ),
      );
      return { id: after.id, version: after.version };
    },
  });

  r.api.list({
    path: '/guardians',
    can: 'students.contacts',
    summary: 'Guardians by name',
    query: z.object({ q: z.string().max(80).optional() }),
    row: z
      .object({
        id: z.uuid(),
        full_name: z.string(),
        phone: z.string().nullable(),
        email: z.string().nullable(),
        children: z.string(),
      })
      .meta({ id: 'Guardian' }),
    load: async (query, req) => {
      const page = await pages.guardianStore.list(query.q ?? null, await pages.scope.of(req.actor), query.cursor, query.limit);
      return {
        rows: page.rows.map((row) => ({
          id: row.id,
          full_name: row.fullName,
          phone: row.phone,
          email: row.email,
          children: row.children,
        })),
        next: page.next,
      };
    },
  });

  r.api.list({
    path: '/enrolments',
    can: 'students.read',
    summary: 'Enrolments, or the ledger of one student',
    query: z.object({ student_id: z.uuid().optional() }),
    row: EnrolmentOut,
    load: async (query, req) => {
      const scope = await pages.scope.of(req.actor);
      if (query.student_id === undefined) {
        const page = await pages.ledger.page(scope, query.cursor, query.limit);
        return { rows: page.rows.map(enrolmentOut), next: page.next };
      }
      const profile = await pages.students.profile(query.student_id, scope);
      if (!profile) throw new Missing('student');
      return { rows: profile.enrolments.map(enrolmentOut), next: null };
    },
  });
}

async function load(pages: StudentPages, req: Request): Promise<z.infer<typeof StudentFull>> {
  const profile = await loadProfile(pages, req);
  const alerts = await pages.alerts.seenBy(req.actor, profile.openAlerts);
  await pages.reads.ofChild(req.actor, { ...profile, openAlerts: alerts });
  return fullOut(
    profile,
    await streamLabels(pages),
    await pages.customFields.seenBy(req.actor),
    alerts,
    sightOf(req.actor).sees('faith'),
  );
}

async function streamLabels(pages: StudentPages): Promise<Map<string, string>> {
  return new Map((await pages.subjects.classList()).streams.map((stream) => [stream.id, stream.label]));
}

function briefOut(
  row: StudentRow | StudentProfile['student'],
  labels: Map<string, string>,
  alerts: readonly Pick<AlertChip, 'kind' | 'level' | 'reason'>[],
): z.infer<typeof StudentOut> {
  return {
    id: row.id,
    admission_no: row.admissionNo,
    payment_no: row.paymentNo,
    surname: row.surname,
    first_name: row.firstName,
    middle_name: row.middleName,
    sex: row.sex,
    born_on: row.bornOn,
    status: row.status,
    boarding: row.boarding,
    class_id: row.classId,
    stream_id: row.streamId,
    class: row.streamId ? (labels.get(row.streamId) ?? null) : null,
    needs: needsOf(row.specialNeeds, alerts),
    alerts: alerts.map(({ kind, level, reason }) => ({ kind, level, reason })),
  };
}

function fullOut(
  profile: StudentProfile,
  labels: Map<string, string>,
  fields: readonly CustomField[],
  alerts: readonly AlertChip[],
  sensitive: boolean,
): z.infer<typeof StudentFull> {
  const { student } = profile;
  return {
    ...briefOut(student, labels, alerts),
    version: student.version,
    boarding_since: student.boardingChanges.at(-1) ?? null,
    preferred_name: student.preferredName,
    birth_certificate_no: student.birthCertificateNo,
    nationality: student.nationality,
    home_area: student.homeArea,
    first_language: student.firstLanguage,
    address: student.address,
    previous_school: student.previousSchool,
    ...(sensitive && { religion: student.religion, orphan_status: student.orphanStatus }),
    special_needs: student.specialNeeds,
    identifiers: profile.identifiers,
    custom: Object.fromEntries(
      fields.flatMap(({ key }) => (student.custom[key] === undefined ? [] : [[key, student.custom[key]]])),
    ),
    guardians: profile.guardians.map((one) => ({
      id: one.id,
      full_name: one.fullName,
      phone: one.phone,
      email: one.email,
      relationship: one.tie.relationship,
      barred: one.tie.barred,
    })),
    enrolments: profile.enrolments.map(enrolmentOut),
  };
}

function enrolmentOut(
  line: Pick<
    Enrolment,
    'id' | 'studentId' | 'yearId' | 'classId' | 'streamId' | 'enteredOn' | 'entryReason' | 'leftOn' | 'exitReason'
  >,
): z.infer<typeof EnrolmentOut> {
  return {
    id: line.id,
    student_id: line.studentId,
    year_id: line.yearId,
    class_id: line.classId,
    stream_id: line.streamId,
    entered_on: line.enteredOn,
    entry_reason: line.entryReason,
    left_on: line.leftOn,
    exit_reason: line.exitReason,
  };
}

/** A refusal names the fields as the API does. */
async function inApiNames<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    throw new Invalid(
      error.problems.map((one) => ({ ...one, field: one.field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) })),
    );
  }
}

function camelKey(key: string): string {
  return key.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

/** The admission form's own names and shapes, so that both ways in are checked by one schema. */
function formNames(value: unknown, key = ''): unknown {
  if (typeof value === 'boolean') return value ? 'on' : undefined;
  if (key === 'bornOn' && typeof value === 'string')
    return { day: value.slice(8), month: value.slice(5, 7), year: value.slice(0, 4) };
  if (Array.isArray(value)) return value.map((item) => formNames(item));
  if (value === null || typeof value !== 'object') return value ?? undefined;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [camelKey(name), formNames(inner, camelKey(name))]));
}
