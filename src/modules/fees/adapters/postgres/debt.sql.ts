/**
 * Each invoice of a family with its notes, less what settles it, as `school_id, invoice_id, minor`; what comes to nothing is left
 * out. An invoice that was taken back is still in it: join those that are issued. `$students` is a place among the values, of ids or null.
 */
export const openByInvoice = ($students: string): string => `
    select x.school_id, x.invoice_id, sum(x.minor) as minor from (
      select i.school_id, coalesce(i.of_id, i.id) as invoice_id, i.total_minor as minor from fees_invoices i
        where i.payer_kind = 'student' and i.state = 'issued' and (${$students}::uuid[] is null or i.student_id = any(${$students}::uuid[]))
      union all
      select a.school_id, a.invoice_id, -a.amount_minor from fees_allocations a join fees_invoices i on i.school_id = a.school_id and i.id = a.invoice_id
        where a.freed_at is null and i.payer_kind = 'student' and (${$students}::uuid[] is null or i.student_id = any(${$students}::uuid[]))
    ) x group by 1, 2 having sum(x.minor) <> 0`;
