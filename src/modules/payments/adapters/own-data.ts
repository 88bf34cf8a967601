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

type Cell = 'money' | 'code' | 'phone' | null;
type Column = readonly [head: string, cell?: Cell];
/** Enough of a phone to know it again, in SQL as `maskPhone` writes it. */
const MASKED = (column: string): string => `left(${column}, -6) || '***' || right(${column}, 3)`;
const WHOLE = (column: string): string => `${column} ~ '[0-9]{9}$'`;

const PROMPTS: readonly Column[] = [['Time'], ['Phone'], ['Amount', 'money'], ['Reference'], ['State', 'code'], ['Sent by']];
const LINKS: readonly Column[] = [['Created'], ['Valid until'], ['Ended'], ['Recorded by']];
const TOLD: readonly Column[] = [
  ['Time'],
  ['Code'],
  ['Amount', 'money'],
  ['Account number entered'],
  ['Name'],
  ['Phone'],
  ['Outcome', 'code'],
  ['Note'],
];
const WAITED: readonly Column[] = [
  ['Time'],
  ['Code'],
  ['Amount', 'money'],
  ['Account number entered'],
  ['Name'],
  ['Phone'],
  ['State', 'code'],
  ['Note'],
  ['Recorded by'],
];
/** A phone may be of somebody who is not for the child's other family. */
const hidden = (columns: readonly Column[]): readonly Column[] =>
  columns.map((column) => (column[0] === 'Phone' ? (['Phone', 'phone'] as const) : column));
const PROMPT = 'select asked_at, phone, amount_minor, reference, state, by_name from payments_prompts';
/** A child sees its own part of what was asked for several. */
const PROMPTS_OF_CHILD = `select p.asked_at, p.phone, coalesce(s.minor, p.amount_minor) as amount_minor, p.reference, p.state, p.by_name from payments_prompts p
  left join lateral (select count(*) as n, sum(s.amount_minor) filter (where s.student_id = $1) as minor from payments_prompt_shares s where s.school_id = p.school_id and s.prompt_id = p.id) s on true
  where (s.n = 0 and p.student_id = $1) or s.minor is not null`;
const IS_FOR_CHILD = `(student_id = $1 or exists (select 1 from payments_prompt_shares s where s.school_id = payments_prompts.school_id and s.prompt_id = payments_prompts.id and s.student_id = $1))`;
const MESSAGE = `select m.received_at, m.trans_id, m.amount_minor, m.bill_ref, m.payer_name, m.payer_phone, case when s.state = 'taken-back' and o.outcome in ('booked', 'suspense') then 'taken-back' when v.id is not null then 'suspense' else coalesce(o.outcome, 'waiting') end as outcome, coalesce(l.note, '') as note
  from payments_messages m left join payments_outcomes o on o.school_id = m.school_id and o.message_id = m.id left join payments_moved_outcomes v on v.school_id = m.school_id and v.message_id = m.id
  left join payments_suspense s on s.school_id = m.school_id and s.trans_id = m.trans_id left join payments_looked l on l.school_id = m.school_id and l.message_id = m.id`;
const ITEM =
  'select s.created_at, s.trans_id, s.amount_minor, s.bill_ref, s.payer_name, s.payer_phone, s.state, s.reason, s.by_name from payments_suspense s';

const NOTES = 'Notes on mobile money messages';

export interface RailDataParts {
  currency(): Promise<string>;
  paymentsOf(studentId: string): Promise<string[]>;
}

