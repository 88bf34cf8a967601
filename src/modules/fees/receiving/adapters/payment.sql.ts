/**
 * What is open by invoice and head, in parts by the day on which each is due: lines of the invoice and of its notes, less what
 * receipts settle. Notes count with the invoice that they correct. `students` is what comes after the column of their ids.
 */
export function openItems(students: string): string {
  return `
  select o."invoiceId", o."headId", i.student_id as "studentId", i.payer_id as "payerId", i.kind = 'opening' as opening, i.due_on as "dueOn", i.number,
      i.term_id as "termId", h.priority, h.code as "headCode", h.name as "headName", o.minor as "openMinor"
    from (
      select school_id, invoice_id as "invoiceId", head_id as "headId", sum(left_minor)::bigint as minor
        from fees_heads_left where student_id ${students} group by 1, 2, 3
    ) o
    join fees_invoices i on i.school_id = o.school_id and i.id = o."invoiceId"
    join fees_vote_heads h on h.school_id = o.school_id and h.id = o."headId"
    where o.minor <> 0 order by opening desc, i.due_on, i.number, h.priority, h.code`;
}

/** A payment as whoever comes a second time hears of it. */
const KNOWN = `json_build_object('id', p.id, 'state', p.state, 'digest', p.digest, 'amountMinor', p.amount_minor, 'receipts', r.receipts,
    'studentIds', case when p.waiting is null then r.students else (select coalesce(json_agg(s->>'studentId'), '[]') from jsonb_array_elements(p.waiting->'shares') s) end)
  from fees_payments p cross join lateral (
    select coalesce(json_agg(json_build_object('id', r.id, 'number', r.number, 'studentId', r.student_id, 'amountMinor', r.amount_minor, 'balanceAfterMinor', r.balance_after_minor)
        order by r.number), '[]') as receipts, coalesce(json_agg(r.student_id), '[]') as students
      from fees_receipts r where r.school_id = p.school_id and r.payment_id = p.id and r.state = 'issued') r`;

export const KNOWN_BY_ID = `select ${KNOWN} where p.id = $1`;

export const KNOWN_BY_REFERENCE = `select ${KNOWN} where p.id = (
  select f.payment_id from fees_payment_references f where f.scheme = $1 and f.issuer = $2 and f.value = $3 order by f.freed_at desc nulls first, f.payment_id desc limit 1)`;

/** Of a reference `f`, as somebody wrote it. */
export const ISSUER = `coalesce(nullif(f.issuer_name, ''), f.issuer)`;

/** Receipts' numbers stand with their dash, and are written without it too. */
export const TRACED = `select p.id as "paymentId", p.method, p.state, p.amount_minor as "amountMinor", p.received_on as "receivedOn",
    (select coalesce(json_agg(json_build_object('scheme', f.scheme, 'issuer', ${ISSUER}, 'value', f.value)), '[]')
      from fees_payment_references f where f.school_id = p.school_id and f.payment_id = p.id) as references,
    r.numbers as "receiptNumbers",
    case when p.waiting is null then r.students else (select coalesce(json_agg(s->>'studentId'), '[]') from jsonb_array_elements(p.waiting->'shares') s) end as "studentIds"
  from fees_payments p cross join lateral (
    select coalesce(json_agg(r.number order by r.number), '[]') as numbers, coalesce(json_agg(r.student_id order by r.number), '[]') as students
      from fees_receipts r where r.school_id = p.school_id and r.payment_id = p.id) r
  where p.id in (
    select f.payment_id from fees_payment_references f where f.value = any($1::text[])
    union select r.payment_id from fees_receipts r where r.number = any($1::text[]) or r.number in (select regexp_replace(x, '^([A-Z]+)([0-9]+)$', '\\1-\\2') from unnest($1::text[]) x))
  order by p.created_at desc, p.id desc limit 20`;

/** One trip for everything that decides what becomes of a payment. */
export const standing = (students: string): string => `select
  (select ${KNOWN} where p.client = $2 and p.client_key = $3) as "sameKey",
  (select ${KNOWN} where p.id = (
    select f.payment_id from unnest($4::text[], $5::text[], $6::text[]) as x(scheme, issuer, value)
      join fees_payment_references f on f.scheme = x.scheme and f.issuer = x.issuer and f.value = x.value and f.freed_at is null limit 1)) as "sameReference",
  (select coalesce(json_agg(items), '[]') from (${openItems(students)}) items) as items`;

const PAYMENT_COLUMNS = `id, method, state, amount_minor, received_on, account_id, payer_name, payer_phone, memo, till_session_id, client, client_key, digest, entry_id, by_user_id, by_name, waiting, sponsor_id`;
const NEW_PAYMENT = `
  payment as (
    insert into fees_payments (${PAYMENT_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
  ), reference as (
    insert into fees_payment_references (id, payment_id, scheme, issuer, value, issuer_name)
      select gen_random_uuid(), $1, x.* from unnest($19::text[], $20::text[], $21::text[], $22::text[]) as x
  )`;

