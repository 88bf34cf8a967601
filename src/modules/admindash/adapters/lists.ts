/** In the order of LOOKS (domain/standing.ts). $1: the newest schema. */
const RANK = `case
    when exists (select 1 from provisioning_report_runs f where f.school_id = r.school_id and f.state = 'failed') then 0
    when r.state in ('draft', 'verified', 'provisioning') then 3
    when r.state <> 'ready' then 4
    when r.running and coalesce(u.reported_at, r.created_at) < now() - interval '24 hours' then 1
    when coalesce(u.schema_head, r.schema_head) < $1 then 2
    else 5 end`;

/** What a list is ordered by; names come next, so that every order is complete. */
export const SORT_KEYS = {
  look: RANK,
  name: '0',
  pupils: '-coalesce(u.pupils, -1)',
  size: '-coalesce(u.database_bytes, -1)',
};

/**
 * $1 newest schema, $2 text, $3 state, $4 country, $5 version, $6 look, $7 only silent ones, $8 to $10 the last row's
 * key, $11 how many. The page is cut first; what stands beside its rows is read for them alone.
 */
export const schoolsStatement = (sort: keyof typeof SORT_KEYS): string => `with page as (
    select r.*, u.reported_at, u.version, coalesce(u.schema_head, r.schema_head) as head, u.database_bytes, u.pupils, u.active_7, ${RANK} as rank, (${SORT_KEYS[sort]})::float8 as key
      from schools_report_register r left join admindash_reports u on u.school_id = r.school_id
      where ($2::text is null or r.name_folded like '%' || $2 || '%' or r.subdomain like '%' || $2 || '%')
        and (case when $3::text is null then r.state <> 'deleted' else r.state = $3 end)
        and ($4::text is null or r.country = $4) and ($5::text is null or u.version = $5)
        and (not $7 or (r.state = 'ready' and coalesce(u.reported_at, r.created_at) < now() - interval '24 hours'))
  ), shown as (
    select * from page where ($6::int is null or rank = $6) and ($8::float8 is null or (key, name_folded, school_id) > ($8, $9, $10::uuid))
      order by key, name_folded, school_id limit $11
  )
  select p.school_id as "schoolId", p.subdomain, p.name, p.name_folded as folded, p.key, p.country, p.state, p.created_at as "createdAt", p.running,
      p.started_at as "startedAt", p.next_job_at as "nextJobAt", p.reported_at as "reportedAt", p.version, p.head as "schemaHead",
      p.database_bytes::float8 as "databaseBytes", p.pupils, p.active_7 as "active7", p.rank,
      coalesce(d.sign_ins, 0) as "signIns", coalesce(d.failed, 0) as "failedSignIns", coalesce(d.locked, 0) as "lockOuts", coalesce(d.course, '[]') as course, run.run
    from shown p
    left join lateral (
      select sum(sign_ins)::int as sign_ins, sum(failed_sign_ins)::int as failed, sum(lock_outs)::int as locked, json_agg(json_build_array(day, sign_ins)) as course
        from admindash_usage where school_id = p.school_id and day > (now() at time zone 'UTC')::date - 7
    ) d on true
    left join lateral (
      select json_build_object('state', n.state, 'reason', n.reason, 'step', s.name, 'position', coalesce(s.position, 0) + 1, 'steps', (select count(*) from provisioning_report_steps c where c.run_id = n.run_id)) as run
        from (select * from provisioning_report_runs where school_id = p.school_id and state <> 'done' order by ordered_at desc limit 1) n
        left join lateral (select name, position from provisioning_report_steps where run_id = n.run_id and state <> 'done' order by position limit 1) s on true
    ) run on true
    order by p.key, p.name_folded, p.school_id`;

/** $1 text, $2 state, $3 kind, $4 and $5 the last row's key, $6 how many. Newest first. */
export const RUNS = `select r.run_id as "runId", r.school_id as "schoolId", s.subdomain, s.name, r.kind, r.state, r.attempts, r.reason, r.ordered_by as "orderedBy",
      r.ordered_at as "orderedAt", r.ordered_at::text as stamp, extract(epoch from coalesce(r.finished_at, now()) - r.ordered_at)::float8 as seconds, t.steps
    from provisioning_report_runs r join schools_report_register s on s.school_id = r.school_id
    cross join lateral (
      select coalesce(json_agg(json_build_object('name', name, 'state', state, 'attempts', attempts, 'reason', reason,
          'seconds', extract(epoch from coalesce(finished_at, now()) - started_at)::float8) order by position), '[]') as steps
        from provisioning_report_steps where run_id = r.run_id
    ) t
    where ($1::text is null or s.name_folded like '%' || $1 || '%' or s.subdomain like '%' || $1 || '%')
      and ($2::text is null or r.state = $2) and ($3::text is null or r.kind = $3)
      and ($4::timestamptz is null or (r.ordered_at, r.run_id) < ($4, $5::uuid))
    order by r.ordered_at desc, r.run_id desc limit $6`;
