import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { systemActor } from '../../../src/kernel/actor.js';
import { PLATFORM_ROLES } from '../../../src/platform/module.js';
import { MENU, PERMISSION_CATALOGUE } from '../../../src/platform/tokens.js';
import { IDENTITY } from '../../../src/modules/identity/index.js';
import { hiddenValue } from '../../support/browser.js';
import { aPlatform, type PlatformUnderTest } from '../../support/core.js';
import {
  aPlatformPerson,
  enterMailedCode,
  mailedCode,
  platformPersonAt,
  totpCode,
} from '../../support/people/platform-people.js';

describe('people of the platform', () => {
  let platform: PlatformUnderTest;
  before(async () => {
    platform = await aPlatform();
  });
  after(() => platform.stop());

  it('there is no password: no page takes one, no program gets a token, no account can be made with one', async () => {
    const stranger = platform.stranger();
    const { email } = await aPlatformPerson(platform, 'super-admin');
    for (const path of ['/login', '/api/auth/token', '/login/forgotten', '/login/invitation', '/login/reset']) {
      assert.equal((await stranger.post(path, { login: email, password: 'a password that was stolen' })).status, 404, path);
    }
    assert.equal((await stranger.get('/login/password')).status, 404);
    assert.ok(!(await stranger.get('/login')).html.includes('password'));
    const person = { name: 'X', email: 'x@platform.test', roles: ['support'] as const, actor: systemActor('test') };
    await assert.rejects(
      platform.run(() => platform.get(IDENTITY).createAccount({ ...person, by: { password: 'correct horse battery' } })),
      /Platform accounts have no passwords/,
    );
    await assert.rejects(
      platform.run(() => platform.get(IDENTITY).createAccount({ ...person, by: 'slip' })),
      /Platform accounts have no passwords/,
    );
  });

  it('the mailed code alone opens nothing: the second step is asked for, and a wrong one is refused', async () => {
    const { email, secret } = await aPlatformPerson(platform, 'support');
    const thief = platform.stranger();
    assert.equal((await enterMailedCode(platform, thief, email)).location, '/login/factor');
    assert.equal((await thief.get('/identity/users')).status, 302);
    assert.equal((await thief.post('/login/factor', { code: '000000' })).status, 401);
    assert.equal((await thief.get('/identity/users')).status, 302);
    assert.equal((await thief.post('/login/factor', { code: await totpCode(secret!) })).status, 303);
    assert.equal((await thief.get('/identity/users')).status, 200);
  });

  it('whoever comes for the first time sets up a second step before anything else opens', async () => {
    const { email } = await aPlatformPerson(platform, 'support', { factor: false });
    const browser = platform.stranger();
    assert.equal((await enterMailedCode(platform, browser, email)).status, 303);
    for (const path of ['/identity/users', '/profile/contact', '/audit'])
      assert.equal((await browser.get(path)).location, '/profile/factors/new', path);
    const page = await browser.get('/profile/factors/new');
    const secret = /data-test="secret">([A-Z2-7 ]+)</.exec(page.html)![1]!.replaceAll(' ', '');
    const done = await browser.post('/profile/factors/new', {
      _csrf: hiddenValue(page.html, '_csrf'),
      code: await totpCode(secret),
    });
    assert.equal(done.status, 200);
    assert.equal((await browser.get('/identity/users')).status, 200);
  });

  it('an address that nobody has is answered like one that somebody has, and gets no mail', async () => {
    const { email } = await aPlatformPerson(platform, 'analyst');
    const answers = [];
    for (const login of [email, 'nobody@platform.test']) {
      const browser = platform.stranger();
      const { status, location } = await browser.post('/login/code', { login });
      answers.push({ status, location, page: (await browser.get(location!)).html });
    }
    assert.deepEqual(answers[0], answers[1]);
    await assert.rejects(mailedCode(platform, 'nobody@platform.test'), /the code came by mail/);
  });

  it('an invitation is good for seven days: afterwards no code comes, until somebody invites anew', async () => {
    const { userId, email } = await aPlatformPerson(platform, 'support', { factor: false });
    await platform.sql("update identity_links set expires_at = now() - interval '1 minute' where user_id = $1", [userId]);
    const late = platform.stranger();
    assert.equal((await late.post('/login/code', { login: email })).location, '/login/code');
    await assert.rejects(mailedCode(platform, email), /the code came by mail/);
    const admin = await platformPersonAt(platform, 'super-admin');
    assert.match((await admin.get(`/identity/users/${userId}`)).html, /The invitation has expired/);
    assert.equal((await admin.submit(`/identity/users/${userId}/invitation`, {}, `/identity/users/${userId}`)).status, 303);
    assert.match((await admin.get(`/identity/users/${userId}`)).html, /Invited, not yet signed in/);
    await platform.sql("delete from platform_rate_limits where key like 'identity.again:%'");
    assert.equal((await enterMailedCode(platform, platform.stranger(), email)).status, 303);
  });

  it('who has come once, or has a second step already, needs no invitation', async () => {
    const { userId, email } = await aPlatformPerson(platform, 'support');
    await platform.sql("update identity_links set expires_at = now() - interval '1 minute' where user_id = $1", [userId]);
    assert.equal((await enterMailedCode(platform, platform.stranger(), email)).location, '/login/factor');
    const { userId: came, email: theirs } = await aPlatformPerson(platform, 'support', { factor: false });
    await enterMailedCode(platform, platform.stranger(), theirs);
    await platform.sql("update identity_links set expires_at = now() - interval '1 minute' where user_id = $1", [came]);
    await platform.sql("delete from platform_rate_limits where key like 'identity.again:%'");
    assert.equal((await enterMailedCode(platform, platform.stranger(), theirs)).status, 303);
  });

  it('a second code is sent a minute after the first, and the first goes on working meanwhile', async () => {
    const { email } = await aPlatformPerson(platform, 'analyst');
    const browser = platform.stranger();
    await browser.post('/login/code', { login: email });
    assert.equal((await browser.post('/login/code', { login: email })).location, '/login/code');
    const asked = (): Promise<{ n: number }[]> =>
      platform.sql('select count(*)::int as n from identity_codes where target = $1', [email]);
    assert.deepEqual(await asked(), [{ n: 1 }]);
    assert.equal(
      (await browser.post('/login/code/check', { code: await mailedCode(platform, email) })).location,
      '/login/factor',
    );
    await platform.sql("delete from platform_rate_limits where key like 'identity.again:%'");
    await browser.post('/login/code', { login: email });
    assert.deepEqual(await asked(), [{ n: 2 }]);
  });

  it('a code works in five tries at most, in the browser that asked, and once', async () => {
    const { email, secret } = await aPlatformPerson(platform, 'analyst');
    const browser = platform.stranger();
    await browser.post('/login/code', { login: email });
    const code = await mailedCode(platform, email);
    assert.equal((await platform.stranger().post('/login/code/check', { code })).status, 401);
    const wrong = code === '111111' ? '222222' : '111111';
    for (let tries = 0; tries < 5; tries += 1)
      assert.equal((await browser.post('/login/code/check', { code: wrong })).status, 401);
    assert.equal((await browser.post('/login/code/check', { code })).status, 401);
    assert.ok(secret);
  });

  it('a role of schools can’t be given here, nor one of the platform at a school', async () => {
    const make = (role: 'owner' | 'teacher'): Promise<unknown> =>
      platform.run(() =>
        platform
          .get(IDENTITY)
          .createAccount({ name: 'X', email: `${role}@platform.test`, roles: [role], by: 'invite', actor: systemActor('test') }),
      );
    await assert.rejects(make('owner'), /role was not found/);
    await assert.rejects(make('teacher'), /role was not found/);
  });

  it('a super-admin invites; support and analysts don’t; the last super-admin stays', async () => {
    const admin = await platformPersonAt(platform, 'super-admin');
    const support = await platformPersonAt(platform, 'support');
    const analyst = await platformPersonAt(platform, 'analyst');
    assert.equal((await support.get('/identity/users')).status, 200);
    assert.equal((await support.get('/identity/users/new')).status, 403);
    assert.equal((await analyst.get('/identity/users')).status, 403);
    const invited = await admin.submit('/identity/users/new', {
      name: 'New Person',
      email: 'new.person@platform.test',
      roles: 'support',
    });
    assert.equal(invited.status, 303);
    const refused = await admin.submit('/identity/users/new', { name: 'By phone', phone: '0722000111', roles: 'support' });
    assert.equal(refused.status, 422);
    const rows = await platform.sql<{ role: string }>(
      "select r.role from identity_user_roles r join identity_users u on u.id = r.user_id where u.email = 'new.person@platform.test'",
    );
    assert.deepEqual(rows, [{ role: 'support' }]);
  });

  it('one begins with the first page that one may open', async () => {
    const holders = new Map(
      platform.get(PERMISSION_CATALOGUE).map((permission) => [permission.key as string, permission.roles as readonly string[]]),
    );
    for (const role of PLATFORM_ROLES) {
      const start = platform.get(MENU).find((item) => holders.get(item.can)?.includes(role))?.href ?? '/profile';
      const { email, secret } = await aPlatformPerson(platform, role);
      const browser = platform.stranger();
      await enterMailedCode(platform, browser, email);
      assert.equal((await browser.post('/login/factor', { code: await totpCode(secret!) })).location, start);
      assert.equal((await browser.get(start)).status, 200);
    }
  });
});