/** Receipts and what they settle; the row that counts their numbers is locked here and nowhere before. */
const RECEIPTS = (first: number): string => {
  const at = (n: number): string => `$${first + n}`;
  return `
  given as (
    select * from unnest(${at(0)}::uuid[], ${at(1)}::uuid[], ${at(2)}::text[], ${at(3)}::uuid[], ${at(4)}::bigint[], ${at(5)}::bigint[], ${at(6)}::uuid[], ${at(7)}::text[], ${at(8)}::uuid[], ${at(9)}::uuid[])
      with ordinality as x(id, student_id, payer_kind, payer_id, amount_minor, balance_after_minor, class_id, code, replaces_id, entry_id, n)
  ), series as (
    insert into fees_series as s (id, key, prefix, last) select gen_random_uuid(), 'receipt', 'R-', count(*) from given
      on conflict (school_id, key) do update set last = s.last + excluded.last returning prefix, last
  ), receipt as (
    insert into fees_receipts (id, number, payment_id, student_id, payer_kind, payer_id, amount_minor, balance_after_minor, class_id, code, replaces_id, entry_id)
      select g.id, s.prefix || lpad(x.number, greatest(6, length(x.number)), '0'), $1, g.student_id, g.payer_kind, g.payer_id, g.amount_minor, g.balance_after_minor, g.class_id, g.code, g.replaces_id, g.entry_id
        from given g cross join series s cross join lateral (select (s.last - (select count(*) from given) + g.n)::text as number) x
      returning id, number
  ), allocation as (
    insert into fees_allocations (id, receipt_id, invoice_id, head_id, amount_minor)
      select gen_random_uuid(), x.* from unnest(${at(10)}::uuid[], ${at(11)}::uuid[], ${at(12)}::uuid[], ${at(13)}::bigint[]) as x
  )
  select r.number from given g join receipt r on r.id = g.id order by g.n`;
};

export const INSERT_PROVISIONAL = `with ${NEW_PAYMENT} select 1`;
export const ADD_RECEIPT = `with ${RECEIPTS(2)}`;
export const INSERT_BOOKED = `with ${NEW_PAYMENT}, ${RECEIPTS(23)}`;

/** What was shown was seen. */
export const BOOK = `with payment as (
    update fees_payments set state = 'posted', received_on = $2, account_id = $3, entry_id = $4, ended_on = null, ended_why = '', waiting = null, version = version + 1 where id = $1
  ), ${RECEIPTS(5)}`;

/** One that was turned down before keeps its own reason. */
export const GIVE_UP = `with payment as (
    update fees_payments set state = 'rejected', ended_on = $2, ended_why = $3, version = version + 1 where id = $1 and state = 'provisional'
  )
  update fees_payment_references set freed_at = now() where payment_id = $1 and freed_at is null`;

export const FOR_CHANGE = `select p.id, p.method, p.state, p.amount_minor as "amountMinor", p.received_on as "receivedOn", p.account_id as "accountId", p.payer_name as "payerName",
    p.payer_phone as "payerPhone", p.memo, p.till_session_id as "tillSessionId", p.client, p.client_key as "clientKey", p.digest, p.entry_id as "entryId", p.by_user_id as "byUserId",
    p.by_name as "byName", p.waiting, p.sponsor_id as "sponsorId",
    (select coalesce(json_agg(json_build_object('scheme', f.scheme, 'issuer', f.issuer, 'value', f.value)), '[]')
      from fees_payment_references f where f.school_id = p.school_id and f.payment_id = p.id) as references
  from fees_payments p where p.id = $1 for update`;

/** What of a receipt `r` settles nothing and is in no refund: `u.minor`. */
export const UNUSED = `cross join lateral (
    select (r.amount_minor
      - coalesce((select sum(a.amount_minor) from fees_allocations a where a.school_id = r.school_id and a.receipt_id = r.id and a.freed_at is null), 0)
      - coalesce((select sum(x.amount_minor) from fees_refund_parts x where x.school_id = r.school_id and x.receipt_id = r.id and x.freed_at is null), 0))::bigint as minor) u`;

export const CREDITS = `select r.id as "receiptId", r.student_id as "studentId", r.payer_id as "payerId", u.minor as "amountMinor"
  from fees_receipts r ${UNUSED} where r.student_id = any($1::uuid[]) and r.state = 'issued' and u.minor > 0 order by r.created_at, r.number`;

export const ALLOCATIONS_OF = `select a.id, a.receipt_id as "receiptId", a.invoice_id as "invoiceId", a.head_id as "headId", a.amount_minor as "amountMinor"
  from fees_receipts r join fees_allocations a on a.school_id = r.school_id and a.receipt_id = r.id
  where r.student_id = any($1::uuid[]) and a.freed_at is null order by a.created_at desc, a.id desc`;
