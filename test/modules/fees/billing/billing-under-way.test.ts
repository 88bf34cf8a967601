import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Receiving } from '../../../../src/modules/fees/receiving/receive.js';
import { PIECE } from '../../../../src/modules/fees/billing/billing-runs.js';
import { LEDGER } from '../../../../src/modules/finance/index.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { admitMany } from '../../../support/people/learners.js';
import { sql } from '../../../support/database/sql.js';
import { withTariff, EVERYBODY, type SchoolWithTariff } from './billing-support.js';
import { payment } from '../support.js';

const CHILDREN = 300;
const FEE = 13_000_00;
const PAID = 1_000_00;
const JOB = { userId: null, name: 'Test' };

describe(`a billing run over ${CHILDREN} children`, () => {
  let school: SchoolWithTariff;
  let children: Student[];
  const start = () => school.run(() => school.runs.start(school.office, school.year.terms[2]!.id, EVERYBODY));
  const work = (id: string, last = false) => school.run(() => school.runs.work(id, JOB, last));
  const takeBack = async (id: string): Promise<void> => {
    await school.run(() => school.runs.reverse(school.office, id, 'For the next test'));
    await school.run(() => school.runs.workReversal(id, JOB, false));
  };
  const run = (id: string) => school.run(() => school.runs.find(school.office, id));
  const pay = (child: Student) =>
    school.run(() => school.get(Receiving).receive(school.office, payment(child.id, PAID, { receivedOn: '2026-09-01' })));
  const standing = async () =>
    (
      await sql<{ invoices: number; students: number }>(
        school.database,
        "select count(*)::int as invoices, count(distinct student_id)::int as students from fees_invoices where kind = 'invoice' and state = 'issued'",
      )
    )[0]!;

  before(async () => {
    school = await withTariff();
    await school.charge({ TUI: [0, 0, FEE] });
    children = await admitMany(school, CHILDREN, () => ({ joinedOn: '2025-01-06' }));
  });
  after(() => school?.stop());

  it('lets receipts through: they are committed while it is under way, and each child is billed once', async (t) => {
    const id = await start();
    const began = performance.now();
    let over = false;
    const running = work(id).finally(() => (over = true));
    const waited: number[] = [];
    const meanwhile: string[] = [];
    for (let n = 0; !over && n < CHILDREN; n += 1) {
      const asked = performance.now();
      const { receipts } = await pay(children[(n * 7) % CHILDREN]!);
      waited.push(performance.now() - asked);
      if ((await run(id)).state === 'queued') meanwhile.push(receipts[0]!.id);
    }
    await running;
    const took = performance.now() - began;
    waited.sort((a, b) => a - b);
    const p99 = waited[Math.floor(waited.length * 0.99)]!;
    t.diagnostic(
      `the run took ${Math.round(took)} ms; ${waited.length} receipts meanwhile, p99 ${Math.round(p99)} ms, the longest ${Math.round(waited.at(-1)!)} ms`,
    );
    assert.ok(meanwhile.length >= 5, `only ${meanwhile.length} receipts were written while the run was under way`);
    assert.deepEqual(await standing(), { invoices: CHILDREN, students: CHILDREN });
    const { state, documents, learners, totalMinor } = await run(id);
    assert.deepEqual(
      { state, documents, learners, totalMinor },
      { state: 'done', documents: CHILDREN, learners: CHILDREN, totalMinor: CHILDREN * FEE },
    );
    const [settled] = await sql<{ minor: number }>(
      school.database,
      'select sum(amount_minor)::int as minor from fees_allocations where freed_at is null',
    );
    assert.equal(settled!.minor, waited.length * PAID, 'what was paid before or after its bill settles it');
    assert.deepEqual(await school.differences(), []);
    await takeBack(id);
    assert.deepEqual(await standing(), { invoices: 0, students: 0 });
    assert.equal((await run(id)).state, 'reversed');
  });

  it('waits for nobody but the few children of one lot', async () => {
    const id = await start();
    let free = (): void => undefined;
    const holding = school.run(async () => {
      const { UNIT } = await import('../../../../src/platform/tokens.js');
      await school.get(UNIT)(async () => {
        // Somebody writes for the last child: the run gets as far as its lot.
        await sqlHold([...children].sort((a, b) => (a.id < b.id ? 1 : -1))[0]!.id);
        await new Promise<void>((resolve) => (free = resolve));
      });
    });
    const running = work(id);
    const early = [...children].sort((a, b) => (a.id < b.id ? -1 : 1))[0]!;
    for (let done = 0; done < CHILDREN - PIECE; done = (await run(id)).done)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await pay(early);
    assert.equal((await run(id)).state, 'queued');
    free();
    await Promise.all([holding, running]);
    assert.deepEqual(await standing(), { invoices: CHILDREN, students: CHILDREN });
    await takeBack(id);
  });

  async function sqlHold(studentId: string): Promise<void> {
    const { HOLD_STORE } = await import('../../../../src/modules/fees/ports.js');
    await school.get(HOLD_STORE).students([studentId]);
  }

  it('leaves nothing behind when it is refused in the middle, and goes on where it was stopped', async () => {
    const id = await start();
    const ledger = school.get(LEDGER);
    const post = ledger.postAll.bind(ledger);
    let lots = 0;
    ledger.postAll = (...given) => {
      lots += 1;
      if (lots === 3) throw new Error('The connection is gone');
      return post(...given);
    };
    try {
      await assert.rejects(work(id), /connection/);
      const half = await standing();
      assert.equal(half.invoices, 2 * PIECE, 'each lot whole');
      assert.equal((await run(id)).state, 'queued');
      await work(id);
      assert.deepEqual(await standing(), { invoices: CHILDREN, students: CHILDREN });
      await takeBack(id);
      lots = 0;
      const other = await start();
      await assert.rejects(work(other, true), /connection/);
      assert.deepEqual(await standing(), { invoices: 0, students: 0 });
      const { state, documents, problem } = await run(other);
      assert.deepEqual({ state, documents }, { state: 'failed', documents: 0 });
      assert.match(problem!, /nothing was issued/);
    } finally {
      ledger.postAll = post;
    }
    assert.deepEqual(await school.differences(), []);
  });
});
