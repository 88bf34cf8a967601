import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '../../../src/kernel/actor.js';
import { PROVISIONING } from '../../../src/modules/provisioning/index.js';
import { SCHOOL_REGISTER } from '../../../src/modules/schools/index.js';
import { aPlatform, type PlatformUnderTest } from '../../support/core.js';
import { aVerifiedSchool } from '../../support/provisioning.js';

const actor = systemActor('test');
let platform: PlatformUnderTest;

before(async () => {
  platform = await aPlatform();
});
after(() => platform.stop());

test('what has not failed is not tried again', async () => {
  const id = await aVerifiedSchool(platform, 'fine');
  const door = platform.get(PROVISIONING);
  await platform.run(() => door.begin(id, actor));
  await assert.rejects(
    platform.run(() => door.retry(id, actor)),
    { code: 'nothing-failed' },
  );
});

test('a school that is removed is not begun again', async () => {
  const id = await aVerifiedSchool(platform, 'leaving');
  const door = platform.get(PROVISIONING);
  await platform.run(() => platform.get(SCHOOL_REGISTER).moveTo(id, 'closed', { reason: 'given-up', actor }));
  await platform.run(() => door.remove(id, actor));
  await assert.rejects(
    platform.run(() => door.begin(id, actor)),
    { code: 'removed' },
  );
});

test('a school is ordered once, however often it is asked for', async () => {
  const id = await aVerifiedSchool(platform, 'twice');
  const door = platform.get(PROVISIONING);
  const first = await platform.run(() => door.begin(id, actor));
  assert.deepEqual(await platform.run(() => door.begin(id, actor)).then(({ runId }) => runId), first.runId);
  const orders = await platform.sql('select 1 from provisioning_orders where run_id = $1', [first.runId]);
  assert.equal(orders.length, 1);
  const progress = await platform.run(() => door.progress(id));
  assert.equal(progress?.state, 'waiting');
  assert.equal(progress.page, first.page);
  assert.deepEqual(
    progress.steps.map((step) => step.state),
    progress.steps.map(() => 'waiting'),
  );
});

test('the role of the platform makes neither databases nor roles', async () => {
  for (const statement of ['create database stolen', 'create role stolen']) {
    await assert.rejects(
      platform.run(() => platform.app.database.pool.query(statement)),
      { code: '42501' },
    );
  }
});
