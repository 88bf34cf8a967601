import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { query, runWith, unit } from '../../../src/platform/db/index.js';
import { enqueue, jobsSummary, nextDueAt, startJobs } from '../../../src/platform/jobs/index.js';
import type { Jobs, JobsOptions } from '../../../src/platform/jobs/index.js';
import { freshSchool } from '../../support/database.js';
import type { TestSchool } from '../../support/database.js';

describe('jobs', () => {
  let school: TestSchool;
  let admin: pg.Client;
  const started: Jobs[] = [];
  before(async () => {
    school = await freshSchool({ name: 'jobs' });
    admin = await school.admin();
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((jobs) => jobs.stop()));
    await admin.query('delete from graphile_worker._private_jobs');
  });
  after(async () => {
    await admin.end();
    await school.drop();
  });

  const inSchool = <Result>(work: () => Promise<Result>) => runWith(school.database, work);
  async function start(tasks: JobsOptions['tasks'], more: Partial<JobsOptions> = {}): Promise<Jobs> {
    const jobs = await startJobs({
      connection: school.connections.worker,
      database: school.database,
      tasks,
      onError: () => undefined,
      ...more,
    });
    started.push(jobs);
    return jobs;
  }

  test('run as the application, with their payload, at once', async () => {
    const seen: unknown[] = [];
    await start({
      'trial.work': async (payload, job) => {
        const [row] = await query('test.me', 'select session_user::text as role, app.current_school() as school');
        seen.push(payload, row, job.attempt);
      },
    });
    await inSchool(() => enqueue('trial.work', { name: 'Wanjikũ', count: 2 }));
    await until(() => seen.length === 3);
    assert.deepEqual(seen, [{ name: 'Wanjikũ', count: 2 }, { role: school.connections.app.user, school: school.schoolId }, 1]);
    await until(async () => (await inSchool(jobsSummary)).running === 0);
  });

  test('of one queue follow each other at once, each after the end of the one before', async () => {
    const [most, began] = [40, performance.now()];
    let [running, done, together] = [0, 0, 0];
    await start({
      'trial.turn': async () => {
        together = Math.max(together, (running += 1));
        await sleep(2);
        running -= 1;
        done += 1;
      },
    });
    await inSchool(() =>
      unit(
        async () =>
          void (await Promise.all(Array.from({ length: most }, (_, n) => enqueue('trial.turn', { n }, { queue: 'turns' })))),
      ),
    );
    await until(() => done === most);
    assert.equal(together, 1);
    assert.ok(performance.now() - began < most * 250, 'and not one for each time that the worker looks by the clock');
  });

  test('of a rolled back transaction never were', () =>
    inSchool(async () => {
      await unit(async () => {
        await enqueue('trial.work', {});
        throw new Error('refused');
      }).catch(() => undefined);
      assert.equal((await jobsSummary()).waiting, 0);
      await unit(() => enqueue('trial.work', {}));
      assert.equal((await jobsSummary()).waiting, 1);
    }));

  test('with a key replace the one that waits; the next due time is that of the earliest', () =>
    inSchool(async () => {
      assert.equal(await nextDueAt(), null);
      const later = new Date(Date.now() + 3_600_000);
      const soon = new Date(Date.now() + 60_000);
      await enqueue('trial.work', { n: 1 }, { key: 'same', runAt: later });
      assert.deepEqual(await nextDueAt(), later);
      await enqueue('trial.work', { n: 2 }, { key: 'same', runAt: soon });
      assert.equal((await jobsSummary()).waiting, 1);
      assert.deepEqual(await nextDueAt(), soon);
    }));

  test('that fail are tried again, counted, and kept when they are given up', async () => {
    const errors: string[] = [];
    const jobs = await start(
      { 'trial.fails': () => Promise.reject(new Error('broken')) },
      { onError: (error, where) => errors.push(`${where}: ${String(error)}`) },
    );
    await inSchool(() => enqueue('trial.fails', {}, { maxAttempts: 1 }));
    await until(async () => (await inSchool(jobsSummary)).failed === 1);
    assert.equal(jobs.failures, 1);
    assert.deepEqual(errors, ['job trial.fails: Error: broken']);
    assert.equal(await inSchool(nextDueAt), null, 'what was given up is not due');
  });

  test('under way are finished before a stop', async () => {
    let finished = false;
    const jobs = await start({
      'trial.slow': async () => {
        await sleep(300);
        finished = true;
      },
    });
    await inSchool(() => enqueue('trial.slow', {}));
    await until(async () => (await inSchool(jobsSummary)).running === 1);
    await jobs.stop();
    assert.ok(finished);
    const summary = await inSchool(jobsSummary);
    assert.equal(summary.running + summary.waiting, 0);
  });

  test('are worked on by one process; when it dies another takes over what it had begun', async () => {
    const done: string[] = [];
    const first = await start({ 'trial.takeover': () => new Promise(() => undefined) });
    const second = await start({
      'trial.takeover': async () => {
        done.push('second');
      },
    });
    assert.deepEqual([first.active, second.active], [true, false]);
    await inSchool(() => enqueue('trial.takeover', {}));
    await until(async () => (await inSchool(jobsSummary)).running === 1);
    started.splice(started.indexOf(first), 1);
    // As a kill -9 of the first process would: all its connections are gone, its job stays locked.
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'aims-jobs' and usename = $1",
      [school.connections.worker.user],
    );
    await until(() => done.length === 1 && second.active, 15_000);
  });

  test('go on by themselves after the database was away', async () => {
    const jobs = await start({ 'trial.work': async () => void (done += 1) });
    let done = 0;
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'aims-jobs' and usename = $1",
      [school.connections.worker.user],
    );
    await until(() => !jobs.active);
    await inSchool(() => enqueue('trial.work', {}));
    await until(() => done === 1 && jobs.active, 15_000);
  });

  test('by the clock are known, and a line that nobody can read stops the start', async () => {
    await assert.rejects(start({}, { cron: { 'trial.cron': 'not a line' } }));
    const jobs = await start({ 'trial.cron': () => Promise.resolve() }, { cron: { 'trial.cron': '* * * * *' } });
    await jobs.stop();
    const { rows } = await admin.query('select identifier from graphile_worker._private_known_crontabs');
    assert.deepEqual(rows, [{ identifier: 'trial.cron' }]);
  });

  test('need the tables that the migrations make', async () => {
    await admin.query('update graphile_worker.migrations set id = 900 where id = 19');
    await admin.query('delete from graphile_worker.migrations where id > 17');
    await assert.rejects(start({}), /migrate this database first/);
    await admin.query('insert into graphile_worker.migrations (id) values (18), (19)');
  });
});

async function until(holds: () => boolean | Promise<boolean>, ms = 5_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (Date.now() < deadline) {
    if (await holds()) return;
    await sleep(20);
  }
  assert.fail(`waited for ${ms} ms in vain`);
}
