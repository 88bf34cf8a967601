/** The statements of the turn of the year. Each works on the whole school at once; together they are one transaction. */

export const SELECT_ROLLOVER = `select r.id, r.from_year_id as "fromYearId", r.to_year_id as "toYearId", r.status, r.closes_on as "closesOn", r.opens_on as "opensOn",
  r.pass::float8 as pass, r.margin::float8 as margin, r.plan, r.active_before as "activeBefore", r.promoted, r.repeating, r.leaving,
  r.by_user_id as "byUserId", r.by_name as "byName", r.created_at as "createdAt", r.done_at as "doneAt", r.done_by as "doneBy",
  r.undone_at as "undoneAt", r.undone_by as "undoneBy"
  from students_rollovers r`;

export const SELECT_ROW = `select w.student_id as "studentId", w.from_enrolment_id as "fromEnrolmentId", w.from_class_id as "fromClassId", w.from_stream_id as "fromStreamId",
  w.to_class_id as "toClassId", w.to_stream_id as "toStreamId", w.decision, w.result::float8 as result, w.pass::float8 as pass, w.margin::float8 as margin,
  w.by_hand as "byHand", w.chosen_stream_id as "chosenStreamId", w.reason, w.by_name as "byName",
  s.surname, s.first_name as "firstName", s.middle_name as "middleName", s.admission_no as "admissionNo", s.sex, s.sort_name as "sortName"
  from students_rollover_rows w join students s on s.school_id = w.school_id and s.id = w.student_id`;

/** In the order of ids, so that two who lock the same children never wait for each other in a circle. */
export const LOCK = {
  name: 'students.rollovers.lock-students',
  text: `select s.id from students s where s.id in (select student_id from students_rollover_rows where rollover_id = $1) order by s.id for update`,
};

/** Children whom the register and the prepared lines don't agree about: joined, left or moved since. */
export const DRIFT = {
  name: 'students.rollovers.drift',
  text: `select count(*)::int as count from (
      select s.id, e.id as line from students s join students_enrolments e on e.school_id = s.school_id and e.student_id = s.id and e.left_on is null
      where s.put_aside_at is null and s.status in ('active', 'suspended') and e.year_id <> $2) now
    full join (select student_id, from_enrolment_id from students_rollover_rows where rollover_id = $1) then_
      on then_.student_id = now.id and then_.from_enrolment_id = now.line
    where now.id is null or then_.student_id is null`,
};

const ROWS = `from students_rollover_rows w where w.rollover_id = $1`;

export const COMMIT = {
  countBefore: {
    name: 'students.rollovers.count-before',
    text: `update students_rollovers r set active_before = (
        select count(*) from students s join students_enrolments e on e.school_id = s.school_id and e.student_id = s.id and e.left_on is null
        where s.put_aside_at is null and s.status in ('active', 'suspended') and e.year_id <> $2)
      where r.id = $1`,
  },
  keepBefore: {
    name: 'students.rollovers.keep-before',
    text: `update students_rollover_rows w set before = jsonb_build_object('status', s.status, 'status_on', s.status_on, 'class_id', s.class_id, 'stream_id', s.stream_id,
          'entered_on', e.entered_on)
      from students s, students_enrolments e
      where w.rollover_id = $1 and s.school_id = w.school_id and s.id = w.student_id and e.school_id = w.school_id and e.id = w.from_enrolment_id`,
  },
  closeLines: {
    name: 'students.rollovers.close-lines',
    text: `update students_enrolments e set left_on = greatest(e.entered_on, $2::date), exit_reason = case w.decision when 'leaving' then 'graduated' else w.decision end
      ${ROWS} and e.school_id = w.school_id and e.id = w.from_enrolment_id and e.left_on is null`,
  },
  openLines: {
    name: 'students.rollovers.open-lines',
    text: `insert into students_enrolments (id, student_id, year_id, class_id, stream_id, entered_on, entry_reason)
      select w.new_enrolment_id, w.student_id, $2, w.to_class_id, w.to_stream_id, greatest($3::date, e.left_on + 1), w.decision
      from students_rollover_rows w join students_enrolments e on e.school_id = w.school_id and e.id = w.from_enrolment_id
      where w.rollover_id = $1 and w.decision in ('promoted', 'repeating')`,
  },
  place: {
    name: 'students.rollovers.place',
    text: `update students s set class_id = w.to_class_id, stream_id = w.to_stream_id, version = s.version + 1, updated_at = now(),
        status = case w.decision when 'leaving' then 'graduated' else s.status end,
        status_on = case w.decision when 'leaving' then e.left_on else s.status_on end
      from students_rollover_rows w join students_enrolments e on e.school_id = w.school_id and e.id = w.from_enrolment_id
      where w.rollover_id = $1 and s.school_id = w.school_id and s.id = w.student_id`,
  },
  givePlansUp: {
    name: 'students.rollovers.give-plans-up',
    text: `update students_planned_moves m set state = 'cancelled', ended_why = 'new year', rollover_id = $1
      ${ROWS} and m.school_id = w.school_id and m.student_id = w.student_id and m.state = 'planned'`,
  },
  leavers: {
    name: 'students.rollovers.leavers',
    text: `select w.student_id as id ${ROWS} and w.decision = 'leaving' order by w.student_id`,
  },
  statusLines: {
    name: 'students.rollovers.status-lines',
    text: `insert into students_status_changes (id, student_id, from_status, to_status, on_day, reason, by_user_id, by_name)
      select x.id, w.student_id, w.before->>'status', 'graduated', e.left_on, 'completed', $4::uuid, $5
      from unnest($2::uuid[], $3::uuid[]) as x(student_id, id)
      join students_rollover_rows w on w.rollover_id = $1 and w.student_id = x.student_id
      join students_enrolments e on e.school_id = w.school_id and e.id = w.from_enrolment_id`,
  },
  /** Counted from what now stands in the ledger, not from what was meant: a child lost on the way breaks the table's rule. */
  done: {
    name: 'students.rollovers.done',
    text: `update students_rollovers r set status = 'done', done_at = now(), done_by = $2, closes_on = $3, opens_on = $4, promoted = n.promoted, repeating = n.repeating, leaving = n.leaving
      from (select count(*) filter (where e.entry_reason = 'promoted') as promoted, count(*) filter (where e.entry_reason = 'repeating') as repeating,
          count(*) filter (where e.id is null and s.status = 'graduated' and s.class_id is null) as leaving
        from students_rollover_rows w join students s on s.school_id = w.school_id and s.id = w.student_id
        left join students_enrolments e on e.school_id = w.school_id and e.student_id = w.student_id and e.left_on is null
        where w.rollover_id = $1) n
      where r.id = $1`,
  },
};

