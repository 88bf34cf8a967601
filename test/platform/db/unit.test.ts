import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import pg from 'pg';
import { newId } from '../../../src/kernel/id.js';
import { Lastly } from '../../../src/kernel/unit-of-work.js';
import { afterCommit, databaseFailure, db, inTransaction, query, runWith, unit } from '../../../src/platform/db/index.js';
import { freshSchool } from '../../support/database.js';
import type { TestSchool } from '../../support/database.js';

let school: TestSchool;
before(async () => {
  school = await freshSchool({ name: 'unit' });
});
after(() => school.drop());
beforeEach(() => inSchool(() => db()('platform_form_submissions').delete()));

const inSchool = <Result>(work: () => Promise<Result>) => runWith(school.database, work);
const add = (url: string) =>
  query('test.add', 'insert into platform_form_submissions (id, result_url) values ($1, $2)', [newId(), url]);
const stored = async () =>
  (await db()('platform_form_submissions').select<{ result_url: string }[]>('result_url')).map((row) => row.result_url).sort();
const failure = new Error('refused');

/** Notes what the driver sends from here on until the next COMMIT, and when it is answered. */
function watch(happened: string[]): void {
  const client = pg.Client.prototype as unknown as { query: (...args: unknown[]) => Promise<unknown> };
  const plain = client.query;
  client.query = function noted(...args) {
    const [config] = args as [string | { text: string }];
    const word = (typeof config === 'string' ? config : config.text).split(' ')[0]!;
    happened.push(`sent ${word}`);
    if (word === 'COMMIT') client.query = plain;
    const answer = plain.apply(this, args);
    void answer.then(() => happened.push(`answered ${word}`));
    return answer;
  };
}

