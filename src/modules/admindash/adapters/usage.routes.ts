import { z } from 'zod';
import type { Routes } from '../../../platform/http/routes/routes.js';
import { signedCall, type SignedCalls } from '../../../platform/http/signed-call.js';
import type { UsageReports } from '../usage-reports.js';

const count = z.number().int().min(0).max(1_000_000);
const instant = z.iso
  .datetime()
  .transform((text) => new Date(text))
  .nullable();

/** Numbers and times; whatever else it says is refused, so that no name gets in by mistake. */
const Body = z.strictObject({
  school_id: z.uuid(),
  taken_at: z.iso.datetime().transform((text) => new Date(text)),
  version: z.string().regex(/^[\w.+-]{1,40}$/),
  schema_head: z.string().regex(/^\w{1,200}$/),
  database_bytes: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  pupils: count,
  staff: count,
  active_1: count,
  active_7: count,
  active_30: count,
  first_class_at: instant,
  first_student_at: instant,
  first_import_at: instant,
  // What older schools don't say yet.
  first_receipt_at: instant.optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  collected_30_minor: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  sms_30: count.optional(),
  days: z.array(z.strictObject({ day: z.iso.date(), sign_ins: count, failed_sign_ins: count, lock_outs: count })).max(40),
});

/** `POST /api/tenants/usage-report/`: what a school counts about itself. */
export function usageRoutes(routes: Routes, reports: UsageReports, calls: SignedCalls): void {
  signedCall(routes, calls, {
    path: '/api/tenants/usage-report',
    limit: '16kb',
    async hear({ schoolId, nonce, said }) {
      const body = Body.safeParse(said).data;
      return body !== undefined && reports.hear(schoolId, nonce, reportOf(body));
    },
  });
}

function reportOf(body: z.infer<typeof Body>) {
  return {
    takenAt: body.taken_at,
    version: body.version,
    schemaHead: body.schema_head,
    databaseBytes: body.database_bytes,
    pupils: body.pupils,
    staff: body.staff,
    active1: body.active_1,
    active7: body.active_7,
    active30: body.active_30,
    firstClassAt: body.first_class_at,
    firstStudentAt: body.first_student_at,
    firstImportAt: body.first_import_at,
    firstReceiptAt: body.first_receipt_at ?? null,
    money:
      body.currency !== undefined && body.collected_30_minor !== undefined
        ? { currency: body.currency, collected30Minor: body.collected_30_minor }
        : null,
    sms30: body.sms_30 ?? null,
    days: body.days.map((each) => ({
      day: each.day,
      signIns: each.sign_ins,
      failedSignIns: each.failed_sign_ins,
      lockOuts: each.lock_outs,
    })),
  };
}
