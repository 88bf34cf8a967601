import { decodeCursor } from '../../../../kernel/page.js';
import { conditions } from '../../../../platform/db/rows/conditions.js';
import type { DocumentFilter } from '../../ports.js';
import { ISSUER } from '../../receiving/adapters/payment.sql.js';

export const DOCUMENT = `d.id, d.kind, d.number, d.student_id as "studentId", d.term_id as "termId", d.payer_kind as "payerKind", d.payer_id as "payerId", d.of_id as "ofId", d.run_id as "runId",
  d.class_id as "classId", d.issued_on as "issuedOn", d.due_on as "dueOn", d.total_minor as "totalMinor", d.reason, d.state, d.source_key as "sourceKey", d.code, d.entry_id as "entryId",
  d.by_user_id as "byUserId", d.by_name as "byName", d.created_at as "createdAt"`;

/**
 * The invoice to which a document `d` belongs: itself, or that which it corrects. PostgreSQL doesn't know COALESCE for free of
 * leaks, and would read the whole table for it before the school's policy; CASE it looks up.
 */
export const INVOICE_OF = 'case when d.of_id is null then d.id else d.of_id end';

/** What an invoice comes to with the notes that stand on it. */
export const NET = `(d.total_minor + coalesce((select sum(n.total_minor) from fees_invoices n where n.school_id = d.school_id and n.of_id = d.id and n.state = 'issued'), 0))::bigint`;
export const SETTLED = `coalesce((select sum(a.amount_minor) from fees_allocations a where a.school_id = d.school_id and a.invoice_id = d.id and a.freed_at is null), 0)::bigint`;
/** What a note charged later is due by its own day; a sponsor's invoice is due as a whole. */
const LEFT_DUE_ON = `coalesce((select min(b.due_on) from fees_bills_left b
  where b.school_id = d.school_id and b.student_id = d.student_id and b.invoice_id = d.id and b.left_minor > 0), d.due_on)`;
export const ROW = `${DOCUMENT}, ${LEFT_DUE_ON} as "leftDueOn", ${NET} as "netMinor", ${SETTLED} as "settledMinor", (select s.name from fees_sponsors s where s.school_id = d.school_id and s.id = d.payer_id) as "sponsorName"`;

/** What the families of students were billed for the last term that was billed, its notes with it, and what of that is settled. */
export const LAST_BILLS = `
  with billed as (select * from fees_invoices where student_id = any($1::uuid[]) and kind = 'invoice' and payer_kind = 'student' and state = 'issued')
  select d.term_id as "termId", sum(${NET})::bigint as "billedMinor", sum(${SETTLED})::bigint as "paidMinor" from billed d
    where d.term_id = (select term_id from billed where term_id is not null order by issued_on desc, created_at desc limit 1) group by d.term_id`;

interface Statement {
  name: string;
  text: string;
  values: unknown[];
}

/** Newest first; every combination of filters is one statement with a name of its own. */
export function documentListStatement(filter: DocumentFilter, cursor: string | null, limit: number): Statement {
  const { values, keys, where, param, add } = conditions();
  if (filter.number) add('number', `d.number ilike ${param(`${filter.number.replace(/[\\%_]/g, '\\$&')}%`)}`);
  if (filter.studentIds) add('students', `d.student_id = any(${param(filter.studentIds)}::uuid[])`);
  if (filter.payerId) add('payer', `d.payer_id = ${param(filter.payerId)}`);
  if (filter.termId) add('term', `d.term_id = ${param(filter.termId)}`);
  if (filter.classId) add('class', `d.class_id = ${param(filter.classId)}`);
  if (filter.kind) add('kind', `d.kind = ${param(filter.kind)}`);
  if (filter.state === 'reversed') add('reversed', "d.state = 'reversed'");
  if (filter.state === 'open') add('open', `d.state = 'issued' and d.of_id is null and ${NET} > ${SETTLED}`);
  if (filter.state === 'paid') add('paid', `d.state = 'issued' and d.of_id is null and ${NET} <= ${SETTLED}`);
  if (cursor !== null) {
    const [at, id] = decodeCursor(cursor, 2);
    add('after', `(d.created_at, d.id) < (${param(at)}::timestamptz, ${param(id)}::uuid)`);
  }
  return {
    name: `fees.documents.${keys.join('.')}`,
    text: `select ${ROW}, d.created_at::text as key from fees_invoices d ${where.length > 0 ? `where ${where.join(' and ')}` : ''} order by d.created_at desc, d.id desc limit ${param(limit + 1)}`,
    values,
  };
}

