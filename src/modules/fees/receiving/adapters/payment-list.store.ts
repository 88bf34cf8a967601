import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { query } from '../../../../platform/db/index.js';
import { paperReference, plainReference } from '../../../../kernel/references.js';
import { conditions } from '../../../../platform/db/rows/conditions.js';
import type { CashierDay, PaymentInBrief, PaymentLine, PaymentListStore, ReceiptPaper, PaperFound } from '../../ports.js';
import { ISSUER } from './payment.sql.js';

const REFERENCES = `(select coalesce(json_agg(json_build_object('scheme', f.scheme, 'issuer', ${ISSUER}, 'value', f.value)), '[]')
    from fees_payment_references f where f.school_id = p.school_id and f.payment_id = p.id) as references`;
const PAYMENT = `p.id, p.created_at as at, p.method, p.state, p.amount_minor as "amountMinor", p.received_on as "receivedOn", p.payer_name as "payerName", p.sponsor_id as "sponsorId", p.memo, p.by_user_id as "byUserId",
  p.by_name as "byName", p.entry_id as "entryId", p.account_id as "accountId", p.ended_on as "endedOn", p.ended_why as "endedWhy", ${REFERENCES}`;
const LINE = `${PAYMENT},
  case when p.waiting is null then (
      select coalesce(json_agg(json_build_object('id', r.id, 'number', r.number, 'studentId', r.student_id, 'payerKind', r.payer_kind, 'amountMinor', r.amount_minor, 'balanceAfterMinor', r.balance_after_minor,
          'state', r.state, 'prints', r.prints, 'replaces', (select o.number from fees_receipts o where o.school_id = r.school_id and o.id = r.replaces_id)) order by r.number), '[]') from fees_receipts r where r.school_id = p.school_id and r.payment_id = p.id)
    else (select coalesce(json_agg(json_build_object('id', null, 'number', null, 'studentId', s->>'studentId', 'payerKind', coalesce(s->'payer'->>'kind', 'student'), 'amountMinor', (s->>'amountMinor')::bigint, 'balanceAfterMinor', null,
          'state', 'issued', 'prints', 0, 'replaces', null)), '[]') from jsonb_array_elements(p.waiting->'shares') s) end as receipts`;
/** More than a page names; as many as a cell of a sheet does. */
const FIRST = 10;
const OWN = 'r.school_id = p.school_id and r.payment_id = p.id';
const IN_BRIEF = `${PAYMENT},
  case when p.waiting is null then (select count(*)::int from fees_receipts r where ${OWN} and r.replaces_id is null) else jsonb_array_length(p.waiting->'shares') end as "receiptCount",
  (select max(r.number) from fees_receipts r where ${OWN}) as "lastNumber",
  (select coalesce(json_agg(x), '[]') from (
      select r.number, r.student_id as "studentId" from fees_receipts r
        where ${OWN} and not exists (select 1 from fees_receipts o where o.school_id = r.school_id and o.replaces_id = r.id) order by r.number limit ${FIRST}) x) as receipts,
  (select coalesce(json_agg(x), '[]') from (select null as number, s->>'studentId' as "studentId" from jsonb_array_elements(p.waiting->'shares') s limit ${FIRST}) x) as shown`;
const OF_CHILD = (param: string): string =>
  `(exists (select 1 from fees_receipts r where r.school_id = p.school_id and r.payment_id = p.id and r.student_id = any(${param}::uuid[]))
    or exists (select 1 from jsonb_array_elements(p.waiting->'shares') s where (s->>'studentId')::uuid = any(${param}::uuid[])))`;

type ListFilter = Parameters<PaymentListStore['list']>[0];

export class PostgresPaymentList implements PaymentListStore {
  async list(filter: ListFilter, cursor: string | null, limit: number): Promise<Page<PaymentInBrief>> {
    type Row = PaymentInBrief & { shown: PaymentInBrief['receipts']; key: string };
    const page = await this.page<Row>('brief', IN_BRIEF, filter, cursor, limit);
    return {
      ...page,
      rows: page.rows.map(({ shown, receipts, ...row }) => ({ ...row, receipts: receipts.length > 0 ? receipts : shown })),
    };
  }

