import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { PASSWORD, place, type Place } from './support.js';
import { STORMY } from '../../support/storm.js';

let here: Place;

before(async () => {
  here = await place();
  await here.account({ name: 'Registrar', email: 'registrar@kilimani.example' });
});
after(() => here.stop());

test('signing in leads on, gives a new session id and a host-only, http-only, lax cookie', async () => {
  const browser = here.first.browser();
  browser.cookies.set('aims', 's%3Afixed.by-an-attacker');
  const answer = await browser.post('/login', { login: 'REGISTRAR@kilimani.example ', password: PASSWORD });
  assert.equal(answer.status, 303);
  assert.equal(answer.location, '/');
  const cookie = answer.headers['set-cookie']!.find((line) => line.startsWith('aims='))!;
  assert.match(cookie, /HttpOnly/);
  assert.match(cookie, /SameSite=Lax/);
  assert.doesNotMatch(cookie, /Domain=/i);
  assert.equal((await browser.get('/')).html, 'home');
  assert.doesNotMatch(browser.cookies.get('aims')!, /fixed/);
});

test('the table holds no session id that a cookie could be made of', async () => {
  const browser = here.first.browser();
  await browser.signIn('registrar@kilimani.example');
  const id = decodeURIComponent(browser.cookies.get('aims')!).slice(2).split('.')[0]!;
  const rows = await here.sql<{ sid: string; sess: object }>('select sid, sess from identity_sessions');
  assert.ok(rows.length > 0);
  for (const row of rows) assert.ok(!JSON.stringify(row).includes(id));
});

test('a second sign-in in the same browser replaces the session: the older id is dead', async () => {
  const browser = here.first.browser();
  await browser.signIn('registrar@kilimani.example');
  const older = browser.cookies.get('aims')!;
  await browser.signIn('registrar@kilimani.example');
  assert.notEqual(browser.cookies.get('aims'), older);
  const thief = here.first.browser();
  thief.cookies.set('aims', older);
  assert.equal((await thief.get('/')).status, 302);
});

test('signing out ends the session on the server, at once in every process', async () => {
  const other = await here.another();
  const browser = here.first.browser();
  await browser.signIn('registrar@kilimani.example');
  const elsewhere = other.browser();
  elsewhere.cookies.set('aims', browser.cookies.get('aims')!);
  assert.equal((await elsewhere.get('/')).status, 200);
  const kept = browser.cookies.get('aims')!;
  assert.equal((await browser.post('/sign-out')).status, 303);
  await pause(100);
  assert.equal((await elsewhere.get('/')).status, 302);
  const thief = here.first.browser();
  thief.cookies.set('aims', kept);
  assert.equal((await thief.get('/')).status, 302);
});

test('thirty slow requests that end after the sign-out bring nothing back', async () => {
  for (let round = 0; round < (STORMY ? 20 : 3); round += 1) {
    const browser = here.first.browser();
    await browser.signIn('registrar@kilimani.example');
    const kept = browser.cookies.get('aims')!;
    const before = await count();
    const slow = Array.from({ length: 30 }, () => browser.get('/slow'));
    await pause(80);
    await browser.post('/sign-out');
    await Promise.all(slow);
    assert.equal(await count(), before - 1);
    const thief = here.first.browser();
    thief.cookies.set('aims', kept);
    assert.equal((await thief.get('/')).status, 302);
  }
});

test('a session ends after 30 minutes without use and after 12 hours with it, by the clock of the database', async () => {
  for (const [column, age, status] of [
    ['last_seen_at', '31 minutes', 302],
    ['last_seen_at', '29 minutes', 200],
    ['created_at', '12 hours 1 minute', 302],
    ['created_at', '11 hours 59 minutes', 200],
  ] as const) {
    const browser = here.first.browser();
    await browser.signIn('registrar@kilimani.example');
    await here.sql(
      `update identity_sessions set ${column} = now() - interval '${age}' where id = (select id from identity_sessions order by id desc limit 1)`,
    );
    await pause(1_050);
    assert.equal((await browser.get('/')).status, status, `${column} ${age}`);
  }
});

test('whoever may move money is asked again after 15 minutes without use', async () => {
  await here.sql(
    `insert into identity_settings (school_id, id, factor_roles) values ($1, gen_random_uuid(), '{owner}') on conflict do nothing`,
    [here.school.schoolId],
  );
  await here.account({ name: 'Bursar', email: 'bursar@kilimani.example', roles: ['bursar'] });
  const browser = here.first.browser();
  await browser.signIn('bursar@kilimani.example');
  await here.sql(
    `update identity_sessions set last_seen_at = now() - interval '16 minutes' where user_id = (select id from identity_users where email = 'bursar@kilimani.example')`,
  );
  await pause(1_050);
  assert.equal((await browser.get('/')).status, 302);
});

test('use is written at most every five minutes', async () => {
  const browser = here.first.browser();
  await browser.signIn('registrar@kilimani.example');
  const seen = async () =>
    (await here.sql<{ at: Date }>('select last_seen_at as at from identity_sessions order by id desc limit 1'))[0]!.at.getTime();
  const first = await seen();
  await browser.get('/');
  await browser.get('/');
  assert.equal(await seen(), first);
  await here.sql(`update identity_sessions set last_seen_at = now() - interval '6 minutes'`);
  await pause(1_050);
  await browser.get('/');
  assert.ok((await seen()) > first - 1_000);
});

test('a cookie that was changed, or that another school gave, is nobody', async () => {
  const browser = here.first.browser();
  await browser.signIn('registrar@kilimani.example');
  const value = browser.cookies.get('aims')!;
  browser.cookies.set('aims', value.slice(0, -3) + 'xyz');
  assert.equal((await browser.get('/')).status, 302);
  const elsewhere = await place();
  try {
    const stranger = elsewhere.first.browser();
    stranger.cookies.set('aims', value);
    assert.equal((await stranger.get('/')).status, 302);
    assert.equal((await elsewhere.sql('select 1 from identity_sessions')).length, 0);
  } finally {
    await elsewhere.stop();
  }
});

test('forms from a sister school or an evil site change nothing, sign-out included', async () => {
  const browser = here.first.browser();
  await browser.signIn('registrar@kilimani.example');
  for (const headers of [
    { origin: 'http://evil.example' } as Record<string, string>,
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site' },
    { origin: 'null' },
  ]) {
    assert.equal((await browser.post('/sign-out', {}, headers)).status, 403);
  }
  const { token } = browser;
  browser.token = 'made-up';
  assert.equal((await browser.post('/sign-out')).status, 403);
  browser.token = token;
  assert.equal((await browser.get('/')).status, 200);
});

test('only paths of our own are led to after signing in', async () => {
  for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:alert(1)', '/login']) {
    const answer = await here.first.browser().post('/login', { login: 'registrar@kilimani.example', password: PASSWORD, next });
    assert.equal(answer.location, '/');
  }
  const answer = await here.first
    .browser()
    .post('/login', { login: 'registrar@kilimani.example', password: PASSWORD, next: '/probe?x=1' });
  assert.equal(answer.location, '/probe?x=1');
});

async function count(): Promise<number> {
  return (await here.sql<{ n: number }>('select count(*)::int as n from identity_sessions'))[0]!.n;
}
