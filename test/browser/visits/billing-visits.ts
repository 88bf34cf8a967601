import { addDays } from '../../../src/kernel/clock.js';
import { newId } from '../../../src/kernel/id.js';
import { Awards } from '../../../src/modules/fees/awards/awards.js';
import { BillingRuns } from '../../../src/modules/fees/billing/billing-runs.js';
import { Clearances } from '../../../src/modules/fees/clearance/clearances.js';
import { Sponsors } from '../../../src/modules/fees/awards/sponsors.js';
import { Defaulters } from '../../../src/modules/fees/reminders/defaulters.js';
import { Plans } from '../../../src/modules/fees/instalments/plans.js';
import { FeeStatements } from '../../../src/modules/fees/statements/statements.js';
import { Structures } from '../../../src/modules/fees/structures/structures.js';
import { Subscriptions } from '../../../src/modules/fees/billing/subscriptions.js';
import { VoteHeads } from '../../../src/modules/fees/structures/vote-heads.js';
import { LEDGER } from '../../../src/modules/finance/index.js';
import { SCHOOL } from '../../../src/modules/school/index.js';
import { aGuardian, aStudent } from '../../support/build.js';
import { sql } from '../../support/database/sql.js';
import { openBooks } from '../books.js';
import type { Stage, Visit } from '../stage.js';

/** A term that is billed for one student, as the bursar sees it. */
export const billingVisits: Record<string, Visit> = {
  'fees/billing/index': (stage) => billed(stage, () => '/fees/billing'),
  'fees/billing/new': (stage) => billed(stage, ({ term }) => `/fees/billing/new?term=${term}`),
  'fees/billing/show': (stage) => billed(stage, ({ run }) => `/fees/billing/${run}`),
  'fees/billing/tell': (stage) => billed(stage, ({ run }) => `/fees/billing/${run}/notices/new`),
  'fees/billing/reverse': (stage) => billed(stage, ({ run }) => `/fees/billing/${run}/reversal`),
  'fees/settings': '/fees/settings',
  'fees/invoices/index': (stage) => billed(stage, () => '/fees/invoices'),
  'fees/invoices/show': (stage) => billed(stage, ({ invoice }) => `/fees/invoices/${invoice}`),
  'fees/invoices/note': (stage) => billed(stage, ({ invoice }) => `/fees/invoices/${invoice}/notes/new`),
  'fees/awards/index': (stage) => billed(stage, () => '/fees/awards'),
  'fees/awards/kind': (stage) => billed(stage, ({ kind }) => `/fees/awards/kinds/${kind}/edit`),
  'fees/awards/new': (stage) => billed(stage, ({ student }) => `/fees/awards/new?student=${student}`),
  'fees/awards/end': (stage) => billed(stage, ({ award }) => `/fees/awards/${award}/end`),
  'fees/awards/withdraw': (stage) => billed(stage, ({ award }) => `/fees/awards/${award}/withdrawal`),
  'fees/sponsors/index': (stage) => billed(stage, () => '/fees/sponsors'),
  'fees/sponsors/edit': (stage) => billed(stage, ({ sponsor }) => `/fees/sponsors/${sponsor}/edit`),
  'fees/sponsors/show': (stage) => billed(stage, ({ sponsor }) => `/fees/sponsors/${sponsor}`),
  'fees/students/show': (stage) => billed(stage, ({ student }) => `/fees/students/${student}`),
  'fees/students/family': (stage) => billed(stage, ({ student }) => `/fees/students/${student}/family`),
  'fees/students/share': (stage) => billed(stage, ({ student }) => `/fees/students/${student}/links/new`),
  'fees/students/subscribe': (stage) => billed(stage, ({ student }) => `/fees/students/${student}/subscriptions/new`),
  'fees/students/unsubscribe': (stage) =>
    billed(stage, ({ student, subscription }) => `/fees/students/${student}/subscriptions/${subscription}/ending`),
  'fees/students/shared': (stage) => billed(stage, ({ token }) => `/statement/${token}`),
  'fees/defaulters/index': (stage) => overdue(stage, () => '/fees/defaulters'),
  'fees/defaulters/promise': (stage) => overdue(stage, (student) => `/fees/students/${student}/promises/new`),
  'fees/defaulters/remind': (stage) => overdue(stage, (student) => `/fees/defaulters/reminders/new?student=${student}`),
  'fees/defaulters/preview': async (stage) => {
    await stage.page.goto(await overdue(stage, (student) => `/fees/defaulters/reminders/new?student=${student}`));
    await stage.press('main form button.primary');
  },
  'fees/plans/index': (stage) => planned(stage, () => '/fees/plans'),
  'fees/plans/show': (stage) => planned(stage, (plan) => `/fees/plans/${plan}`),
  'fees/plans/cancel': (stage) => planned(stage, (plan) => `/fees/plans/${plan}/cancellation`),
  'fees/plans/new': (stage) => billed(stage, ({ student }) => `/fees/students/${student}/plans/new?how=typed`),
  'fees/clearances/index': (stage) => cleared(stage, () => '/fees/clearances'),
  'fees/clearances/new': '/fees/clearances/new',
  'fees/clearances/show': (stage) => cleared(stage, (id) => `/fees/clearances/${id}`),
  'fees/clearances/exceptions': (stage) => cleared(stage, () => '/fees/clearances/exceptions'),
  'fees/clearances/exception': '/fees/clearances/exceptions/new',
  'fees/invoices/reverse': (stage) => billed(stage, ({ invoice }) => `/fees/invoices/${invoice}/reversal`),
};