/** Invoices of a term that stand, each with the lines of its notes added up by head, kind and award. */
export const STANDING = `
  select i.id as "invoiceId", i.student_id as "studentId", i.payer_kind as "payerKind", i.payer_id as "payerId", l.head_id as "headId", l.kind, max(l.description) as description,
      sum(l.amount_minor)::bigint as "amountMinor", l.award_id as "awardId"
    from fees_invoices i
    join fees_invoices d on d.school_id = i.school_id and (d.id = i.id or d.of_id = i.id) and d.state = 'issued'
    join fees_invoice_lines l on l.school_id = d.school_id and l.invoice_id = d.id and l.kind <> 'correction'
    where i.term_id = $1 and i.kind = 'invoice' and i.state = 'issued' and i.source_key is null and ($2::uuid[] is null or i.student_id = any($2::uuid[]))
    group by i.id, i.student_id, i.payer_kind, i.payer_id, l.head_id, l.kind, l.award_id`;

/** What sponsors were billed for students, in these days or still open then; what came to nothing is left out. */
export const sponsorBills = (students: string, from: string, to: string): string => `
  select * from (
      select d.id, d.number, d.student_id as "studentId", s.name as "sponsorName", d.term_id as "termId", d.issued_on as "issuedOn", ${NET} as "netMinor", ${SETTLED} as "settledMinor"
        from fees_invoices d join fees_sponsors s on s.school_id = d.school_id and s.id = d.payer_id
        where d.student_id = any(${students}::uuid[]) and d.payer_kind = 'sponsor' and d.of_id is null and d.state = 'issued' and (${to}::date is null or d.issued_on <= ${to})
    ) x where "netMinor" <> 0 and (${from}::date is null or "issuedOn" >= ${from} or "netMinor" > "settledMinor") order by "issuedOn", number`;

const IN_BRIEF = (alias: string): string =>
  `json_build_object('id', ${alias}.id, 'number', ${alias}.number, 'netMinor', ${alias}_sums.net, 'settledMinor', ${alias}_sums.settled)`;
const SUMS = (alias: string): string =>
  `cross join lateral (select ${NET.replaceAll('d.', `${alias}.`)} as net, ${SETTLED.replaceAll('d.', `${alias}.`)} as settled) ${alias}_sums`;

const DOUBLED = `from fees_invoices m
      join fees_invoices o on o.school_id = m.school_id and o.student_id = m.student_id and o.term_id = m.term_id and o.payer_id = m.payer_id and o.kind = 'invoice' and o.state = 'issued'
        and (o.source_key is null or (o.source_key like 'merged:%' and o.id < m.id))
      ${SUMS('m')} ${SUMS('o')}
    where m.source_key like 'merged:%' and m.state = 'issued' and m_sums.net > 0 and o_sums.net > 0`;
const PAIR = `m.student_id as "studentId", m.term_id as "termId", (select s.name from fees_sponsors s where s.school_id = m.school_id and s.id = m.payer_id) as "sponsorName", json_build_array(${IN_BRIEF('o')}, ${IN_BRIEF('m')}) as bills`;
const IN_TURN = 'order by m.created_at, m.id, o.id';

/** Bills of the students $1 that a merge has brought beside another of the same term and payer. */
export const DOUBLE_BILLS_OF = `select ${PAIR} ${DOUBLED} and m.student_id = any($1::uuid[]) ${IN_TURN}`;
/** Of everybody, after the pair $1, $2, $3, at most $4. */
export const DOUBLE_BILLS = `select ${PAIR}, m.created_at::text as key ${DOUBLED} and ($1::timestamptz is null or (m.created_at, m.id, o.id) > ($1, $2::uuid, $3::uuid)) ${IN_TURN} limit $4`;
/** The first of those that the bill $1 was brought beside. */
export const DOUBLE_BILL = `select ${PAIR} ${DOUBLED} and m.id = $1 ${IN_TURN} limit 1`;

/** What an award stands for in invoices with their notes; what comes to nothing is left out. */
export const LINES_OF_AWARD = `
  select coalesce(d.of_id, d.id) as "invoiceId", d.student_id as "studentId", d.payer_kind as "payerKind", d.payer_id as "payerId", l.head_id as "headId", l.kind, max(l.description) as description,
      sum(l.amount_minor)::bigint as "amountMinor", l.award_id as "awardId"
    from fees_invoice_lines l join fees_invoices d on d.school_id = l.school_id and d.id = l.invoice_id and d.state = 'issued'
    where l.award_id = $1 group by 1, 2, 3, 4, 5, 6, 9 having sum(l.amount_minor) <> 0`;

