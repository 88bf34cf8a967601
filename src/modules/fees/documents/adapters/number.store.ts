import { prefixEnd } from '../../../../kernel/people/names.js';
import { query } from '../../../../platform/db/index.js';
import type { NumberFound, NumberStore } from '../../ports.js';

/** Each by a range of the index of its numbers. */
const PARTS: Record<NumberFound['kind'], string> = {
  receipt: `select 'receipt' as kind, r.number, r.payment_id as id, r.student_id as "studentId", r.amount_minor as "amountMinor", p.received_on::text as "on"
    from fees_receipts r join fees_payments p on p.school_id = r.school_id and p.id = r.payment_id where r.number >= $1 and r.number < $2 order by r.number limit $3`,
  document: `select 'document' as kind, d.number, d.id, d.student_id as "studentId", d.total_minor as "amountMinor", d.issued_on::text as "on"
    from fees_invoices d where d.kind in ('invoice', 'opening', 'debit-note', 'credit-note') and d.number >= $1 and d.number < $2 order by d.number limit $3`,
  reference: `select 'reference' as kind, f.value as number, f.payment_id as id, null::uuid as "studentId", p.amount_minor as "amountMinor", p.received_on::text as "on"
    from fees_payment_references f join fees_payments p on p.school_id = f.school_id and p.id = f.payment_id where f.value >= $1 and f.value < $2 order by f.value limit $3`,
};

export class PostgresNumberStore implements NumberStore {
  async beginningWith(text: string, kinds: readonly NumberFound['kind'][], limit: number): Promise<NumberFound[]> {
    if (kinds.length === 0) return [];
    const rows = await query<NumberFound>(
      `fees.numbers.${kinds.join('.')}`,
      kinds.map((kind) => `(${PARTS[kind]})`).join(' union all '),
      [text, prefixEnd(text), limit],
    );
    return rows.map((row) => ({ ...row, amountMinor: Number(row.amountMinor) }));
  }
}
