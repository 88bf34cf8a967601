import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { newId } from '../../../src/kernel/id.js';
import { Lastly } from '../../../src/kernel/unit-of-work.js';
import { Cached, changed, db, openDatabase, query, runWith, unit } from '../../../src/platform/db/index.js';
import type { Database } from '../../../src/platform/db/index.js';
import { connect, freshSchool } from '../../support/database.js';
import type { TestSchool } from '../../support/database.js';

/** Two schools share one PgBouncer in transaction mode with two server connections each. */
describe('behind a transaction pooler', () => {
  let schools: TestSchool[] = [];
  let pooled: Database[] = [];
  let bouncer: Pooler;
  before(async () => {
    schools = await Promise.all(['left', 'right'].map((name) => freshSchool({ name })));
    bouncer = await startPooler(schools);
    pooled = schools.map(({ connections: { app } }) =>
      openDatabase({
        ...app,
        port: bouncer.port,
        directHost: app.host,
        directPort: app.port,
        poolMax: 8,
        applicationName: 'aims-test',
      }),
    );
  });
  after(async () => {
    await Promise.all(pooled.map((database) => database.close()));
    await bouncer.stop();
    await Promise.all(schools.map((school) => school.drop()));
  });

  test('named statements, units and Knex work, and no school sees the other, with errors and rollbacks in between', async () => {
    const add = (text: string) =>
      query('test.add', 'insert into platform_form_submissions (id, result_url) values ($1, $2)', [newId(), text]);
    const works = Array.from({ length: 200 }, (_, index) => {
      const side = index % 2;
      return runWith(pooled[side]!, async () => {
        if (index % 5 === 0) {
          await unit(async () => {
            await add('rolled back');
            await query('test.broken', 'select 1 / $1::int', [0]);
          }).catch(() => undefined);
        }
        await unit(async () => {
          await add(`side ${side}`);
          await db()('platform_outbox').insert({ id: newId(), name: `side ${side}`, payload: '{}' });
          return new Lastly(() => add(`side ${side}`));
        });
        return query<{ result_url: string; school_id: string }>(
          'test.seen',
          'select distinct result_url, school_id from platform_form_submissions',
        );
      });
    });
    const seen = await Promise.all(works);
    seen.forEach((rows, index) =>
      assert.deepEqual(rows, [{ result_url: `side ${index % 2}`, school_id: schools[index % 2]!.schoolId }]),
    );
  });

  test('limits hold without a SET', async () => {
    const [row] = await runWith(pooled[0]!, () => query('test.limits', "select current_setting('statement_timeout') as s"));
    assert.deepEqual(row, { s: '30s' });
  });

  test('changes are heard on the direct connection', async () => {
    const cached = new Cached(
      'trial',
      async () => (await query<{ n: number }>('test.n', 'select count(*) as n from platform_outbox'))[0]!.n,
    );
    const direct = schools[0]!.database;
    await runWith(pooled[0]!, () => cached.get());
    for (let tries = 0; !pooled[0]!.changes.up && tries < 100; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const before = await runWith(pooled[0]!, () => cached.get());
    await runWith(direct, () =>
      unit(async () => {
        await db()('platform_outbox').delete();
        await changed('trial');
      }),
    );
    let now = before;
    for (let tries = 0; now === before && tries < 100; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      now = await runWith(pooled[0]!, () => cached.get());
    }
    assert.equal(now, 0);
  });
});

interface Pooler {
  port: number;
  stop(): Promise<void>;
}

async function startPooler(schools: TestSchool[]): Promise<Pooler> {
  const program = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/opt/homebrew/bin/pgbouncer'].find(
    (file) => spawnSync(file, ['--version']).status === 0,
  );
  assert.ok(program, 'PgBouncer is missing: install the package pgbouncer');
  const folder = mkdtempSync(path.join(tmpdir(), 'aims-pooler-'));
  const port = await freePort();
  const { host, port: serverPort } = schools[0]!.connections.app;
  const users = schools.map(({ connections: { app } }) => `"${app.user}" "${app.password}"`);
  writeFileSync(path.join(folder, 'users'), users.join('\n'));
  writeFileSync(
    path.join(folder, 'pgbouncer.ini'),
    `[databases]
* = host=${host} port=${serverPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${path.join(folder, 'users')}
pool_mode = transaction
max_prepared_statements = 200
default_pool_size = 2
max_client_conn = 100
ignore_startup_parameters = extra_float_digits
`,
  );
  const asNobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  chmodSync(folder, 0o755);
  if ('uid' in asNobody) for (const file of ['users', 'pgbouncer.ini']) chownSync(path.join(folder, file), 65534, 65534);
  const child: ChildProcess = spawn(program, ['-q', path.join(folder, 'pgbouncer.ini')], { ...asNobody, stdio: 'ignore' });
  for (let tries = 0; ; tries += 1) {
    const ready = await connect({ ...schools[0]!.connections.app, port }).then(
      (client) => client.end().then(() => true),
      () => false,
    );
    if (ready) break;
    assert.ok(tries < 100 && child.exitCode === null, 'PgBouncer did not start');
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  const stop = async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  return { port, stop };
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
