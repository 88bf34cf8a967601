/** What came for the student since the plan `p` was agreed on, until it ended, less what was taken back or paid out since, of earlier money too. */
const PAID = `coalesce((select sum(x.minor) from (
    select r.amount_minor as minor, r.written_at as at from fees_receipts r where r.school_id = p.school_id and r.student_id = p.student_id and r.payer_kind = 'student'
    union all
    select -r.amount_minor, coalesce(r.taken_back_at, r.written_at) from fees_receipts r
      where r.school_id = p.school_id and r.student_id = p.student_id and r.payer_kind = 'student' and r.state = 'reversed'
    union all
    select -f.amount_minor, coalesce(f.paid_at, f.created_at) from fees_refunds f
      where f.school_id = p.school_id and f.student_id = p.student_id and f.payer_kind = 'student' and f.state in ('paid', 'reversed')
    union all
    select f.amount_minor, coalesce(f.taken_back_at, f.paid_at, f.created_at) from fees_refunds f
      where f.school_id = p.school_id and f.student_id = p.student_id and f.payer_kind = 'student' and f.state = 'reversed'
  ) x where x.at >= p.created_at and (p.ended_at is null or x.at <= p.ended_at)), 0)::bigint`;

/** What the family owes for the student; an invoice that was taken back counts no more, nor do its notes. */
const OPEN = `coalesce((select sum(x.minor) from (
    select i.total_minor as minor from fees_invoices i left join fees_invoices o on o.school_id = i.school_id and o.id = i.of_id
      where i.school_id = p.school_id and i.student_id = p.student_id and i.payer_kind = 'student' and i.state = 'issued' and (o.id is null or o.state = 'issued')
    union all
    select -a.amount_minor from fees_invoices i join fees_allocations a on a.school_id = i.school_id and a.invoice_id = i.id and a.freed_at is null
      where i.school_id = p.school_id and i.student_id = p.student_id and i.payer_kind = 'student') x), 0)::bigint`;

/** Beside a plan `p`: what its state follows from. */
export const PLAN_FACTS = `lateral (select s.paid, s.open, case when p.ended_as is not null then p.total_minor else least(p.total_minor, greatest(0, s.paid, p.total_minor - s.open)) end as settled
  from (select ${PAID} as paid, ${OPEN} as open) s) f`;

/** The day of the earliest instalment that isn't paid in full; null where all is. */
export const NEXT_DUE = `(select min(x.due_on) from (select n.due_on, sum(n.amount_minor) over (order by n.n) as upto from fees_plan_instalments n
  where n.school_id = p.school_id and n.plan_id = p.id) x where x.upto > f.settled)`;

/** The state that the domain's rule gives; for choosing rows only, what is shown comes from the rule. `$today` is a place among the values. */
export const planStateIs = (
  today: string,
): string => `case when p.ended_as is not null then p.ended_as when f.settled >= p.total_minor then 'completed'
  when ${NEXT_DUE} + p.grace_days < ${today}::date then 'broken' when ${NEXT_DUE} < ${today}::date then 'overdue'
  when (select min(n.due_on) from fees_plan_instalments n where n.school_id = p.school_id and n.plan_id = p.id) < ${today}::date then 'compliant' else 'active' end`;

export const INSTALMENTS = `(select json_agg(json_build_object('dueOn', n.due_on, 'amountMinor', n.amount_minor) order by n.n)
  from fees_plan_instalments n where n.school_id = p.school_id and n.plan_id = p.id)`;

export const PLAN = `p.id, p.student_id as "studentId", p.total_minor as "totalMinor", p.agreed_on as "agreedOn", p.grace_days as "graceDays", p.agreed_with as "agreedWith", p.note,
  p.by_name as "byName", p.ended_as as "endedAs", p.ended_on as "endedOn", p.ended_why as "endedWhy", p.ended_by as "endedBy", f.paid as "paidMinor", f.open as "openMinor",
  ${INSTALMENTS} as instalments`;
