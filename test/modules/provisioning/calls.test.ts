import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { callHeaders } from '../../../src/platform/link/call.js';
import { masterKeys, ownKey, secretFor } from '../../../src/platform/link/keys.js';
import { makeTicket, readTicket } from '../../../src/platform/link/ticket.js';
import type { Answer } from '../../support/browser.js';
import { aPlatform, type PlatformUnderTest } from '../../support/core.js';
import { aVerifiedSchool } from '../../support/provisioning.js';

const PATH = '/api/auth/tenant-bootstrap-ready/';
let platform: PlatformUnderTest;
let school: string;
let sister: string;

before(async () => {
  platform = await aPlatform();
  school = await aVerifiedSchool(platform, 'calling');
  sister = await aVerifiedSchool(platform, 'sister');
});
after(() => platform?.stop());

const masters = () => masterKeys(platform.app.config.core!.bootstrapSecret!);
const keyOf = (id: string) => ownKey(secretFor(masters(), id));
const nonce = () => randomBytes(16).toString('base64url');
const bodyOf = (id: string, boot = randomUUID(), ready = true) =>
  JSON.stringify({ school_id: id, boot, schema_head: '1', ready });
const post = (body: string, headers: object): Promise<Answer> =>
  platform
    .stranger()
    .send('POST', PATH, Buffer.from(body), { 'content-type': 'application/json', ...(headers as Record<string, string>) });

async function isReady(id: string): Promise<boolean> {
  const [row] = await platform.sql<{ deployment_ready: boolean }>(
    'select deployment_ready from schools_deployments where school_id = $1',
    [id],
  );
  return row!.deployment_ready;
}

test('forged, late, foreign, incomplete and changed calls get one and the same answer, and change nothing', async () => {
  const body = bodyOf(school);
  const right = callHeaders(keyOf(school), body, nonce(), new Date());
  const late = callHeaders(keyOf(school), body, nonce(), new Date(Date.now() - 6 * 60_000));
  const early = callHeaders(keyOf(school), body, nonce(), new Date(Date.now() + 6 * 60_000));
  const foreign = callHeaders(keyOf(sister), body, nonce(), new Date());
  const answers = [
    await post(body, {}),
    await post(body, late),
    await post(body, early),
    await post(body, foreign),
    await post(body, { ...right, 'x-aims-key': 'k9' }),
    await post(body, { ...right, 'x-aims-signature': 'x' }),
    await post(body.replace('"1"', '"2"'), right),
    await post('not json', callHeaders(keyOf(school), 'not json', nonce(), new Date())),
    await post('', {}),
  ];
  for (const answer of answers) {
    assert.equal(answer.status, 401);
    assert.equal(answer.html, answers[0]!.html);
  }
  assert.equal(await isReady(school), false);
  const noted = await platform.sql("select 1 from audit_entries where action = 'provisioning.answer-refused'");
  assert.equal(noted.length, answers.length);
});

test('a right call works once; shown again it is refused, said again by the same start it is harmless', async () => {
  const boot = randomUUID();
  const body = bodyOf(school, boot);
  const headers = callHeaders(keyOf(school), body, nonce(), new Date());
  assert.equal((await post(body, headers)).status, 200);
  assert.equal(await isReady(school), true);
  assert.equal((await post(body, headers)).status, 401);
  assert.equal((await post(body, callHeaders(keyOf(school), body, nonce(), new Date()))).status, 200);
  const told = await platform.sql("select 1 from audit_entries where action = 'provisioning.answer' and entity_id = $1", [
    school,
  ]);
  assert.equal(told.length, 1);
});

test('who calls wrongly again and again is not listened to for a while', async () => {
  let last = 0;
  for (let time = 0; time < 25; time += 1) last = (await post(bodyOf(school), {})).status;
  assert.equal(last, 429);
});

test('a ticket is for one school, for two minutes, and can not be changed', () => {
  const now = new Date();
  const ticket = makeTicket(keyOf(school), school, 'grace@lakeview.test', now);
  assert.equal(readTicket(keyOf(school), school, ticket, now)?.email, 'grace@lakeview.test');
  assert.equal(readTicket(keyOf(sister), sister, ticket, now), null);
  assert.equal(readTicket(keyOf(school), school, ticket, new Date(now.getTime() + 121_000)), null);
  assert.equal(readTicket(keyOf(school), school, `A${ticket.slice(1)}`, now), null);
  assert.equal(readTicket(keyOf(school), school, 'nothing', now), null);
});

test('master keys change one after the other: the new one signs, the old one is still believed', () => {
  const old = masterKeys('k1:an-old-master-key-of-this-test');
  const both = masterKeys('k2:a-new-master-key-of-this-test,k1:an-old-master-key-of-this-test');
  assert.match(secretFor(both, school), /^k2:/);
  const ticket = makeTicket(ownKey(secretFor(old, school)), school, 'a@b.test', new Date());
  assert.ok(readTicket(ownKey(secretFor(old, school)), school, ticket, new Date()));
  assert.equal(readTicket(ownKey(secretFor(both, school)), school, ticket, new Date()), null);
});
