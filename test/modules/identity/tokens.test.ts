import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SignJWT } from 'jose';
import { PASSWORD, place, SYSTEM, totp, type Place } from './support.js';

let here: Place;
let userId: string;

interface Issued {
  access_token: string;
  refresh_token: string;
  expires_in: number;
}

before(async () => {
  here = await place();
  userId = await here.account({ name: 'Program', email: 'program@kilimani.example' });
});
after(() => here.stop());

const issue = async (login = 'program@kilimani.example', password = PASSWORD, code?: string) =>
  here.first.browser().api('/api/auth/token', { login, password, ...(code ? { totp: code } : {}) });
const probe = async (token: string) => (await here.first.browser().api('/api/v1/probe', null, token)).status;

test('a login and a password give a token of 15 minutes, without a cookie', async () => {
  const answer = await issue();
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['set-cookie'], undefined);
  assert.equal(answer.headers['cache-control'], 'no-store');
  const { access_token, expires_in, refresh_token } = answer.json<Record<keyof Issued, never>>() as unknown as Issued;
  assert.equal(expires_in, 900);
  assert.ok(refresh_token.length >= 40);
  assert.equal(await probe(access_token), 200);
  assert.equal((await here.sql('select 1 from identity_sessions')).length, 0);
});

test('wrong passwords and unknown logins are one problem document with 401, and limits hold as on the page', async () => {
  const answers = [await issue('program@kilimani.example', 'wrong words'), await issue('nobody@kilimani.example', 'wrong words')];
  const bodies = answers.map((answer) => {
    const { reference: _reference, ...rest } = answer.json();
    return rest;
  });
  assert.equal(answers[0]!.status, 401);
  assert.match(answers[0]!.headers['content-type']!, /problem\+json/);
  assert.deepEqual(bodies[0], bodies[1]);
  const statuses: number[] = [];
  for (let tries = 0; tries < 6; tries += 1) statuses.push((await issue('other@kilimani.example', 'wrong words')).status);
  assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429]);
  assert.equal((await here.first.browser().api('/api/auth/token', { login: 1 })).status, 422);
});

test('a refresh token works once; used again, it ends its family and the access tokens', async () => {
  const first = (await issue()).json() as unknown as Issued;
  const second = (
    await here.first.browser().api('/api/auth/refresh', { refresh_token: first.refresh_token })
  ).json() as unknown as Issued;
  assert.equal(await probe(second.access_token), 200);
  assert.equal((await here.first.browser().api('/api/auth/refresh', { refresh_token: first.refresh_token })).status, 401);
  assert.equal((await here.first.browser().api('/api/auth/refresh', { refresh_token: second.refresh_token })).status, 401);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(await probe(second.access_token), 401);
  const rows = await here.sql(`select 1 from identity_attempts where outcome = 'refresh-reused'`);
  assert.equal(rows.length, 1);
});

test('of two who refresh at once one gets tokens', async () => {
  const first = (await issue()).json() as unknown as Issued;
  const answers = await Promise.all(
    [1, 2, 3].map(() => here.first.browser().api('/api/auth/refresh', { refresh_token: first.refresh_token })),
  );
  assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
});

test('tokens that were made up, changed, of another school or without a signature open nothing', async () => {
  const { access_token: good } = (await issue()).json() as unknown as Issued;
  const [head = '', body = '', mac = ''] = good.split('.');
  const none = `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${body}.`;
  const other = await new SignJWT({ ver: 1 })
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
    .setIssuer('aims')
    .setAudience(here.school.schoolId)
    .setSubject(userId)
    .setExpirationTime('5m')
    .sign(Buffer.alloc(32, 7));
  for (const token of [
    `${head}.${body}.${mac.slice(0, -2)}AA`,
    none,
    other,
    `${head}.${Buffer.from('{}').toString('base64url')}.${mac}`,
  ])
    assert.equal(await probe(token), 401);
  const elsewhere = await place();
  try {
    assert.equal((await elsewhere.first.browser().api('/api/v1/probe', null, good)).status, 401);
  } finally {
    await elsewhere.stop();
  }
  const browser = here.first.browser();
  await browser.signIn('program@kilimani.example');
  assert.equal((await browser.get('/api/v1/probe')).status, 401, 'the API looks at no cookie');
});

test('who has a second factor, or needs one, does not get around it by the API', async () => {
  const head = await here.account({ name: 'Head', email: 'head@kilimani.example', roles: ['head'] });
  assert.equal((await issue('head@kilimani.example')).json().code, 'factor-needed');
  const secret = await here.first.run(() => here.first.identity.enrolFactor(head, SYSTEM));
  assert.equal((await issue('head@kilimani.example')).json().code, 'totp-needed');
  assert.equal((await issue('head@kilimani.example', PASSWORD, '000000')).status, 401);
  assert.equal((await issue('head@kilimani.example', PASSWORD, totp(secret))).status, 200);
  assert.equal((await issue('head@kilimani.example', PASSWORD, totp(secret))).status, 401, 'a code counts once');
});
