import { newId } from '../../../src/kernel/id.js';
import { VoteHeads } from '../../../src/modules/fees/structures/vote-heads.js';
import { Receiving } from '../../../src/modules/fees/receiving/receive.js';
import type { NewPayment, Received } from '../../../src/modules/fees/index.js';
import { LEDGER } from '../../../src/modules/finance/index.js';
import { SCHOOL } from '../../../src/modules/school/index.js';
import type { Student } from '../../../src/modules/students/index.js';
import { UNIT } from '../../../src/platform/tokens.js';
import { query } from '../../../src/platform/db/index.js';
import { aFamily } from '../../support/build.js';
import { TODAY, withBooks, type SchoolWithBooks } from '../finance/support.js';

export { TODAY };
export const HEADS = ['TUI', 'BRD', 'LUN'] as const;
export type Head = (typeof HEADS)[number];

export interface SchoolWithFees extends SchoolWithBooks {
  /** Heads by code, settled in this order. */
  head: Record<Head, string>;
  family(children: number): Promise<Student[]>;
  /** An invoice of a student's family, or of a sponsor for it, with its entry; amounts in minor units. @returns its id */
  bill(
    studentId: string,
    amounts: Partial<Record<Head, number>>,
    given?: { dueOn?: string; kind?: 'invoice' | 'opening'; term?: number; sponsorId?: string },
  ): Promise<string>;
  pay(studentId: string, amountMinor: number, given?: Partial<NewPayment>): Promise<Received>;
}

/** A school with books and three vote heads, in which children are billed and pay. */
export async function withFees(options: Parameters<typeof withBooks>[0] = {}): Promise<SchoolWithFees> {
  const school = await withBooks(options);
  const { terms } = await school.run(() => school.get(SCHOOL).currentYear());
  const ids = await school.run(() =>
    Promise.all(
      HEADS.map((code, n) =>
        school.get(VoteHeads).add(school.office, {
          code,
          name: code,
          kind: 'income',
          frequency: 'term',
          mandatory: true,
          priority: n + 1,
          accountId: school.account('fees'),
        }),
      ),
    ),
  );
  const head = Object.fromEntries(HEADS.map((code, n) => [code, ids[n]!])) as Record<Head, string>;
  let bills = 0;
  return {
    ...school,
    head,
    family: async (children) => (await aFamily(school, children)).students,
    bill: async (studentId, amounts, { dueOn = '2026-09-01', kind = 'invoice', term = 2, sponsorId } = {}) => {
      const lines = Object.entries(amounts).map(([code, minor]) => ({ headId: head[code as Head], minor }));
      const total = lines.reduce((sum, line) => sum + line.minor, 0);
      const id = newId();
      bills += 1;
      await school.run(() =>
        school.get(UNIT)(async () => {
          const party = sponsorId ? ({ kind: 'sponsor', id: sponsorId } as const) : ({ kind: 'student', id: studentId } as const);
          const { entryId } = await school.get(LEDGER).post(school.office, {
            source: { kind: 'fees-invoice', key: id },
            valueOn: '2026-09-01',
            memo: 'Fees',
            by: 'person',
            lines: [
              { accountId: school.account('receivable'), amountMinor: total, party, studentId },
              { accountId: school.account('advance'), amountMinor: -total, studentId },
            ],
          });
          await query(
            'test.bill',
            `insert into fees_invoices (id, kind, number, student_id, term_id, payer_kind, payer_id, issued_on, due_on, total_minor, source_key, entry_id, by_name)
            values ($1, $2, $3, $4, $5, $9, $10, '2026-09-01', $6, $7, $3, $8, 'test')`,
            [
              id,
              kind,
              `T${String(bills).padStart(4, '0')}`,
              studentId,
              kind === 'opening' ? null : terms[term]!.id,
              dueOn,
              total,
              entryId,
              party.kind,
              party.id,
            ],
          );
          await query(
            'test.bill.lines',
            `insert into fees_invoice_lines (id, invoice_id, n, head_id, kind, description, amount_minor) select gen_random_uuid(), $1, x.n, x.head_id, 'charge', 'Fees', x.minor
            from unnest($2::uuid[], $3::bigint[]) with ordinality as x(head_id, minor, n)`,
            [id, lines.map((line) => line.headId), lines.map((line) => line.minor)],
          );
        }),
      );
      return id;
    },
    pay: (studentId, amountMinor, given = {}) =>
      school.run(() => school.get(Receiving).receive(school.office, payment(studentId, amountMinor, given))),
  };
}

export function payment(studentId: string, amountMinor: number, given: Partial<NewPayment> = {}): NewPayment {
  return {
    method: 'cash',
    amountMinor,
    currency: 'KES',
    receivedOn: TODAY,
    references: [],
    shares: [{ studentId, amountMinor }],
    client: 'user:test',
    clientKey: newId(),
    by: 'person',
    ...given,
  };
}
