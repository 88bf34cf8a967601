import { formatMoney } from '../../../kernel/money.js';
import {
  worded,
  type DataSection,
  type PersonalData,
  type RetentionClass,
  type Say,
  type Value,
} from '../../../kernel/people/personal-data.js';
import { maskPhone } from '../../../kernel/people/phone.js';
import { query } from '../../../platform/db/index.js';
import { bookYearsOf, MONTHS_OF_PAPERS } from '../documents/book-years.rules.js';
import { ISSUER } from '../receiving/adapters/payment.sql.js';

export interface FeesDataParts {
  school(): Promise<{ country: string; currency: string }>;
  /** What a student owes, in minor units; below zero it is the family's credit. */
  balanceOf(studentId: string): Promise<number>;
  /** Takes away what was said when awards were asked for. */
  forgetAwards(ids: readonly string[]): Promise<void>;
}

type Cell = 'money' | 'code' | 'phone' | null;
/** One table of a file: headings with what stands below each, and the rows of one student. */
interface Part {
  name: string;
  title: string;
  columns: readonly (readonly [head: string, cell?: Cell])[];
  sql: string;
}

/** Who paid for a child may be somebody whose phone is not for the child's other family: the middle of it is hidden. */
const OF_STUDENT: readonly Part[] = [
  {
    name: 'bills',
    title: 'Bills and notes',
    columns: [['Number'], ['Kind', 'code'], ['Date'], ['Due'], ['Amount', 'money'], ['Reason'], ['State', 'code']],
    sql: 'select number, kind, issued_on, due_on, total_minor, reason, state from fees_invoices where student_id = $1 order by issued_on desc, number desc limit 2000',
  },
  {
    name: 'lines',
    title: 'What was billed',
    columns: [['Number'], ['What'], ['Description'], ['Amount', 'money']],
    sql: `select i.number, h.name, l.description, l.amount_minor from fees_invoice_lines l join fees_invoices i on i.school_id = l.school_id and i.id = l.invoice_id
      join fees_vote_heads h on h.school_id = l.school_id and h.id = l.head_id where i.student_id = $1 order by i.issued_on desc, i.number desc, l.n limit 5000`,
  },
  {
    name: 'receipts',
    title: 'Payments and receipts',
    columns: [
      ['Receipt'],
      ['Date'],
      ['How', 'code'],
      ['Amount', 'money'],
      ['Paid by'],
      ['Phone', 'phone'],
      ['References'],
      ['Note'],
      ['State', 'code'],
      ['Reason reversed'],
      ['Recorded by'],
    ],
    sql: `select r.number, p.received_on, p.method, r.amount_minor, p.payer_name, p.payer_phone, (select string_agg(f.value, ', ' order by f.value) from fees_payment_references f where f.school_id = p.school_id and f.payment_id = p.id),
      p.memo, r.state, p.ended_why, p.by_name from fees_receipts r join fees_payments p on p.school_id = r.school_id and p.id = r.payment_id where r.student_id = $1 order by p.received_on desc, r.number desc limit 2000`,
  },
  {
    name: 'former',
    title: 'Receipts from before AIMS',
    columns: [['Receipt'], ['Date'], ['How'], ['Amount', 'money'], ['Paid by'], ['Note'], ['Written down by']],
    sql: `select number, received_on, method, amount_minor, payer_name, note, by_name from fees_former_receipts
      where student_id = $1 order by received_on desc, id desc limit 2000`,
  },
  {
    name: 'cheques',
    title: 'Cheques at the bank',
    columns: [['Cheque'], ['Bank'], ['Slip number'], ['Date'], ['Cleared'], ['Recorded by']],
    sql: `select f.value, ${ISSUER}, d.slip_number, d.banked_on, b.cleared_on, d.by_name from fees_cheque_bankings b join fees_cheque_deposits d on d.school_id = b.school_id and d.id = b.deposit_id
      left join fees_payment_references f on f.school_id = b.school_id and f.payment_id = b.payment_id and f.scheme = 'cheque'
      where b.undone_on is null and exists (select 1 from fees_receipts r where r.school_id = b.school_id and r.payment_id = b.payment_id and r.student_id = $1) order by d.banked_on desc, d.id limit 1000`,
  },
  {
    name: 'shown',
    title: 'Codes shown but not verified',
    columns: [
      ['Date'],
      ['How', 'code'],
      ['Amount', 'money'],
      ['Paid by'],
      ['Phone', 'phone'],
      ['References'],
      ['State', 'code'],
      ['Recorded by'],
    ],
    sql: `select p.received_on, p.method, p.amount_minor, p.payer_name, p.payer_phone, (select string_agg(f.value, ', ' order by f.value) from fees_payment_references f where f.school_id = p.school_id and f.payment_id = p.id),
      p.state, p.by_name from fees_payments p where p.state in ('provisional', 'rejected') and p.waiting -> 'shares' @> jsonb_build_array(jsonb_build_object('studentId', $1::text)) order by p.created_at desc, p.id limit 1000`,
  },
  {
    name: 'refunds',
    title: 'Money paid back',
    columns: [
      ['Number'],
      ['Date'],
      ['Amount', 'money'],
      ['How', 'code'],
      ['Paid to'],
      ['To the account', 'phone'],
      ['Reason'],
      ['State', 'code'],
      ['Paid on'],
      ['Reference'],
    ],
    sql: 'select number, asked_on, amount_minor, method, payee_name, payee_account, reason, state, paid_on, reference from fees_refunds where student_id = $1 order by created_at desc, id limit 1000',
  },
  {
    name: 'awards',
    title: 'Discounts and sponsors',
    columns: [['What'], ['Paid by'], ['From'], ['Until'], ['State', 'code'], ['Reason'], ['Recorded by']],
    sql: `select k.name, s.name as sponsor, f.name as from_term, t.name as to_term, a.state, a.reason, a.by_name from fees_awards a join fees_award_kinds k on k.school_id = a.school_id and k.id = a.kind_id
      left join fees_sponsors s on s.school_id = a.school_id and s.id = a.sponsor_id join school_terms f on f.school_id = a.school_id and f.id = a.from_term_id
      left join school_terms t on t.school_id = a.school_id and t.id = a.to_term_id where a.student_id = $1 order by a.created_at desc, a.id limit 1000`,
  },
  {
    name: 'subscriptions',
    title: 'Optional fees',
    columns: [['What'], ['From'], ['First day'], ['Until'], ['Last day']],
    sql: `select h.name, f.name as from_term, s.from_on, t.name as to_term, s.to_on from fees_subscriptions s join fees_vote_heads h on h.school_id = s.school_id and h.id = s.head_id join school_terms f on f.school_id = s.school_id and f.id = s.from_term_id
      left join school_terms t on t.school_id = s.school_id and t.id = s.to_term_id where s.student_id = $1 order by s.created_at desc, s.id limit 1000`,
  },
  {
    name: 'promises',
    title: 'Promises to pay',
    columns: [['Date'], ['By when'], ['Amount', 'money'], ['Note'], ['Recorded by']],
    sql: 'select made_on, promised_on, amount_minor, note, by_name from fees_promises where student_id = $1 order by created_at desc, id limit 1000',
  },
  {
    name: 'plans',
    title: 'Instalment plans',
    columns: [['Date'], ['Amount', 'money'], ['Agreed with'], ['Note'], ['Reason reversed'], ['Recorded by']],
    sql: 'select agreed_on, total_minor, agreed_with, note, ended_why, by_name from fees_plans where student_id = $1 order by created_at desc, id limit 1000',
  },
  {
    name: 'clearances',
    title: 'Clearance',
    columns: [['Date'], ['Outcome', 'code'], ['Counted', 'money'], ['Allowed balance', 'money']],
    sql: 'select c.as_of, r.outcome, r.counted_minor, r.limit_minor from fees_clearance_rows r join fees_clearances c on c.school_id = r.school_id and c.id = r.clearance_id where r.student_id = $1 order by c.created_at desc, c.id limit 1000',
  },
  {
    name: 'exceptions',
    title: 'Clearance exceptions',
    columns: [['Until'], ['Reason'], ['Recorded by']],
    sql: 'select until, reason, by_name from fees_clearance_exceptions where student_id = $1 order by created_at desc, id limit 1000',
  },
  {
    name: 'links',
    title: 'Links to the statement',
    columns: [['Created'], ['Valid until'], ['Ended'], ['Recorded by']],
    sql: 'select created_at, expires_on, revoked_at, by_name from fees_statement_links where student_id = $1 order by created_at desc, id limit 1000',
  },
];

