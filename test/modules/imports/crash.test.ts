import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aStage } from '../../support/process.js';
import { until, untilNobodyWrites, untilSomebodyWaits } from '../../support/waiting.js';
import { countOf, counts, registerDigest, send, settled, textOf } from './support.js';

/** Four batches, and more than what the process that serves works through itself. */
const ROWS = 2000;
const GATE = 4_711;
const LIST = [
  'Adm no,Surname,First name,Sex,Class,Date of birth,Guardian 1 name,Guardian 1 phone',
  ...Array.from(
    { length: ROWS },
    (_unused, i) =>
      `C${i},${name(i)},Ann,F,${['7 East', '7 West'][i % 2]!},${1 + (i % 28)}/${1 + (i % 12)}/2013,Mama ${name(i)},07${20_000_000 + Math.floor(i / 2)}`,
  ),
].join('\n');

function name(i: number): string {
  return `Wa${[100, 10, 1].map((step) => 'abcdefghijklmnopqrst'[Math.floor(i / step) % 20]!).join('')}u${'abcde'[Math.floor(i / 1000) % 5]!}`;
}

describe('a process that is killed in the middle of an import', () => {
  const stage = aStage('registrar');

  it('begins the check again and ends with the same counts, nothing written', async () => {
    await closeGate('insert on imports_rows', `new.n = ${ROWS / 2}`);
    const sent = await send(stage.person(), { name: 'list.csv', body: LIST, mode: 'both' });
    assert.equal(sent.status, 303, textOf(sent.html).slice(0, 400));
    await untilSomebodyWaits(stage.admin);
    assert.ok((await countOf(stage.school, 'imports_rows')) > 0);
    await stage.kill();
    await openGate();
    assert.equal(await countOf(stage.school, 'students'), 0);
    await stage.restart();
    const found = await settled(stage.person(), sent.location!);
    assert.equal(found.status, 'checked');
    assert.deepEqual([counts(found.text).fresh, counts(found.text).errors], [ROWS, 0]);
    assert.equal(await countOf(stage.school, 'imports_rows'), ROWS);
  });

  it('has written all or nothing whenever it comes, and the end is the same', async () => {
    const { school } = stage;
    const [at] = (await stage.person().get('/imports')).html.match(/\/imports\/[0-9a-f-]{36}/)!;
    const empty = await registerDigest(school);
    let ordered = false;
    for (const moment of [0.05, 0.4, 0.8]) {
      await closeGate('insert on students', `new.admission_no = 'C${ROWS * moment}'`);
      if (ordered) await stage.restart();
      else assert.equal((await stage.person().submit(`${at}/commit`, { rows: 'valid' }, at)).status, 303);
      ordered = true;
      await untilSomebodyWaits(stage.admin);
      await stage.kill();
      await openGate();
      assert.equal(await countOf(school, 'students'), 0, `killed at ${moment}`);
      assert.deepEqual(await registerDigest(school), empty);
      assert.equal(await statusOf(), 'writing');
    }
    await stage.restart();
    const done = await settled(stage.person(), at);
    assert.equal(done.status, 'done', done.text.slice(500, 1500));
    assert.equal(await countOf(school, 'students'), ROWS);
    assert.equal(await countOf(school, 'students_enrolments'), ROWS);
    assert.equal(await countOf(school, 'audit_entries', "action = 'students.import'"), 1);
    assert.equal(await countOf(school, 'platform_outbox', "name = 'students.enrolled'"), ROWS);
    // The process that wrote has called for their delivery before it ended: it waits, is under way, or is done.
    const called = () => countOf(school, 'graphile_worker.jobs', "task_identifier = 'outbox.deliver' and run_at <= now()");
    const delivered = async () => (await countOf(school, 'platform_outbox', 'delivered_at is null')) === 0;
    await until(async () => (await called()) > 0 || (await delivered()), 'Nobody called for the delivery', 5_000);
  });

  it('takes back all or nothing as well', async () => {
    const { school } = stage;
    const [at] = (await stage.person().get('/imports')).html.match(/\/imports\/[0-9a-f-]{36}/)!;
    await closeGate('delete on students', `old.admission_no = 'C${ROWS / 2}'`);
    assert.equal((await stage.person().submit(`${at}/undo`, {}, at)).status, 303);
    await untilSomebodyWaits(stage.admin);
    await stage.kill();
    await openGate();
    assert.equal(await countOf(school, 'students'), ROWS);
    await stage.restart();
    assert.equal((await settled(stage.person(), at)).status, 'undone');
    assert.equal(await countOf(school, 'students'), 0);
    assert.equal(await countOf(school, 'students_guardians'), 0);
  });

  /** Whoever comes to this row waits there, so that the kill finds it in the middle however fast the machine is. */
  async function closeGate(event: string, when: string): Promise<void> {
    await stage.admin.query(
      `create function gate() returns trigger language plpgsql as
        'begin perform pg_advisory_xact_lock(${GATE}); return coalesce(new, old); end'`,
    );
    await stage.admin.query(`create trigger gate before ${event} for each row when (${when}) execute function gate()`);
    await stage.admin.query('select pg_advisory_lock($1)', [GATE]);
  }

  /** Until the server has noticed that its client is gone, and has rolled back. */
  async function openGate(): Promise<void> {
    await stage.admin.query('select pg_advisory_unlock($1)', [GATE]);
    await untilNobodyWrites(stage.admin);
    await stage.admin.query('drop function gate cascade');
  }

  async function statusOf(): Promise<string> {
    const { rows } = await stage.admin.query<{ status: string }>('select status from imports order by created_at desc limit 1');
    return rows[0]!.status;
  }
});