/** What networks have told about a child's payments and a guardian's phone, and what was sent to them. */
export function railData({ currency, paymentsOf }: RailDataParts): PersonalData {
  return {
    order: 56,
    sections: async ({ kind, id }, t, contacts) => {
      const one = async (
        title: string,
        columns: readonly Column[],
        name: string,
        sql: string,
        key: unknown,
      ): Promise<DataSection[]> =>
        table(t, title, columns, await query(`payments.privacy.${name}`, sql, [key]), await currency());
      if (kind === 'student') {
        const paid = await paymentsOf(id);
        return [
          ...(await one(
            'Prompts sent to phones',
            hidden(PROMPTS),
            'prompts',
            `${PROMPTS_OF_CHILD} order by p.asked_at desc limit 1000`,
            id,
          )),
          ...(await one(
            'Pay links',
            LINKS,
            'links',
            'select created_at, expires_at, ended_at, by_name from payments_links where student_id = $1 order by created_at desc limit 1000',
            id,
          )),
          ...(await one(
            'Mobile money messages',
            hidden(TOLD),
            'told',
            `${MESSAGE} where m.trans_id = any($1::text[]) order by m.received_at desc limit 1000`,
            await codesOf(paid),
          )),
          ...(await one(
            'Payment from suspense',
            hidden(WAITED),
            'waited',
            `${ITEM} where s.payment_id = any($1::uuid[]) or s.taken_back_id = any($1::uuid[]) order by s.created_at desc limit 1000`,
            paid,
          )),
        ];
      }
      if (contacts.length === 0) return [];
      return [
        ...(await one(
          'Prompts sent to phones',
          PROMPTS,
          'own-prompts',
          `${PROMPT} where phone = any($1::text[]) order by asked_at desc limit 1000`,
          contacts,
        )),
        ...(await one(
          'Mobile money messages',
          TOLD,
          'own-told',
          `${MESSAGE} where m.payer_phone = any($1::text[]) order by m.received_at desc limit 1000`,
          contacts,
        )),
        ...(await one(
          'Payment from suspense',
          WAITED,
          'own-waited',
          `${ITEM} where s.payer_phone = any($1::text[]) order by s.created_at desc limit 1000`,
          contacts,
        )),
      ];
    },
    erase: async ({ kind, id }, _pseudonym, contacts) => {
      if (kind !== 'student') {
        const notes = await forgetNotes(await codesOfPhones(contacts));
        return {
          done: [
            ...((await maskEverywhere(contacts)) > 0 ? ['Phone numbers in mobile money messages'] : []),
            ...(notes > 0 ? [NOTES] : []),
          ],
        };
      }
      const prompts = await query(
        'payments.privacy.erase-prompts',
        `update payments_prompts set phone = ${MASKED('phone')} where ${IS_FOR_CHILD} and ${WHOLE('phone')} returning id`,
        [id],
      );
      const links = await query(
        'payments.privacy.erase-links',
        'update payments_links set ended_at = now() where student_id = $1 and ended_at is null returning id',
        [id],
      );
      const notes = await forgetNotes(await codesOf(await paymentsOf(id)));
      return {
        done: [
          ...(prompts.length > 0 ? ['Phones prompted to pay for the student'] : []),
          ...(links.length > 0 ? ['Pay links'] : []),
          ...(notes > 0 ? [NOTES] : []),
        ],
      };
    },
    keeps: async ({ kind, id }) => {
      const paid = kind === 'student' ? await paymentsOf(id) : [];
      const told = await query(
        'payments.privacy.is-told',
        'select 1 from payments_outcomes where payment_id = any($1::uuid[]) limit 1',
        [paid],
      );
      return told.length > 0
        ? [
            'Mobile money messages are kept as proof of payment; the middle digits of phone numbers in them are removed over time.',
          ]
        : [];
    },
  };
}

function table(
  t: Say,
  title: string,
  columns: readonly Column[],
  rows: Record<string, Value>[],
  currency: string,
): DataSection[] {
  if (rows.length === 0) return [];
  const cells = rows.map((row) => Object.values(row).map((value, at) => shown(value, columns[at]![1] ?? null, currency, t)));
  return [{ title: t(title), table: { heads: columns.map(([head]) => t(head)), rows: cells } }];
}

function shown(value: Value, cell: Cell, currency: string, t: Say): Value {
  if (value === null || cell === null) return value;
  if (cell === 'money') return formatMoney(Number(value), currency);
  return cell === 'phone' ? maskPhone(String(value)) : worded(value, t);
}

/** Numbers under which these payments came: what was turned down beside them has them too. */
async function codesOf(payments: readonly string[]): Promise<string[]> {
  const text = `select m.trans_id as code from payments_outcomes o join payments_messages m on m.school_id = o.school_id and m.id = o.message_id where o.payment_id = any($1::uuid[])
    union select trans_id from payments_suspense where payment_id = any($1::uuid[]) or taken_back_id = any($1::uuid[])`;
  return (await query<{ code: string }>('payments.privacy.codes', text, [payments])).map((row) => row.code);
}

