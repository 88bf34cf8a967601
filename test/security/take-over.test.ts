import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { networkOf } from '../../src/platform/rate-limits.js';
import { PASSWORD, place, SYSTEM, totp, type Browser, type Place } from '../modules/identity/support.js';

let here: Place;
before(async () => {
  here = await place();
});
after(() => here.stop());

const secretIn = (html: string): string => /((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})/.exec(html)![1]!.replaceAll(' ', '');
const linkIn = (text: string): string => new URL(/http\S+/.exec(text)![0]).search;
const NEW_PASSWORD = 'entirely different words 9';

async function signedIn(login: string): Promise<Browser> {
  const browser = here.first.browser();
  await browser.signIn(login);
  await browser.readToken();
  return browser;
}

/** Sets the second factor up in this browser; returns its secret. */
async function enrol(browser: Browser): Promise<string> {
  const page = await browser.get('/profile/factors/new');
  browser.token = /name="_csrf" value="([^"]+)"/.exec(page.html)![1]!;
  const secret = secretIn(page.html);
  assert.equal((await browser.post('/profile/factors/new', { code: totp(secret) })).status, 200);
  return secret;
}

test('who signed in with a stolen password before the second factor was set up is out once it is', async () => {
  await here.account({ name: 'New Head', email: 'head@kilimani.example', roles: ['administrator'] });
  const thief = here.first.browser();
  await thief.signIn('head@kilimani.example');
  assert.equal(
    (await thief.get('/identity/users/new')).location,
    `/profile/factors/new?${new URLSearchParams({ next: '/identity/users/new' })}`,
  );
  const head = here.first.browser();
  await head.signIn('head@kilimani.example');
  await enrol(head);
  assert.equal((await head.get('/identity/users/new')).status, 200);
  assert.match(String((await thief.get('/identity/users')).location), /^\/login/);
});

test('the secret of a second factor is shown only in the session that began it', async () => {
  await here.account({ name: 'New Bursar', email: 'bursar@kilimani.example', roles: ['bursar'] });
  const [thief, bursar] = [here.first.browser(), here.first.browser()];
  for (const browser of [thief, bursar]) await browser.signIn('bursar@kilimani.example');
  const seen = secretIn((await thief.get('/profile/factors/new')).html);
  const own = secretIn((await bursar.get('/profile/factors/new')).html);
  assert.notEqual(own, seen);
  assert.equal(secretIn((await bursar.get('/profile/factors/new')).html), own, 'a reload finds the same one');
  assert.notEqual(await enrol(bursar), seen);
  assert.equal((await here.sql('select 1 from identity_factors where secret_sealed is null or confirmed_at is null')).length, 0);
});

test('a program is out when its person needs a second factor and has none, also by its refresh token', async () => {
  const userId = await here.account({ name: 'Promoted', email: 'promoted@kilimani.example', roles: ['registrar'] });
  const issue = async () =>
    (await here.first.browser().api('/api/auth/token', { login: 'promoted@kilimani.example', password: PASSWORD })).json<{
      access_token: string;
      refresh_token: string;
    }>();
  const { access_token: token, refresh_token: refresh } = await issue();
  const probe = async (given: string) => (await here.first.browser().api('/api/v1/probe', null, given)).status;
  assert.equal(await probe(token), 200);
  await here.sql("update identity_user_roles set role = 'administrator' where user_id = $1", [userId]);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  assert.equal(await probe(token), 401);
  assert.equal((await here.first.browser().api('/api/auth/refresh', { refresh_token: refresh })).status, 401);
});

test('a reset ends the invitation that still lies in a mailbox', async () => {
  await here.first.run(() =>
    here.first.identity.createAccount({
      name: 'Invited',
      email: 'invited@kilimani.example',
      roles: ['teacher'],
      by: 'invite',
      actor: SYSTEM,
    }),
  );
  const invitation = linkIn(await here.message('invited@kilimani.example'));
  const browser = here.first.browser();
  await browser.post('/login/forgotten', { login: 'invited@kilimani.example' });
  const reset = linkIn(await here.message('invited@kilimani.example'));
  const token = (search: string): string => new URLSearchParams(search).get('token')!;
  assert.equal((await browser.post('/login/reset', { token: token(reset), password: NEW_PASSWORD })).status, 303);
  assert.equal((await browser.get(`/login/invitation${invitation}`)).status, 410);
  assert.equal(
    (await browser.post('/login/invitation', { token: token(invitation), password: `${NEW_PASSWORD} x` })).status,
    401,
  );
  assert.equal((await browser.post('/login/reset', { token: token(reset), password: `${NEW_PASSWORD} x` })).status, 401, 'once');
});

test('a link and a code that went to an old address open nothing once the address is changed', async () => {
  const userId = await here.account({ name: 'Mover', email: 'old@kilimani.example', roles: ['teacher'] });
  const thief = here.first.browser();
  await thief.post('/login/forgotten', { login: 'old@kilimani.example' });
  const link = linkIn(await here.message('old@kilimani.example'));
  await thief.post('/login/code', { login: 'old@kilimani.example' });
  const code = /\b(\d{6})\b/.exec(await here.message('old@kilimani.example'))![1]!;
  const mover = await signedIn('old@kilimani.example');
  assert.equal((await mover.post('/profile/contact', { email: 'new@kilimani.example' })).status, 303);
  assert.equal(
    (await here.sql('select 1 from identity_users where id = $1 and email = $2', [userId, 'new@kilimani.example'])).length,
    1,
  );
  assert.equal((await thief.get(`/login/reset${link}`)).status, 410);
  assert.equal((await thief.post('/login/code/check', { code })).status, 401);
});

test('the pages of a link let a browser send its form', async () => {
  // With `no-referrer` a browser sends `Origin: null`, which the check of origins refuses.
  for (const path of ['/login/reset?token=x', '/login/invitation?token=x', '/update/x']) {
    assert.doesNotMatch(String((await here.first.browser().get(path)).headers['referrer-policy']), /no-referrer/);
  }
});

test('limits count a network of IPv6 as one, and forms of one address as the same', () => {
  assert.equal(networkOf('2001:db8:1:2:3:4:5:6'), networkOf('2001:db8:1:2::9'));
  assert.equal(networkOf('2001:0DB8:0001:0002::1%eth0'), networkOf('2001:db8:1:2:ffff::1'));
  assert.notEqual(networkOf('2001:db8:1:2::1'), networkOf('2001:db8:1:3::1'));
  assert.equal(networkOf('::ffff:203.0.113.9'), networkOf('203.0.113.9'));
  assert.notEqual(networkOf('203.0.113.9'), networkOf('203.0.113.10'));
  assert.equal(networkOf(null), 'none');
});