/** What a guardian paid, known by the phones that the register has of them; whose child it was for is not said. */
const OF_PAYER: Part = {
  name: 'paid',
  title: 'Payments from your phone',
  columns: [['Date'], ['How', 'code'], ['Amount', 'money'], ['Paid by'], ['Phone'], ['References'], ['State', 'code']],
  sql: `select p.received_on, p.method, p.amount_minor, p.payer_name, p.payer_phone, (select string_agg(f.value, ', ' order by f.value) from fees_payment_references f where f.school_id = p.school_id and f.payment_id = p.id), p.state
    from fees_payments p where p.payer_phone = any($1::text[]) order by p.received_on desc, p.id limit 2000`,
};

/** What fees keeps about a child, and about whoever paid. */
export function feesData(parts: FeesDataParts): PersonalData {
  return {
    order: 55,
    sections: async ({ kind, id }, t, contacts) => {
      if (kind !== 'student' && contacts.length === 0) return [];
      const { currency } = await parts.school();
      if (kind !== 'student') return tables([OF_PAYER], contacts, currency, t);
      const found = await tables(OF_STUDENT, id, currency, t);
      return found.length === 0
        ? []
        : [
            { title: t('Fees'), facts: [{ label: t('Balance'), value: formatMoney(await parts.balanceOf(id), currency) }] },
            ...found,
          ];
    },
    obstacles: async ({ kind, id }) => {
      if (kind !== 'student') return [];
      const balance = await parts.balanceOf(id);
      return balance === 0
        ? []
        : [
            `This student’s balance is ${formatMoney(balance, (await parts.school()).currency)}. Collect it, refund it or write it off first: no one could be asked for it later.`,
          ];
    },
    erase: async ({ kind, id }, _pseudonym, contacts) => ({
      done: kind === 'student' ? await eraseStudent(id, parts) : await erasePayer(contacts),
    }),
    keeps: async ({ kind, id }) => {
      if (kind !== 'student') return [];
      const [row] = await query<{ papers: boolean }>(
        'fees.privacy.papers',
        'select exists (select 1 from fees_invoices where student_id = $1) or exists (select 1 from fees_receipts where student_id = $1) or exists (select 1 from fees_former_receipts where student_id = $1) as papers',
        [id],
      );
      if (!row!.papers) return [];
      const { years, law } = bookYearsOf((await parts.school()).country);
      return [
        `Bills, receipts with the payer’s name, and journal entries are kept for ${years} years after the end of their financial year (${law}).`,
      ];
    },
  };
}

