import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { query } from '../../../../platform/db/index.js';
import type { Collected, CollectedBy, Expected } from '../collections.rules.js';
import type { CollectedLine, CollectionFilter, CollectionSpan, CollectionStore, MoneyAtAGlance } from '../../ports.js';

/**
 * Money that came in, as the books have it: with what takes it back, without codes that wait and without credit of the old
 * books. An entry says as text which payment or receipt it came from. Each is looked up by its key, whatever the plan
 * expects: a join on the text compared every line of the books with every payment.
 */
const money = (more = ''): string => `(
    select r.*, case r.source_kind when 'fees-payment' then r.source_key::uuid end as payment_key, case r.source_kind when 'fees-move' then r.source_key::uuid end as receipt_key
      from finance_report_receivable r where r.source_kind in ('fees-payment', 'fees-move') and r.posted_on between $1 and $2 ${more} offset 0
  ) v left join lateral (select x.payment_id from fees_receipts x where x.school_id = v.school_id and x.id = v.receipt_key offset 0) m on true
  join lateral (
    select x.* from fees_payments x where x.school_id = v.school_id and x.id = case when v.receipt_key is null then v.payment_key else m.payment_id end offset 0
  ) p on p.method <> 'opening'`;

const CASHIER = 'coalesce(p.by_user_id::text, p.by_name)';
const KEYS: Record<CollectedBy, string> = {
  head: 'v.vote_head_id::text',
  class: 'v.class_id::text',
  method: 'p.method',
  cashier: CASHIER,
  day: 'v.posted_on::text',
};

export class PostgresCollectionStore implements CollectionStore {
  cross({ from, to }: CollectionSpan, rows: CollectedBy, columns: CollectedBy): Promise<Collected[]> {
    return query<Collected>(
      `fees.collections.${rows}.${columns}`,
      `select ${KEYS[rows]} as row, ${KEYS[columns]} as column, -sum(v.amount_minor)::bigint as minor from ${money()}
        group by 1, 2 having sum(v.amount_minor) <> 0 order by 1, 2`,
      [from, to],
    );
  }

  async atAGlance({ from, to }: CollectionSpan, zone: string): Promise<MoneyAtAGlance> {
    const [row] = await query<MoneyAtAGlance>(
      'fees.collections.at-a-glance',
      `select coalesce((select json_agg(d order by d.on) from (
          select received_on as on, sum(amount_minor)::bigint as minor, count(*)::int as payments from fees_payments
            where received_on between $1 and $2 and state = 'posted' and method <> 'opening' group by 1) d), '[]') as days,
        json_build_object(
          'toVerify', (select count(*) from fees_payments where state = 'provisional'),
          'toPayOut', (select count(*) from fees_refunds where state = 'approved'),
          'tillsLeftOpen', (select count(*) from fees_till_sessions where state = 'open' and (opened_at at time zone $3)::date < $2::date)) as chores`,
      [from, to, zone],
    );
    return row!;
  }

  cashiers({ from, to }: CollectionSpan): ReturnType<CollectionStore['cashiers']> {
    return query(
      'fees.collections.cashiers',
      `select ${CASHIER} as key, max(p.by_name) as name from ${money()} group by 1 order by 2, 1`,
      [from, to],
    );
  }

  async lines(
    { from, to }: CollectionSpan,
    filter: CollectionFilter,
    cursor: string | null,
    limit: number,
  ): Promise<Page<CollectedLine>> {
    const after = cursor === null ? [from, '00000000-0000-0000-0000-000000000000', 0] : decodeCursor(cursor, 3);
    const values: unknown[] = [from, to, ...after];
    const asked = (['head', 'class', 'method', 'cashier'] as const).filter((key) => filter[key] !== null);
    const where = asked.map((key) => `coalesce(${KEYS[key]}, '') = $${values.push(filter[key])}`).join(' and ');
    const rows = await query<CollectedLine>(
      `fees.collections.lines.${asked.join('.')}`,
      `select v.entry_id as "entryId", v.n, p.id as "paymentId", v.posted_on as "postedOn", v.student_id as "studentId", v.vote_head_id as "headId", v.class_id as "classId", v.term_id as "termId",
          p.method, p.by_name as cashier, v.reverses_id is not null as "takenBack", -v.amount_minor as "amountMinor",
          coalesce((select string_agg(r.number, ', ' order by r.number) from fees_receipts r where r.school_id = p.school_id and r.payment_id = p.id and r.student_id = v.student_id), '') as numbers
        from ${money('and (r.posted_on, r.entry_id, r.n) > ($3::date, $4::uuid, $5::int) order by r.posted_on, r.entry_id, r.n')} ${where && `where ${where}`}
        order by v.posted_on, v.entry_id, v.n limit $${values.push(limit + 1)}`,
      values,
    );
    return toPage(rows, limit, (row) => [row.postedOn, row.entryId, row.n]);
  }

  expected(termId: string): Promise<Expected[]> {
    return query<Expected>(
      'fees.collections.expected',
      `select x.head_id as "headId", x.class_id as "classId", sum(x.billed)::bigint as "billedMinor", sum(x.discount)::bigint as "discountMinor", sum(x.settled)::bigint as "settledMinor" from (
          select l.head_id, d.class_id, case when l.kind = 'discount' then 0 else l.amount_minor end as billed, case when l.kind = 'discount' then -l.amount_minor else 0 end as discount, 0 as settled
            from fees_invoices d join fees_invoice_lines l on l.school_id = d.school_id and l.invoice_id = d.id where d.term_id = $1 and d.state = 'issued'
          union all
          select a.head_id, d.class_id, 0, 0, a.amount_minor from fees_invoices d join fees_allocations a on a.school_id = d.school_id and a.invoice_id = d.id and a.freed_at is null where d.term_id = $1
        ) x group by 1, 2 having sum(x.billed) <> 0 or sum(x.discount) <> 0 or sum(x.settled) <> 0 order by 1, 2`,
      [termId],
    );
  }
}
