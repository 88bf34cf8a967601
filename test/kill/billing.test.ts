import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { newId } from '../../src/kernel/id.js';
import { Receiving } from '../../src/modules/fees/receiving/receive.js';
import { Structures } from '../../src/modules/fees/structures/structures.js';
import { VoteHeads } from '../../src/modules/fees/structures/vote-heads.js';
import { BooksKeeping } from '../../src/modules/finance/books/books.js';
import { Checker } from '../../src/modules/finance/books/checker.js';
import { LEDGER } from '../../src/modules/finance/index.js';
import { SCHOOL } from '../../src/modules/school/index.js';
import { admitMany } from '../support/people/learners.js';
import { aStage } from '../support/process.js';
import { until, untilNobodyWrites, untilSomebodyWaits } from '../support/waiting.js';

const CHILDREN = 60;
/** Of these the family had paid ahead: the run settles something too. */
const AHEAD = 15;
const EACH_MINOR = 12_000_00;

describe('a process that is killed in the middle of a billing run', () => {
  const stage = aStage('bursar');
  let term: string;
  before(async () => {
    const { school } = stage;
    const children = await admitMany(school, CHILDREN);
    await school.run(async () => {
      const actor = school.office;
      const today = await school.get(SCHOOL).today();
      await school
        .get(BooksKeeping)
        .open(actor, { variant: 'private', yearStartsMonth: 1, startsOn: `${today.slice(0, 4)}-01-01`, release: 'term' });
      const year = await school.get(SCHOOL).currentYear();
      term = year.terms.at(-1)!.id;
      const accountId = (await school.get(LEDGER).account('fees')).id;
      const head = await school
        .get(VoteHeads)
        .add(actor, { code: 'TUI', name: 'Tuition', kind: 'income', frequency: 'term', mandatory: true, priority: 1, accountId });
      const structure = await school
        .get(Structures)
        .draft(actor, { yearId: year.id, name: 'All', audience: { classIds: [], streamIds: [], boarding: null } });
      await school.get(Structures).setLines(actor, structure, [{ headId: head, termId: term, amountMinor: EACH_MINOR }], 1);
      await school.get(Structures).publish(actor, structure);
      for (const { id } of children.slice(0, AHEAD)) {
        await school.get(Receiving).receive(actor, {
          method: 'cash',
          amountMinor: 5_000_00,
          currency: 'KES',
          receivedOn: today,
          references: [],
          shares: [{ studentId: id, amountMinor: 5_000_00 }],
          client: 'user:test',
          clientKey: newId(),
          by: 'person',
        });
      }
    });
  });

  it('between two of its statements: what was half written is gone, and after the restart each is billed once', async () => {
    await stage.admin.query('begin');
    await stage.admin.query('lock table fees_allocations in share mode');
    await bill();
    await untilSomebodyWaits(stage.admin);
    await stage.kill();
    await stage.admin.query('rollback');
    await untilNobodyWrites(stage.admin);
    assert.deepEqual(await written(), { invoices: 0, entries: 0, settled: 0 }, 'nobody sees half of a lot');
    await stage.restart();
    await billedOnce();
    await takenBack();
  });

  it('between two lots: what is written is whole, the run is under way, and after the restart each is billed once', async () => {
    await stage.admin.query('begin');
    await stage.admin.query("select app.fees_hold(null, array[(select 'student ' || max(id::text) from students)])");
    await bill();
    await untilSomebodyWaits(stage.admin);
    await stage.kill();
    await stage.admin.query('rollback');
    await untilNobodyWrites(stage.admin);
    const { invoices, entries } = await written();
    assert.ok(invoices === entries && invoices > 0 && invoices < CHILDREN, `${invoices} invoices, ${entries} entries`);
    assert.equal(
      (
        await stage.admin.query<{ state: string }>(
          'select state from fees_billing_runs order by created_at desc, id desc limit 1',
        )
      ).rows[0]!.state,
      'queued',
    );
    await stage.restart();
    await billedOnce();
    await takenBack();
  });

  for (const delay of [10, 80]) {
    it(`${delay} ms in, and again while it is taken back: nobody twice, in the end each once`, async () => {
      await bill();
      await pause(delay);
      await stage.restart();
      await nobodyTwice();
      const run = await billedOnce();
      await stage.person().submit(`/fees/billing/${run}/reversal`, { reason: 'Wrong amounts' }, `/fees/billing/${run}/reversal`);
      await pause(delay);
      await stage.restart();
      await takenBack();
    });
  }

  async function bill(): Promise<void> {
    const answer = await stage.person().submit('/fees/billing', { term }, `/fees/billing/new?term=${term}`);
    assert.equal(answer.status, 303, answer.html.slice(0, 600));
  }

  /** What stands: documents, their entries that have no mirror, and what receipts settle. */
  async function written(): Promise<{ invoices: number; entries: number; settled: number }> {
    const { rows } = await stage.admin.query<{ invoices: number; entries: number; settled: number }>(`select
      (select count(*)::int from fees_invoices where state = 'issued') as invoices,
      (select count(*)::int from finance_entries e where e.source_kind = 'fees.invoice' and not exists (select 1 from finance_entries r where r.reverses_id = e.id)) as entries,
      (select coalesce(sum(amount_minor), 0)::int from fees_allocations where freed_at is null) as settled`);
    return rows[0]!;
  }

  async function nobodyTwice(): Promise<void> {
    const { rows } = await stage.admin.query<{
      invoices: number;
      students: number;
      entries: number;
    }>(`select count(*)::int as invoices, count(distinct student_id)::int as students,
      (select count(*)::int from finance_entries e where e.source_kind = 'fees.invoice' and not exists (select 1 from finance_entries r where r.reverses_id = e.id)) as entries
      from fees_invoices where state = 'issued'`);
    const { invoices, students, entries } = rows[0]!;
    assert.ok(invoices === students && invoices === entries, `${invoices} invoices of ${students} students, ${entries} entries`);
  }

  /** @returns the run */
  async function billedOnce(): Promise<string> {
    await settled('done');
    assert.deepEqual(await written(), { invoices: CHILDREN, entries: CHILDREN, settled: AHEAD * 5_000_00 });
    const { rows } = await stage.admin.query<{ n: number; least: string; most: string }>(
      "select count(distinct student_id)::int as n, min(total_minor)::text as least, max(total_minor)::text as most from fees_invoices where state = 'issued'",
    );
    assert.deepEqual(rows[0], { n: CHILDREN, least: String(EACH_MINOR), most: String(EACH_MINOR) });
    await clean();
    return (await stage.admin.query<{ id: string }>('select id from fees_billing_runs order by created_at desc, id desc limit 1'))
      .rows[0]!.id;
  }

  async function takenBack(): Promise<void> {
    const { rows } = await stage.admin.query<{ id: string; state: string }>(
      'select id, state from fees_billing_runs order by created_at desc, id desc limit 1',
    );
    if (rows[0]!.state === 'done')
      await stage
        .person()
        .submit(`/fees/billing/${rows[0]!.id}/reversal`, { reason: 'For the next try' }, `/fees/billing/${rows[0]!.id}/reversal`);
    await settled('reversed');
    assert.deepEqual(await written(), { invoices: 0, entries: 0, settled: 0 });
    await clean();
  }

  function settled(state: 'done' | 'reversed'): Promise<void> {
    return until(
      async () => {
        const { rows } = await stage.admin.query<{ state: string; problem: string | null }>(
          'select state, problem from fees_billing_runs order by created_at desc, id desc limit 1',
        );
        assert.notEqual(rows[0]!.state, 'failed', rows[0]!.problem ?? '');
        return rows[0]!.state === state;
      },
      `The run never was ${state}`,
      30_000,
    );
  }

  async function clean(): Promise<void> {
    const { school } = stage;
    assert.deepEqual(
      (await school.run(() => school.get(Checker).differences())).map((one) => one.sentence),
      [],
    );
  }
});
