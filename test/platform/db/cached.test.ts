import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '../../../src/kernel/id.js';
import { Cached, changed, onChanged, openDatabase, query, runWith, unit } from '../../../src/platform/db/index.js';
import type { Database } from '../../../src/platform/db/index.js';
import { freshSchool } from '../../support/database.js';
import type { TestSchool } from '../../support/database.js';

describe('a cached value', () => {
  let school: TestSchool;
  /** The same school in another process. */
  let other: Database;
  before(async () => {
    school = await freshSchool({ name: 'cached' });
    other = openDatabase({ ...school.connections.app, poolMax: 2, applicationName: 'aims-test-other', onError: () => undefined });
    for (const database of [school.database, other]) {
      database.changes.start();
      await until(() => database.changes.up);
    }
  });
  after(async () => {
    await other.close();
    await school.drop();
  });

  function counter(key: string, clock?: { now(): Date }): { cached: Cached<number>; loads: () => number } {
    let loads = 0;
    const load = async () => {
      loads += 1;
      const rows = await query<{ n: number }>('test.count', 'select count(*) as n from platform_form_submissions');
      return rows[0]!.n;
    };
    return { cached: new Cached(key, load, clock), loads: () => loads };
  }
  const add = () => query('test.add', 'insert into platform_form_submissions (id) values ($1)', [newId()]);

  test('is loaded once, also for those who ask at the same time', () =>
    runWith(school.database, async () => {
      const { cached, loads } = counter('a');
      await Promise.all([cached.get(), cached.get(), cached.get()]);
      await cached.get();
      assert.equal(loads(), 1);
    }));

  test('is dropped in other processes when a change is committed, not before', async () => {
    const { cached, loads } = counter('b');
    const first = await runWith(other, () => cached.get());
    await runWith(school.database, () =>
      unit(async () => {
        await add();
        await changed('b');
        await sleep(50);
        assert.equal(await runWith(other, () => cached.get()), first);
        assert.equal(await cached.get(), first + 1, 'the transaction itself sees its own change');
      }),
    );
    await until(() => runWith(other, () => cached.get()).then((value) => value === first + 1));
    assert.equal(loads(), 3);
  });

  test('keeps nothing that a rolled back transaction has seen', () =>
    runWith(school.database, async () => {
      const { cached } = counter('c');
      const before = await query<{ n: number }>('test.count', 'select count(*) as n from platform_form_submissions');
      await unit(async () => {
        await add();
        await cached.get();
        throw new Error('refused');
      }).catch(() => undefined);
      assert.equal(await cached.get(), before[0]!.n);
    }));

  test('forgets a load that began before the change', () =>
    runWith(school.database, async () => {
      let finish: (value: string) => void = () => undefined;
      let answer: Promise<string> = new Promise((resolve) => (finish = resolve));
      const cached = new Cached('d', () => answer);
      const slow = cached.get();
      await unit(() => changed('d'));
      await sleep(30);
      finish('old');
      assert.equal(await slow, 'old');
      answer = Promise.resolve('new');
      assert.equal(await cached.get(), 'new');
    }));

  test('is not kept when loading failed', () =>
    runWith(school.database, async () => {
      let fails = true;
      const cached = new Cached('e', () => (fails ? Promise.reject(new Error('away')) : Promise.resolve('here')));
      await assert.rejects(cached.get(), /away/);
      fails = false;
      assert.equal(await cached.get(), 'here');
    }));

  test('answers for two seconds at most while nobody tells of changes, and hears again by itself', async () => {
    let now = Date.now();
    const { cached, loads } = counter('f', { now: () => new Date(now) });
    await runWith(other, () => cached.get());
    const keys: (string | null)[] = [];
    const end = onChanged(other, (key) => keys.push(key));

    const admin = await school.admin();
    const kill = await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'aims-test-other' and query like '%LISTEN%'",
    );
    assert.equal(kill.rowCount, 1);
    await until(() => !other.changes.up);
    await runWith(other, () => cached.get());
    assert.equal(loads(), 1, 'young enough to be trusted');
    now += 2_000;
    await runWith(other, () => cached.get());
    assert.equal(loads(), 2, 'too old to be trusted');

    await until(() => other.changes.up);
    assert.deepEqual([...keys], [null], 'all listeners learn that they may have missed something');
    await runWith(school.database, () => unit(() => changed('session:1')));
    await until(() => keys.includes('session:1'));
    end();
    await admin.end();
  });
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 250; tries += 1) {
    if (await holds()) return;
    await sleep(20);
  }
  assert.fail('waited for five seconds in vain');
}
