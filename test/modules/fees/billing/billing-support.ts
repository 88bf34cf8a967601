import { Charges } from '../../../../src/modules/fees/billing/charges.js';
import { BillingRuns } from '../../../../src/modules/fees/billing/billing-runs.js';
import { Structures } from '../../../../src/modules/fees/structures/structures.js';
import { VoteHeads, type HeadDetails } from '../../../../src/modules/fees/structures/vote-heads.js';
import type { RunScope } from '../../../../src/modules/fees/ports.js';
import { Checker } from '../../../../src/modules/finance/books/checker.js';
import { LEDGER } from '../../../../src/modules/finance/index.js';
import { SCHOOL, type AcademicYear } from '../../../../src/modules/school/index.js';
import { STUDENTS } from '../../../../src/modules/students/index.js';
import { sql } from '../../../support/database/sql.js';
import { withBooks, type SchoolWithBooks } from '../../finance/support.js';

export const EVERYBODY: RunScope = { classIds: [], streamIds: [], boarding: null, studentIds: null };

export interface SchoolWithTariff extends SchoolWithBooks {
  year: AcademicYear;
  /** Vote head by its code. */
  heads: Record<string, string>;
  head(given: Partial<HeadDetails> & { code: string }): Promise<string>;
  /** Publishes what is charged to the whole school: code → an amount for each term, in minor units. */
  charge(amounts: Record<string, readonly number[]>): Promise<string>;
  /** Bills as the job does, and says what was written. */
  bill(
    term: number,
    scope?: Partial<RunScope>,
  ): Promise<{ id: string; state: string; documents: number; totalMinor: number; problem: string | null }>;
  balance(studentId: string): Promise<number>;
  /** What a role's account has come to; a liability and income below zero. */
  on(role: Parameters<SchoolWithBooks['account']>[0]): Promise<number>;
  charges: Charges;
  runs: BillingRuns;
  /** Sentences of the checker. */
  differences(): Promise<string[]>;
  familyId(studentId: string): Promise<string>;
}

/** A school in Term 3 of 2026, with tuition, admission, lunch (for those who take it) and an examination fee. */
export async function withTariff(options: Parameters<typeof withBooks>[0] = {}): Promise<SchoolWithTariff> {
  const school = await withBooks({ today: '2026-09-01', ...options });
  const year = await school.run(() => school.get(SCHOOL).currentYear());
  const heads: Record<string, string> = {};
  const head: SchoolWithTariff['head'] = async (given) => {
    const priority = Object.keys(heads).length + 1;
    const details: HeadDetails = {
      name: given.code,
      kind: 'income',
      frequency: 'term',
      mandatory: true,
      accountId: school.account('fees'),
      priority,
      ...given,
    };
    return (heads[given.code] = await school.run(() => school.get(VoteHeads).add(school.office, details)));
  };
  await head({ code: 'TUI', name: 'Tuition' });
  await head({ code: 'ADM', name: 'Admission', frequency: 'once' });
  await head({
    code: 'EXM',
    name: 'Examination',
    kind: 'for-others',
    frequency: 'year',
    accountId: school.account('for-others'),
  });
  await head({ code: 'LUN', name: 'Lunch', mandatory: false });
  const runs = school.get(BillingRuns);
  return {
    ...school,
    year,
    heads,
    head,
    runs,
    charges: school.get(Charges),
    charge: (amounts) =>
      school.run(async () => {
        const structures = school.get(Structures);
        const published = (await structures.ofYear(school.office, year.id)).find((one) => one.state === 'published');
        const audience = { classIds: [], streamIds: [], boarding: null };
        const id = published
          ? await structures.nextEdition(school.office, published.id)
          : await structures.draft(school.office, { yearId: year.id, name: 'Whole school', audience });
        const lines = Object.entries(amounts).flatMap(([code, each]) =>
          each.flatMap((amountMinor, term) =>
            amountMinor ? [{ headId: heads[code]!, termId: year.terms[term]!.id, amountMinor }] : [],
          ),
        );
        await structures.setLines(school.office, id, lines, (await structures.find(school.office, id)).version);
        await structures.publish(school.office, id);
        return id;
      }),
    bill: (term, scope = {}) =>
      school.run(async () => {
        const id = await runs.start(school.office, year.terms[term]!.id, { ...EVERYBODY, ...scope });
        await runs.work(id, { userId: null, name: 'Test' }, false);
        return runs.find(school.office, id);
      }),
    balance: (id) => school.run(() => school.get(LEDGER).balance({ kind: 'student', id })),
    on: async (role) =>
      Number(
        (
          await sql(
            school.database,
            'select coalesce(sum(amount_minor), 0)::text as sum from finance_lines where account_id = $1',
            [school.account(role)],
          )
        )[0]!.sum,
      ),
    differences: async () => (await school.run(() => school.get(Checker).differences())).map((one) => one.sentence),
    familyId: async (studentId) =>
      (await school.run(() => school.get(STUDENTS).onRoll())).find((one) => one.id === studentId)!.familyId,
  };
}