async function tables(parts: readonly Part[], key: string | readonly string[], currency: string, t: Say): Promise<DataSection[]> {
  const sections: DataSection[] = [];
  for (const { name, title, columns, sql } of parts) {
    const rows = await query<Record<string, Value>>(`fees.privacy.${name}`, sql, [key]);
    if (rows.length === 0) continue;
    const cells = rows.map((row) => Object.values(row).map((value, at) => shown(value, columns[at]![1] ?? null, currency, t)));
    sections.push({ title: t(title), table: { heads: columns.map(([head]) => t(head)), rows: cells } });
  }
  return sections;
}

function shown(value: Value, cell: Cell, currency: string, t: Say): Value {
  if (value === null || cell === null) return value;
  if (cell === 'money') return formatMoney(Number(value), currency);
  return cell === 'phone' ? maskPhone(String(value)) : worded(value, t);
}

async function eraseStudent(id: string, { forgetAwards }: FeesDataParts): Promise<string[]> {
  const promises = await query(
    'fees.privacy.erase',
    "update fees_promises set note = '' where student_id = $1 and note <> '' returning id",
    [id],
  );
  const plans = await query(
    'fees.privacy.erase-plans',
    "update fees_plans set note = '', agreed_with = '', ended_why = '' where student_id = $1 and (note <> '' or agreed_with <> '' or ended_why <> '') returning id",
    [id],
  );
  const exceptions = await query(
    'fees.privacy.erase-exceptions',
    "update fees_clearance_exceptions set reason = '' where student_id = $1 and reason <> '' returning id",
    [id],
  );
  const awards = await query<{ id: string }>(
    'fees.privacy.erase-awards',
    "update fees_awards set reason = '' where student_id = $1 returning id",
    [id],
  );
  await forgetAwards(awards.map((one) => one.id));
  const former = await query(
    'fees.privacy.erase-former',
    "update fees_former_receipts set note = '' where student_id = $1 and note <> '' returning id",
    [id],
  );
  const links = await query('fees.privacy.erase-links', 'delete from fees_statement_links where student_id = $1 returning id', [
    id,
  ]);
  return [
    ...(promises.length > 0 ? ['Notes on promises to pay'] : []),
    ...(plans.length > 0 ? ['Names and notes on instalment plans'] : []),
    ...(exceptions.length > 0 ? ['Reasons for clearance exceptions'] : []),
    ...(awards.length > 0 ? ['Reasons for discounts and sponsors'] : []),
    ...(former.length > 0 ? ['Notes beside receipts from before AIMS'] : []),
    ...(links.length > 0 ? ['Links to the statement'] : []),
  ];
}