  listWhole(filter: ListFilter, cursor: string | null, limit: number): Promise<Page<PaymentLine>> {
    return this.page<PaymentLine & { key: string }>('whole', LINE, filter, cursor, limit);
  }

  private async page<Row extends { key: string; id: string }>(
    what: string,
    columns: string,
    filter: ListFilter,
    cursor: string | null,
    limit: number,
  ): Promise<Page<Row>> {
    const { values, keys, where, param, add } = conditions();
    if (filter.method) add('method', `p.method = ${param(filter.method)}`);
    if (filter.state) add('state', `p.state = ${param(filter.state)}`);
    if (filter.byUserId) add('by', `p.by_user_id = ${param(filter.byUserId)}`);
    if (filter.from) add('from', `p.received_on >= ${param(filter.from)}`);
    if (filter.to) add('to', `p.received_on <= ${param(filter.to)}`);
    if (filter.studentId) add('student', OF_CHILD(param([filter.studentId])));
    if (filter.sponsorId) add('sponsor', `p.sponsor_id = ${param(filter.sponsorId)}`);
    if (filter.text) {
      const [plain, paper] = [param(plainReference(filter.text)), param(paperReference(filter.text))];
      add(
        'text',
        `(exists (select 1 from fees_receipts r where r.school_id = p.school_id and r.payment_id = p.id and r.number = ${param(filter.text.toUpperCase())})
        or exists (select 1 from fees_payment_references f where f.school_id = p.school_id and f.payment_id = p.id and f.value in (${plain}, ${paper}) and ${plain} <> '')
        or p.payer_name ilike '%' || ${param(filter.text.replace(/[\\%_]/g, '\\$&'))} || '%' or ${OF_CHILD(param(filter.textStudentIds))})`,
      );
    }
    if (cursor !== null) {
      const [at, id] = decodeCursor(cursor, 2);
      add('after', `(p.created_at, p.id) < (${param(at)}::timestamptz, ${param(id)}::uuid)`);
    }
    const rows = await query<Row>(
      `fees.payments.list.${what}.${keys.join('.')}`,
      `select ${columns}, p.created_at::text as key from fees_payments p ${where.length > 0 ? `where ${where.join(' and ')}` : ''} order by p.created_at desc, p.id desc limit ${param(limit + 1)}`,
      values,
    );
    return toPage(rows, limit, (row) => [row.key, row.id]);
  }

  async find(id: string): Promise<PaymentLine | null> {
    const [row] = await query<PaymentLine>('fees.payments.find', `select ${LINE} from fees_payments p where p.id = $1`, [id]);
    return row ?? null;
  }

  papers(paymentId: string): Promise<ReceiptPaper[]> {
    return query<ReceiptPaper>(
      'fees.receipts.papers',
      `select r.id, r.number, r.code, r.student_id as "studentId", r.class_id as "classId", r.amount_minor as "amountMinor", r.balance_after_minor as "balanceAfterMinor", r.state,
          (select s.name from fees_sponsors s where r.payer_kind = 'sponsor' and s.school_id = r.school_id and s.id = r.payer_id) as "sponsorName",
          p.method, p.payer_name as "payerName", p.by_name as "byName", p.received_on as "receivedOn", p.created_at as at, ${REFERENCES},
          (select coalesce(json_agg(json_build_object('head', x.name, 'termId', x.term_id, 'amountMinor', x.minor) order by x.priority, x.name), '[]') from (
              select h.name, h.priority, i.term_id, sum(a.amount_minor)::bigint as minor from fees_allocations a
                join fees_invoices i on i.school_id = a.school_id and i.id = a.invoice_id join fees_vote_heads h on h.school_id = a.school_id and h.id = a.head_id
                where a.school_id = r.school_id and a.receipt_id = r.id and a.created_at = r.created_at group by h.name, h.priority, i.term_id) x) as lines
        from fees_receipts r join fees_payments p on p.school_id = r.school_id and p.id = r.payment_id where r.payment_id = $1 order by r.number`,
      [paymentId],
    );
  }

  async countPrint(receiptIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await query<{ id: string; prints: number }>(
      'fees.receipts.print',
      'update fees_receipts set prints = prints + 1 where id = any($1::uuid[]) returning id, prints',
      [receiptIds],
    );
    return new Map(rows.map((row) => [row.id, row.prints]));
  }