async function codesOfPhones(phones: readonly string[]): Promise<string[]> {
  const rows = await query<{ code: string }>(
    'payments.privacy.phone-codes',
    'select distinct trans_id as code from payments_messages where payer_phone = any($1::text[]) and trans_id is not null',
    [phones],
  );
  return rows.map((row) => row.code);
}

async function forgetNotes(codes: readonly string[]): Promise<number> {
  return (
    await query<{ n: number }>(
      'payments.privacy.erase-notes',
      "select app.payments_forget_notes('infinity', $1::text[], 100000) as n",
      [codes],
    )
  )[0]!.n;
}

async function maskEverywhere(phones: readonly string[]): Promise<number> {
  const [row] = await query<{ n: number }>(
    'payments.privacy.mask',
    "select app.payments_mask_phones('infinity', $1::text[], 100000) as n",
    [phones],
  );
  const prompts = await query(
    'payments.privacy.mask-prompts',
    `update payments_prompts set phone = ${MASKED('phone')} where phone = any($1::text[]) returning id`,
    [phones],
  );
  const waited = await query(
    'payments.privacy.mask-suspense',
    `update payments_suspense set payer_phone = ${MASKED('payer_phone')} where payer_phone = any($1::text[]) returning id`,
    [phones],
  );
  return row!.n + prompts.length + waited.length;
}

const OLD_MESSAGES = `m.received_at < $1 and ${WHOLE('m.payer_phone')} and exists (select 1 from payments_outcomes o where o.school_id = m.school_id and o.message_id = m.id)`;
const OLD_PROMPTS = `asked_at < $1 and ${WHOLE('phone')} and state in ('failed', 'paid')`;
const OLD_SUSPENSE = `created_at < $1 and ${WHOLE('payer_phone')} and state <> 'open'`;

/** Phones are for asking back; who paid what stands in the books without them. */
export const phonesOfRails: RetentionClass = {
  key: 'payments.phones',
  label: 'Phones in mobile money',
  explain:
    'The middle digits of phone numbers are removed from mobile money messages, prompts and suspense payments. Names, amounts and codes are kept.',
  months: 24,
  least: 6,
  on: true,
  count: async (before) =>
    (
      await query<{ n: number }>(
        'payments.privacy.count',
        `select ((select count(*) from payments_messages m where ${OLD_MESSAGES}) + (select count(*) from payments_prompts where ${OLD_PROMPTS}) + (select count(*) from payments_suspense where ${OLD_SUSPENSE}))::int as n`,
        [before],
      )
    )[0]!.n,
  remove: async (before, atMost) => {
    const [row] = await query<{ n: number }>('payments.privacy.mask-old', 'select app.payments_mask_phones($1, null, $2) as n', [
      before,
      atMost,
    ]);
    let done = row!.n;
    for (const [name, column, where] of [
      ['prompts', 'phone', OLD_PROMPTS],
      ['suspense', 'payer_phone', OLD_SUSPENSE],
    ] as const) {
      if (done >= atMost) break;
      const rows = await query(
        `payments.privacy.mask-old-${name}`,
        `update payments_${name} set ${column} = ${MASKED(column)} where id in (select id from payments_${name} where ${where} limit $2) returning id`,
        [before, atMost - done],
      );
      done += rows.length;
    }
    return done;
  },
};

/** Who looked into a difference, and when, stays; what was written may name somebody. */
export const notesOfRails: RetentionClass = {
  key: 'payments.notes',
  label: 'Notes on mobile money',
  explain: 'Notes written when two differing amounts were checked. Both amounts, who checked and when are kept.',
  months: 24,
  least: 6,
  on: true,
  count: async (before) =>
    (
      await query<{ n: number }>(
        'payments.privacy.count-notes',
        "select count(*)::int as n from payments_looked where at < $1 and note <> '…'",
        [before],
      )
    )[0]!.n,
  remove: async (before, atMost) =>
    (
      await query<{ n: number }>('payments.privacy.forget-notes', 'select app.payments_forget_notes($1, null, $2) as n', [
        before,
        atMost,
      ])
    )[0]!.n,
};
