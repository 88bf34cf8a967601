import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { feesData } from '../../../../src/modules/fees/adapters/own-data.js';
import { Charges } from '../../../../src/modules/fees/billing/charges.js';
import { Defaulters } from '../../../../src/modules/fees/reminders/defaulters.js';
import { Plans, type Parts } from '../../../../src/modules/fees/instalments/plans.js';
import { RefundPayouts } from '../../../../src/modules/fees/refunds/refund-payouts.js';
import { Refunds } from '../../../../src/modules/fees/refunds/refunds.js';
import { TakingBack } from '../../../../src/modules/fees/reversals/reversals.js';
import { PLAN_STATES, planStanding } from '../../../../src/modules/fees/instalments/plan.rules.js';
import { INSTALMENTS } from '../../../../src/modules/fees/index.js';
import { DOCUMENT_STORE, PLAN_STORE } from '../../../../src/modules/fees/ports.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { aStudent } from '../../../support/build.js';
import type { Browser } from '../../../support/browser.js';
import { textOfPdf } from '../../../support/reading/pdf.js';
import { sql } from '../../../support/database/sql.js';
import { withFees, type SchoolWithFees } from '../support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const THREE: Parts = { parts: 3, firstOn: '2026-11-24', interval: 'week' };

describe('instalments', () => {
  let school: SchoolWithFees;
  let bursar: Browser;
  const agree = (ids: string[], parts: Parts = THREE) =>
    school.run(() => school.get(Plans).agree(school.office, ids, { parts, agreedWith: 'Mrs Otieno', note: '' }));
  const find = (id: string) => school.run(() => school.get(Plans).find(school.office, id));
  const overdue = async (student: Student) =>
    (await school.run(() => school.get(Defaulters).among(school.office, [student.id])))[0];
  const owing = async (amount = 9_000_00): Promise<Student> => {
    const student = (await school.family(1))[0]!;
    await school.bill(student.id, { TUI: amount }, { dueOn: '2026-09-01' });
    return student;
  };
  /** Credit of a receipt goes back in cash, decided by somebody else. */
  const refunded = (studentId: string, receiptId: string, amountMinor: number) =>
    school.run(async () => {
      const refundId = await school.get(Refunds).ask(school.office, {
        studentId,
        receiptIds: [receiptId],
        amountMinor,
        method: 'cash',
        payeeName: 'Mrs Otieno',
        payeeAccount: '',
        reason: 'Too much',
      });
      await school.get(Refunds).kind.approve(school.office, { subject: { kind: 'fee-refund', id: refundId } } as never);
      await school.get(RefundPayouts).pay(school.office, refundId, { paidOn: '2026-11-24', reference: '' });
      return refundId;
    });
  /** As if it had been agreed on so many days earlier. */
  const earlier = (id: string, days: number) =>
    sql(school.database, 'update fees_plan_instalments set due_on = due_on - $2::int where plan_id = $1', [id, String(days)]);

  before(async () => {
    school = await withFees();
    bursar = await school.as('bursar');
  });
  after(() => school.stop());

  it('are agreed on by the bursar: others are denied, whoever sees accounts reads them', async () => {
    const student = await owing();
    const [id] = await agree([student.id]);
    const path = `/fees/students/${student.id}/plans`;
    for (const role of ['teacher', 'registrar', 'head', 'auditor'] as const) {
      const person = await school.as(role);
      assert.equal((await person.get(`${path}/new`)).status, 403, role);
      assert.equal(
        (await person.post(path, { parts: '3', firstOn: '2026-12-01', interval: 'week', agreedWith: 'X' })).status,
        403,
        role,
      );
      assert.equal((await person.post(`/fees/plans/${id}/cancellation`, { reason: 'x' })).status, 403, role);
      const reads = role === 'head' || role === 'auditor' ? 200 : 403;
      for (const page of ['/fees/plans', `/fees/plans/${id}`, `/fees/plans/${id}/agreement.pdf`, '/fees/plans?format=csv'])
        assert.equal((await person.get(page)).status, reads, `${role} ${page}`);
    }
  });

  it('are written on the page, with what is wrong beside the field and what was typed kept', async () => {
    const student = await owing();
    const path = `/fees/students/${student.id}/plans`;
    const send = (fields: Record<string, string>) =>
      bursar.submit(path, fields, `${path}/new${fields.how === 'typed' ? '?how=typed' : ''}`);
    assert.match(text((await bursar.get(`${path}/new`)).html), /owes KES 9,000\. All of it is included/);
    const past = await send({ how: 'equal', parts: '4', firstOn: '2026-11-23', interval: 'month', agreedWith: 'Mrs Otieno' });
    assert.equal(past.status, 422);
    assert.match(past.html, /due today or later/);
    assert.match(past.html, /value="4"/);
    assert.match(
      (await send({ how: 'equal', parts: '25', firstOn: '2026-12-01', interval: 'month', agreedWith: 'Mrs Otieno' })).html,
      /A number from 2 to 24/,
    );

    const typed = {
      how: 'typed',
      agreedWith: 'Mrs Otieno',
      'instalments.0.dueOn': '2026-12-01',
      'instalments.0.amountMinor': '4,000',
      'instalments.1.dueOn': '2026-12-20',
    };
    const short = await send({ ...typed, 'instalments.1.amountMinor': '4,999' });
    assert.equal(short.status, 422);
    assert.match(short.html, /add up to what is owed/);
    assert.match(short.html, /value="4,999"/);
    const agreed = await send({ ...typed, 'instalments.1.amountMinor': '5,000' });
    assert.equal(agreed.status, 303);
    const page = text((await bursar.get(agreed.location!)).html);
    assert.match(page, /Agreed KES ?9,000 Paid KES ?0 Left KES ?9,000/);
    assert.match(page, /1 Dec 2026 4,000 4,000 20 Dec 2026 5,000 5,000/);
    const [entry] = await sql(
      school.database,
      "select entity_id, after from audit_entries where action = 'fees.plan.agree' order by at desc limit 1",
    );
    assert.equal(entry!.entity_id, student.id);
    assert.equal((entry!.after as unknown as { totalMinor: number }).totalMinor, 9_000_00);
  });

  it('are for a student one plan at a time, also when two are written at once', async () => {
    const student = await owing();
    const both = await Promise.allSettled([agree([student.id]), agree([student.id])]);
    assert.deepEqual(both.map((one) => one.status).sort(), ['fulfilled', 'rejected']);
    assert.match(
      String((both.find((one) => one.status === 'rejected') as PromiseRejectedResult).reason),
      /already has an instalment plan/,
    );
    await assert.rejects(
      sql(
        school.database,
        "insert into fees_plans (school_id, id, student_id, total_minor, agreed_on, grace_days, agreed_with, by_name) select school_id, gen_random_uuid(), student_id, 1, agreed_on, 0, '', '' from fees_plans where student_id = $1",
        [student.id],
      ),
      /fees_plans_one_active/,
    );
    assert.match((await bursar.get(`/fees/students/${student.id}/plans/new`)).html, /There is already a plan/);
  });

  it('are for brothers and sisters one by one, each over what is open of each', async () => {
    const [one, other, none] = (await school.family(3)) as [Student, Student, Student];
    await school.bill(one.id, { TUI: 9_000_00 });
    await school.bill(other.id, { TUI: 6_000_00 });
    const path = `/fees/students/${one.id}/plans`;
    const form = (await bursar.get(`${path}/new`)).html;
    assert.match(form, new RegExp(`value="${other.id}"`));
    assert.doesNotMatch(form, new RegExp(`value="${none.id}"`));
    assert.equal(
      (
        await bursar.submit(
          path,
          { how: 'equal', parts: '3', firstOn: '2026-12-01', interval: 'month', agreedWith: 'Mrs Otieno', also: other.id },
          `${path}/new`,
        )
      ).status,
      303,
    );
    const totals = await sql(
      school.database,
      'select student_id, total_minor::text from fees_plans where student_id = any($1::uuid[])',
      [`{${one.id},${other.id}}`],
    );
    assert.deepEqual(
      new Map(totals.map((row) => [row.student_id, row.total_minor])),
      new Map([
        [one.id, '900000'],
        [other.id, '600000'],
      ]),
    );
  });

  it('are not for who owes nothing', async () => {
    const student = await aStudent(school);
    await assert.rejects(agree([student.id]), /owes nothing/);
    assert.match((await bursar.get(`/fees/students/${student.id}/plans/new`)).html, /Nothing to split/);
  });

  it('follow from what is paid since: not what came before, and not what was taken back', async () => {
    const student = await owing();
    await school.pay(student.id, 1_000_00);
    const [id] = await agree([student.id]);
    const standing = async () => (await find(id!)).standing;
    assert.deepEqual([(await find(id!)).totalMinor, (await standing()).settledMinor], [8_000_00, 0]);
    const { paymentId } = await school.pay(student.id, 3_000_00, {
      method: 'cheque',
      references: [{ scheme: 'cheque', issuer: 'KCB', value: '000451' }],
    });
    assert.deepEqual((await standing()).leftOf, [0, 2_332_00, 2_668_00]);
    await school.run(() => school.get(TakingBack).bounce(school.office, paymentId, 'No funds'));
    assert.deepEqual((await standing()).leftOf, [2_666_00, 2_666_00, 2_668_00]);
  });

  it('of 10,000.00 in three go from part to part as money comes and goes: 3,333, 3,333, 3,334', async () => {
    const student = await owing(10_000_00);
    const [id] = await agree([student.id]);
    const standing = async () => (await find(id!)).standing;
    assert.deepEqual((await standing()).leftOf, [3_333_00, 3_333_00, 3_334_00]);
    await earlier(id!, 1);
    const states: string[] = [(await standing()).state];
    for (const [amount, left] of [
      [3_333_00, [0, 3_333_00, 3_334_00]],
      [3_332_99, [0, 1, 3_334_00]],
      [3_334_01, [0, 0, 0]],
    ] as const) {
      await school.pay(student.id, amount);
      assert.deepEqual((await standing()).leftOf, left);
      states.push((await standing()).state);
    }
    assert.deepEqual(states, ['overdue', 'compliant', 'compliant', 'completed']);
  });

  it('count no money that was refunded since: a bill that is lowered, paid out and raised again is owed in parts again', async () => {
    const student = await owing();
    const [id] = await agree([student.id]);
    const standing = async () => (await find(id!)).standing;
    const { receipts } = await school.pay(student.id, 9_000_00);
    const [bill] = await sql(school.database, 'select id from fees_invoices where student_id = $1', [student.id]);
    const note = (kind: 'credit-note' | 'debit-note') =>
      school.run(() =>
        school
          .get(Charges)
          .note(school.office, bill!.id!, kind, 'A mistake', [{ headId: school.head.TUI, amountMinor: 6_000_00 }]),
      );
    await note('credit-note');
    const refundId = await refunded(student.id, receipts[0]!.id, 6_000_00);
    assert.deepEqual([(await standing()).state, (await standing()).settledMinor], ['completed', 9_000_00]);
    await note('debit-note');
    assert.deepEqual([(await standing()).state, (await standing()).leftOf], ['active', [0, 3_000_00, 3_000_00]]);
    await school.run(() =>
      school
        .get(RefundPayouts)
        .kind.approve(school.office, { subject: { kind: 'fee-refund', id: refundId }, reason: 'It came back' } as never),
    );
    assert.equal((await standing()).state, 'completed');
  });

  it('say on a pay link what comes next, or all that is late; a broken one and one that is over say nothing', async () => {
    const student = await owing();
    const [id] = await agree([student.id]);
    const next = async () => (await school.run(() => school.get(INSTALMENTS).nextOf([student.id]))).get(student.id);
    assert.deepEqual(await next(), { dueOn: '2026-11-24', amountMinor: 3_000_00, late: false });
    await school.pay(student.id, 500_00);
    assert.deepEqual(await next(), { dueOn: '2026-11-24', amountMinor: 2_500_00, late: false });
    await earlier(id!, 2);
    assert.deepEqual(await next(), { dueOn: '2026-11-22', amountMinor: 2_500_00, late: true });
    await earlier(id!, 7);
    assert.equal(await next(), undefined);
    await school.run(() => school.get(Plans).takeBack(school.office, id!, 'Broken'));
    assert.equal(await next(), undefined);
  });

  it('ask at once for money of the time before that is taken back; what comes next makes that good first', async () => {
    const student = await owing();
    const { paymentId } = await school.pay(student.id, 1_000_00);
    const [id] = await agree([student.id]);
    assert.equal((await overdue(student))!.askedMinor, 0);
    await school.run(() =>
      school.get(TakingBack).kind.approve(school.office, {
        subject: { kind: 'fee-payment', id: paymentId },
        reason: 'The wrong child',
        payload: {},
      } as never),
    );
    assert.deepEqual(
      [(await find(id!)).standing.leftMinor, (await find(id!)).standing.behindMinor, (await overdue(student))!.askedMinor],
      [8_000_00, 1_000_00, 1_000_00],
    );
    assert.match(text((await bursar.get(`/fees/plans/${id}`)).html), /Reversed since KES ?1,000/);
    await school.pay(student.id, 1_500_00);
    assert.deepEqual([(await find(id!)).standing.settledMinor, (await overdue(student))!.askedMinor], [500_00, 0]);
  });

  it('take who keeps to them out of reminders; a late one puts back exactly that, a broken one everything', async () => {
    const student = await owing();
    assert.equal((await overdue(student))!.askedMinor, 9_000_00);
    const [id] = await agree([student.id]);
    const row = () => overdue(student);
    assert.deepEqual([(await row())!.plan!.state, (await row())!.overdueMinor, (await row())!.askedMinor], ['active', 0, 0]);
    const list = (await bursar.get('/fees/defaulters')).html;
    assert.match(list, /On a plan/);
    assert.doesNotMatch(list, new RegExp(`name="student" value="${student.id}"`));
    assert.match(
      (await bursar.get(`/fees/defaulters/reminders/new?student=${student.id}`)).html,
      /No one selected owes anything/,
    );

    await earlier(id!, 1);
    assert.deepEqual(
      [(await row())!.plan!.state, (await row())!.overdueMinor, (await row())!.askedMinor],
      ['overdue', 3_000_00, 3_000_00],
    );
    await school.bill(student.id, { LUN: 500_00 }, { dueOn: '2026-11-20' });
    assert.deepEqual([(await row())!.overdueMinor, (await row())!.askedMinor], [3_500_00, 3_500_00]);
    await school.pay(student.id, 1_000_00);
    assert.equal((await row())!.askedMinor, 2_500_00);
    assert.match((await bursar.get(`/fees/defaulters/reminders/new?student=${student.id}`)).html, /KES 2,500/);

    await earlier(id!, 7);
    assert.deepEqual(
      [(await row())!.plan!.state, (await row())!.overdueMinor, (await row())!.askedMinor],
      ['broken', 8_500_00, 8_500_00],
    );
  });

  it('that are late bring back who has no bill past its day', async () => {
    const student = (await school.family(1))[0]!;
    await school.bill(student.id, { TUI: 6_000_00 }, { dueOn: '2027-02-01' });
    const [id] = await agree([student.id], { ...THREE, interval: 'month' });
    assert.equal(await overdue(student), undefined);
    await earlier(id!, 2);
    const row = (await overdue(student))!;
    assert.deepEqual([row.overdueMinor, row.dueOn], [2_000_00, '2026-11-22']);
  });

  it('that are paid make room for the next plan', async () => {
    const student = await owing();
    const [first] = await agree([student.id]);
    await school.pay(student.id, 9_000_00);
    assert.equal((await find(first!)).standing.state, 'completed');
    await school.bill(student.id, { LUN: 2_000_00 });
    const [second] = await agree([student.id]);
    assert.deepEqual([(await find(first!)).standing.state, (await find(second!)).totalMinor], ['completed', 2_000_00]);
    await assert.rejects(
      school.run(() => school.get(Plans).takeBack(school.office, first!, 'x')),
      /already ended/,
    );
  });

  it('are taken back with a reason, once, and audited; what is overdue is asked for again', async () => {
    const student = await owing();
    const [id] = await agree([student.id]);
    const path = `/fees/plans/${id}/cancellation`;
    assert.equal((await bursar.submit(path, { reason: '' }, path)).status, 422);
    assert.equal((await bursar.submit(path, { reason: 'The mother moved away' }, path)).status, 303);
    assert.match(text((await bursar.get(`/fees/plans/${id}`)).html), /Reversed 24 Nov 2026.*The mother moved away/);
    assert.equal(
      (
        await sql(school.database, "select reason from audit_entries where action = 'fees.plan.take-back' and entity_id = $1", [
          student.id,
        ])
      )[0]!.reason,
      'The mother moved away',
    );
    assert.equal((await overdue(student))!.askedMinor, 9_000_00);
    await agree([student.id]);
  });

  it('are listed by the state that the rule gives, in every state', async () => {
    for (const [days, paid] of [
      [0, 0],
      [5, 3_000_00],
      [20, 9_000_00],
      [9, 2_999_99],
      [8, 0],
      [15, 7_000_00],
    ] as const) {
      const student = await owing();
      const [id] = await agree([student.id]);
      await earlier(id!, days);
      if (paid) await school.pay(student.id, paid);
    }
    const today = '2026-11-24';
    const listed = (state: (typeof PLAN_STATES)[number] | null) =>
      school.run(async () => (await school.get(PLAN_STORE).list({ studentIds: null, state, today }, null, 200)).rows);
    const all = await listed(null);
    const by = new Map<string, string[]>();
    for (const plan of all)
      by.set(planStanding(plan, today).state, [...(by.get(planStanding(plan, today).state) ?? []), plan.id]);
    assert.deepEqual([...by.keys()].sort(), [...PLAN_STATES].sort());
    for (const state of PLAN_STATES)
      assert.deepEqual(
        (await listed(state)).map((plan) => plan.id),
        by.get(state),
        state,
      );
    const page = await bursar.get('/fees/plans?state=broken');
    for (const plan of all)
      assert.equal(page.html.includes(`href="/fees/plans/${plan.id}"`), by.get('broken')!.includes(plan.id));
    assert.match((await bursar.get('/fees/plans?state=broken&format=csv')).html, /broken/);
  });

  it('stand on the child’s page, on the statement, also by its link and on paper, and as an agreement to sign', async () => {
    const student = await owing();
    const [id] = await agree([student.id]);
    assert.match((await bursar.get(`/students/${student.id}`)).html, new RegExp(`/fees/plans/${id}`));
    for (const page of ['', '/family'])
      assert.match(
        text((await bursar.get(`/fees/students/${student.id}${page}`)).html),
        /in agreed instalments.*Agreed instalments.*24 Nov 2026 3,000 3,000 1 Dec 2026 3,000 3,000/,
      );
    assert.match((await bursar.get(`/fees/students/${student.id}`)).html, new RegExp(`/fees/plans/${id}`));
    assert.match(textOfPdf((await bursar.get(`/fees/students/${student.id}/statement.pdf`)).body), /Agreed instalments/);
    const paper = textOfPdf((await bursar.get(`/fees/plans/${id}/agreement.pdf`)).body);
    assert.match(paper, /Instalment agreement/);
    assert.match(paper, /KES 9,000, will be paid in 3 instalments/);
    assert.match(paper, /more than 7 days late, this agreement ends/);
    assert.match(paper, /Mrs Otieno/);
  });

  it('keep the days of grace that the school had when they were agreed on', async () => {
    const student = await owing();
    const [id] = await agree([student.id]);
    const form = await bursar.get('/fees/settings');
    assert.match(form.html, /name="planGraceDays"[^>]*value="7"/);
    assert.equal(
      (
        await bursar.submit(
          '/fees/settings',
          {
            dueDays: '14',
            planGraceDays: '0',
            joiners: 'days',
            leavers: 'keep',
            version: '0',
            allocationOrder: 'priority',
            receivingVersion: '0',
          },
          '/fees/settings',
        )
      ).status,
      303,
    );
    assert.equal((await find(id!)).graceDays, 7);
    assert.equal((await find((await agree([(await owing()).id]))[0]!)).graceDays, 0);
  });

  it('go along when two records become one; where both have a plan, one holds', async () => {
    const [kept, twin] = [await owing(), await owing()];
    await agree([kept.id, twin.id]);
    await school.run(() => school.get(DOCUMENT_STORE).moveStudent(twin.id, kept.id, '2026-11-24'));
    assert.deepEqual(
      (await sql(school.database, 'select ended_as from fees_plans where student_id = $1 order by created_at', [kept.id])).map(
        (row) => row.ended_as,
      ),
      [null, 'cancelled'],
    );
  });

  it('are in the file of what is kept about a child; erasing takes names and notes away', async () => {
    const student = await owing();
    await agree([student.id]);
    const data = feesData({
      school: async () => ({ country: 'KE', currency: 'KES' }),
      balanceOf: async () => 0,
      forgetAwards: async () => undefined,
    });
    const subject = { kind: 'student', id: student.id } as const;
    const rows = () =>
      school.run(
        async () =>
          (await data.sections(subject, (words) => words, [])).find((one) => one.title === 'Instalment plans')!.table!.rows,
      );
    assert.deepEqual((await rows())[0]!.slice(0, 3), ['2026-11-24', 'KES 9,000', 'Mrs Otieno']);
    assert.deepEqual((await school.run(() => data.erase!(subject, 'X', []))).done, ['Names and notes on instalment plans']);
    assert.equal((await rows())[0]![2], '');
  });
});
