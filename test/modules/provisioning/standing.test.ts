import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { IDENTITY } from '../../../src/modules/identity/index.js';
import { schoolNames } from '../../../src/modules/provisioning/operations.js';
import { SCHOOL_REGISTER, type MoveReason, type SchoolState } from '../../../src/modules/schools/index.js';
import type { Answer, Browser } from '../../support/browser.js';
import { aPlatform, type PlatformUnderTest } from '../../support/core.js';
import { connect, testCluster } from '../../support/database.js';
import {
  aProvisioner,
  aVerifiedSchool,
  begin,
  operator,
  untilRun,
  type ProvisionerUnderTest,
  type RunningSchool,
} from '../../support/provisioning.js';

/** What the platform says holds in the school after so long. */
const SOON_MS = 2_000;
const SUBDOMAIN = 'stands-still';
const HEAD = { login: 'head@stands.test', password: 'correct-horse-battery-staple-7' };
const PERSON = {
  surname: 'Mwangi',
  firstName: 'Ruth',
  job: 'Teacher',
  category: 'teaching',
  email: 'ruth@stands.test',
  joinedOn: '2020-01-06',
};
const WHY = 'This school is suspended because its bill has not been paid.';

let platform: PlatformUnderTest;
let provisioner: ProvisionerUnderTest;
let id: string;
let head: Browser;

before(async () => {
  platform = await aPlatform();
  provisioner = await aProvisioner(platform);
  id = await aVerifiedSchool(platform, SUBDOMAIN);
  await begin(platform, id);
  await untilRun(platform, id, 'done');
  const { app } = school();
  const by = { password: HEAD.password };
  await app.run(() =>
    app.container.get(IDENTITY).createAccount({ name: 'Barasa Ann', email: HEAD.login, roles: ['head'], by, actor: operator }),
  );
  await inDatabase(
    schoolNames(SUBDOMAIN).database,
    "insert into identity_settings (school_id, id, factor_roles, factor_waived) values ($1, gen_random_uuid(), '{}', '{head}') on conflict (school_id) do update set factor_roles = '{}', factor_waived = '{head}'",
    [id],
  );
  head = await signedIn();
});
after(async () => {
  await provisioner?.deployer.stopAll();
  await provisioner?.stop();
  await platform?.stop();
});

test('an open school is written in, and says nothing of a lock', async () => {
  assert.equal((await addPerson(head)).status, 303);
  assert.doesNotMatch((await head.get('/hr/staff')).html, /data-test="lock"/);
});

test('within two seconds of being suspended a school takes no form, and says why and whom to ask', async () => {
  await move('suspended', 'unpaid');
  await pause(SOON_MS);
  const before = await people();
  for (const answer of [await addPerson(head), await head.post('/hr/staff', PERSON)]) {
    assert.equal(answer.status, 423);
    assert.ok(answer.html.includes(WHY), answer.html.slice(0, 400));
    assert.match(answer.html, /support@localhost/);
  }
  assert.equal(await people(), before);
});

test('nor a change through the API', async () => {
  const before = await people();
  const api = browser();
  const token = await api.token(HEAD.login, HEAD.password);
  const answer = await api.json(
    'POST',
    '/api/v1/hr/staff',
    { surname: 'Api', first_name: 'Ann', job: 'Nurse', category: 'non-teaching' },
    { authorization: `Bearer ${token}` },
  );
  assert.equal(answer.status, 423);
  assert.ok(answer.html.includes(WHY), answer.html);
  assert.equal((await api.get('/api/v1/hr/staff', { authorization: `Bearer ${token}` })).status, 200);
  assert.equal(await people(), before);
});

test('everything can still be looked at and taken along, under a banner', async () => {
  const page = await head.get('/hr/staff');
  assert.equal(page.status, 200);
  assert.match(page.html, /data-test="lock"/);
  assert.ok(page.html.includes(WHY));
  const list = await head.get('/hr/staff?format=csv');
  assert.equal(list.status, 200);
  assert.match(list.html, /Mwangi/);
});

test('people sign in and out as ever', async () => {
  const other = await signedIn();
  assert.equal((await other.get('/hr/staff')).status, 200);
  const out = await other.submit('/sign-out', {}, '/profile');
  assert.equal(out.status, 303);
  assert.notEqual((await other.get('/hr/staff')).status, 200);
});

