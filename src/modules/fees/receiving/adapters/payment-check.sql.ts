import { INVOICE_OF } from '../../documents/adapters/document.sql.js';

/** Payments that say something else than their entry or their receipts, those left out that others stand in for; one that was taken back has a mirror in the journal. */
export const DIFFERING_PAYMENTS = `
  select p.id, p.state from fees_payments p left join finance_report_entries e on e.school_id = p.school_id and e.id = p.entry_id
    where p.state in ('posted', 'reversed', 'bounced') and (e.id is null or e.receivable_minor <> -p.amount_minor or (e.reversed_by_id is not null) <> (p.state <> 'posted')
      or p.amount_minor <> coalesce((select sum(r.amount_minor) from fees_receipts r where r.school_id = p.school_id and r.payment_id = p.id and (r.state = 'issued') = (p.state = 'posted')
        and not exists (select 1 from fees_receipts n where n.school_id = r.school_id and n.replaces_id = r.id)), 0)) limit 100`;

/** Receipts that stand in for another's and say something else than it or than the entry that moved the money; a move is taken back with its payment. */
export const DIFFERING_MOVES = `
  select r.id, r.number from fees_receipts r join fees_receipts o on o.school_id = r.school_id and o.id = r.replaces_id join fees_payments p on p.school_id = r.school_id and p.id = r.payment_id
    left join finance_report_entries e on e.school_id = r.school_id and e.id = r.entry_id
    where o.state <> 'reversed' or o.amount_minor <> r.amount_minor or o.payment_id <> r.payment_id or e.id is null or e.receivable_minor <> 0 or (e.reversed_by_id is not null) <> (p.state <> 'posted')
      or coalesce((select sum(v.amount_minor) from finance_report_receivable v where v.school_id = r.school_id and v.entry_id = r.entry_id and v.student_id = r.student_id), 0) <> -r.amount_minor limit 100`;

/** Receipts of which more is settled and paid out than was paid; of one that was taken back nothing is. */
export const OVERSETTLED_RECEIPTS = `
  select r.id, r.number from (
      select a.school_id, a.receipt_id, a.amount_minor as minor from fees_allocations a where a.freed_at is null
      union all select x.school_id, x.receipt_id, x.amount_minor from fees_refund_parts x where x.freed_at is null
    ) u join fees_receipts r on r.school_id = u.school_id and r.id = u.receipt_id
    group by r.id, r.number, r.amount_minor, r.state having sum(u.minor) > case when r.state = 'issued' then r.amount_minor else 0 end limit 100`;

/**
 * Refunds that say something else than their entry, or that no credit of receipts stands behind. Where a cheque bounced after
 * its credit was paid out, that part waits for other credit of the family.
 */
export const DIFFERING_REFUNDS = `
  select f.id, coalesce(f.number, '') as number from fees_refunds f left join finance_report_entries e on e.school_id = f.school_id and e.id = f.entry_id
    cross join lateral (select coalesce(sum(x.amount_minor) filter (where x.freed_at is null), 0) as live, coalesce(sum(x.amount_minor) filter (where p.state = 'bounced'), 0) as bounced
      from fees_refund_parts x join fees_receipts r on r.school_id = x.school_id and r.id = x.receipt_id join fees_payments p on p.school_id = r.school_id and p.id = r.payment_id
      where x.school_id = f.school_id and x.refund_id = f.id) part
    where (f.state in ('paid', 'reversed') and (e.id is null or e.receivable_minor <> f.amount_minor or (e.reversed_by_id is not null) <> (f.state = 'reversed')))
      or case when f.state in ('asked', 'approved') then part.live <> f.amount_minor when f.state = 'paid' then part.live > f.amount_minor or part.live + part.bounced < f.amount_minor else part.live > 0 end limit 100`;

