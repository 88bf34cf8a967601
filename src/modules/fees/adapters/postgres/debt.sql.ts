/**
 * Splits debts by the day on which each part of them is due: what a note charges later is due by its own day, not by that of
 * its invoice, and so is never old on the day on which it is billed. What was paid or taken off goes to the part that is due
 * first. `rows` have school_id, the columns of `of`, due_on and minor; what is paid or taken off lies below zero.
 */
export const byDueDay = (of: string, rows: string): string => `
    select school_id, ${of}, due_on, minor from (
      select school_id, ${of}, due_on,
          greatest(upto - less, 0) - greatest(upto - part - less, 0) + case when latest = 1 then least(upto - less, 0) else 0 end as minor
        from (
          select school_id, ${of}, due_on, sum(greatest(x.minor, 0)) as part, sum(sum(greatest(x.minor, 0))) over (partition by school_id, ${of} order by due_on) as upto,
              sum(sum(greatest(-x.minor, 0))) over (partition by school_id, ${of}) as less, row_number() over (partition by school_id, ${of} order by due_on desc) as latest
            from (${rows}) x group by school_id, ${of}, due_on
        ) y
    ) z where minor <> 0`;

/** By when a document `d` of the invoice `i` is due: a note never before its invoice. */
export const DUE_ON = 'case when d.total_minor > 0 then greatest(d.due_on, i.due_on) else i.due_on end';

/**
 * Each invoice of a family with its notes, less what settles it, as `school_id, invoice_id, due_on, minor`: one row for each day
 * on which a part of it is due; what comes to nothing is left out. An invoice that was taken back is still in it: join those
 * that are issued. `$students` is a place among the values, of ids or null.
 */
export const openByInvoice = ($students: string): string =>
  byDueDay('invoice_id', `
      select i.school_id, i.id as invoice_id, ${DUE_ON} as due_on, d.total_minor as minor
        from fees_invoices d join fees_invoices i on i.school_id = d.school_id and i.id = coalesce(d.of_id, d.id)
        where d.payer_kind = 'student' and d.state = 'issued' and (${$students}::uuid[] is null or d.student_id = any(${$students}::uuid[]))
      union all
      select a.school_id, a.invoice_id, i.due_on, -a.amount_minor from fees_allocations a join fees_invoices i on i.school_id = a.school_id and i.id = a.invoice_id
        where a.freed_at is null and i.payer_kind = 'student' and (${$students}::uuid[] is null or i.student_id = any(${$students}::uuid[]))`);
