import { query } from '../../../../platform/db/index.js';
import type { BilledStudent, BillNoticeStore } from '../../ports.js';
import { INVOICE_OF } from '../../documents/adapters/document.sql.js';

/** Invoices of the run's term with the notes that stand on them, added up by student; what something else charged is left out. */
const BILLED = `
  with billed as (
    select distinct r.school_id, r.student_id, r.term_id from fees_invoices r where r.run_id = $1 and r.state = 'issued' and r.payer_kind = 'student'
  )
  select b.student_id as "studentId", sum(d.total_minor)::bigint as "amountMinor", min(d.due_on) filter (where d.kind = 'invoice') as "dueOn", n.message_id as "messageId"
    from billed b
    join fees_invoices d on d.school_id = b.school_id and d.student_id = b.student_id and d.term_id = b.term_id and d.payer_kind = 'student' and d.state = 'issued'
    join fees_invoices i on i.school_id = d.school_id and i.id = ${INVOICE_OF} and i.kind = 'invoice' and i.state = 'issued' and i.source_key is null
    left join fees_bill_notices n on n.school_id = b.school_id and n.run_id = $1 and n.student_id = b.student_id
    group by b.student_id, n.message_id having count(*) filter (where d.kind = 'invoice') > 0 order by b.student_id`;

export class PostgresBillNoticeStore implements BillNoticeStore {
  async hold(runId: string): Promise<void> {
    await query('fees.bill-notices.hold', 'select 1 from fees_billing_runs where id = $1 for update', [runId]);
  }

  billed(runId: string): Promise<BilledStudent[]> {
    return query<BilledStudent>('fees.bill-notices.billed', BILLED, [runId]);
  }

  async write(runId: string, notices: Parameters<BillNoticeStore['write']>[1], byName: string): Promise<void> {
    await query(
      'fees.bill-notices.write',
      `insert into fees_bill_notices (id, run_id, student_id, message_id, by_name) select gen_random_uuid(), $1, x.student_id, x.message_id, $4 from unnest($2::uuid[], $3::uuid[]) as x(student_id, message_id)
        on conflict (school_id, run_id, student_id) do update set message_id = excluded.message_id, by_name = excluded.by_name, told_at = now()`,
      [runId, notices.map((one) => one.studentId), notices.map((one) => one.messageId), byName],
    );
  }
}
