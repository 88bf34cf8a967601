import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { PASSWORD, place, SYSTEM, totp, type Browser, type Instance, type Place } from './support.js';

let here: Place;
let second: Instance;
let owner: Browser;
let administrator: Browser;
const ids: Record<string, string> = {};

before(async () => {
  here = await place();
  second = await here.another();
  for (const [name, role] of [
    ['owner', 'owner'],
    ['administrator', 'administrator'],
    ['registrar', 'registrar'],
    ['teacher', 'teacher'],
    ['bursar', 'bursar'],
  ] as const) {
    ids[name] = await here.account({ name: `The ${name}`, email: `${name}@kilimani.example`, roles: [role] });
  }
  owner = await withFactor('owner');
  administrator = await withFactor('administrator');
});
after(() => here.stop());

async function withFactor(name: string): Promise<Browser> {
  const secret = await here.first.run(() => here.first.identity.enrolFactor(ids[name]!, SYSTEM));
  const browser = here.first.browser();
  await browser.signIn(`${name}@kilimani.example`);
  assert.equal((await browser.post('/login/factor', { code: totp(secret) })).status, 303);
  await browser.readToken();
  return browser;
}

async function signedIn(name: string, where: Instance = here.first): Promise<Browser> {
  const browser = where.browser();
  assert.equal((await browser.signIn(`${name}@kilimani.example`)).status, 303);
  return browser;
}

test('a role given or taken acts in every process within a second, in pages that are open', async () => {
  const at = [await signedIn('registrar'), await signedIn('registrar', second)];
  for (const browser of at) assert.equal((await browser.get('/probe')).status, 200);
  assert.equal((await owner.post(`/identity/users/${ids.registrar}/roles`, { roles: 'librarian' })).status, 303);
  await pause(150);
  for (const browser of at) assert.equal((await browser.get('/probe')).status, 403);
  assert.equal((await owner.post(`/identity/users/${ids.registrar}/roles`, { roles: 'registrar' })).status, 303);
  await pause(150);
  for (const browser of at) assert.equal((await browser.get('/probe')).status, 200);
});

test('a changed matrix acts in every process within a second', async () => {
  const at = [await signedIn('teacher'), await signedIn('teacher', second)];
  for (const browser of at) assert.equal((await browser.get('/probe')).status, 200);
  const rows = ['probe.read', 'probe.money', 'probe.own'];
  const cells = ['owner', 'administrator', 'registrar']
    .map((role) => `${role} probe.read`)
    .concat(
      'owner probe.money',
      'bursar probe.money',
      'owner probe.own',
      'administrator probe.own',
      'registrar probe.own',
      'guardian probe.own',
    );
  const answer = await owner.post('/identity/roles/probe/edit', { rows, cells });
  assert.equal(answer.status, 303, answer.html);
  await pause(150);
  for (const browser of at) assert.equal((await browser.get('/probe')).status, 403);
  await owner.post('/identity/roles/probe/edit', { rows, cells: [...cells, 'teacher probe.read'] });
  await pause(150);
  for (const browser of at) assert.equal((await browser.get('/probe')).status, 200);
  assert.deepEqual(
    await here.sql('select role, permission from identity_role_permissions'),
    [],
    'what equals the default is not kept',
  );
});

test('forged cells and roles are refused, nothing is changed', async () => {
  const rows = ['probe.read', 'probe.money'];
  const before = await here.sql('select * from identity_role_permissions');
  assert.equal(
    (
      await administrator.post('/identity/roles/probe/edit', {
        rows,
        cells: [
          'owner probe.read',
          'administrator probe.read',
          'registrar probe.read',
          'teacher probe.read',
          'administrator probe.money',
        ],
      })
    ).status,
    422,
  );
  assert.equal(
    (await owner.post('/identity/roles/probe/edit', { rows: ['probe.read'], cells: ['owner probe.read', 'guardian probe.read'] }))
      .status,
    422,
  );
  assert.equal((await administrator.post(`/identity/users/${ids.teacher}/roles`, { roles: 'owner' })).status, 422);
  assert.equal(
    (await administrator.post(`/identity/users/${ids.administrator}/roles`, { roles: ['administrator', 'bursar'] })).status,
    422,
  );
  assert.equal((await administrator.post(`/identity/users/${ids.owner}/closing`, { reason: 'Takeover' })).status, 422);
  assert.equal((await administrator.post(`/identity/users/${ids.bursar}/slip`)).status, 422);
  const teacher = await signedIn('teacher');
  assert.equal((await teacher.post(`/identity/users/${ids.teacher}/roles`, { roles: 'owner' })).status, 403);
  assert.equal((await teacher.get('/identity/users')).status, 403);
  assert.deepEqual(await here.sql('select * from identity_role_permissions'), before);
  assert.deepEqual(await here.sql('select role from identity_user_roles where user_id = $1', [ids.teacher]), [
    { role: 'teacher' },
  ]);
});

