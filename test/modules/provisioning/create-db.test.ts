import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { systemClock } from '../../../src/kernel/clock.js';
import { Conflict, Invalid } from '../../../src/kernel/errors.js';
import { newId } from '../../../src/kernel/id.js';
import { schoolNames } from '../../../src/modules/provisioning/operations.js';
import type { Operations, SchoolConnections } from '../../../src/modules/provisioning/operations.js';
import { Migrate } from '../../../src/modules/provisioning/databases/migrate.js';
import { connect, testCluster } from '../../support/database.js';

describe('creating the database of a school', () => {
  const subdomain = `new-${newId().slice(-8)}`;
  const order = { subdomain, schoolId: newId() };
  let ops: Operations;
  let connections: SchoolConnections;
  before(async () => {
    ops = (await testCluster()).operations;
  });
  after(() => ops.createDb.drop(order));
  const passwords = () => ({
    owner: connections.owner.password,
    app: connections.app.password,
    readonly: connections.readonly.password,
    worker: connections.worker.password,
  });
  const missing = async () => (await ops.createDb.check(order)).filter((step) => !step.done).map((step) => step.step);

  test('is reported as not done before, without doing anything', async () => {
    assert.equal((await missing()).length, 6);
    assert.equal((await missing()).length, 6);
  });

  test('clones the migrated template: there is nothing left to migrate', async () => {
    connections = await ops.createDb.run(order);
    assert.deepEqual(await missing(), []);
    assert.deepEqual(await ops.migrate.pending({ subdomain, owner: connections.owner }), []);
  });

  test('can be done again and changes nothing, passwords included', async () => {
    assert.deepEqual(await ops.createDb.run({ ...order, passwords: passwords() }), connections);
    await (await connect(connections.app)).end();
  });

  test('thirty schools are made and removed at the same time, none in the way of another', async () => {
    const many = Array.from({ length: 30 }, () => ({ subdomain: `crowd-${newId().slice(-8)}`, schoolId: newId() }));
    const made = await Promise.allSettled(many.map((one) => ops.createDb.run(one)));
    const gone = await Promise.allSettled(many.map((one) => ops.createDb.drop(one)));
    assert.deepEqual(
      [...made, ...gone].flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : [])),
      [],
    );
  });

  test('mends what is missing', async () => {
    const { admin } = await testCluster();
    const client = await connect(admin);
    await client.query(
      `revoke connect on database "${connections.app.database}" from "${connections.app.user}"; revoke aims_app from "${connections.app.user}" granted by aims_provisioner`,
    );
    await client.query(`grant connect on database "${connections.app.database}" to public`);
    await client.end();
    assert.deepEqual(await missing(), ['group memberships', 'right to connect']);
    await ops.createDb.run({ ...order, passwords: passwords() });
    assert.deepEqual(await missing(), []);
  });

  test('sees no row before bootstrap, its own after it, and is never given to another school', async () => {
    const bootstrap = { ...order, owner: connections.owner };
    assert.equal(await ops.bootstrapTenant.check(bootstrap), false);
    let seeded = 0;
    await ops.bootstrapTenant.run({ ...bootstrap, seed: async () => void (seeded += 1) });
    await ops.bootstrapTenant.run(bootstrap);
    assert.equal(seeded, 1);
    assert.equal(await ops.bootstrapTenant.check(bootstrap), true);
    const app = await connect(connections.app);
    assert.deepEqual((await app.query('select app.current_school() as id')).rows, [{ id: order.schoolId }]);
    await app.end();
    await assert.rejects(ops.bootstrapTenant.run({ ...bootstrap, schoolId: newId() }), Conflict);
  });

  test('leaves nothing behind when it is dropped, also while it is in use', async () => {
    const app = await connect(connections.app);
    await ops.createDb.drop(order);
    await ops.createDb.drop(order);
    await app.end().catch(() => undefined);
    assert.equal((await missing()).length, 6);
    const { admin } = await testCluster();
    const client = await connect(admin);
    const { rowCount } = await client.query('select 1 from pg_roles where rolname = any($1)', [
      Object.values(schoolNames(subdomain).roles),
    ]);
    assert.equal(rowCount, 0);
    await client.end();
  });
});

test('a subdomain that would collide or break out is refused', () => {
  for (const bad of [
    'ab',
    'Kilimani',
    '1school',
    'a--b',
    'school-',
    '../x',
    'a b',
    'aims',
    'aims-core',
    'pg-x',
    'kube-system',
    'x'.repeat(41),
    'xn--p1ai',
    "a'; drop",
  ]) {
    assert.throws(() => schoolNames(bad), Invalid, bad);
  }
  assert.equal(schoolNames('st-marys').database, 'st_marys_db');
});

describe('migrating all schools', () => {
  const schools = ['a', 'b', 'c', 'd'].map((subdomain) => ({
    subdomain,
    owner: { host: '', port: 0, database: subdomain, user: '', password: '' },
  }));
  const migrating = (broken: string[]) => {
    const tried: string[] = [];
    const migrator = {
      migrate: async ({ database }: { database: string }) => {
        tried.push(database);
        if (broken.includes(database)) throw new Error('lock timeout');
        return Promise.resolve(['20260101000000_x']);
      },
      pending: () => Promise.resolve([]),
    };
    return { tried, migrate: new Migrate(migrator, systemClock) };
  };

  test('stops at the canary', async () => {
    const { tried, migrate } = migrating(['a']);
    const reports = await migrate.all(schools);
    assert.deepEqual(tried, ['a']);
    assert.equal(reports[0]?.error, 'lock timeout');
  });

  test('goes on after a later school fails, and says which', async () => {
    const { tried, migrate } = migrating(['c']);
    const reports = await migrate.all(schools, { batch: 2 });
    assert.deepEqual(tried.sort(), ['a', 'b', 'c', 'd']);
    assert.deepEqual(
      reports.filter((report) => report.error).map((report) => report.subdomain),
      ['c'],
    );
  });
});