/** Whoever is in another line of the ledger now, has another status as a leaver, or was put aside. */
export const MOVED_SINCE = {
  name: 'students.rollovers.moved-since',
  text: `select s.id, s.surname, s.first_name as "firstName", s.admission_no as "admissionNo"
    from students_rollover_rows w join students s on s.school_id = w.school_id and s.id = w.student_id
    left join students_enrolments e on e.school_id = w.school_id and e.student_id = w.student_id and e.left_on is null
    where w.rollover_id = $1 and (s.put_aside_at is not null
      or (w.decision = 'leaving' and (s.status <> 'graduated' or e.id is not null))
      or (w.decision <> 'leaving' and e.id is distinct from w.new_enrolment_id))
    order by s.sort_name, s.id`,
};

export const UNDO = {
  dropLines: {
    name: 'students.rollovers.drop-lines',
    text: 'delete from students_enrolments e using students_rollover_rows w where w.rollover_id = $1 and e.school_id = w.school_id and e.id = w.new_enrolment_id',
  },
  reopenLines: {
    name: 'students.rollovers.reopen-lines',
    text: `update students_enrolments e set left_on = null, exit_reason = null ${ROWS} and e.school_id = w.school_id and e.id = w.from_enrolment_id`,
  },
  planAgain: {
    name: 'students.rollovers.plan-again',
    text: `update students_planned_moves m set state = 'planned', ended_why = null, rollover_id = null where m.rollover_id = $1
      and not exists (select 1 from students_planned_moves o where o.school_id = m.school_id and o.student_id = m.student_id and o.state = 'planned')`,
  },
  statusLines: {
    name: 'students.rollovers.undo-status-lines',
    text: `insert into students_status_changes (id, student_id, from_status, to_status, on_day, reason, by_user_id, by_name, undoes_id)
      select x.id, w.student_id, 'graduated', w.before->>'status', $6::date, 'undone', $4::uuid, $5,
        (select c.id from students_status_changes c where c.school_id = w.school_id and c.student_id = w.student_id and c.to_status = 'graduated' order by c.created_at desc limit 1)
      from unnest($2::uuid[], $3::uuid[]) as x(student_id, id)
      join students_rollover_rows w on w.rollover_id = $1 and w.student_id = x.student_id`,
  },
  place: {
    name: 'students.rollovers.put-back',
    text: `update students s set class_id = (w.before->>'class_id')::uuid, stream_id = (w.before->>'stream_id')::uuid, version = s.version + 1, updated_at = now(),
        status = case w.decision when 'leaving' then w.before->>'status' else s.status end,
        status_on = case w.decision when 'leaving' then (w.before->>'status_on')::date else s.status_on end
      ${ROWS} and s.school_id = w.school_id and s.id = w.student_id`,
  },
  done: {
    name: 'students.rollovers.undone',
    text: "update students_rollovers set status = 'undone', undone_at = now(), undone_by = $2 where id = $1",
  },
};
