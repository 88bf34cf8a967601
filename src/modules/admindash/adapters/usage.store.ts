import { newId } from '../../../kernel/id.js';
import { query, unit } from '../../../platform/db/index.js';
import type { UsageReport } from '../usage.rules.js';
import type { UsageStore } from '../ports.js';

export class PgUsageStore implements UsageStore {
  async keep(schoolId: string, report: UsageReport): Promise<void> {
    await unit(async () => {
      await this.keepNewest(schoolId, report);
      await this.keepDays(schoolId, report);
    });
  }

  async forget(schoolId: string): Promise<void> {
    await query('admindash.forget-usage', 'delete from admindash_usage where school_id = $1', [schoolId]);
    await query('admindash.forget-report', 'delete from admindash_reports where school_id = $1', [schoolId]);
  }

  private async keepNewest(schoolId: string, r: UsageReport): Promise<void> {
    await query(
      'admindash.keep-report',
      `insert into admindash_reports (id, school_id, taken_at, version, schema_head, database_bytes, pupils, staff, active_1, active_7, active_30, first_class_at, first_student_at, first_import_at, first_receipt_at, currency, collected_30_minor, sms_30)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
        on conflict (school_id) do update set taken_at = excluded.taken_at, reported_at = now(), version = excluded.version, schema_head = excluded.schema_head,
          database_bytes = excluded.database_bytes, pupils = excluded.pupils, staff = excluded.staff, active_1 = excluded.active_1, active_7 = excluded.active_7, active_30 = excluded.active_30,
          first_class_at = excluded.first_class_at, first_student_at = excluded.first_student_at, first_import_at = excluded.first_import_at,
          first_receipt_at = excluded.first_receipt_at, currency = excluded.currency, collected_30_minor = excluded.collected_30_minor, sms_30 = excluded.sms_30
        where admindash_reports.taken_at <= excluded.taken_at`,
      [
        newId(),
        schoolId,
        r.takenAt,
        r.version,
        r.schemaHead,
        r.databaseBytes,
        r.pupils,
        r.staff,
        r.active1,
        r.active7,
        r.active30,
        r.firstClassAt,
        r.firstStudentAt,
        r.firstImportAt,
        r.firstReceiptAt,
        r.money?.currency ?? null,
        r.money?.collected30Minor ?? null,
        r.sms30,
      ],
    );
  }

  /** A day's counts only grow while it is reported, so the larger number is the later one. */
  private async keepDays(schoolId: string, { days, takenAt, pupils, staff, active1 }: UsageReport): Promise<void> {
    await query(
      'admindash.keep-days',
      `insert into admindash_usage (id, school_id, day, sign_ins, failed_sign_ins, lock_outs, pupils, staff, active_1)
        select d.id, $1, d.day, d.sign_ins, d.failed, d.locked, t.pupils, t.staff, t.active_1
          from unnest($2::uuid[], $3::date[], $4::int[], $5::int[], $6::int[]) as d(id, day, sign_ins, failed, locked)
          left join (select $7::date as day, $8::int as pupils, $9::int as staff, $10::int as active_1) t on t.day = d.day
          order by d.day
        on conflict (school_id, day) do update set sign_ins = greatest(admindash_usage.sign_ins, excluded.sign_ins),
          failed_sign_ins = greatest(admindash_usage.failed_sign_ins, excluded.failed_sign_ins), lock_outs = greatest(admindash_usage.lock_outs, excluded.lock_outs),
          pupils = coalesce(excluded.pupils, admindash_usage.pupils), staff = coalesce(excluded.staff, admindash_usage.staff), active_1 = coalesce(excluded.active_1, admindash_usage.active_1)`,
      [
        schoolId,
        days.map(() => newId()),
        days.map(({ day }) => day),
        days.map(({ signIns }) => signIns),
        days.map(({ failedSignIns }) => failedSignIns),
        days.map(({ lockOuts }) => lockOuts),
        takenAt.toISOString().slice(0, 10),
        pupils,
        staff,
        active1,
      ],
    );
  }
}
