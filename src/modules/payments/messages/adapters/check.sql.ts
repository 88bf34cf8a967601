import { MOVED, NONE, OUTCOME, SUSPENDED } from './message.store.js';

const SETTLED = `payments_messages m join payments_outcomes o on o.school_id = m.school_id and o.message_id = m.id`;
/** Whether another row names the same payment with the same sum. */
const SAME =
  'x.school_id = m.school_id and x.trans_id = m.trans_id and x.account_id = m.account_id and x.amount_minor = m.amount_minor';
/** The network's list, or its answer to a question of ours, knows of this very payment. */
const CERTAIN = `exists (select 1 from payments_messages x where ${SAME} and (x.source = 'list' or (x.source = 'status'
  and exists (select 1 from payments_questions q where q.school_id = x.school_id and q.account_id = x.account_id and q.request_id = x.request_id and q.trans_id = x.trans_id))))`;
/** The suspense row says itself that only its caller has told of it. */
const DOUBTED = "(o.outcome = 'suspense' and o.reason = any($1))";
const NUMBER = (of: string): string => `f.school_id = ${of}.school_id and f.scheme = 'mpesa' and f.value = ${of}.trans_id`;

export const OVERDUE = `select m.id, m.trans_id as "transId" from payments_messages m where m.received_at < $1 and ${NONE} limit 100`;

export const DIFFERING = `
  select m.id, m.trans_id as "transId", m.amount_minor as "amountMinor", o.other_minor as "otherMinor" from payments_outcomes o join payments_messages m on m.school_id = o.school_id and m.id = o.message_id
    where o.other_minor is not null and o.outcome = 'duplicate' and not exists (select 1 from payments_looked l where l.school_id = o.school_id and l.message_id = o.message_id) limit 100`;

export const DOUBLED = `
  select m.trans_id as "transId" from ${SETTLED} ${MOVED} ${SUSPENDED}
    where (${OUTCOME} = 'booked' and o.payment_id is distinct from s.taken_back_id) or (${OUTCOME} = 'suspense' and s.state <> 'matched') group by m.trans_id having count(*) > 1 limit 100`;

/** Credited without a proof, or with one that is gone or about something else; what was given out of suspense although it was doubted, too. */
export const UNPROVEN = `
  select m.id, m.trans_id as "transId" from ${SETTLED}
    left join payments_messages x on x.school_id = o.school_id and x.id = o.proof_message_id
    left join payments_prompts p on p.school_id = o.school_id and p.id = o.proof_prompt_id
    where o.outcome in ('booked', 'suspense') and not ${DOUBTED} and not coalesce(case when o.proof = 'prompt' then m.source = 'stk' and p.account_id = m.account_id and p.checkout_request_id = m.request_id
      else ${SAME} and x.source = o.proof and (x.source = 'list' or ${CERTAIN}) end, false)
  union all
  select s.message_id, s.trans_id from payments_suspense s join payments_messages m on m.school_id = s.school_id and m.id = s.message_id
    where s.state = 'matched' and s.why = any($1) and s.seen_by is null and not ${CERTAIN} limit 100`;

/** The prompt was paid once: what a second source names for it was, and this one was not. */
export const TWICE_PROMPTED = `
  select m.id, m.trans_id as "transId", b.trans_id as other from ${SETTLED}
    join payments_prompts p on p.school_id = o.school_id and p.id = o.proof_prompt_id
    join payments_messages b on b.school_id = m.school_id and b.account_id = m.account_id and b.trans_id <> m.trans_id and b.amount_minor = p.amount_minor
      and (b.request_id = m.request_id or (b.bill_ref = p.reference and b.paid_at between p.asked_at - interval '1 minute' and p.asked_at + interval '30 minutes'))
    join payments_outcomes c on c.school_id = b.school_id and c.message_id = b.id and c.outcome = 'booked' and c.proof in ('list', 'status')
    where o.outcome = 'booked' and o.proof = 'prompt' and not ${CERTAIN} limit 100`;