test('while the platform’s database is away what was known last holds, over a restart of the school too', async () => {
  await reachable(false);
  try {
    await pause(SOON_MS);
    assert.equal((await addPerson(head)).status, 423);
    await restart();
    head = await signedIn();
    assert.equal((await addPerson(head)).status, 423);
    assert.match((await head.get('/hr/staff')).html, /data-test="lock"/);
  } finally {
    await reachable(true);
  }
});

test('once it is open again it is written in, and stays so while the platform is away', async () => {
  await move('ready', 'settled');
  await restart();
  head = await signedIn();
  assert.equal((await addPerson(head, 'second@stands.test')).status, 303);
  assert.doesNotMatch((await head.get('/hr/staff')).html, /data-test="lock"/);
  await reachable(false);
  try {
    await pause(SOON_MS);
    assert.equal((await addPerson(head, 'third@stands.test')).status, 303);
  } finally {
    await reachable(true);
  }
});

test('a school that is resumed while it runs opens within two seconds, once the platform answers', async () => {
  await restart();
  head = await signedIn();
  await move('suspended', 'security');
  await pause(SOON_MS);
  assert.equal((await addPerson(head, 'fourth@stands.test')).status, 423);
  await move('ready', 'mistake');
  await pause(SOON_MS);
  assert.equal((await addPerson(head, 'fourth@stands.test')).status, 303);
});

test('a school that is being closed says until when it can be read, and leads its owner to the whole export', async () => {
  await moveAndLook('closing', 'owner-asked');
  const page = (await head.get('/hr/staff')).html;
  assert.match(page, /This school is being closed\. Until \d+ \w+ \d{4}, \d\d:\d\d you can view and export everything/);
  assert.doesNotMatch(page, /href="\/exports"/);
  assert.equal((await addPerson(head, 'fifth@stands.test')).status, 423);
});

test('once it is closed nobody gets in, signed in or not, and whoever comes reads whom to write to', async () => {
  await moveAndLook('closed', 'grace-over');
  const before = await people();
  for (const answer of [
    await head.get('/hr/staff'),
    await head.get('/'),
    await browser().get('/login'),
    await head.post('/hr/staff', PERSON),
    await head.get('/hr/staff?format=csv'),
  ]) {
    assert.equal(answer.status, 410);
    assert.match(answer.html, /This school is closed/);
    assert.match(answer.html, /support@localhost/);
    assert.doesNotMatch(answer.html, /Mwangi|href="\/hr\/staff"|Go to the home page/);
  }
  assert.equal((await browser().json('POST', '/api/auth/token', HEAD)).status, 410);
  assert.equal(await people(), before);
});

function school(): RunningSchool {
  return provisioner.deployer.running.get(id)!;
}

function browser(): Browser {
  return school().browser();
}

async function signedIn(): Promise<Browser> {
  const person = browser();
  await person.signIn(HEAD.login, HEAD.password);
  return person;
}

function addPerson(by: Browser, email = PERSON.email): Promise<Answer> {
  return by.submit('/hr/staff', { ...PERSON, email }, '/hr/staff/new');
}

async function people(): Promise<number> {
  const [row] = await inDatabase<{ n: number }>(schoolNames(SUBDOMAIN).database, 'select count(*)::int as n from hr_staff');
  return row!.n;
}

async function move(state: SchoolState, reason: MoveReason): Promise<void> {
  await platform.run(() => platform.get(SCHOOL_REGISTER).moveTo(id, state, { reason, actor: operator }));
}

/** A page may show what was true a few seconds ago; the one after it doesn't. */
async function moveAndLook(state: SchoolState, reason: MoveReason): Promise<void> {
  await move(state, reason);
  await pause(SOON_MS);
  await browser().get('/login');
  await pause(SOON_MS / 4);
}

async function restart(): Promise<void> {
  await provisioner.deployer.stop({ id, subdomain: SUBDOMAIN });
  await provisioner.deployer.start({ id, subdomain: SUBDOMAIN });
  await provisioner.deployer.started(id);
}

/** Whether schools get into the platform's database. */
async function reachable(yes: boolean): Promise<void> {
  await inDatabase('postgres', `alter database ${platform.database.name} allow_connections ${yes}`);
  if (!yes)
    await inDatabase(
      'postgres',
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name = 'aims-platform-link'",
      [platform.database.name],
    );
}

async function inDatabase<Row>(database: string, text: string, values: unknown[] = []): Promise<Row[]> {
  const { admin } = await testCluster();
  const client = await connect({ ...admin, database });
  return client
    .query(text, values)
    .then(({ rows }) => rows as Row[])
    .finally(() => client.end());
}
