import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventType } from '../../../src/kernel/events.js';
import { newId } from '../../../src/kernel/id.js';
import { db, openDatabase, query, runWith, unit } from '../../../src/platform/db/index.js';
import { jobsSummary, platformJobs, startJobs } from '../../../src/platform/jobs/index.js';
import { on, onAll } from '../../../src/platform/module.js';
import { deliverOutbox, publish } from '../../../src/platform/outbox/index.js';
import { freshSchool } from '../../support/database.js';
import type { TestSchool } from '../../support/database.js';

/** Events are told of a tenth of a second after they were stored. */
const CALLED_MS = 300;
const Enrolled = eventType<{ student: string }>('trial.enrolled');

describe('an event', () => {
  let school: TestSchool;
  const reported: string[] = [];
  before(async () => {
    school = await freshSchool({ name: 'outbox' });
    Object.assign(school.database, { onError: (_error: unknown, where: string) => reported.push(where) });
  });
  beforeEach(() =>
    inSchool(async () => {
      reported.length = 0;
      await db()('platform_outbox').delete();
    }),
  );
  after(() => school.drop());
  const inSchool = <Result>(work: () => Promise<Result>) => runWith(school.database, work);
  const makeDue = () => db()('platform_outbox').update({ next_attempt_at: db().raw('now()') });

  test('of a rolled back transaction never happened', () =>
    inSchool(async () => {
      const before = await jobsSummary();
      await unit(async () => {
        await publish(Enrolled({ student: 'a' }));
        throw new Error('refused');
      }).catch(() => undefined);
      assert.deepEqual(await db()('platform_outbox'), []);
      assert.deepEqual(await jobsSummary(), before);
    }));

  test('comes to each of its subscribers once, with its payload and id', () =>
    inSchool(async () => {
      const seen: unknown[][] = [];
      const note = (name: string) => (payload: unknown, id: string) => Promise.resolve(void seen.push([name, payload, id]));
      const subscribers = [
        on(Enrolled, 'a.note', note('a')),
        on(Enrolled, 'b.note', note('b')),
        on(eventType('trial.other'), 'c.note', note('c')),
      ];
      await publish(Enrolled({ student: 'x' }));
      await deliverOutbox(subscribers);
      await deliverOutbox(subscribers);
      const [row] = await db()('platform_outbox').select<{ id: string; delivered_at: Date | null }[]>('id', 'delivered_at');
      assert.deepEqual(seen, [
        ['a', { student: 'x' }, row!.id],
        ['b', { student: 'x' }, row!.id],
      ]);
      assert.ok(row!.delivered_at);
    }));

  test('is tried again for the subscriber that failed, whose work is rolled back, and for no other', () =>
    inSchool(async () => {
      let healthy = 0;
      let tries = 0;
      const subscribers = [
        on(Enrolled, 'healthy', async () => void (healthy += 1)),
        on(Enrolled, 'weak', async () => {
          tries += 1;
          await query('test.effect', 'insert into platform_form_submissions (id) values ($1)', [newId()]);
          if (tries === 1) throw new Error('away');
        }),
      ];
      await publish(Enrolled({ student: 'y' }));
      await deliverOutbox(subscribers);
      assert.deepEqual([healthy, tries, reported], [1, 1, ['event trial.enrolled for weak']]);
      assert.equal((await db()('platform_form_submissions')).length, 0);
      assert.ok(((await jobsSummary()).nextDueAt?.getTime() ?? 0) > 0, 'it comes back by itself');

      await deliverOutbox(subscribers);
      assert.equal(tries, 1, 'not before its time');
      await makeDue();
      await deliverOutbox(subscribers);
      assert.deepEqual([healthy, tries], [1, 2]);
      assert.equal((await db()('platform_form_submissions')).length, 1);
    }));

  test('is handed over with its like where the subscriber takes many, each once', () =>
    inSchool(async () => {
      const together: string[][] = [];
      const alone: string[] = [];
      const subscribers = [
        onAll(Enrolled, 'many', async (all) => void together.push(all.map((one) => one.student))),
        on(Enrolled, 'single', async ({ student }) => void alone.push(student)),
      ];
      await publish(
        Enrolled({ student: 'a' }),
        Enrolled({ student: 'b' }),
        eventType('trial.other')({}),
        Enrolled({ student: 'c' }),
      );
      for (let round = 0; round < 2; round += 1)
        await deliverOutbox([...subscribers, on(eventType('trial.other'), 'other', async () => undefined)]);
      assert.deepEqual(together, [['a', 'b'], ['c']], 'and never overtakes another event');
      assert.deepEqual(alone, ['a', 'b', 'c']);
      assert.equal((await db()('platform_outbox').whereNull('delivered_at')).length, 0);
    }));

  test('that spoils the work of many is tried alone, and the others come through', () =>
    inSchool(async () => {
      const seen: string[] = [];
      const picky = onAll(Enrolled, 'picky', async (all) => {
        for (const { student } of all)
          await query('test.effect-named', 'insert into platform_form_submissions (id, result_url) values ($1, $2)', [
            newId(),
            student,
          ]);
        if (all.some((one) => one.student === 'bad')) throw new Error('never');
        seen.push(...all.map((one) => one.student));
      });
      await db()('platform_form_submissions').delete();
      await publish(Enrolled({ student: 'good' }), Enrolled({ student: 'bad' }), Enrolled({ student: 'better' }));
      await deliverOutbox([picky]);
      assert.deepEqual(seen, ['good', 'better']);
      assert.deepEqual(
        (await db()('platform_form_submissions').select<{ result_url: string }[]>('result_url'))
          .map((row) => row.result_url)
          .sort(),
        ['better', 'good'],
      );
      assert.equal(
        (await db()('platform_outbox').whereNull('delivered_at')).length,
        1,
        'only the bad one waits for its next try',
      );
    }));

  test('that two workers find at the same time acts once', () =>
    inSchool(async () => {
      let acted = 0;
      const subscribers = [
        on(Enrolled, 'slow', async () => {
          acted += 1;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }),
      ];
      await publish(Enrolled({ student: 'z' }));
      await Promise.all([deliverOutbox(subscribers), deliverOutbox(subscribers)]);
      assert.equal(acted, 1);
    }));

  test('is put aside after many failures and holds up nobody', () =>
    inSchool(async () => {
      const seen: string[] = [];
      const subscribers = [
        on(Enrolled, 'picky', async ({ student }) => {
          if (student === 'bad') throw new Error('never');
          seen.push(student);
        }),
      ];
      await publish(Enrolled({ student: 'bad' }), Enrolled({ student: 'good' }));
      for (let round = 0; round < 12; round += 1) {
        await makeDue();
        await deliverOutbox(subscribers);
      }
      assert.deepEqual(seen, ['good']);
      const [row] = await db()('platform_outbox')
        .whereNotNull('failed_at')
        .select<{ attempts: number; last_error: string }[]>('attempts', 'last_error');
      assert.deepEqual(row, { attempts: 12, last_error: 'never' });
    }));

  test('is delivered by the job worker soon after the commit', async () => {
    const seen: string[] = [];
    const jobs = await startJobs({
      connection: school.connections.worker,
      database: school.database,
      tasks: platformJobs([on(Enrolled, 'live', async ({ student }) => void seen.push(student))]),
    });
    try {
      await inSchool(() => unit(() => publish(Enrolled({ student: 'live' }))));
      for (let tries = 0; tries < 100 && seen.length === 0; tries += 1) await new Promise((resolve) => setTimeout(resolve, 20));
      assert.deepEqual(seen, ['live']);
    } finally {
      await jobs.stop();
    }
  });

  describe('calls for its delivery', () => {
    const waiting = async () => (await inSchool(jobsSummary)).waiting;
    beforeEach(async () => {
      // What the tests before have called for is there by now.
      await sleep(CALLED_MS);
      const admin = await school.admin();
      await admin.query('delete from graphile_worker._private_jobs');
      await admin.end();
    });

    test('once for many transactions', async () => {
      await inSchool(async () => {
        for (let n = 0; n < 20; n += 1) await publish(Enrolled({ student: String(n) }));
      });
      await sleep(CALLED_MS);
      assert.equal(await waiting(), 1);
    });

    test('before a process that stops closes its connections', async () => {
      const other = openDatabase({ ...school.connections.app, applicationName: 'stops' });
      await runWith(other, () => publish(Enrolled({ student: 'last' })));
      await other.close();
      assert.equal(await waiting(), 1);
    });
  });

  test('of one transaction does not wait for those of another', () =>
    inSchool(async () => {
      let release: () => void = () => undefined;
      const open = unit(async () => {
        await publish(Enrolled({ student: 'first' }));
        await new Promise<void>((resolve) => (release = resolve));
      });
      await new Promise((resolve) => setTimeout(resolve, 50));
      await unit(() => publish(Enrolled({ student: 'second' })));
      release();
      await open;
      assert.equal((await db()('platform_outbox')).length, 2);
    }));
});
