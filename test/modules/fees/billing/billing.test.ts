import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Student } from '../../../../src/modules/students/index.js';
import { CHART_STORE } from '../../../../src/modules/finance/ports.js';
import { Releases } from '../../../../src/modules/fees/clearance/releases.js';
import { Subscriptions } from '../../../../src/modules/fees/billing/subscriptions.js';
import { aFamily, aStudent } from '../../../support/build.js';
import type { Browser } from '../../../support/browser.js';
import { countRows, sql } from '../../../support/database/sql.js';
import { textOfPdf } from '../../../support/reading/pdf.js';
import { FEES } from '../../../../src/modules/fees/index.js';
import { payment } from '../support.js';
import { withTariff, type SchoolWithTariff } from './billing-support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('a billing run', () => {
  let school: SchoolWithTariff;
  let bursar: Browser;
  let old: Student;
  let eldest: Student;
  let younger: Student;
  let late: Student;
  let firstRun: string;

  before(async () => {
    school = await withTariff();
    bursar = await school.as('bursar');
    old = await aStudent(school, { joinedOn: '2025-01-06', surname: 'Abdi' });
    [eldest, younger] = (await aFamily(school, 2, { joinedOn: '2025-01-06' })).students as [Student, Student];
    late = await aStudent(school, { joinedOn: '2026-09-28' });
    await school.charge({ TUI: [12_000_00, 12_000_00, 13_000_00], ADM: [2_000_00], EXM: [4_000_00], LUN: [0, 0, 7_800_00] });
    await school.run(() =>
      school.get(Subscriptions).take(school.office, {
        studentId: old.id,
        headId: school.heads.LUN!,
        fromTermId: school.year.terms[2]!.id,
        toTermId: null,
      }),
    );
  });
  after(() => school.stop());

  const numbers = async (): Promise<string[]> =>
    (await sql(school.database, 'select number from fees_invoices order by number')).map((row) => row.number!);

  it('is for the bursar: others see no page of it and start none', async () => {
    for (const role of ['registrar', 'teacher', 'head'] as const) {
      const person = await school.as(role);
      for (const path of ['/fees/billing', '/fees/billing/new'])
        assert.equal((await person.get(path)).status, 403, `${role} ${path}`);
    }
    assert.equal((await (await school.as('registrar')).get('/fees/invoices')).status, 403);
  });

  it('shows who would owe what, and writes nothing by being looked at', async () => {
    const page = await bursar.get(`/fees/billing/new?term=${school.year.terms[2]!.id}`);
    assert.match(text(page.html), /Abdi .*Invoice 20,800 \+20,800/);
    assert.match(text(page.html), /4 of 4/);
    assert.equal(await countRows(school.database, 'fees_invoices'), 0);
    assert.equal(
      (await bursar.get(`/fees/billing/dry-run?term=${school.year.terms[2]!.id}&format=csv`)).html.split('\n').filter(Boolean)
        .length,
      5,
    );
  });

  it('writes an invoice for each, whole numbers in a row, and an entry for each document', async () => {
    await school.run(() => school.get(FEES).receive(school.office, payment(eldest.id, 5_000_00, { receivedOn: '2026-09-01' })));
    const run = await school.bill(2);
    firstRun = run.id;
    assert.deepEqual({ state: run.state, documents: run.documents }, { state: 'done', documents: 4 });
    assert.deepEqual(await numbers(), ['INV-000001', 'INV-000002', 'INV-000003', 'INV-000004']);
    assert.equal(await school.balance(old.id), 20_800_00);
    assert.equal(await school.balance(eldest.id), 13_000_00 - 5_000_00);
    assert.deepEqual(await school.differences(), []);
    assert.equal(await countRows(school.database, "finance_entries where source_kind = 'fees.invoice'"), 4);
    assert.equal(
      await countRows(
        school.database,
        "finance_lines l join finance_entries e on e.id = l.entry_id and e.source_kind = 'fees.invoice' where l.party_id is not null and (l.student_id is null or l.vote_head_id is null or l.term_id is null or l.class_id is null)",
      ),
      0,
    );
  });

  it('asks who joined in the middle for the days that are left and for what is paid once', async () => {
    const lines = await sql(
      school.database,
      'select h.code, l.amount_minor::text as amount from fees_invoice_lines l join fees_invoices i on i.id = l.invoice_id join fees_vote_heads h on h.id = l.head_id where i.student_id = $1 order by h.priority',
      [late.id],
    );
    assert.deepEqual(
      lines.map((one) => one.code),
      ['TUI', 'ADM', 'EXM'],
    );
    const tuition = Number(lines[0]!.amount);
    assert.ok(tuition > 4_000_00 && tuition < 8_000_00, `${tuition} for four of nine weeks`);
    assert.equal(lines[1]!.amount, '200000');
  });

  it('uses what a family has paid ahead, and what is paid later settles it', async () => {
    const settled = async (id: string): Promise<number> =>
      Number(
        (
          await sql(
            school.database,
            'select coalesce(sum(amount_minor), 0)::text as sum from fees_allocations a join fees_invoices i on i.id = a.invoice_id where i.student_id = $1 and a.freed_at is null',
            [id],
          )
        )[0]!.sum,
      );
    assert.equal(await settled(eldest.id), 5_000_00, 'paid before the run');
    await school.run(() => school.get(FEES).receive(school.office, payment(eldest.id, 1_000_00, { receivedOn: '2026-09-01' })));
    assert.equal(await settled(eldest.id), 6_000_00);
    assert.match(text((await bursar.get('/fees/invoices?state=open')).html), /INV-00000\d/);
  });

  it('a second time changes nothing', async () => {
    const run = await school.bill(2);
    assert.deepEqual(
      { state: run.state, documents: run.documents, totalMinor: run.totalMinor },
      { state: 'done', documents: 0, totalMinor: 0 },
    );
    assert.match(text((await bursar.get(`/fees/billing/new?term=${school.year.terms[2]!.id}`)).html), /Everything is up to date/);
  });

  it('writes notes for the difference where the structure has changed', async () => {
    await school.charge({ TUI: [12_000_00, 12_000_00, 12_500_00], ADM: [2_000_00], EXM: [4_000_00], LUN: [0, 0, 8_000_00] });
    const run = await school.bill(2, { studentIds: [old.id] });
    assert.equal(run.documents, 2);
    assert.equal(run.totalMinor, -500_00 + 200_00);
    assert.deepEqual((await numbers()).slice(0, 2), ['CN-000001', 'DN-000001']);
    assert.equal(await school.balance(old.id), 20_500_00);
    assert.deepEqual(await school.differences(), []);
  });

  it('leaves alone what a person has corrected', async () => {
    const [invoice] = await sql(school.database, "select id from fees_invoices where student_id = $1 and kind = 'invoice'", [
      eldest.id,
    ]);
    const path = `/fees/invoices/${invoice!.id}/notes`;
    const tooMuch = await bursar.submit(
      path,
      { kind: 'credit-note', reason: 'Away for a month', [`amounts.${school.heads.TUI}`]: '99,000' },
      `${path}/new`,
    );
    assert.equal(tooMuch.status, 422);
    assert.match(tooMuch.html, /more than the invoice charges/);
    assert.match(tooMuch.html, /value="99,000"/);
    assert.equal(
      (
        await bursar.submit(
          path,
          { kind: 'credit-note', reason: 'Away for a month', [`amounts.${school.heads.TUI}`]: '1,000.50' },
          `${path}/new`,
        )
      ).status,
      303,
    );
    await school.bill(2, { studentIds: [eldest.id] });
    assert.equal(await school.balance(eldest.id), 12_500_00 - 1_000_50 - 6_000_00);
    assert.match(text((await bursar.get(`/fees/invoices/${invoice!.id}`)).html), /CN-00000\d Away for a month/);
    assert.match(textOfPdf((await bursar.get(`/fees/invoices/${invoice!.id}/print.pdf`)).body), /Balance due\s+KES 5,499\.50/);
  });

  it('is refused while another run of the term is under way', async () => {
    const start = () =>
      school.run(() =>
        school.runs.start(school.office, school.year.terms[1]!.id, {
          classIds: [],
          streamIds: [],
          boarding: null,
          studentIds: null,
        }),
      );
    const answers = await Promise.allSettled([start(), start()]);
    assert.deepEqual(answers.map((one) => one.status).sort(), ['fulfilled', 'rejected']);
    assert.match(
      String((answers.find((one) => one.status === 'rejected') as PromiseRejectedResult).reason),
      /being billed right now/,
    );
    const [id] = answers.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    await school.run(() => school.runs.work(id!, { userId: null, name: 'Test' }, false));
  });

  it('is taken back whole, with the notes about it; the mirror is booked and the term can be billed again', async () => {
    const answer = await bursar.submit(`/fees/billing/${firstRun}/reversal`, { reason: 'Wrong term' });
    assert.equal(answer.status, 303, text(answer.html));
    await school.run(() => school.runs.workReversal(firstRun, { userId: null, name: 'Test' }, false));
    assert.match(text((await bursar.get(`/fees/billing/${firstRun}`)).html), /Reversed: Wrong term/);
    assert.equal(
      await countRows(school.database, `fees_invoices where state = 'issued' and term_id = '${school.year.terms[2]!.id}'`),
      0,
    );
    assert.equal(await school.balance(eldest.id), 12_000_00 - 6_000_00, 'only the second term is left, and what was paid');
    const freed = await sql(
      school.database,
      'select distinct i.term_id as term from fees_allocations a join fees_invoices i on i.id = a.invoice_id where i.student_id = $1 and a.freed_at is null',
      [eldest.id],
    );
    assert.deepEqual(freed, [{ term: school.year.terms[1]!.id }], 'what was paid settles what is left');
    assert.deepEqual(await school.differences(), []);
    assert.equal((await school.bill(2)).documents, 4);
    assert.deepEqual(await school.differences(), []);
  });

  it('leaves nothing behind when it is refused on the way, says why, and does not stand in the way of the next', async () => {
    const rows = await countRows(school.database, 'fees_invoices');
    const trips = school.account('2310');
    await school.head({ code: 'TRP', name: 'Trip', kind: 'for-others', accountId: trips });
    await school.charge({
      TUI: [12_000_00, 12_000_00, 12_500_00],
      ADM: [2_000_00],
      EXM: [4_000_00],
      LUN: [0, 0, 8_000_00],
      TRP: [0, 0, 5_00],
    });
    const chart = school.get(CHART_STORE);
    await school.run(async () =>
      chart.updateAccount({ ...(await chart.chart()).accounts.find((one) => one.id === trips)!, active: false }),
    );
    const refused = await school.bill(2);
    assert.deepEqual({ state: refused.state, documents: refused.documents }, { state: 'failed', documents: 0 });
    assert.match(
      text((await bursar.get(`/fees/billing/${refused.id}`)).html),
      /Nothing was issued\. The account \d+ [^.]+ is switched off/,
    );
    assert.equal(await countRows(school.database, 'fees_invoices'), rows);
  });

  it('becomes income when its term has begun, by head and class, and later changes follow the next day', async () => {
    const releases = school.get(Releases);
    const advance = await school.on('advance');
    assert.ok(advance < 0);
    assert.ok((await school.run(() => releases.run())) > 0);
    assert.equal(await school.on('advance'), 0);
    assert.equal(await school.on('fees'), advance);
    assert.equal(await school.run(() => releases.run()), 0, 'once a day');
    assert.deepEqual(await school.differences(), []);
  });

  it('a document that was changed past the product is named by the checker', async () => {
    await sql(
      school.database,
      "update fees_invoices set total_minor = total_minor + 1 where number = (select number from fees_invoices where kind = 'invoice' and state = 'issued' limit 1)",
    );
    assert.match((await school.differences()).join(), /Invoice INV-\d+ doesn't agree with its entry/);
    await sql(
      school.database,
      'update fees_invoices i set total_minor = (select sum(amount_minor) from fees_invoice_lines l where l.invoice_id = i.id)',
    );
    assert.deepEqual(await school.differences(), []);
  });

  it('numbers stay without a gap, also when several charge at once; the same source is charged once', async () => {
    const charge = (key: string) =>
      school.run(() =>
        school.charges.charge(school.office, {
          studentId: younger.id,
          head: 'TUI',
          amountMinor: 150_00,
          description: 'Lost book',
          sourceKey: key,
        }),
      );
    const answers = await Promise.all([
      ...Array.from({ length: 6 }, (_, n) => charge(`fine:${n}`)),
      charge('fine:0'),
      charge('fine:0'),
    ]);
    assert.equal(new Set(answers.map((one) => one.invoiceId)).size, 6);
    assert.equal(answers.filter((one) => one.again).length, 2);
    const invoices = (await numbers()).filter((one) => one.startsWith('INV'));
    assert.deepEqual(
      invoices,
      invoices.map((_, n) => `INV-${String(n + 1).padStart(6, '0')}`),
    );
    await assert.rejects(
      school.run(() =>
        school.charges.charge(school.office, {
          studentId: younger.id,
          head: 'NONE',
          amountMinor: 1,
          description: 'x',
          sourceKey: 'y',
        }),
      ),
      /vote head/,
    );
  });

  it('is asked for and listed over the API', async () => {
    const api = await school.api('bursar');
    const first = (await api('/invoices?limit=2')).json<{ data: { number: string; net_minor: number }[]; next: string }>();
    assert.equal(first.data.length, 2);
    const second = (await api(`/invoices?limit=2&cursor=${first.next}`)).json<{ data: { number: string }[] }>();
    assert.equal(new Set([...first.data, ...second.data].map((one) => one.number)).size, 4);
  });
});