/** Slips whose cheques come to another sum, without an entry, undone without its mirror or the other way round, or with a cheque that came back and still stands at the bank. */
export const DIFFERING_SLIPS = `
  select d.id, d.slip_number as number from fees_cheque_deposits d join fees_bank_slips s on s.school_id = d.school_id and s.deposit_id = d.id left join finance_report_entries e on e.school_id = d.school_id and e.id = d.entry_id
    cross join lateral (select coalesce(sum(p.amount_minor), 0) as minor, coalesce(bool_or(b.undone_on is null and (p.state = 'posted') = (b.returned_entry_id is not null)), false) as wrong
      from fees_cheque_bankings b join fees_payments p on p.school_id = b.school_id and p.id = b.payment_id where b.school_id = d.school_id and b.deposit_id = d.id) x
    where e.id is null or x.minor <> d.amount_minor or x.wrong or (s.undone_on is not null) <> (e.reversed_by_id is not null) limit 100`;

/** Heads that more settles than they come to, notes counted with their invoice. */
export const OVERSETTLED_HEADS = `
  select i.id, i.number from (
      select a.invoice_id, a.head_id, sum(a.amount_minor) as settled from fees_allocations a where a.freed_at is null group by 1, 2
    ) s join fees_invoices i on i.id = s.invoice_id
    where s.settled > coalesce((select sum(l.amount_minor) from fees_invoices d join fees_invoice_lines l on l.school_id = d.school_id and l.invoice_id = d.id
      where d.school_id = i.school_id and ${INVOICE_OF} = i.id and d.state = 'issued' and l.head_id = s.head_id), 0) limit 100`;

/** What is kept of a family's debt, against the bills themselves. */
export const DIFFERING_DEBTS = `
  select coalesce(k.id, o.id) as id from (
      select b.student_id as id, sum(b.left_minor) as minor, min(b.due_on) filter (where b.left_minor > 0) as due_on,
          array_agg(b.due_on order by b.due_on, b.invoice_id) as days, array_agg(b.left_minor order by b.due_on, b.invoice_id) as minors
        from fees_bills_left b group by 1
    ) o full join fees_debts k on k.id = o.id
    where coalesce(k.open_minor, 0) <> coalesce(o.minor, 0) or k.due_on is distinct from o.due_on
      or k.due_days is distinct from coalesce(o.days, '{}') or k.due_minor is distinct from coalesce(o.minors, '{}') limit 100`;

export const REPEATED_REFERENCES = `
  select min(f.payment_id::text) as id, f.value from fees_payment_references f where f.freed_at is null group by f.scheme, f.issuer, f.value having count(*) > 1 limit 100`;

/** The number on each paper against the one that was noted when it was given: a change, or two that were swapped, leave no gap. */
export const RENUMBERED = `
  select coalesce(d.id, g.id) as id, d.number, g.number as given from (
      select school_id, id, number from fees_invoices
      union all select school_id, id, number from fees_receipts
      union all select school_id, id, number from fees_refunds where number is not null
    ) d full join fees_numbers_given g on g.school_id = d.school_id and g.id = d.id
    where d.number is distinct from g.number order by 3, 2 limit 100`;

/** Between the first and the last number of a series each stands on one paper. */
export const GAPS = `
  select s.key, s.last, count(n.n)::int as papers
    from fees_series s left join lateral (
      select substr(d.number, length(s.prefix) + 1)::bigint as n from (
        select r.number from fees_receipts r where s.key = 'receipt' and r.school_id = s.school_id
        union all select f.number from fees_refunds f where s.key = 'refund' and f.school_id = s.school_id and f.number is not null
        union all select i.number from fees_invoices i where case i.kind when 'opening' then 'invoice' else i.kind end = s.key and i.school_id = s.school_id
      ) d where d.number like s.prefix || '%' and substr(d.number, length(s.prefix) + 1) ~ '^[0-9]+$') n on true
    group by s.key, s.last
    having coalesce(max(n.n), s.last) <> s.last or (count(n.n) > 0 and max(n.n) - min(n.n) + 1 <> count(n.n))`;