async function erasePayer(contacts: readonly string[]): Promise<string[]> {
  const rows = await query(
    'fees.privacy.erase-phone',
    'update fees_payments set payer_phone = null where payer_phone = any($1::text[]) returning id',
    [contacts],
  );
  return rows.length > 0 ? ['Phone numbers on payments'] : [];
}

/** Papers that name who brought the money, and what else is known of that person. */
const NAMING = {
  fees_payments: { named: "payer_name <> '' or payer_phone is not null", forgotten: "payer_name = '', payer_phone = null" },
  fees_former_receipts: { named: "payer_name <> '' or note <> ''", forgotten: "payer_name = '', note = ''" },
} as const;
type Naming = keyof typeof NAMING;

const countNamed = (table: Naming): string =>
  `(select count(*)::int from ${table} where received_on < $1 and (${NAMING[table].named}))`;

async function forgetNamed(table: Naming, before: string, atMost: number): Promise<number> {
  const { named, forgotten } = NAMING[table];
  const rows = await query(
    `fees.privacy.forget-payers.${table}`,
    `update ${table} set ${forgotten} where id in (select id from ${table} where received_on < $1 and (${named}) order by received_on limit $2) returning id`,
    [before, atMost],
  );
  return rows.length;
}

/** The papers themselves belong to the books; who brought the money need not stand on them for ever. */
export const payersOfPayments: RetentionClass = {
  key: 'fees.payers',
  label: 'Payers named on receipts',
  explain:
    'Names and phone numbers of payers, once the law no longer requires that year’s records. Amounts, dates and numbers stay, and so do the journal entries.',
  months: MONTHS_OF_PAPERS,
  least: MONTHS_OF_PAPERS,
  on: true,
  count: async (before) =>
    (
      await query<{ n: number }>(
        'fees.privacy.count-payers',
        `select ${countNamed('fees_payments')} + ${countNamed('fees_former_receipts')} as n`,
        [before],
      )
    )[0]!.n,
  remove: async (before, atMost) => {
    const done = await forgetNamed('fees_payments', before, atMost);
    return done < atMost ? done + (await forgetNamed('fees_former_receipts', before, atMost - done)) : done;
  },
};
