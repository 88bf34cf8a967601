import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { PROVISIONING } from '../../../src/modules/provisioning/index.js';
import { schoolNames } from '../../../src/modules/provisioning/operations.js';
import { SCHOOL_REGISTER } from '../../../src/modules/schools/index.js';
import { aPlatform, type PlatformUnderTest } from '../../support/core.js';
import {
  aProvisioner,
  aVerifiedSchool,
  begin,
  operator,
  stateOf,
  untilRun,
  type ProvisionerUnderTest,
} from '../../support/provisioning.js';

let platform: PlatformUnderTest;
let provisioner: ProvisionerUnderTest;

before(async () => {
  platform = await aPlatform();
  provisioner = await aProvisioner(platform);
});
after(async () => {
  await provisioner?.deployer.stopAll();
  await provisioner?.stop();
  await platform?.stop();
});

async function leftOf(subdomain: string): Promise<{ databases: number; roles: number; secrets: string[] }> {
  const { database, roles } = schoolNames(subdomain);
  const [{ databases = 0, logins = 0 } = {}] = await platform.sql<{ databases: number; logins: number }>(
    'select (select count(*)::int from pg_database where datname = $1) as databases, (select count(*)::int from pg_roles where rolname = any($2)) as logins',
    [database, Object.values(roles)],
  );
  provisioner.secrets.refresh();
  return { databases, roles: logins, secrets: provisioner.secrets.names(`school.${subdomain}.`) };
}

test('a school is made: it is open, its owner has an account, and each step says how long it took', async () => {
  const id = await aVerifiedSchool(platform, 'lake-view');
  await begin(platform, id);
  assert.equal(await stateOf(platform, id), 'provisioning');
  const done = await untilRun(platform, id, 'done');
  assert.equal(await stateOf(platform, id), 'ready');
  assert.deepEqual(
    done.steps.map((step) => [step.name, step.state, typeof step.ms]),
    ['record', 'database', 'secrets', 'start', 'fill', 'answer'].map((name) => [name, 'done', 'number']),
  );
  const [ready] = await platform.sql<{ deployment_ready: boolean }>(
    'select deployment_ready from schools_deployments where school_id = $1',
    [id],
  );
  assert.equal(ready?.deployment_ready, true);
  const page = await provisioner.deployer.running.get(id)!.browser().get('/login');
  assert.equal(page.status, 200);
  assert.match(page.html, /Lake View Academy/);
});

test('only a closed school is removed', async () => {
  const id = await aVerifiedSchool(platform, 'still-open');
  await assert.rejects(
    platform.run(() => platform.get(PROVISIONING).remove(id, operator)),
    { code: 'not-closed' },
  );
});

test('removing leaves no database, role, secret, file or session, and the address stays taken', async () => {
  const id = await aVerifiedSchool(platform, 'short-lived');
  await begin(platform, id);
  await untilRun(platform, id, 'done');
  const folder = path.join(platform.app.config.data, 'files', id, 'photos');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'one.jpg'), 'x');
  const before = await leftOf('short-lived');
  assert.deepEqual([before.databases, before.roles], [1, 4]);

  const register = platform.get(SCHOOL_REGISTER);
  await platform.run(() => register.moveTo(id, 'closing', { reason: 'owner-asked', actor: operator }));
  await assert.rejects(
    platform.run(() => platform.get(PROVISIONING).remove(id, operator)),
    { code: 'not-closed' },
  );
  await platform.run(() => register.moveTo(id, 'closed', { reason: 'grace-over', actor: operator }));
  await platform.run(() => platform.get(PROVISIONING).remove(id, operator));
  await untilRun(platform, id, 'done');
  assert.deepEqual(await leftOf('short-lived'), { databases: 0, roles: 0, secrets: [] });
  assert.equal(existsSync(path.dirname(folder)), false);
  assert.equal(provisioner.deployer.running.has(id), false);
  assert.equal(await stateOf(platform, id), 'deleted');
  assert.equal(await platform.run(() => platform.get(SCHOOL_REGISTER).isTaken('short-lived')), true);
  const rows = await platform.sql('select 1 from app.schools_by_role where school_id = $1', [id]);
  assert.equal(rows.length, 0);
});