export interface Billed {
  term: string;
  run: string;
  invoice: string;
  student: string;
  kind: string;
  sponsor: string;
  award: string;
  subscription: string;
  token: string;
}

export async function billed({ school }: Stage, pathOf: (ids: Billed) => string): Promise<string> {
  const student = await aStudent(school, { surname: 'Wilhelmina-Kariuki' });
  return school.run(async () => {
    const actor = school.office;
    const ledger = school.get(LEDGER);
    await openBooks(school);
    const year = await school.get(SCHOOL).currentYear();
    const term = year.terms.at(-1)!.id;
    const head = await school.get(VoteHeads).add(actor, {
      code: newId().slice(-10).toUpperCase(),
      name: 'Tuition and examination materials',
      kind: 'income',
      frequency: 'term',
      mandatory: true,
      priority: 4,
      accountId: (await ledger.account('fees')).id,
    });
    const structures = school.get(Structures);
    const structure = await structures.draft(actor, {
      yearId: year.id,
      name: 'All of the school',
      audience: { classIds: [], streamIds: [], boarding: null },
    });
    await structures.setLines(actor, structure, [{ headId: head, termId: term, amountMinor: 26_777_00 }], 1);
    await structures.publish(actor, structure);
    const mark = newId().slice(-6);
    const sponsor = await school
      .get(Sponsors)
      .add(actor, { name: `Wilhelmina Foundation for Education ${mark}`, contact: 'Mrs Oduya', phone: null, email: null });
    const awards = school.get(Awards);
    const kind = await awards.addKind(actor, {
      name: `Bursary ${mark}`,
      method: 'percent',
      value: 6000,
      mostBasisPoints: null,
      headIds: [],
      rank: 1,
      limitMinor: null,
      askAbove: null,
      sponsored: true,
    });
    const { id: award } = await awards.give(actor, {
      studentId: student.id,
      kindId: kind,
      sponsorId: sponsor,
      value: null,
      fromTermId: term,
      toTermId: null,
      reason: 'By the board',
    });
    const lunch = await school.get(VoteHeads).add(actor, {
      code: newId().slice(-10).toUpperCase(),
      name: 'Lunch',
      kind: 'income',
      frequency: 'term',
      mandatory: false,
      priority: 5,
      accountId: (await ledger.account('fees')).id,
    });
    const subscription = await school
      .get(Subscriptions)
      .take(actor, { studentId: student.id, headId: lunch, fromTermId: term, toTermId: null });
    const token = await school.get(FeeStatements).share(actor, student.id, true);
    const runs = school.get(BillingRuns);
    const run = await runs.start(actor, term, { classIds: [], streamIds: [], boarding: null, studentIds: [student.id] });
    await runs.work(run, { userId: null, name: 'Bursar' }, false);
    const [invoice] = await sql(school.database, "select id from fees_invoices where student_id = $1 and kind = 'invoice'", [
      student.id,
    ]);
    return pathOf({ term, run, invoice: invoice!.id!, student: student.id, kind, sponsor, award, subscription, token });
  });
}

/** One student whose bill is past its day, with a mother who promised to pay. */
async function overdue(stage: Stage, pathOf: (student: string) => string): Promise<string> {
  await billed(stage, () => '');
  const { school } = stage;
  const [invoice] = await sql(
    school.database,
    "update fees_invoices set due_on = issued_on - 45, issued_on = issued_on - 60 where id = (select id from fees_invoices where kind = 'invoice' and payer_kind = 'student' order by created_at desc limit 1) returning student_id",
  );
  const id = invoice!.student_id!;
  await aGuardian(school, { id, surname: 'Wilhelmina-Kariuki' });
  await school.run(async () =>
    school.get(Defaulters).promise(school.office, id, {
      promisedOn: addDays(await school.get(SCHOOL).today(), 9),
      amountMinor: 5_000_00,
      note: 'The mother, by phone, after the harvest',
    }),
  );
  return pathOf(id);
}

/** A plan of four instalments, the first of which is late. */
async function planned(stage: Stage, pathOf: (plan: string) => string): Promise<string> {
  const { school } = stage;
  const student = await billed(stage, (ids) => ids.student);
  const [plan] = await school.run(async () =>
    school.get(Plans).agree(school.office, [student], {
      parts: { parts: 4, firstOn: await school.get(SCHOOL).today(), interval: 'month' },
      agreedWith: 'Wilhelmina Achieng Kariuki',
      note: 'After the harvest',
    }),
  );
  await sql(school.database, 'update fees_plan_instalments set due_on = due_on - 3 where plan_id = $1', [plan!]);
  return pathOf(plan!);
}

/** A snapshot in which somebody is held and somebody excepted. */
async function cleared(stage: Stage, pathOf: (clearance: string) => string): Promise<string> {
  const { school } = stage;
  const student = await overdue(stage, (id) => id);
  return school.run(async () => {
    const clearances = school.get(Clearances);
    const today = await school.get(SCHOOL).today();
    const term = (await school.get(SCHOOL).currentYear()).terms.at(-1)!.id;
    const id = await clearances.start(school.office, term, {
      thresholdKind: 'percent',
      threshold: 2_500,
      graceDays: 7,
      plansCount: true,
    });
    await clearances.work(id);
    await clearances.except(school.office, {
      studentId: student,
      until: addDays(today, 30),
      reason: 'The bursary of the county is on its way',
    });
    return pathOf(id);
  });
}
