/** Payments that say something else than their entry or their receipts; one that was taken back has a mirror in the journal. */
export const DIFFERING_PAYMENTS = `
  select p.id, p.state from fees_payments p left join finance_report_entries e on e.school_id = p.school_id and e.id = p.entry_id
    where p.state in ('posted', 'reversed', 'bounced') and (e.id is null or e.receivable_minor <> -p.amount_minor or (e.reversed_by_id is not null) <> (p.state <> 'posted')
      or p.amount_minor <> coalesce((select sum(r.amount_minor) from fees_receipts r where r.school_id = p.school_id and r.payment_id = p.id and (r.state = 'issued') = (p.state = 'posted')), 0)) limit 100`;

export const OVERSETTLED_RECEIPTS = `
  select r.id, r.number from fees_receipts r join fees_allocations a on a.school_id = r.school_id and a.receipt_id = r.id and a.freed_at is null
    group by r.id, r.number, r.amount_minor, r.state having sum(a.amount_minor) > case when r.state = 'issued' then r.amount_minor else 0 end limit 100`;

/** Heads that more settles than they come to, notes counted with their invoice. */
export const OVERSETTLED_HEADS = `
  select i.id, i.number from (
      select a.invoice_id, a.head_id, sum(a.amount_minor) as settled from fees_allocations a where a.freed_at is null group by 1, 2
    ) s join fees_invoices i on i.id = s.invoice_id
    where s.settled > coalesce((select sum(l.amount_minor) from fees_invoices d join fees_invoice_lines l on l.school_id = d.school_id and l.invoice_id = d.id
      where d.school_id = i.school_id and coalesce(d.of_id, d.id) = i.id and d.state = 'issued' and l.head_id = s.head_id), 0) limit 100`;

export const REPEATED_REFERENCES = `
  select min(f.payment_id::text) as id, f.value from fees_payment_references f where f.freed_at is null group by f.scheme, f.issuer, f.value having count(*) > 1 limit 100`;

/** Between the first and the last number of a series each stands on one paper. */
export const GAPS = `
  select s.key, s.last, count(r.number)::int as papers, coalesce(max(substr(r.number, length(s.prefix) + 1)::bigint), s.last) as most, coalesce(min(substr(r.number, length(s.prefix) + 1)::bigint), 1) as least
    from fees_series s left join fees_receipts r on r.school_id = s.school_id and r.number like s.prefix || '%' and substr(r.number, length(s.prefix) + 1) ~ '^[0-9]+$'
    where s.key = 'receipt' group by s.key, s.last having coalesce(max(substr(r.number, length(s.prefix) + 1)::bigint), s.last) <> s.last
      or (count(r.number) > 0 and max(substr(r.number, length(s.prefix) + 1)::bigint) - min(substr(r.number, length(s.prefix) + 1)::bigint) + 1 <> count(r.number))`;
