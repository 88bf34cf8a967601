import { Conflict } from '../../../../kernel/errors.js';
import { arrayOf } from '../../../../platform/db/rows/arrays.js';
import { ofIds, query } from '../../../../platform/db/index.js';
import type { Allocation, OpenItem } from '../../allocations/allocation.rules.js';
import type { Reference } from '../../documents/document.rules.js';
import { normalisedReference } from '../payment.rules.js';
import type { TracedPayment } from '../../index.js';
import type { Credit, KnownPayment, NewReceipt, PaymentRecord, PaymentStore, Standing, TermBills } from '../../ports.js';
import { LAST_BILLS } from '../../documents/adapters/document.sql.js';
import * as sql from './payment.sql.js';

const STANDING = ofIds('fees.standing', sql.standing);
const OPEN_ITEMS = ofIds('fees.open-items', sql.openItems);
const LOCK_NOT_AVAILABLE = '55P03';
const RETRY_AFTER_S = 2;

const OVERDUE = `select student_id as id, sum(left_minor)::bigint as minor from fees_bills_left
  where student_id = any($1::uuid[]) and due_on < $2 and left_minor > 0 group by 1`;

export class PostgresPaymentStore implements PaymentStore {
  async hold(
    key: Parameters<PaymentStore['hold']>[0],
    references: readonly Reference[],
    studentIds: readonly string[],
  ): Promise<void> {
    const names = [
      ...references.map(({ scheme, issuer, value }) => `reference ${scheme} ${issuer} ${value}`),
      ...studentIds.map((id) => `student ${id}`),
    ];
    try {
      await query('fees.hold', 'select app.fees_hold($1, $2)', [key && `${key.client} ${key.clientKey}`, names]);
    } catch (error) {
      if ((error as { code?: unknown }).code !== LOCK_NOT_AVAILABLE) throw error;
      throw new Conflict('The same payment is being booked right now. Try again in a moment.', 'in_progress', RETRY_AFTER_S);
    }
  }

  async overdueOf(studentIds: readonly string[], today: string): Promise<ReadonlyMap<string, number>> {
    const rows = await query<{ id: string; minor: number }>('fees.overdue', OVERDUE, [studentIds, today]);
    return new Map(rows.map((row) => [row.id, row.minor]));
  }

  async lastBills(studentIds: readonly string[]): Promise<TermBills | null> {
    const [row] = await query<TermBills>('fees.last-bills', LAST_BILLS, [studentIds]);
    return row ?? null;
  }

  async standing(
    client: string,
    clientKey: string,
    references: readonly Reference[],
    studentIds: readonly string[],
  ): Promise<Standing> {
    const [row] = await STANDING<Standing>(studentIds, client, clientKey, ...columnsOf(references));
    return row!;
  }

  openItems(studentIds: readonly string[]): Promise<OpenItem[]> {
    return OPEN_ITEMS<OpenItem>(studentIds);
  }

  async insertBooked(
    payment: PaymentRecord,
    references: readonly Reference[],
    receipts: readonly NewReceipt[],
  ): Promise<string[]> {
    const rows = await query<{ number: string }>('fees.payments.insert-booked', sql.INSERT_BOOKED, [
      ...valuesOf(payment),
      ...writtenColumns(references),
      ...receiptColumns(receipts),
    ]);
    return rows.map((row) => row.number);
  }

  async addReceipt(paymentId: string, receipt: NewReceipt): Promise<string> {
    const [row] = await query<{ number: string }>('fees.receipts.add', sql.ADD_RECEIPT, [
      paymentId,
      ...receiptColumns([receipt]),
    ]);
    return row!.number;
  }

  async insertProvisional(payment: PaymentRecord, references: readonly Reference[]): Promise<void> {
    await query('fees.payments.insert-provisional', sql.INSERT_PROVISIONAL, [
      ...valuesOf(payment),
      ...writtenColumns(references),
    ]);
  }

  async book({ id, receivedOn, accountId, entryId }: PaymentRecord, receipts: readonly NewReceipt[]): Promise<string[]> {
    const rows = await query<{ number: string }>('fees.payments.book', sql.BOOK, [
      id,
      receivedOn,
      accountId,
      entryId,
      ...receiptColumns(receipts),
    ]);
    return rows.map((row) => row.number);
  }

  async giveUp(id: string, on: string, why: string): Promise<void> {
    await query('fees.payments.give-up', sql.GIVE_UP, [id, on, why]);
  }

