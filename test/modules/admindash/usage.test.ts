import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { PLATFORM_DOOR } from '../../../src/modules/platform-link/ports.js';
import { callHeaders } from '../../../src/platform/link/call.js';
import { masterKeys, ownKey, secretFor } from '../../../src/platform/link/keys.js';
import type { Answer } from '../../support/browser.js';
import { aPlatform, type PlatformUnderTest } from '../../support/core.js';
import { aProvisioner, aVerifiedSchool, begin, type ProvisionerUnderTest } from '../../support/provisioning.js';
import { until } from '../../support/waiting.js';

const PATH = '/api/tenants/usage-report/';
let platform: PlatformUnderTest;
let provisioner: ProvisionerUnderTest | null = null;
let school: string;
let sister: string;

before(async () => {
  platform = await aPlatform();
  school = await aVerifiedSchool(platform, 'counting');
  sister = await aVerifiedSchool(platform, 'sister');
});
after(async () => {
  await provisioner?.deployer.stopAll();
  await provisioner?.stop();
  await platform?.stop();
});

const keyOf = (id: string) => ownKey(secretFor(masterKeys(platform.app.config.core!.bootstrapSecret!), id));
const day = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
const usage = (id: string, changes: object = {}): string =>
  JSON.stringify({
    school_id: id,
    taken_at: new Date(),
    version: '0.1.0',
    schema_head: '20261125_x',
    database_bytes: 12_000_000,
    pupils: 300,
    staff: 25,
    active_1: 3,
    active_7: 8,
    active_30: 9,
    first_class_at: new Date(),
    first_student_at: null,
    first_import_at: null,
    days: [
      { day: day(1), sign_ins: 7, failed_sign_ins: 1, lock_outs: 0 },
      { day: day(0), sign_ins: 4, failed_sign_ins: 2, lock_outs: 1 },
    ],
    ...changes,
  });
const signed = (body: string, by: string, at = new Date()) =>
  callHeaders(keyOf(by), body, randomBytes(16).toString('base64url'), at);
const post = (body: string, headers: object): Promise<Answer> =>
  platform
    .stranger()
    .send('POST', PATH, Buffer.from(body), { 'content-type': 'application/json', ...(headers as Record<string, string>) });
const kept = () =>
  platform.sql(
    'select school_id, day::text, sign_ins, failed_sign_ins, lock_outs, pupils from admindash_usage order by school_id, day',
  );

test('forged, late, foreign, changed and odd reports get one and the same answer, and change nothing', async () => {
  const body = usage(school);
  const [named, dated, future, twice] = [
    usage(school, { owner: 'Otieno Grace' }),
    usage(school, { taken_at: new Date(Date.now() - 3_600_000) }),
    usage(school, { days: [{ day: day(-2), sign_ins: 1, failed_sign_ins: 0, lock_outs: 0 }] }),
    usage(school, { pupils: -1 }),
  ] as const;
  const answers = [
    await post(body, {}),
    await post(body, signed(body, school, new Date(Date.now() - 6 * 60_000))),
    await post(body, signed(body, sister)),
    await post(usage(sister), signed(body, school)),
    await post(body.replace('"pupils":300', '"pupils":301'), signed(body, school)),
    await post(body, { ...signed(body, school), 'x-aims-key': 'k9' }),
    await post(named, signed(named, school)),
    await post(dated, signed(dated, school)),
    await post(future, signed(future, school)),
    await post(twice, signed(twice, school)),
    await post('not json', signed('not json', school)),
  ];
  for (const answer of answers) {
    assert.equal(answer.status, 401);
    assert.equal(answer.html, answers[0]!.html);
  }
  assert.deepEqual(await kept(), []);
  assert.deepEqual(await platform.sql('select 1 from admindash_reports'), []);
});

test('a report is kept for its school and its days; shown again it is refused; the same counts again change nothing', async () => {
  const body = usage(school);
  const headers = signed(body, school);
  assert.equal((await post(body, headers)).status, 200);
  assert.equal((await post(body, headers)).status, 401);
  const first = await kept();
  assert.deepEqual(first, [
    { school_id: school, day: day(1), sign_ins: 7, failed_sign_ins: 1, lock_outs: 0, pupils: null },
    { school_id: school, day: day(0), sign_ins: 4, failed_sign_ins: 2, lock_outs: 1, pupils: 300 },
  ]);
  assert.equal((await post(body, signed(body, school))).status, 200);
  assert.deepEqual(await kept(), first);
});

test('a newer report counts on; an older one that comes later takes nothing back', async () => {
  const newer = usage(school, { pupils: 310, days: [{ day: day(0), sign_ins: 9, failed_sign_ins: 2, lock_outs: 1 }] });
  assert.equal((await post(newer, signed(newer, school))).status, 200);
  const older = usage(school, { taken_at: new Date(Date.now() - 120_000), pupils: 305 });
  assert.equal((await post(older, signed(older, school))).status, 200);
  const [report] = await platform.sql<{ pupils: number }>('select pupils from admindash_reports where school_id = $1', [school]);
  assert.equal(report!.pupils, 310);
  assert.equal(Number((await kept())[1]!.sign_ins), 9);
});

test('a school of an older version says nothing of money, a newer one its sums; one without the other is refused by nobody and kept by nobody', async () => {
  const money = async () =>
    (await platform.sql('select currency, collected_30_minor, sms_30 from admindash_reports where school_id = $1', [sister]))[0];
  const [older, newer] = [
    usage(sister),
    usage(sister, { first_receipt_at: new Date(), currency: 'KES', collected_30_minor: 12_000_00, sms_30: 7 }),
  ];
  assert.equal((await post(older, signed(older, sister))).status, 200);
  assert.deepEqual(await money(), { currency: null, collected_30_minor: null, sms_30: null });
  assert.equal((await post(newer, signed(newer, sister))).status, 200);
  assert.deepEqual(await money(), { currency: 'KES', collected_30_minor: '1200000', sms_30: 7 });
  const half = usage(sister, { collected_30_minor: 5 });
  assert.equal((await post(half, signed(half, sister))).status, 200);
  assert.deepEqual(await money(), { currency: null, collected_30_minor: null, sms_30: null });
});

test('a real school reports at its start what it counts, and nothing that names anybody', async () => {
  provisioner = await aProvisioner(platform);
  const id = await aVerifiedSchool(platform, 'reporting');
  await begin(platform, id);
  const report = async () =>
    (await platform.sql<Record<string, unknown>>('select * from admindash_reports where school_id = $1', [id]))[0];
  await until(async () => (await report()) !== undefined, 'The school did not report', 60_000);
  const row = (await report())!;
  assert.deepEqual([row.pupils, row.staff, row.version], [0, 0, '0.1.0']);
  assert.deepEqual([row.currency, row.collected_30_minor, row.sms_30, row.first_receipt_at], ['KES', '0', 0, null]);
  assert.ok(Number(row.database_bytes) > 1_000_000);
  const { app } = provisioner.deployer.running.get(id)!;
  assert.ok(app.container.get(PLATFORM_DOOR));
  assert.equal(app.cron['platform-link.report'], '20 * * * *', 'once an hour');
});
