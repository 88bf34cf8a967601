import { arrayOf } from '../../../../platform/db/rows/arrays.js';
import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { conditions } from '../../../../platform/db/rows/conditions.js';
import { db, query } from '../../../../platform/db/index.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import type { Payer } from '../../documents/document.rules.js';
import type { ReceiptCredit, RefundPart } from '../refund.rules.js';
import type { RefundFilter, RefundLine, RefundRecord, RefundStep, RefundStore } from '../../ports.js';
import { UNUSED } from '../../receiving/adapters/payment.sql.js';

type Flat<Shape extends { payer: Payer }> = Omit<Shape, 'payer'> & { payerKind: Payer['kind']; payerId: string };

const RECORD = `f.id, f.number, f.student_id as "studentId", f.payer_kind as "payerKind", f.payer_id as "payerId", f.class_id as "classId", f.amount_minor as "amountMinor", f.method,
  f.payee_name as "payeeName", f.payee_account as "payeeAccount", f.reason, f.state, f.asked_on as "askedOn", f.by_user_id as "byUserId", f.by_name as "byName", f.created_at as "createdAt",
  f.decided_by_name as "decidedByName", f.reference, f.paid_on as "paidOn", f.paid_by_user_id as "paidByUserId", f.paid_by_name as "paidByName", f.till_session_id as "tillSessionId",
  f.entry_id as "entryId", f.account_id as "accountId", f.ended_on as "endedOn", f.ended_why as "endedWhy"`;
const LINE = `${RECORD}, (select coalesce(json_agg(json_build_object('number', r.number, 'paymentId', r.payment_id, 'payerName', p.payer_name, 'method', p.method, 'amountMinor', x.amount_minor,
      'freedWhy', x.freed_why) order by r.number), '[]') from fees_refund_parts x join fees_receipts r on r.school_id = x.school_id and r.id = x.receipt_id
      join fees_payments p on p.school_id = r.school_id and p.id = r.payment_id where x.school_id = f.school_id and x.refund_id = f.id) as receipts`;

/** When money leaves or comes back: plans are compared with it. */
const MOMENTS: Partial<Record<RefundStep['state'], string>> = { paid: 'paid_at', reversed: 'taken_back_at' };

export class PostgresRefundStore implements RefundStore {
  async creditsOf(studentIds: readonly string[]): Promise<ReceiptCredit[]> {
    const rows = await query<Flat<ReceiptCredit>>(
      'fees.refunds.credits',
      `select r.id as "receiptId", r.payment_id as "paymentId", r.number, r.student_id as "studentId", r.payer_kind as "payerKind", r.payer_id as "payerId", u.minor as "creditMinor",
          p.payer_name as "payerName", p.payer_phone as "payerPhone", p.method, p.received_on as "receivedOn"
        from fees_receipts r ${UNUSED} join fees_payments p on p.school_id = r.school_id and p.id = r.payment_id
        where r.student_id = any($1::uuid[]) and r.state = 'issued' and u.minor > 0 order by r.created_at desc, r.number desc`,
      [studentIds],
    );
    return rows.map((row) => whole<ReceiptCredit>(row));
  }

  async setApart(payerId: string): Promise<number> {
    const [row] = await query<{ minor: number }>(
      'fees.refunds.set-apart',
      "select coalesce(sum(amount_minor), 0)::bigint as minor from fees_refunds where payer_id = $1 and state in ('asked', 'approved')",
      [payerId],
    );
    return row!.minor;
  }

  async insert({ payer, ...refund }: Omit<RefundRecord, 'createdAt'>, parts: readonly RefundPart[]): Promise<void> {
    await db()('fees_refunds').insert({ ...snake(refund), payer_kind: payer.kind, payer_id: payer.id });
    await this.insertParts(parts.map((part) => ({ ...part, refundId: refund.id })));
  }

  async findForChange(id: string): Promise<RefundRecord | null> {
    const [row] = await query<Flat<RefundRecord>>(
      'fees.refunds.hold',
      `select ${RECORD} from fees_refunds f where f.id = $1 for update`,
      [id],
    );
    return row ? whole<RefundRecord>(row) : null;
  }

  async find(id: string): Promise<RefundLine | null> {
    const [row] = await query<Flat<RefundLine>>('fees.refunds.find', `select ${LINE} from fees_refunds f where f.id = $1`, [id]);
    return row ? whole<RefundLine>(row) : null;
  }