test('the last owner can neither be removed nor closed, also not by two at once', async () => {
  assert.equal((await owner.post(`/identity/users/${ids.owner}/roles`, { roles: 'teacher' })).status, 422);
  ids.partner = await here.account({ name: 'Partner', email: 'partner@kilimani.example', roles: ['owner'] });
  const partner = await withFactor('partner');
  const answers = await Promise.all([
    owner.post(`/identity/users/${ids.partner}/roles`, { roles: 'teacher' }),
    partner.post(`/identity/users/${ids.owner}/roles`, { roles: 'teacher' }),
  ]);
  const owners = await here.sql(`select user_id from identity_user_roles where role = 'owner'`);
  assert.equal(owners.length, 1, answers.map((answer) => answer.status).join());
  await here.sql(`delete from identity_user_roles where user_id = any($1)`, [[ids.owner, ids.partner]]);
  await here.sql(
    `insert into identity_user_roles (school_id, id, user_id, role) values ($1, gen_random_uuid(), $2, 'owner'), ($1, gen_random_uuid(), $3, 'teacher')`,
    [here.school.schoolId, ids.owner, ids.partner],
  );
  await pause(1_050);
});

test('a closed account is out at once everywhere: pages, API and refresh', async () => {
  await here.account({ name: 'Leaver', email: 'leaver@kilimani.example' });
  const [{ id }] = (await here.sql<{ id: string }>(`select id from identity_users where email = 'leaver@kilimani.example'`)) as [
    { id: string },
  ];
  const page = await signedIn('leaver', second);
  const issued = (
    await here.first.browser().api('/api/auth/token', { login: 'leaver@kilimani.example', password: PASSWORD })
  ).json();
  assert.equal((await second.browser().api('/api/v1/probe', null, String(issued.access_token))).status, 200);
  assert.equal((await owner.post(`/identity/users/${id}/closing`, { reason: 'Has left the school' })).status, 303);
  await pause(150);
  assert.equal((await page.get('/')).status, 302);
  assert.equal((await second.browser().api('/api/v1/probe', null, String(issued.access_token))).status, 401);
  assert.equal((await here.first.browser().api('/api/auth/refresh', { refresh_token: issued.refresh_token })).status, 401);
  assert.equal((await here.first.browser().post('/login', { login: 'leaver@kilimani.example', password: PASSWORD })).status, 401);
});

test('a person sees and ends their own sessions', async () => {
  const [here1, there] = [await signedIn('teacher'), await signedIn('teacher', second)];
  const { html } = await here1.get('/profile');
  const others = [...html.matchAll(/action="\/profile\/sessions\/([0-9a-f-]{36})\/end"/g)].map((match) => match[1]!);
  assert.ok(others.length >= 1);
  assert.equal((await here1.post('/profile/sessions/end-others')).status, 303);
  await pause(150);
  assert.equal((await there.get('/')).status, 302);
  assert.equal((await here1.get('/')).status, 200);
  const stranger = await signedIn('registrar');
  const [mine] = await here.sql<{ id: string }>('select id from identity_sessions where user_id = $1', [ids.teacher]);
  assert.equal((await stranger.post(`/profile/sessions/${mine!.id}/end`)).status, 404);
  assert.equal((await here1.get('/')).status, 200);
});

test('what can’t be taken back asks who one is, if the last proof is older than 15 minutes', async () => {
  const teacher = await signedIn('teacher');
  await here.sql(`update identity_sessions set sess = (sess::jsonb || '{"confirmedAt": 0}')::json where user_id = $1`, [
    ids.teacher,
  ]);
  await pause(1_050);
  assert.match((await teacher.get('/profile/password')).location!, /^\/confirm\?next=/);
  assert.equal(
    (await teacher.post('/profile/password', { password: 'some other long words', repeated: 'some other long words' })).status,
    303,
  );
  assert.equal((await teacher.post('/confirm', { password: 'wrong words', next: '/profile/password' })).status, 401);
  assert.equal((await teacher.post('/confirm', { password: PASSWORD, next: '//evil.example' })).location, '/profile');
  assert.equal((await teacher.get('/profile/password')).status, 200);
});

