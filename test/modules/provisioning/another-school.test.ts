import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { newId } from '../../../src/kernel/id.js';
import { PROVISIONING } from '../../../src/modules/provisioning/index.js';
import {
  OfAnotherSchool,
  schoolNames,
  type Operations,
  type SchoolConnections,
} from '../../../src/modules/provisioning/operations.js';
import { SCHOOL_REGISTER } from '../../../src/modules/schools/index.js';
import { projectRoot } from '../../../src/platform/paths.js';
import { aPlatform, type PlatformUnderTest } from '../../support/core.js';
import { connect, testCluster } from '../../support/database.js';
import {
  aProvisioner,
  aVerifiedSchool,
  begin,
  operator,
  stateOf,
  untilRun,
  type ProvisionerUnderTest,
} from '../../support/provisioning.js';

const run = promisify(execFile);

async function asSuperuser(sql: string, database = 'postgres'): Promise<Record<string, unknown>[]> {
  const client = await connect({ ...(await testCluster()).admin, database });
  return client
    .query(sql)
    .then(({ rows }) => rows as Record<string, unknown>[])
    .finally(() => client.end());
}

describe('a database that is another school’s', () => {
  let ops: Operations;
  let theirs: { subdomain: string; schoolId: string };
  let connections: SchoolConnections;
  const wanted = () => ({ subdomain: theirs.subdomain, schoolId: newId() });
  before(async () => {
    ops = (await testCluster()).operations;
  });
  beforeEach(async () => {
    theirs = { subdomain: `theirs-${newId().slice(-8)}`, schoolId: newId() };
    connections = await ops.createDb.run(theirs);
  });
  afterEach(() => ops.createDb.drop(theirs));

  const bootstrap = () => ops.bootstrapTenant.run({ ...theirs, owner: connections.owner });
  const unmark = async () => {
    const { database, roles } = schoolNames(theirs.subdomain);
    await asSuperuser(
      [`comment on database ${database} is null`, ...Object.values(roles).map((role) => `comment on role ${role} is null`)].join(
        ';',
      ),
    );
  };
  const missing = async () => (await ops.createDb.check(theirs)).filter((step) => !step.done).map((step) => step.step);
  async function staysTheirs(): Promise<void> {
    for (const connection of Object.values(connections)) await (await connect(connection)).end();
    const [row] = await asSuperuser(
      `select school_id from app.schools_by_role where role_name = '${connections.app.user}'`,
      'aimsgodb',
    );
    assert.equal(row?.school_id, theirs.schoolId);
  }

  it('is neither made nor mended nor reported as done, and its passwords stay', async () => {
    await assert.rejects(ops.createDb.run(wanted()), OfAnotherSchool);
    await assert.rejects(ops.createDb.check(wanted()), OfAnotherSchool);
    await staysTheirs();
  });

  it('is refused on the command line with a sentence, with and without --check', async () => {
    const { provisioner } = (await testCluster()).platform;
    const env = {
      DB_HOST: provisioner.host,
      DB_PORT: String(provisioner.port),
      DB_USER: provisioner.user,
      DB_PASSWORD: provisioner.password,
      TENANT_SUBDOMAIN: theirs.subdomain,
      TENANT_SCHOOL_ID: newId(),
      ...Object.fromEntries(
        ['OWNER', 'APP', 'READONLY', 'WORKER'].map((role) => [`TENANT_${role}_PASSWORD`, 'a-password-of-somebody-else']),
      ),
    };
    const aims = (...args: string[]) =>
      run(process.execPath, [path.join(projectRoot, 'dist/src/bin/aims.js'), 'create-db', ...args], { env, cwd: projectRoot });
    for (const args of [['--check'], []])
      await assert.rejects(aims(...args), {
        code: 1,
        stdout: '',
        stderr: /^A database with this name already exists and belongs to another school/,
      });
    await staysTheirs();
  });

  it('stays when somebody else’s school of this name is removed', async () => {
    await ops.createDb.drop(wanted());
    await staysTheirs();
  });

  it('is known by its own map where it was made before there were marks; its own school marks it', async () => {
    await bootstrap();
    await unmark();
    await assert.rejects(ops.createDb.run(wanted()), OfAnotherSchool);
    await ops.createDb.drop(wanted());
    await staysTheirs();
    assert.deepEqual(await missing(), ['login roles', 'database']);
    const passwords = {
      owner: connections.owner.password,
      app: connections.app.password,
      readonly: connections.readonly.password,
      worker: connections.worker.password,
    };
    await ops.createDb.run({ ...theirs, passwords });
    assert.deepEqual(await missing(), []);
    await staysTheirs();
  });

  it('a database without a mark that nobody has filled yet is the one that its maker was killed over: it goes on', async () => {
    await asSuperuser(`comment on database ${schoolNames(theirs.subdomain).database} is null`);
    assert.deepEqual(await missing(), ['database']);
    await ops.createDb.run(theirs);
    assert.deepEqual(await missing(), []);
  });

  it('so is one whose roles alone are there', async () => {
    await asSuperuser(`drop database ${schoolNames(theirs.subdomain).database}`);
    await assert.rejects(ops.createDb.run(wanted()), OfAnotherSchool);
    await ops.createDb.run(theirs);
    assert.deepEqual(await missing(), []);
  });

  it('a database or role that somebody made by hand under this name is left alone', async () => {
    const hand = { subdomain: `byhand-${newId().slice(-8)}`, schoolId: newId() };
    const { database, roles } = schoolNames(hand.subdomain);
    await asSuperuser(`create database ${database}`);
    await assert.rejects(ops.createDb.run(hand), OfAnotherSchool);
    await asSuperuser(`drop database ${database}`);
    await asSuperuser(`create role ${roles.readonly}`);
    await assert.rejects(ops.createDb.run(hand), OfAnotherSchool);
    await asSuperuser(`drop role ${roles.readonly}`);
    assert.deepEqual(await asSuperuser(`select 1 from pg_roles where rolname like '${roles.app}'`), []);
  });

  it('the platform’s map is never taken over', async () => {
    const fresh = { subdomain: `mapped-${newId().slice(-8)}`, schoolId: newId() };
    const role = schoolNames(fresh.subdomain).roles.app;
    await asSuperuser(`insert into app.schools_by_role values ('${role}', gen_random_uuid())`, 'aimsgodb');
    await assert.rejects(ops.createDb.run(fresh), OfAnotherSchool);
    assert.deepEqual(await asSuperuser(`select 1 from pg_roles where rolname = '${role}'`), []);
    await asSuperuser(`delete from app.schools_by_role where role_name = '${role}'`, 'aimsgodb');
  });

  it('of two who want one name at once one gets it, whole', async () => {
    const one = { subdomain: `race-${newId().slice(-8)}`, schoolId: newId() };
    const both = [one, { ...one, schoolId: newId() }];
    const made = await Promise.allSettled(both.map((each) => ops.createDb.run(each)));
    assert.deepEqual(
      made.map((each) => (each.status === 'rejected' ? each.reason instanceof OfAnotherSchool : null)).sort(),
      [null, true].sort(),
    );
    const winner = both[made.findIndex((each) => each.status === 'fulfilled')]!;
    assert.ok((await ops.createDb.check(winner)).every((step) => step.done));
    await ops.createDb.drop(winner);
  });
});