/** An outcome that names a payment, a row or a refusal that isn't so. */
export const WRONG_OUTCOMES = `
  select m.id, coalesce(m.trans_id, '') as "transId" from ${SETTLED} left join payments_claims c on c.school_id = m.school_id and c.trans_id = m.trans_id
    where not coalesce(case o.outcome
      when 'booked' then exists (select 1 from fees_report_paid_numbers f where ${NUMBER('m')} and f.id = o.payment_id and f.amount_minor = m.amount_minor)
      when 'duplicate' then (o.payment_id is null or exists (select 1 from fees_report_paid_numbers f where ${NUMBER('m')} and f.id = o.payment_id))
        and (o.suspense_id is null or exists (select 1 from payments_suspense s where s.school_id = o.school_id and s.id = o.suspense_id and s.trans_id = m.trans_id))
      when 'suspense' then exists (select 1 from payments_suspense s where s.school_id = o.school_id and s.id = o.suspense_id and s.message_id = m.id)
      else c.state = 'foreign' or m.trans_id is null or m.amount_minor is null or m.paid_at is null or m.source = 'status' or (m.source <> 'list' and not exists (
        select 1 from payments_messages x join payments_outcomes y on y.school_id = x.school_id and y.message_id = x.id where ${SAME} and y.outcome in ('booked', 'suspense') and y.proof in ('list', 'status') and y.at < o.at)) end, false)
    limit 100`;

export const UNTOLD = `
  select f.id, f.value as "transId" from fees_report_paid_numbers f
    where f.scheme = 'mpesa' and f.state = 'posted' and f.freed_at is null and f.client like 'rail:%'
      and not exists (select 1 from payments_outcomes o join payments_messages m on m.school_id = o.school_id and m.id = o.message_id where o.school_id = f.school_id and o.payment_id = f.id and o.outcome = 'booked' and m.trans_id = f.value)
      and not exists (select 1 from payments_suspense s where s.school_id = f.school_id and s.payment_id = f.id and s.trans_id = f.value) limit 100`;

/** A row says what its message and its entry say, and its state what became of the money. */
export const WRONG_SUSPENSE = `
  select s.id, s.trans_id as "transId" from payments_suspense s
    left join payments_messages m on m.school_id = s.school_id and m.id = s.message_id
    left join payments_outcomes o on o.school_id = s.school_id and o.message_id = s.message_id
    left join payments_moved_outcomes v on v.school_id = s.school_id and v.message_id = s.message_id
    left join finance_report_suspense e on e.school_id = s.school_id and e.id = s.entry_id
    left join finance_report_suspense r on r.school_id = s.school_id and r.id = s.reversal_entry_id
    where not coalesce(m.trans_id = s.trans_id and m.account_id = s.account_id and m.amount_minor = s.amount_minor and m.bill_ref = s.bill_ref
        and (s.taken_back_id is not null or s.paid_on = (m.paid_at at time zone 'Africa/Nairobi')::date), false)
      or not coalesce(o.suspense_id = s.id or (v.suspense_id = s.id and o.outcome = 'booked'), false)
      or not coalesce(e.source_kind = 'suspense' and e.source_key = 'mpesa:' || s.trans_id and e.suspense_minor = -s.amount_minor, false)
      or (s.state = 'taken-back' and not coalesce(r.source_kind = 'suspense-reversal' and r.source_key = 'mpesa:' || s.reversal_code and r.suspense_minor = s.amount_minor, false))
      or (s.state = 'open') <> (s.settled_at is null) or (s.state = 'rejected' and s.by_name = '')
      or (s.state = 'matched') <> exists (select 1 from fees_report_paid_numbers f where ${NUMBER('s')} and f.state = 'posted' and f.freed_at is null and (s.state <> 'matched' or (f.id = s.payment_id and f.amount_minor = s.amount_minor)))
    limit 100`;

export const LOST_SUSPENSE = `
  select e.id, substr(e.source_key, 7) as "transId" from finance_report_suspense e
    where e.source_key like 'mpesa:%' and case e.source_kind
      when 'suspense' then not exists (select 1 from payments_suspense s where s.school_id = e.school_id and s.trans_id = substr(e.source_key, 7))
      when 'suspense-reversal' then not exists (select 1 from payments_suspense s where s.school_id = e.school_id and s.reversal_code = substr(e.source_key, 7) and s.state = 'taken-back') end limit 100`;

export const UNCLAIMED = `
  select distinct m.trans_id as "transId" from ${SETTLED}
    where o.outcome in ('booked', 'suspense') and not exists (select 1 from payments_claims c where c.school_id = m.school_id and c.trans_id = m.trans_id) limit 100`;
