import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { newId } from '../../../../kernel/id.js';
import { ofIds, query } from '../../../../platform/db/index.js';
import { insertRows } from '../../../../platform/db/rows/row-sets.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import type { DocumentLine, Standing } from '../../billing/billing.rules.js';
import type { Payer } from '../document.rules.js';
import type {
  DocumentFilter,
  DoubleBill,
  DocumentLineShown,
  DocumentRow,
  DocumentStore,
  FeeDocument,
  NewDocument,
  Paper,
  PaperFound,
  PapersOfStatements,
  SponsorBill,
} from '../../ports.js';
import {
  DIFFERING,
  DOCUMENT,
  documentListStatement,
  DOUBLE_BILL,
  DOUBLE_BILLS,
  DOUBLE_BILLS_OF,
  HEADS_OF,
  INVOICE_OF,
  LINES_OF_AWARD,
  ofStatements,
  ROW,
  sponsorBills,
  STANDING,
} from './document.sql.js';

type Flat<Shape extends { payer: Payer }> = Omit<Shape, 'payer'> & { payerKind: Payer['kind']; payerId: string };

const OF_STATEMENTS = ofIds('fees.documents.of-statements', ofStatements);

/** A statement of rows that are sent as JSON stays small enough to be parsed without waiting. */
const ROWS_AT_ONCE = 2_000;

/** Note `d` gave back what was left when somebody left on that day; those who left twice on it have another. */
const LEFT_ON = (day: string): string => `starts_with(d.source_key || ':', 'left:' || d.of_id || ':' || ${day} || ':')`;

type StandingLine = Omit<DocumentLine, 'structureId'> & {
  invoiceId: string;
  studentId: string;
  payerKind: Payer['kind'];
  payerId: string;
};

