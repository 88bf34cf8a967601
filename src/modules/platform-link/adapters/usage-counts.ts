import { query } from '../../../platform/db/index.js';
import type { Usage } from '../usage.rules.js';

/** One statement over what the modules publish for reports. $1: how many days of the door, today among them. */
const COUNTS = `select pg_database_size(current_database())::float8 as database_bytes,
    s.pupils, s.first_student_at, h.staff, u.active_1, u.active_7, u.active_30, c.first_class_at, i.first_import_at,
    f.first_receipt_at, f.collected_30_minor::float8 as collected_30_minor, n.sms_30,
    (select coalesce(json_agg(json_build_object('day', day, 'sign_ins', came, 'failed_sign_ins', failed, 'lock_outs', locked) order by day), '[]') from (
      select (at at time zone 'UTC')::date as day, count(*) filter (where outcome = 'signed-in') as came,
          count(*) filter (where outcome in ('wrong', 'wrong-factor')) as failed, count(*) filter (where outcome = 'locked') as locked
        from identity_report_attempts where at >= ((now() at time zone 'UTC')::date - $1::int + 1)::timestamp at time zone 'UTC' group by 1
    ) d) as days
  from students_report_counts s cross join hr_report_counts h cross join identity_report_use u cross join fees_report_counts f cross join notifications_report_counts n
  left join subjects_report_counts c on true left join imports_report_counts i on true`;

export async function usageCounts(days: number): Promise<Omit<Usage, 'currency'>> {
  const [row] = await query<Omit<Usage, 'currency'> & Record<string, unknown>>('platform-link.usage', COUNTS, [days]);
  return row!;
}