describe('a school whose name another platform has on this cluster', () => {
  const subdomain = `shared-${newId().slice(-8)}`;
  const theirs = { subdomain, schoolId: newId() };
  let ops: Operations;
  let platform: PlatformUnderTest;
  let provisioner: ProvisionerUnderTest;
  let connections: SchoolConnections;
  before(async () => {
    ops = (await testCluster()).operations;
    connections = await ops.createDb.run(theirs);
    platform = await aPlatform();
    provisioner = await aProvisioner(platform);
  });
  after(async () => {
    await provisioner?.stop();
    await platform?.stop();
    await ops.createDb.drop(theirs);
  });

  it('fails at once, says why to who waits, and can be removed without harm to the other', async () => {
    const id = await aVerifiedSchool(platform, subdomain);
    const { page } = await begin(platform, id);
    const failed = await untilRun(platform, id, 'failed');
    assert.deepEqual(
      failed.steps.map((step) => step.state),
      ['done', 'failed', 'waiting', 'waiting', 'waiting', 'waiting'],
    );
    assert.match((await platform.stranger().get(page)).html, /belongs to another school/);
    assert.match((await platform.stranger().get(`${page}?lang=fr`)).html, /appartient à une autre école/);

    await platform.run(() => platform.get(SCHOOL_REGISTER).moveTo(id, 'closed', { reason: 'given-up', actor: operator }));
    await platform.run(() => platform.get(PROVISIONING).remove(id, operator));
    await untilRun(platform, id, 'done');
    assert.equal(await stateOf(platform, id), 'deleted');
    await (await connect(connections.app)).end();
  });
});