describe('a unit', () => {
  test('commits what named statements and Knex did together', () =>
    inSchool(async () => {
      await unit(async () => {
        await add('named');
        await db()('platform_form_submissions').insert({ id: newId(), result_url: 'knex' });
        assert.deepEqual(await stored(), ['knex', 'named'], 'each sees what the other did');
      });
      assert.deepEqual(await stored(), ['knex', 'named']);
    }));

  test('sends what is begun together as one packet, with its BEGIN', () =>
    inSchool(async () => {
      let packets = 0;
      await add('the statement is known to the connection');
      school.database.pool.once('acquire', (client) => {
        const { stream } = (
          client as unknown as { connection: { stream: Record<'_write' | '_writev', (...args: unknown[]) => unknown> } }
        ).connection;
        for (const way of ['_write', '_writev'] as const) {
          const plain = stream[way];
          stream[way] = function counted(...args) {
            packets += 1;
            return plain.apply(this, args);
          };
        }
      });
      await unit(() => Promise.all([add('a'), add('b'), add('c')]));
      assert.equal(packets, 2, 'the second is the COMMIT');
      assert.equal((await stored()).length, 4);
    }));

  test('that waits for a lock, with as many others as there may be, keeps nobody from looking', async () => {
    const admin = await school.admin();
    try {
      await admin.query('select pg_advisory_lock(77)');
      const waiting = Array.from({ length: 8 }, (_, n) =>
        inSchool(() =>
          unit(async () => {
            await query('test.lock', 'select pg_advisory_xact_lock(77)');
            await add(String(n));
          }),
        ),
      );
      const began = performance.now();
      assert.deepEqual(await inSchool(stored), []);
      assert.ok(performance.now() - began < 2_000);
      await admin.query('select pg_advisory_unlock(77)');
      await Promise.all(waiting);
      assert.equal((await inSchool(stored)).length, 8);
    } finally {
      await admin.end();
    }
  });

  test('rolls everything back when it throws', () =>
    inSchool(async () => {
      const work = unit(async () => {
        await add('one');
        await unit(() => add('two'));
        throw failure;
      });
      await assert.rejects(work, failure);
      assert.deepEqual(await stored(), []);
    }));

  test('is joined by a unit inside it: one transaction', () =>
    inSchool(async () => {
      const id = () => query<{ id: string }>('test.txid', 'select pg_current_xact_id()::text as id').then((rows) => rows[0]!.id);
      await unit(async () => assert.equal(await unit(id), await id()));
    }));

  test('sends statements that are begun together, and tells all of them why the first one failed', () =>
    inSchool(async () => {
      const warnings: Error[] = [];
      const onWarning = (warning: Error): number => warnings.push(warning);
      process.on('warning', onWarning);
      await unit(async () => void (await Promise.all([add('one'), add('two'), add('three')])));
      assert.deepEqual(await stored(), ['one', 'three', 'two']);
      const work = unit(async () => {
        const [wrong, later] = await Promise.allSettled([query('test.no-table', 'select * from no_such_table'), add('four')]);
        assert.ok(wrong.status === 'rejected' && later.status === 'rejected');
        assert.match(String(later.reason), /no_such_table/);
        throw later.reason;
      });
      await assert.rejects(work, /no_such_table/);
      assert.deepEqual(await stored(), ['one', 'three', 'two']);
      process.off('warning', onWarning);
      assert.deepEqual(warnings, [], 'the driver has nothing to complain of');
    }));

  test('commits nothing after a nested unit failed, even if its error was caught', () =>
    inSchool(async () => {
      const work = unit(async () => {
        await add('outer');
        await unit(async () => {
          await add('inner');
          throw failure;
        }).catch(() => undefined);
      });
      await assert.rejects(work, failure);
      assert.deepEqual(await stored(), []);
    }));

  test('does not report success when a failed statement was swallowed', () =>
    inSchool(async () => {
      const work = unit(async () => {
        await add('before');
        await query('test.bad', 'select 1 / $1::int', [0]).catch(() => undefined);
      });
      await assert.rejects(work, /could not be committed/);
      assert.deepEqual(await stored(), []);
    }));

  test('sends its last statement together with the commit', () =>
    inSchool(async () => {
      const happened: string[] = [];
      const watched = await unit(async () => {
        await add('first');
        return new Lastly(async () => {
          watch(happened);
          const rows = await query<{ n: number }>(
            'test.last',
            "insert into platform_form_submissions (id, result_url) values ($1, 'last') returning 7 as n",
            [newId()],
          );
          return rows[0]!.n;
        });
      });
      assert.equal(watched, 7);
      assert.deepEqual(happened, ['sent insert', 'sent COMMIT', 'answered insert', 'answered COMMIT']);
      assert.deepEqual(await stored(), ['first', 'last']);
    }));

  test('keeps nothing when its last statement fails, and says why that failed', () =>
    inSchool(async () => {
      const work = unit(async () => {
        await add('first');
        return new Lastly(() => query('test.bad', 'select 1 / $1::int', [0]));
      });
      await assert.rejects(work, /division by zero/);
      assert.deepEqual(await stored(), []);
      await unit(() => add('the connection is fit for use'));
      assert.deepEqual(await stored(), ['the connection is fit for use']);
    }));

  test('waits with the commit for a last statement that takes its time', () =>
    inSchool(async () => {
      await unit(async () => new Lastly(() => new Promise((resolve) => setTimeout(resolve, 20)).then(() => add('late'))));
      assert.deepEqual(await stored(), ['late']);
    }));

  test('inside another unit sends its last statement at once, since more follows', () =>
    inSchool(async () => {
      await unit(async () => {
        await unit(async () => new Lastly(() => add('inner')));
        assert.deepEqual(await stored(), ['inner']);
        await add('outer');
      });
      assert.deepEqual(await stored(), ['inner', 'outer']);
    }));

  test('may take back a part of itself with a savepoint', () =>
    inSchool(async () => {
      await unit(async () => {
        await add('kept');
        await assert.rejects(
          db().transaction(async (savepoint) => {
            await savepoint('platform_form_submissions').insert({ id: newId(), result_url: 'dropped' });
            throw failure;
          }),
          failure,
        );
      });
      assert.deepEqual(await stored(), ['kept']);
    }));

  test('tells after the commit, outside of the transaction, and not after a rollback', () =>
    inSchool(async () => {
      const told: string[] = [];
      await unit(async () => {
        afterCommit(async () => told.push(`${inTransaction()} ${(await stored()).join()}`));
        await add('seen');
        assert.deepEqual(told, []);
      });
      await unit(async () => {
        afterCommit(() => told.push('never'));
        throw failure;
      }).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.deepEqual(told, ['false seen']);
    }));

  test('refuses a statement that comes after its end', () =>
    inSchool(async () => {
      let late: Promise<unknown> = Promise.resolve();
      await unit(async () => {
        late = new Promise((resolve) => setTimeout(resolve, 10)).then(() => add('late'));
        await add('in time');
        late.catch(() => undefined);
      });
      await assert.rejects(late, /is over/);
    }));

  test('keeps parallel units apart and gives every connection back', () =>
    inSchool(async () => {
      const works = Array.from({ length: 40 }, (_, index) =>
        unit(async () => {
          await add(String(index));
          if (index % 2) throw failure;
        }).catch(() => undefined),
      );
      await Promise.all(works);
      assert.equal((await stored()).length, 20);
      assert.equal(school.database.pool.waitingCount, 0);
      assert.equal(school.database.pool.idleCount, school.database.pool.totalCount);
    }));

  test('gives a broken connection up and the next one works', () =>
    inSchool(async () => {
      const admin = await school.admin();
      const work = unit(async () => {
        const [row] = await query<{ pid: number }>('test.pid', 'select pg_backend_pid() as pid');
        await admin.query('select pg_terminate_backend($1)', [row!.pid]);
        await add('lost');
      });
      await assert.rejects(work, (error) => databaseFailure(error)?.status === 503);
      await admin.end();
      assert.deepEqual(await stored(), []);
    }));
});

test('days arrive as text, whole numbers as numbers, decimals as text', () =>
  inSchool(async () => {
    const [row] = await query(
      'test.types',
      `select '2026-02-28'::date as day, 42::bigint as small, 9007199254740993::bigint as huge, 1.10::numeric as exact, array['2026-01-01'::date] as days, array[1, 2]::bigint[] as numbers`,
    );
    assert.deepEqual(row, {
      day: '2026-02-28',
      small: 42,
      huge: '9007199254740993',
      exact: '1.10',
      days: ['2026-01-01'],
      numbers: [1, 2],
    });
    const [again] = await db().select(db().raw("'2026-02-28'::date as day"));
    assert.equal(again.day, '2026-02-28');
  }));

test('there is no database outside of a context', () => {
  assert.throws(() => db(), /runWith/);
});
