import { query } from '../../../../platform/db/index.js';
import type { AccountFacts, BilledFacts } from '../register.rules.js';
import type { RegisterSpan, RegisterStore } from '../../ports.js';

const ACCOUNTS = `
  select v.party_id as "studentId", coalesce(sum(v.amount_minor) filter (where v.posted_on < $2), 0)::bigint as "beforeMinor",
      coalesce(sum(v.amount_minor) filter (where v.posted_on >= $2 and v.source_kind like 'fees.%' and v.source_kind <> 'fees.merge' and (v.term_id is null or v.term_id = any($4::uuid[]))), 0)::bigint as "arrearsMinor",
      coalesce(-sum(v.amount_minor) filter (where v.posted_on >= $2 and v.source_kind in ('fees-payment', 'fees-move')), 0)::bigint as "paidMinor", sum(v.amount_minor)::bigint as "balanceMinor"
    from finance_report_receivable v where v.party_kind = 'student' and v.party_id = any($1::uuid[]) and v.posted_on <= $3 group by 1`;

/** A document counts from the day of its entry until the day on which that was taken back. */
const BILLS = `
  select x.student_id as "studentId", x.head_id as "headId", x.award, sum(x.minor * x.counts)::bigint as minor, sum(x.minor * x.counted)::bigint as "earlyMinor" from (
    select d.student_id, l.head_id, l.kind in ('discount', 'sponsored') as award, l.amount_minor as minor,
        (e.posted_on <= $4)::int - coalesce(e.reversed_on <= $4, false)::int as counts, (e.posted_on < $3)::int - coalesce(e.reversed_on < $3, false)::int as counted
      from fees_invoices d join finance_report_entries e on e.school_id = d.school_id and e.id = d.entry_id
      join fees_invoice_lines l on l.school_id = d.school_id and l.invoice_id = d.id
      where d.student_id = any($1::uuid[]) and d.term_id = $2 and d.payer_kind = 'student'
  ) x group by 1, 2, 3 having sum(x.minor * x.counts) <> 0 or sum(x.minor * x.counted) <> 0`;

export class PostgresRegisterStore implements RegisterStore {
  async placed(termId: string): Promise<Map<string, string | null>> {
    const rows = await query<{ studentId: string; classId: string | null }>(
      'fees.register.placed',
      `select distinct on (student_id) student_id as "studentId", class_id as "classId" from fees_invoices
        where term_id = $1 and kind = 'invoice' and state = 'issued' and payer_kind = 'student' order by student_id, issued_on desc, id desc`,
      [termId],
    );
    return new Map(rows.map((row) => [row.studentId, row.classId]));
  }

  async known(on: string): Promise<string[]> {
    const rows = await query<{ id: string }>(
      'fees.register.known',
      "select distinct party_id as id from finance_report_receivable where party_kind = 'student' and posted_on <= $1",
      [on],
    );
    return rows.map((row) => row.id);
  }

  async headsOf(termId: string): Promise<string[]> {
    const rows = await query<{ id: string }>(
      'fees.register.heads',
      `select distinct l.head_id as id from fees_invoices d join fees_invoice_lines l on l.school_id = d.school_id and l.invoice_id = d.id
        where d.term_id = $1 and d.payer_kind = 'student' and l.kind not in ('discount', 'sponsored')`,
      [termId],
    );
    return rows.map((row) => row.id);
  }

  accounts(studentIds: readonly string[], { startsOn, on, earlierTermIds }: RegisterSpan): Promise<AccountFacts[]> {
    return query<AccountFacts>('fees.register.accounts', ACCOUNTS, [studentIds, startsOn, on, earlierTermIds]);
  }

  bills(studentIds: readonly string[], { termId, startsOn, on }: RegisterSpan): Promise<BilledFacts[]> {
    return query<BilledFacts>('fees.register.bills', BILLS, [studentIds, termId, startsOn, on]);
  }
}