  async byCode(code: string): ReturnType<PaymentListStore['byCode']> {
    const [row] = await query<PaperFound>(
      'fees.receipts.by-code',
      `select 'receipt' as kind, r.number, r.amount_minor as "amountMinor", p.received_on as "on", r.state from fees_receipts r
        join fees_payments p on p.school_id = r.school_id and p.id = r.payment_id where r.code = $1`,
      [code],
    );
    return row ?? null;
  }

  async cashierDay(userId: string | null, day: string): Promise<CashierDay> {
    const [row] = await query<CashierDay>(
      'fees.cashier.day',
      `with mine as (select p.* from fees_payments p where p.by_user_id = $1 and p.received_on = $2)
        select (select count(*)::int from mine where state = 'posted') as count, (select coalesce(sum(amount_minor), 0)::bigint from mine where state = 'posted') as "totalMinor",
          (select coalesce(json_agg(l order by l.at desc), '[]') from (
            select p.id as "paymentId", p.created_at as at, p.amount_minor as "amountMinor", p.state,
                coalesce((select r.student_id from fees_receipts r where r.school_id = p.school_id and r.payment_id = p.id order by r.number limit 1), (p.waiting->'shares'->0->>'studentId')::uuid) as "studentId"
              from mine p order by p.created_at desc limit 5) l) as last`,
      [userId, day],
    );
    return { ...row!, last: row!.last.map((one) => ({ ...one, at: new Date(one.at) })) };
  }

  async sameInCash(
    day: string,
    shares: readonly (readonly [string, number])[],
    { client, clientKey }: { client: string; clientKey: string },
  ): ReturnType<PaymentListStore['sameInCash']> {
    const [row] = await query<{ number: string; studentId: string }>(
      'fees.receipts.same-in-cash',
      `select r.number, r.student_id as "studentId" from unnest($2::uuid[], $3::bigint[]) as x(student_id, minor)
        join fees_receipts r on r.student_id = x.student_id and r.amount_minor = x.minor and r.state = 'issued'
        join fees_payments p on p.school_id = r.school_id and p.id = r.payment_id and p.method = 'cash' and p.state = 'posted' and p.received_on = $1
        where (p.client, p.client_key) <> ($4, $5) order by r.number desc limit 1`,
      [day, shares.map(([id]) => id), shares.map(([, minor]) => minor), client, clientKey],
    );
    return row ?? null;
  }

  async billedSince(studentIds: readonly string[], day: string): Promise<number> {
    const [row] = await query<{ minor: number }>(
      'fees.billed-since',
      "select coalesce(sum(total_minor), 0)::bigint as minor from fees_invoices where student_id = any($1::uuid[]) and state = 'issued' and issued_on >= $2",
      [studentIds, day],
    );
    return row!.minor;
  }

  async reject(paymentId: string, on: string, why: string): Promise<void> {
    await query(
      'fees.payments.reject',
      "update fees_payments set state = 'rejected', ended_on = $2, ended_why = $3, version = version + 1 where id = $1",
      [paymentId, on, why],
    );
  }

  async takeBack(paymentId: string, { state, on, why }: Parameters<PaymentListStore['takeBack']>[1]): Promise<void> {
    await query(
      'fees.payments.take-back',
      `with payment as (
          update fees_payments set state = $2, ended_on = $3, ended_why = $4, version = version + 1 where id = $1
        ), receipt as (
          update fees_receipts set state = 'reversed', taken_back_at = clock_timestamp() where payment_id = $1 and state = 'issued' returning school_id, id
        ), reference as (
          update fees_payment_references set freed_at = now() where payment_id = $1 and freed_at is null
        ), refund as (
          update fees_refund_parts x set freed_at = now(), freed_why = $4 from receipt r where x.school_id = r.school_id and x.receipt_id = r.id and x.freed_at is null
        )
        update fees_allocations a set freed_at = now(), freed_why = $4 from receipt r where a.school_id = r.school_id and a.receipt_id = r.id and a.freed_at is null`,
      [paymentId, state, on, why],
    );
  }
}