export class PostgresDocumentStore implements DocumentStore {
  async insert(documents: readonly NewDocument[]): Promise<void> {
    const rows = documents.map(({ payer, lines: _, ...document }) => ({
      ...snake(document),
      payer_kind: payer.kind,
      payer_id: payer.id,
      state: 'issued',
      created_at: new Date(),
      version: 1,
    }));
    const lines = documents.flatMap((document) =>
      document.lines.map((line, n) => ({ ...snake(line), id: newId(), invoice_id: document.id, n: n + 1 })),
    );
    for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) await insertRows('fees_invoices', rows.slice(at, at + ROWS_AT_ONCE));
    for (let at = 0; at < lines.length; at += ROWS_AT_ONCE)
      await insertRows('fees_invoice_lines', lines.slice(at, at + ROWS_AT_ONCE));
  }

  async standing(termId: string, studentIds: readonly string[] | null): Promise<Map<string, Standing[]>> {
    return byStudent(await query<StandingLine>('fees.documents.standing', STANDING, [termId, studentIds]));
  }

  async ofStatements(
    studentIds: readonly string[],
    entryIds: readonly string[],
    span: { from: string; to: string },
  ): ReturnType<DocumentStore['ofStatements']> {
    type Row = {
      papers: (Paper & { studentId: string; entryId: string })[];
      dues: PapersOfStatements['dues'];
      setApart: PapersOfStatements['setApart'];
      bySponsors: boolean;
      merged: boolean;
      planned: boolean;
      withFormer: boolean;
    };
    const [row] = await OF_STATEMENTS<Row>(studentIds, entryIds);
    const papers = new Map(studentIds.map((id) => [id, new Map<string, Paper>()]));
    for (const { studentId, entryId, ...paper } of row!.papers) papers.get(studentId)?.set(entryId, paper);
    const [sponsored, double] = await Promise.all([
      row!.bySponsors ? this.sponsorBills(studentIds, span) : [],
      row!.merged ? query<DoubleBill>('fees.documents.double-of', DOUBLE_BILLS_OF, [studentIds]) : [],
    ]);
    return {
      papers,
      sponsored,
      double,
      dues: row!.dues,
      setApart: row!.setApart,
      planned: row!.planned,
      withFormer: row!.withFormer,
    };
  }

  sponsorBills(studentIds: readonly string[], span: { from: string; to: string } | null): Promise<SponsorBill[]> {
    return query<SponsorBill>('fees.documents.of-sponsors', sponsorBills('$1', '$2', '$3'), [
      studentIds,
      span?.from ?? null,
      span?.to ?? null,
    ]);
  }

  async linesOfAward(awardId: string): Promise<Standing[]> {
    return [...byStudent(await query<StandingLine>('fees.documents.of-award', LINES_OF_AWARD, [awardId])).values()].flat();
  }

  async find(id: string): Promise<DocumentRow | null> {
    const [row] = await query<Flat<DocumentRow>>('fees.documents.one', `select ${ROW} from fees_invoices d where d.id = $1`, [
      id,
    ]);
    return row ? whole<DocumentRow>(row) : null;
  }

  async findAll(ids: readonly string[]): Promise<DocumentRow[]> {
    return (
      await query<Flat<DocumentRow>>(
        'fees.documents.several',
        `select ${ROW} from fees_invoices d where d.id = any($1::uuid[]) order by d.id`,
        [ids],
      )
    ).map((row) => whole<DocumentRow>(row));
  }

  async byCode(code: string): ReturnType<DocumentStore['byCode']> {
    const [row] = await query<PaperFound>(
      'fees.documents.by-code',
      'select d.kind, d.number, d.total_minor as "amountMinor", d.issued_on as "on", d.state from fees_invoices d where d.code = $1',
      [code],
    );
    return row ?? null;
  }

  async ofSource(sourceKey: string): Promise<string | null> {
    const [row] = await query<{ id: string }>('fees.documents.of-source', 'select id from fees_invoices where source_key = $1', [
      sourceKey,
    ]);
    return row?.id ?? null;
  }

  lines(id: string): Promise<DocumentLineShown[]> {
    return query<DocumentLineShown>(
      'fees.documents.lines',
      `select l.n, l.head_id as "headId", h.name as "headName", l.kind, l.description, l.amount_minor as "amountMinor", l.structure_id as "structureId", l.award_id as "awardId"
        from fees_invoice_lines l join fees_vote_heads h on h.school_id = l.school_id and h.id = l.head_id where l.invoice_id = $1 order by l.n`,
      [id],
    );
  }

  async notesOf(id: string): Promise<DocumentRow[]> {
    return (
      await query<Flat<DocumentRow>>(
        'fees.documents.notes',
        `select ${ROW} from fees_invoices d where d.of_id = $1 order by d.created_at, d.id`,
        [id],
      )
    ).map((row) => whole<DocumentRow>(row));
  }

  async list(filter: DocumentFilter, cursor: string | null, limit: number): Promise<Page<DocumentRow>> {
    const statement = documentListStatement(filter, cursor, limit);
    const rows = await query<Flat<DocumentRow> & { key: string }>(statement.name, statement.text, statement.values);
    const page = toPage(rows, limit, (row) => [row.key, row.id]);
    return { ...page, rows: page.rows.map((row) => whole<DocumentRow>(row)) };
  }

  async ofRun(runId: string, studentIds: readonly string[] | null): Promise<FeeDocument[]> {
    const rows = await query<Flat<FeeDocument>>(
      'fees.documents.of-run',
      `select ${DOCUMENT} from fees_invoices d where d.state = 'issued' and ($2::uuid[] is null or d.student_id = any($2::uuid[]))
          and (d.run_id = $1 or d.of_id in (select i.id from fees_invoices i where i.run_id = $1 and i.state = 'issued')) order by d.student_id, d.id`,
      [runId, studentIds],
    );
    return rows.map((row) => whole<FeeDocument>(row));
  }

  async billedIn(termId: string, studentIds: readonly string[]): Promise<FeeDocument[]> {
    if (studentIds.length === 0) return [];
    const rows = await query<Flat<FeeDocument>>(
      'fees.documents.billed-in',
      `select ${DOCUMENT} from fees_invoices d
        join fees_invoices i on i.school_id = d.school_id and i.id = ${INVOICE_OF} and i.kind = 'invoice' and i.state = 'issued' and i.source_key is null
        where d.state = 'issued' and i.term_id = $1 and i.student_id = any($2::uuid[]) order by d.student_id, d.id`,
      [termId, studentIds],
    );
    return rows.map((row) => whole<FeeDocument>(row));
  }

  async leftBefore(invoiceId: string, on: string): Promise<{ notes: number; counts: boolean }> {
    const [row] = await query<{ notes: number; counts: boolean }>(
      'fees.documents.left-before',
      `select count(*)::int as notes, coalesce(bool_or(d.state = 'issued' and not exists (
          select 1 from fees_invoices r where r.of_id = d.of_id and r.kind = 'debit-note' and r.state = 'issued' and r.run_id is not null and r.created_at > d.created_at)), false) as counts
        from fees_invoices d where d.of_id = $1::uuid and d.kind = 'credit-note' and ${LEFT_ON('$2')}`,
      [invoiceId, on],
    );
    return row!;
  }

  async givenBack(leavers: readonly { studentId: string; on: string }[]): Promise<FeeDocument[]> {
    if (leavers.length === 0) return [];
    const rows = await query<Flat<FeeDocument>>(
      'fees.documents.given-back',
      `select ${DOCUMENT} from unnest($1::uuid[], $2::text[]) as l(student_id, on_day)
        join fees_invoices d on d.student_id = l.student_id and d.kind = 'credit-note' and d.state = 'issued' and ${LEFT_ON('l.on_day')}
        order by d.student_id, d.id`,
      [leavers.map((one) => one.studentId), leavers.map((one) => one.on)],
    );
    return rows.map((row) => whole<FeeDocument>(row));
  }

  async reverse(ids: readonly string[], why: string): Promise<boolean> {
    const rows = await query(
      'fees.documents.reverse',
      "update fees_invoices set state = 'reversed', version = version + 1 where id = any($1::uuid[]) and state = 'issued' returning 1",
      [ids],
    );
    await query(
      'fees.documents.free',
      'update fees_allocations set freed_at = now(), freed_why = $2 where invoice_id = any($1::uuid[]) and freed_at is null',
      [ids, why],
    );
    return rows.length === ids.length;
  }

  headsOf(invoiceId: string): ReturnType<DocumentStore['headsOf']> {
    return query('fees.documents.heads', HEADS_OF, [invoiceId]);
  }

  async moveStudent(fromId: string, toId: string, today: string): Promise<void> {
    await query(
      'fees.documents.move',
      `update fees_invoices d set student_id = $2, payer_id = case when d.payer_kind = 'student' then $2 else d.payer_id end,
          source_key = case when d.kind = 'invoice' and d.state = 'issued' and d.source_key is null and exists (
            select 1 from fees_invoices o where o.school_id = d.school_id and o.student_id = $2 and o.term_id = d.term_id and o.kind = 'invoice' and o.state = 'issued' and o.source_key is null
              and o.payer_id = case when d.payer_kind = 'student' then $2 else d.payer_id end) then 'merged:' || d.id else d.source_key end
        where d.student_id = $1`,
      [fromId, toId],
    );
    await query(
      'fees.receipts.move',
      "update fees_receipts set student_id = $2, payer_id = case when payer_kind = 'student' then $2 else payer_id end where student_id = $1",
      [fromId, toId],
    );
    await query(
      'fees.refunds.move',
      "update fees_refunds set student_id = $2, payer_id = case when payer_kind = 'student' then $2 else payer_id end where student_id = $1",
      [fromId, toId],
    );
    await query(
      'fees.plans.merge',
      `update fees_plans p set ended_as = 'cancelled', ended_at = clock_timestamp(), ended_on = $3, ended_why = 'Two records of one student became one' where p.student_id = $1 and p.ended_as is null
        and exists (select 1 from fees_plans o where o.school_id = p.school_id and o.student_id = $2 and o.ended_as is null)`,
      [fromId, toId, today],
    );
    await query(
      'fees.bill-notices.merge',
      'delete from fees_bill_notices n where n.student_id = $1 and exists (select 1 from fees_bill_notices o where o.school_id = n.school_id and o.run_id = n.run_id and o.student_id = $2)',
      [fromId, toId],
    );
    for (const table of [
      'fees_bill_notices',
      'fees_subscriptions',
      'fees_awards',
      'fees_promises',
      'fees_plans',
      'fees_clearance_exceptions',
    ])
      await query(`${table}.move`, `update ${table} set student_id = $2 where student_id = $1`, [fromId, toId]);
  }

  async doubleBills(cursor: string | null, limit: number): Promise<Page<DoubleBill>> {
    const after = cursor === null ? [null, null, null] : decodeCursor(cursor, 3);
    const rows = await query<DoubleBill & { key: string }>('fees.documents.double', DOUBLE_BILLS, [...after, limit + 1]);
    return toPage(rows, limit, ({ key, bills: [other, merged] }) => [key, merged.id, other.id]);
  }

  async doubleBill(mergedId: string): Promise<DoubleBill | null> {
    return (await query<DoubleBill>('fees.documents.double-one', DOUBLE_BILL, [mergedId]))[0] ?? null;
  }

  async keepBoth(mergedId: string): Promise<boolean> {
    const rows = await query(
      'fees.documents.keep-both',
      "update fees_invoices set source_key = 'kept:' || id, version = version + 1 where id = $1 and source_key like 'merged:%' and state = 'issued' returning 1",
      [mergedId],
    );
    return rows.length === 1;
  }

  async countOf(studentId: string): Promise<number> {
    const [row] = await query<{ count: number }>(
      'fees.documents.count',
      "select count(*)::int as count from fees_invoices where student_id = $1 and state = 'issued'",
      [studentId],
    );
    return row!.count;
  }

  async holders(studentIds: readonly string[]): Promise<string[]> {
    const rows = await query<{ id: string }>(
      'fees.documents.holders',
      "select distinct student_id as id from fees_invoices where student_id = any($1::uuid[]) and state = 'issued'",
      [studentIds],
    );
    return rows.map((row) => row.id);
  }

  async openingsOf(studentIds: readonly string[], sourceKey: string, client: string): Promise<ReadonlySet<string>> {
    const rows = await query<{ id: string }>(
      'fees.documents.openings',
      `select i.student_id as id from fees_invoices i where i.student_id = any($1::uuid[]) and i.kind = 'opening' and i.state = 'issued' and not starts_with(coalesce(i.source_key, ''), $2)
        union
        select r.student_id from fees_receipts r join fees_payments p on p.school_id = r.school_id and p.id = r.payment_id
          where r.student_id = any($1::uuid[]) and p.method = 'opening' and p.state = 'posted' and p.client <> $3`,
      [studentIds, sourceKey, client],
    );
    return new Set(rows.map((row) => row.id));
  }

  differing(): ReturnType<DocumentStore['differing']> {
    return query('fees.documents.differing', DIFFERING);
  }
}

function whole<Shape extends { payer: Payer }>({ payerKind, payerId, ...row }: Flat<Shape>): Shape {
  return { ...row, payer: { kind: payerKind, id: payerId } } as unknown as Shape;
}

function byStudent(rows: readonly StandingLine[]): Map<string, Standing[]> {
  const found = new Map<string, Map<string, Standing & { lines: DocumentLine[] }>>();
  for (const { invoiceId, studentId, payerKind, payerId, ...line } of rows) {
    const ofStudent = found.get(studentId) ?? new Map<string, Standing & { lines: DocumentLine[] }>();
    found.set(studentId, ofStudent);
    const invoice = ofStudent.get(invoiceId) ?? { invoiceId, payer: { kind: payerKind, id: payerId }, lines: [] };
    ofStudent.set(invoiceId, invoice);
    invoice.lines.push({ ...line, structureId: null });
  }
  return new Map([...found].map(([studentId, invoices]) => [studentId, [...invoices.values()]]));
}