  async list(filter: RefundFilter, cursor: string | null, limit: number): Promise<Page<RefundLine>> {
    const { values, keys, where, param, add } = conditions();
    if (filter.studentId) add('student', `f.student_id = ${param(filter.studentId)}`);
    if (filter.state) add('state', `f.state = ${param(filter.state)}`);
    if (filter.method) add('method', `f.method = ${param(filter.method)}`);
    if (filter.from) add('from', `f.paid_on >= ${param(filter.from)}`);
    if (filter.to) add('to', `f.paid_on <= ${param(filter.to)}`);
    if (filter.text) {
      add(
        'text',
        `(f.number = ${param(filter.text.toUpperCase())} or f.reference = ${param(filter.text.toUpperCase())} or f.payee_name ilike '%' || ${param(filter.text.replace(/[\\%_]/g, '\\$&'))} || '%'
        or f.student_id = any(${param(filter.textStudentIds)}::uuid[]))`,
      );
    }
    if (cursor !== null) {
      const [at, id] = decodeCursor(cursor, 2);
      add('after', `(f.created_at, f.id) < (${param(at)}::timestamptz, ${param(id)}::uuid)`);
    }
    const rows = await query<Flat<RefundLine> & { key: string }>(
      `fees.refunds.page.${keys.join('.')}`,
      `select ${LINE}, f.created_at::text as key from fees_refunds f ${where.length > 0 ? `where ${where.join(' and ')}` : ''} order by f.created_at desc, f.id desc limit ${param(limit + 1)}`,
      values,
    );
    const page = toPage(rows, limit, (row) => [row.key, row.id]);
    return { ...page, rows: page.rows.map((row) => whole<RefundLine>(row)) };
  }

  async step(id: string, step: RefundStep): Promise<void> {
    const moment = MOMENTS[step.state];
    await db()('fees_refunds')
      .where({ id })
      .update({ ...snake(step), ...(moment && { [moment]: db().raw('clock_timestamp()') }) });
  }

  async freeParts(refundId: string, why: string): Promise<void> {
    await query(
      'fees.refunds.free',
      'update fees_refund_parts set freed_at = now(), freed_why = $2 where refund_id = $1 and freed_at is null',
      [refundId, why],
    );
  }

  liveOn(paymentId: string): ReturnType<RefundStore['liveOn']> {
    return query(
      'fees.refunds.live-on',
      `select f.id, f.number, f.state, sum(x.amount_minor)::bigint as "amountMinor" from fees_receipts r
        join fees_refund_parts x on x.school_id = r.school_id and x.receipt_id = r.id and x.freed_at is null join fees_refunds f on f.school_id = x.school_id and f.id = x.refund_id
        where r.payment_id = $1 group by f.id, f.number, f.state order by f.id`,
      [paymentId],
    );
  }

  uncovered(studentIds: readonly string[]): ReturnType<RefundStore['uncovered']> {
    return query(
      'fees.refunds.uncovered',
      `select f.id as "refundId", f.student_id as "studentId", f.payer_id as "payerId", (f.amount_minor - u.minor)::bigint as "amountMinor" from fees_refunds f
        cross join lateral (select coalesce(sum(x.amount_minor), 0) as minor from fees_refund_parts x where x.school_id = f.school_id and x.refund_id = f.id and x.freed_at is null) u
        where f.student_id = any($1::uuid[]) and f.state = 'paid' and u.minor < f.amount_minor order by f.created_at, f.id`,
      [studentIds],
    );
  }

  async insertParts(parts: readonly (RefundPart & { refundId: string })[]): Promise<void> {
    if (parts.length === 0) return;
    await query(
      'fees.refunds.parts',
      'insert into fees_refund_parts (id, refund_id, receipt_id, amount_minor) select gen_random_uuid(), x.* from unnest($1::uuid[], $2::uuid[], $3::bigint[]) as x',
      [arrayOf(parts, (one) => one.refundId), arrayOf(parts, (one) => one.receiptId), arrayOf(parts, (one) => one.amountMinor)],
    );
  }

  async countPrint(id: string): Promise<number> {
    const [row] = await query<{ prints: number }>(
      'fees.refunds.print',
      'update fees_refunds set prints = prints + 1 where id = $1 returning prints',
      [id],
    );
    return row!.prints;
  }
}

function whole<Shape extends { payer: Payer }>({ payerKind, payerId, ...row }: Flat<Shape>): Shape {
  return { ...row, payer: { kind: payerKind, id: payerId } } as unknown as Shape;
}
