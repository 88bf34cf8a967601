/** Statements of the dashboard. They read what other modules publish for reports, and the reports of schools. */

export const TOTALS = `select
    (select coalesce(jsonb_object_agg(state, n), '{}') from (select state, count(*)::int as n from schools_report_register group by state) s) as states,
    coalesce(sum(u.pupils), 0)::int as pupils,
    coalesce(sum(u.staff), 0)::int as staff,
    coalesce(sum(u.active_1) filter (where u.reported_at > now() - interval '1 day'), 0)::int as active1,
    coalesce(sum(u.active_7) filter (where u.reported_at > now() - interval '7 days'), 0)::int as active7,
    coalesce(sum(u.active_30) filter (where u.reported_at > now() - interval '30 days'), 0)::int as active30,
    coalesce(sum(u.database_bytes), 0)::float8 as "databaseBytes",
    count(u.id)::int as reporting,
    count(*) filter (where r.state = 'ready' and coalesce(u.reported_at, r.created_at) < now() - interval '24 hours')::int as silent,
    count(*) filter (where r.state = 'ready' and not r.running and coalesce(u.reported_at, r.created_at) < now() - interval '24 hours')::int as asleep,
    count(*) filter (where r.state = 'ready' and coalesce(u.schema_head, r.schema_head) < $1)::int as behind,
    (select coalesce(jsonb_agg(m order by m.schools desc, m.currency), '[]') from (
        select m.currency, count(*)::int as schools, sum(m.collected_30_minor)::float8 as "collectedMinor", coalesce(sum(m.sms_30), 0)::int as sms
          from admindash_reports m join schools_report_register s on s.school_id = m.school_id
          where m.currency is not null and m.reported_at > now() - interval '30 days' and s.state in ('ready', 'suspended', 'closing') group by m.currency
      ) m) as money
  from schools_report_register r left join admindash_reports u on u.school_id = r.school_id
  where r.state in ('ready', 'suspended', 'closing')`;

/** $1: the first day. Each part groups by itself first, so that what is joined is a row a day. */
export const DAYS = `select day::text, sum(signups)::int as signups, sum(sign_ins)::int as "signIns", sum(failed)::int as "failedSignIns", sum(locked)::int as "lockOuts",
    sum(p_in)::int as "platformSignIns", sum(p_failed)::int as "platformFailures", sum(p_locked)::int as "platformLockOuts"
  from (
    select (created_at at time zone 'UTC')::date as day, count(*) as signups, 0 as sign_ins, 0 as failed, 0 as locked, 0 as p_in, 0 as p_failed, 0 as p_locked
      from schools_report_register where created_at >= $1::date::timestamp at time zone 'UTC' group by 1
    union all
    select day, 0, sum(sign_ins), sum(failed_sign_ins), sum(lock_outs), 0, 0, 0 from admindash_usage where day >= $1::date group by day
    union all
    select (at at time zone 'UTC')::date, 0, 0, 0, 0, count(*) filter (where outcome = 'signed-in'), count(*) filter (where outcome in ('wrong', 'wrong-factor')), count(*) filter (where outcome = 'locked')
      from identity_report_attempts where at >= $1::date::timestamp at time zone 'UTC' group by 1
  ) parts group by day order by day`;

/** $1: the first day. The way of schools that signed up since then, and what it took to make them. */
export const COURSE = `with begun as (
    select r.school_id, m.draft_at, m.verified_at, m.ready_at, u.first_class_at, u.first_student_at, u.first_receipt_at
      from schools_report_register r
      cross join lateral (
        select min(at) filter (where state = 'draft') as draft_at, min(at) filter (where state = 'verified') as verified_at, min(at) filter (where state = 'ready') as ready_at
          from schools_report_moves where school_id = r.school_id
      ) m
      left join admindash_reports u on u.school_id = r.school_id
      where r.created_at >= $1::date::timestamp at time zone 'UTC' and m.draft_at is not null
  ), drafts as (
    select count(*)::int as begun, (count(*) filter (where confirmed))::int as confirmed
      from signup_report_drafts where created_at >= $1::date::timestamp at time zone 'UTC'
  ), made as (
    select run_id, state, extract(epoch from finished_at - ordered_at)::float8 as seconds
      from provisioning_report_runs where kind = 'make' and ordered_at >= $1::date::timestamp at time zone 'UTC'
  )
  select
    (select count(*)::int from begun) + d.begun as "signup",
    (select count(verified_at)::int from begun) + d.confirmed as "code",
    d.begun as unfinished,
    f.*,
    (select json_build_object('done', count(*) filter (where state = 'done'), 'failed', count(*) filter (where state = 'failed'),
        'median', percentile_cont(0.5) within group (order by seconds) filter (where state = 'done'),
        'p95', percentile_cont(0.95) within group (order by seconds) filter (where state = 'done')) from made) as whole,
    (select coalesce(json_agg(json_build_object('name', name, 'done', done, 'failed', failed, 'median', median, 'p95', p95) order by position), '[]') from (
        select s.name, min(s.position) as position, count(*) filter (where s.state = 'done') as done, count(*) filter (where s.state = 'failed') as failed,
            percentile_cont(0.5) within group (order by extract(epoch from s.finished_at - s.started_at)) filter (where s.state = 'done') as median,
            percentile_cont(0.95) within group (order by extract(epoch from s.finished_at - s.started_at)) filter (where s.state = 'done') as p95
          from made m join provisioning_report_steps s on s.run_id = m.run_id group by s.name
      ) steps) as steps
  from drafts d, (
    select count(ready_at)::int as "ready", count(first_class_at)::int as "class", count(first_student_at)::int as "student", count(first_receipt_at)::int as "receipt",
        percentile_cont(0.5) within group (order by extract(epoch from verified_at - draft_at)) as "codeTime",
        percentile_cont(0.5) within group (order by extract(epoch from ready_at - verified_at)) as "readyTime",
        percentile_cont(0.5) within group (order by greatest(0, extract(epoch from first_class_at - ready_at))) filter (where first_class_at is not null and ready_at is not null) as "classTime",
        percentile_cont(0.5) within group (order by greatest(0, extract(epoch from first_student_at - greatest(first_class_at, ready_at)))) filter (where first_student_at is not null and ready_at is not null) as "studentTime",
        percentile_cont(0.5) within group (order by greatest(0, extract(epoch from first_receipt_at - greatest(first_student_at, ready_at)))) filter (where first_receipt_at is not null and ready_at is not null) as "receiptTime"
      from begun
  ) f`;

export const VERSIONS = 'select distinct version from admindash_reports order by version desc limit 20';
