import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { check, countOf, counts, registerDigest, send, settled, textOf, undo } from '../modules/imports/support.js';
import { aStage, childrenOf, livingOf, onlyChildOf } from '../support/process.js';
import { untilNobodyWrites, untilSomebodyWaits } from '../support/waiting.js';

/** Three batches, and more than what the process that serves works through itself. */
const ROWS = 1200;
/** A longer file is checked by a process of its own, a shorter one where pages are served, which needs no start. */
const CHECKED_APART_BYTES = 100_000;

describe('a process that is killed in the middle of an import', () => {
  const stage = aStage('registrar');
  let empty: Record<string, string>;
  before(async () => {
    empty = await registerDigest(stage.school);
  });

  for (const delay of [0, 250, 700]) {
    it(`while it checks, ${delay} ms in: the check is done again, nothing is written`, async () => {
      const body = register('Kisumu Lakeside Primary School');
      assert.ok(body.length > CHECKED_APART_BYTES);
      const sent = await send(stage.person(), { name: 'register.csv', body });
      assert.equal(sent.status, 303);
      await stage.untilNewest('imports', 'status', ['checking']);
      await pause(delay);
      const readers = childrenOf(stage.tenant.pid);
      await stage.restart();
      const { status, text } = await settled(stage.person(), sent.location!);
      assert.equal(status, 'checked', text.slice(0, 600));
      assert.equal(await countOf(stage.school, 'imports_rows', `import_id = '${sent.location!.split('/').pop()}'`), ROWS);
      assert.deepEqual(await registerDigest(stage.school), empty);
      assert.equal(await goneWithin(readers, 5000), true, 'nothing of the killed process runs on');
    });
  }

  for (const delay of [0, 100, 300]) {
    it(`while it writes, ${delay} ms in: all rows or none, and in the end all of them once`, async () => {
      const { path, status, text } = await check(stage.person(), { name: 'register.csv', body: register() });
      assert.equal(status, 'checked', text.slice(0, 600));
      assert.equal(counts(text).errors, 0);
      const answer = await stage.person().submit(`${path}/commit`, { rows: 'all' }, path);
      assert.equal(answer.status, 303, textOf(answer.html).slice(0, 900));
      await stage.untilNewest('imports', 'status', ['writing', 'done']);
      await pause(delay);
      await stage.restart();
      await allOrNothing();
      let end = await settled(stage.person(), path);
      await allOrNothing();
      if (end.status === 'checked') {
        await stage.person().submit(`${path}/commit`, { rows: 'all' }, path);
        end = await settled(stage.person(), path);
      }
      assert.equal(end.status, 'done', end.text.slice(0, 600));
      assert.equal(await countOf(stage.school, 'students'), ROWS);
      assert.equal(await countOf(stage.school, 'students_enrolments', 'left_on is null'), ROWS);
      assert.equal((await undo(stage.person(), path)).status, 'undone');
      assert.equal(await countOf(stage.school, 'students'), 0, 'taken back, for the next try');
    });
  }

  it('works beside the process that serves; when it alone dies, nothing is written, pages go on, and it is tried again', async () => {
    const { path } = await check(stage.person(), { name: 'register.csv', body: register() });
    await stage.admin.query('begin');
    await stage.admin.query('lock table students_enrolments in share mode');
    await stage.person().submit(`${path}/commit`, { rows: 'all' }, path);
    await untilSomebodyWaits(stage.admin);
    const writer = await onlyChildOf(stage.tenant.pid);
    process.kill(writer, 'SIGKILL');
    await stage.admin.query('rollback');
    assert.equal(await goneWithin([writer], 5000), true);
    assert.equal((await stage.person().get('/students')).status, 200);
    await allOrNothing();
    const end = await settled(stage.person(), path);
    assert.equal(end.status, 'done', end.text.slice(0, 600));
    assert.equal(await countOf(stage.school, 'students'), ROWS);
    assert.equal((await undo(stage.person(), path)).status, 'undone');
  });

  it('says that it failed when its process dies at the last try', async () => {
    const { path } = await check(stage.person(), { name: 'register.csv', body: register() });
    await stage.admin.query(
      "update graphile_worker._private_job_queues set locked_at = now(), locked_by = 'test' where queue_name = 'imports'",
    );
    await stage.admin.query('begin');
    await stage.admin.query('lock table students_enrolments in share mode');
    await stage.person().submit(`${path}/commit`, { rows: 'all' }, path);
    const other = await stage.school.database.admin();
    await other.query('update graphile_worker._private_jobs set max_attempts = 1 where job_queue_id is not null');
    await other.query(
      "update graphile_worker._private_job_queues set locked_at = null, locked_by = null where queue_name = 'imports'",
    );
    await other.end();
    await untilSomebodyWaits(stage.admin);
    process.kill(await onlyChildOf(stage.tenant.pid), 'SIGKILL');
    await stage.admin.query('rollback');
    const end = await settled(stage.person(), path);
    assert.equal(end.status, 'failed', end.text.slice(0, 600));
    assert.match(end.text, /Something went wrong on our side/);
    assert.equal(await countOf(stage.school, 'students'), 0);
  });

  it('between two of its statements: what was half written is gone', async () => {
    const { path } = await check(stage.person(), { name: 'register.csv', body: register() });
    await stage.admin.query('begin');
    await stage.admin.query('lock table students_enrolments in share mode');
    await stage.person().submit(`${path}/commit`, { rows: 'all' }, path);
    await untilSomebodyWaits(stage.admin);
    await stage.kill();
    await stage.admin.query('rollback');
    await untilNobodyWrites(stage.admin);
    assert.equal(await countOf(stage.school, 'students'), 0);
    await stage.restart();
    const end = await settled(stage.person(), path);
    assert.equal(await countOf(stage.school, 'students'), end.status === 'done' ? ROWS : 0);
    assert.ok(['done', 'checked'].includes(end.status), end.status);
  });

  async function allOrNothing(): Promise<void> {
    const [students, enrolments] = [await countOf(stage.school, 'students'), await countOf(stage.school, 'students_enrolments')];
    assert.ok(
      (students === 0 && enrolments === 0) || (students === ROWS && enrolments === ROWS),
      `${students} students, ${enrolments} enrolments`,
    );
  }
});

async function goneWithin(pids: readonly number[], ms: number): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end; await pause(50)) if (livingOf(pids) === 0) return true;
  return false;
}

/** @param school where each comes from: it makes the file longer */
function register(school = ''): string {
  const classes = ['Grade 7 East', 'Grade 7 West', 'Grade 8 East', 'Grade 8 West'];
  const lines = Array.from({ length: ROWS }, (_, i) => {
    const surname = `Oti${letters(i % 700)}`;
    return `KM/${String(i).padStart(5, '0')},${surname},Amina${letters(i)},${i % 2 ? 'M' : 'F'},${classes[i % 4]},Grace ${surname},07${22_000_000 + i},${school}`;
  });
  return ['Admission number,Surname,First name,Sex,Class,Guardian 1 name,Guardian 1 phone,Previous school', ...lines].join('\n');
}

/** Names have letters only. */
function letters(n: number): string {
  return [...n.toString(26)].map((digit) => String.fromCharCode(97 + parseInt(digit, 26))).join('');
}