test('a new role that needs a second factor leads there from any page, without going in circles', async () => {
  const userId = await here.account({ name: 'Promoted', email: 'promoted@kilimani.example', roles: ['teacher'] });
  const promoted = await signedIn('promoted');
  await here.sql(`update identity_sessions set sess = (sess::jsonb || '{"confirmedAt": 0}')::json where user_id = $1`, [userId]);
  await here.sql(`update identity_users set factor_due_at = now() - interval '1 minute' where id = $1`, [userId]);
  await owner.post(`/identity/users/${userId}/roles`, { roles: ['teacher', 'head'] });
  await pause(1_050);
  assert.equal((await promoted.get('/probe')).location, '/profile/factors/new');
  assert.equal((await promoted.get('/profile/factors/new')).status, 200);
});

test('unknown fields of a form change nothing', async () => {
  const teacher = await signedIn('teacher');
  await teacher.post('/profile/tastes', {
    language: 'en',
    role: 'head',
    roles: 'owner',
    is_admin: '1',
    school_id: '2',
    state: 'disabled',
    version: '9',
    id: ids.owner!,
  });
  const [row] = await here.sql<Record<string, unknown>>('select language, state, school_id from identity_users where id = $1', [
    ids.teacher,
  ]);
  assert.deepEqual({ ...row }, { language: null, state: 'active', school_id: here.school.schoolId });
});

test('who needs a second step, or what a role may do, said from a page that somebody else has overtaken changes nothing', async () => {
  const held = ['owner probe.read', 'administrator probe.read', 'registrar probe.read'];
  for (const [address, says, others] of [
    ['/identity/roles/second-factor', { roles: ['owner', 'teacher'] }, { roles: ['owner', 'registrar'] }],
    [
      '/identity/roles/probe/edit',
      { rows: 'probe.read', cells: [...held, 'teacher probe.read'] },
      { rows: 'probe.read', cells: held },
    ],
  ] as const) {
    const _read = /name="_read" value="([0-9a-f]+)"/.exec((await owner.get(address)).html)![1]!;
    const sending = (said: object) => owner.post(address, { ...said, _read });
    assert.equal((await sending(others)).status, 303, address);
    const late = await sending(says);
    assert.equal(late.status, 409, address);
    assert.match(late.html, /Someone else has changed this since you opened it/);
  }
});

test('pages are drawn for those who may see them', async () => {
  for (const address of [
    '/identity/users',
    `/identity/users/${ids.bursar}`,
    `/identity/users/${ids.bursar}/roles`,
    `/identity/users/${ids.bursar}/contact`,
    `/identity/users/${ids.bursar}/closing`,
    '/identity/users/new',
    '/identity/roles',
    '/identity/roles/probe/edit',
    '/identity/roles/second-factor',
    '/identity/sign-ins',
    '/audit',
    '/profile',
    '/profile/tastes',
    '/profile/contact',
    '/profile/password',
    '/confirm',
  ]) {
    const answer = await owner.get(address);
    assert.equal(answer.status, 200, address);
    assert.match(answer.html, /<h1>/, address);
  }
  assert.match((await owner.get('/identity/users?q=the%20b')).html, /The bursar/);
  assert.match((await owner.get('/identity/users?role=bursar')).html, /The bursar/);
  assert.match((await owner.get('/identity/users?format=csv')).html, /bursar@kilimani\.example/);
  assert.match((await owner.get('/identity/sign-ins?outcome=signed-in')).html, /Signed in/);
  const entry = /href="\/audit\/([0-9a-f-]{36})"/.exec((await owner.get('/audit?action=identity.account.roles')).html)![1]!;
  assert.match((await owner.get(`/audit/${entry}`)).html, /roles/);
  assert.equal((await owner.get('/audit/00000000-0000-7000-8000-00000000dead')).status, 404);
  for (const address of ['/login', '/login/password', '/login/code', '/login/forgotten'])
    assert.equal((await here.first.browser().get(address)).status, 200);
});