/** Of an invoice: each head with its notes, less what was settled. */
export const HEADS_OF = `
  select h.id as "headId", h.name as "headName", sums.net::bigint as "netMinor",
      (sums.net - coalesce((select sum(a.amount_minor) from fees_allocations a where a.school_id = h.school_id and a.invoice_id = $1 and a.head_id = h.id and a.freed_at is null), 0))::bigint as "leftMinor"
    from (
      select l.head_id, sum(l.amount_minor) as net from fees_invoices d join fees_invoice_lines l on l.school_id = d.school_id and l.invoice_id = d.id
        where (d.id = $1 or d.of_id = $1) and d.state = 'issued' group by l.head_id
    ) sums join fees_vote_heads h on h.id = sums.head_id order by h.priority, h.code`;

/** What a document says against what its entry did to the receivable account; one that was taken back has a mirror, and no other has. */
export const DIFFERING = `
  select d.id, d.kind, d.number from fees_invoices d left join finance_report_entries e on e.school_id = d.school_id and e.id = d.entry_id
    where e.id is null or e.receivable_minor <> d.total_minor or (e.reversed_by_id is not null) <> (d.state = 'reversed')
      or d.total_minor <> coalesce((select sum(l.amount_minor) from fees_invoice_lines l where l.school_id = d.school_id and l.invoice_id = d.id), 0) limit 100`;

/** What the entries $2 book, each for its student; of money that was moved each of the two children sees its own side. */
const papers = (students: string): string => `
  select d.student_id as "studentId", d.entry_id as "entryId", d.kind, d.id, d.number, d.term_id as "termId", null::jsonb as by, null::text as other
      from fees_invoices d where d.student_id ${students} and d.entry_id = any($2::uuid[])
    union all
    select r.student_id, p.entry_id, 'receipt', min(r.id::text)::uuid, string_agg(r.number, ', ' order by r.number), null,
        jsonb_build_object('method', p.method, 'references', (select coalesce(jsonb_agg(jsonb_build_object('scheme', f.scheme, 'issuer', ${ISSUER}, 'value', f.value) order by f.id), '[]'::jsonb)
          from fees_payment_references f where f.school_id = p.school_id and f.payment_id = p.id)), null
      from fees_receipts r join fees_payments p on p.school_id = r.school_id and p.id = r.payment_id
      where r.student_id ${students} and p.entry_id = any($2::uuid[]) and r.payer_kind = 'student' and r.entry_id is null group by p.school_id, p.id, r.student_id
    union all
    select r.student_id, r.entry_id, 'moved-in', r.id, r.number, null, null, o.number
      from fees_receipts r join fees_receipts o on o.school_id = r.school_id and o.id = r.replaces_id where r.student_id ${students} and r.entry_id = any($2::uuid[])
    union all
    select o.student_id, r.entry_id, 'moved-out', r.id, o.number, null, null, r.number
      from fees_receipts o join fees_receipts r on r.school_id = o.school_id and r.replaces_id = o.id where o.student_id ${students} and r.entry_id = any($2::uuid[])
    union all
    select f.student_id, f.entry_id, 'refund', f.id, f.number, null, null, null from fees_refunds f where f.student_id ${students} and f.entry_id = any($2::uuid[])`;

/** One trip for all that most statements say of documents, with what is open on them, and whether there is more to ask about. */
export const ofStatements = (students: string): string => `select
  (select coalesce(json_agg(x), '[]') from (${papers(students)}) x) as papers,
  (select coalesce(json_agg(json_build_object('studentId', k.id, 'dueOn', b.day, 'openMinor', b.minor)), '[]')
    from fees_debts k cross join unnest(k.due_days, k.due_minor) as b (day, minor) where k.id ${students}) as dues,
  (select coalesce(json_agg(json_build_object('studentId', f.student_id, 'amountMinor', f.amount_minor)), '[]')
    from fees_refunds f where f.student_id ${students} and f.payer_kind = 'student' and f.state in ('asked', 'approved')) as "setApart",
  exists (select from fees_invoices d where d.student_id ${students} and d.payer_kind = 'sponsor') as "bySponsors",
  exists (select from fees_invoices d where d.student_id ${students} and d.source_key like 'merged:%') as merged,
  exists (select from fees_plans p where p.student_id ${students} and p.ended_as is null) as planned,
  exists (select from fees_former_receipts f where f.student_id ${students}) as "withFormer"`;