  async findForChange(id: string): ReturnType<PaymentStore['findForChange']> {
    const [row] = await query<PaymentRecord & { references: Reference[] }>('fees.payments.for-change', sql.FOR_CHANGE, [id]);
    return row ?? null;
  }

  async known(id: string): Promise<KnownPayment | null> {
    const [row] = await query<{ json_build_object: KnownPayment }>('fees.payments.known', sql.KNOWN_BY_ID, [id]);
    return row?.json_build_object ?? null;
  }

  async ofReference({ scheme, issuer, value }: Reference): Promise<KnownPayment | null> {
    const [row] = await query<{ json_build_object: KnownPayment }>('fees.payments.of-reference', sql.KNOWN_BY_REFERENCE, [
      scheme,
      issuer,
      value,
    ]);
    return row?.json_build_object ?? null;
  }

  traced(numbers: readonly string[]): Promise<TracedPayment[]> {
    return query<TracedPayment>('fees.payments.traced', sql.TRACED, [numbers]);
  }

  async paymentsOf(studentId: string): Promise<string[]> {
    const rows = await query<{ id: string }>(
      'fees.payments.of-student',
      'select distinct payment_id as id from fees_receipts where student_id = $1',
      [studentId],
    );
    return rows.map((row) => row.id);
  }

  credits(studentIds: readonly string[]): Promise<Credit[]> {
    return query<Credit>('fees.credits', sql.CREDITS, [studentIds]);
  }

  async insertAllocations(allocations: readonly (Allocation & { receiptId: string })[]): Promise<void> {
    if (allocations.length === 0) return;
    await query(
      'fees.allocations.insert',
      'insert into fees_allocations (id, receipt_id, invoice_id, head_id, amount_minor) select gen_random_uuid(), x.* from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[]) as x',
      allocationColumns(allocations),
    );
  }

  allocationsOf(studentIds: readonly string[]): ReturnType<PaymentStore['allocationsOf']> {
    return query('fees.allocations.of-students', sql.ALLOCATIONS_OF, [studentIds]);
  }

  async freeAllocations(ids: readonly string[], why: string): Promise<void> {
    if (ids.length > 0)
      await query(
        'fees.allocations.free',
        'update fees_allocations set freed_at = now(), freed_why = $2 where id = any($1::uuid[]) and freed_at is null',
        [ids, why],
      );
  }
}

function columnsOf(references: readonly Reference[]): string[][] {
  return [references.map((one) => one.scheme), references.map((one) => one.issuer), references.map((one) => one.value)];
}

/** Compared in plain letters, and read as somebody wrote it. */
function writtenColumns(references: readonly Reference[]): string[][] {
  return [...columnsOf(references.map(normalisedReference)), references.map((one) => one.issuer.trim())];
}

function valuesOf(payment: PaymentRecord): unknown[] {
  const {
    id,
    method,
    state,
    amountMinor,
    receivedOn,
    accountId,
    payerName,
    payerPhone,
    memo,
    tillSessionId,
    client,
    clientKey,
    digest,
    entryId,
    byUserId,
    byName,
    waiting,
    sponsorId,
  } = payment;
  return [
    id,
    method,
    state,
    amountMinor,
    receivedOn,
    accountId,
    payerName,
    payerPhone,
    memo,
    tillSessionId,
    client,
    clientKey,
    digest,
    entryId,
    byUserId,
    byName,
    waiting && JSON.stringify(waiting),
    sponsorId,
  ];
}

function receiptColumns(receipts: readonly NewReceipt[]): string[] {
  const column = (valueOf: (receipt: NewReceipt) => unknown): string => arrayOf(receipts, valueOf);
  return [
    column((one) => one.id),
    column((one) => one.studentId),
    column((one) => one.payer.kind),
    column((one) => one.payer.id),
    column((one) => one.amountMinor),
    column((one) => one.balanceAfterMinor),
    column((one) => one.classId),
    column((one) => one.code),
    column((one) => one.moved?.replacesId ?? null),
    column((one) => one.moved?.entryId ?? null),
    ...allocationColumns(receipts.flatMap(({ id, allocations }) => allocations.map((one) => ({ ...one, receiptId: id })))),
  ];
}

function allocationColumns(allocations: readonly (Allocation & { receiptId: string })[]): string[] {
  return [
    arrayOf(allocations, (one) => one.receiptId),
    arrayOf(allocations, (one) => one.invoiceId),
    arrayOf(allocations, (one) => one.headId),
    arrayOf(allocations, (one) => one.amountMinor),
  ];
}
