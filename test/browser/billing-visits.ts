import { newId } from '../../src/kernel/id.js';
import { BillingRuns } from '../../src/modules/fees/application/billing-runs.js';
import { Structures } from '../../src/modules/fees/application/structures.js';
import { VoteHeads } from '../../src/modules/fees/application/vote-heads.js';
import { BooksKeeping } from '../../src/modules/finance/application/books.js';
import { LEDGER } from '../../src/modules/finance/index.js';
import { SCHOOL } from '../../src/modules/school/index.js';
import { aStudent } from '../support/build.js';
import { sql } from '../support/sql.js';
import type { Stage, Visit } from './visits.js';

/** A term that is billed for one student, as the bursar sees it. */
export const billingVisits: Record<string, Visit> = {
  'fees/billing/index': (stage) => billed(stage, () => '/fees/billing'),
  'fees/billing/new': (stage) => billed(stage, ({ term }) => `/fees/billing/new?term=${term}`),
  'fees/billing/show': (stage) => billed(stage, ({ run }) => `/fees/billing/${run}`),
  'fees/billing/reverse': (stage) => billed(stage, ({ run }) => `/fees/billing/${run}/reversal`),
  'fees/settings': '/fees/settings',
  'fees/invoices/index': (stage) => billed(stage, () => '/fees/invoices'),
  'fees/invoices/show': (stage) => billed(stage, ({ invoice }) => `/fees/invoices/${invoice}`),
  'fees/invoices/note': (stage) => billed(stage, ({ invoice }) => `/fees/invoices/${invoice}/notes/new`),
  'fees/invoices/reverse': (stage) => billed(stage, ({ invoice }) => `/fees/invoices/${invoice}/reversal`),
};

export interface Billed {
  term: string;
  run: string;
  invoice: string;
  student: string;
}

export async function billed({ school }: Stage, pathOf: (ids: Billed) => string): Promise<string> {
  const student = await aStudent(school, { surname: 'Wilhelmina-Kariuki' });
  return school.run(async () => {
    const actor = school.office;
    const ledger = school.get(LEDGER);
    if (!(await ledger.openBooks())) await school.get(BooksKeeping).open(actor, { variant: 'private', yearStartsMonth: 1, startsOn: '2026-01-01', release: 'term' });
    const year = await school.get(SCHOOL).currentYear();
    const term = year.terms.at(-1)!.id;
    const head = await school.get(VoteHeads).add(actor, {
      code: newId().slice(-10).toUpperCase(), name: 'Tuition and examination materials', kind: 'income', frequency: 'term', mandatory: true, priority: 4, accountId: (await ledger.account('fees')).id,
    });
    const structures = school.get(Structures);
    const structure = await structures.draft(actor, { yearId: year.id, name: 'All of the school', audience: { classIds: [], streamIds: [], boarding: null } });
    await structures.setLines(actor, structure, [{ headId: head, termId: term, amountMinor: 26_777_00 }], 1);
    await structures.publish(actor, structure);
    const runs = school.get(BillingRuns);
    const run = await runs.start(actor, term, { classIds: [], streamIds: [], boarding: null, studentId: student.id });
    await runs.work(run, { userId: null, name: 'Bursar' }, false);
    const [invoice] = await sql(school.database, "select id from fees_invoices where student_id = $1 and kind = 'invoice'", [student.id]);
    return pathOf({ term, run, invoice: invoice!.id!, student: student.id });
  });
}
