import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import { Authenticator, type Ways } from '../../support/outside/authenticator.js';
import { hiddenValue, type Answer, type Browser } from '../../support/browser.js';
import { aPlatform, type PlatformUnderTest } from '../../support/core.js';
import { aPlatformPerson, enterMailedCode } from '../../support/people/platform-people.js';

interface Place {
  url: string;
  stranger(): Browser;
}

type Options = Parameters<Authenticator['get']>[0];

const tokenOf = async (person: Browser, path = '/profile'): Promise<string> =>
  hiddenValue((await person.get(path)).html, '_csrf') ?? '';

async function enrol(
  person: Browser,
  key: Authenticator,
  name: string,
  ways: Partial<Ways> & { origin: string },
): Promise<Answer> {
  const _csrf = await tokenOf(person, '/profile/factors/new-passkey');
  const options = (await person.post('/profile/factors/new-passkey/options', {}, { 'x-csrf-token': _csrf })).json<Options>();
  return person.post('/profile/factors/new-passkey', { _csrf, name, response: key.create(options, ways) });
}

async function signIn(
  place: Place,
  key: Authenticator,
  ways: Partial<Ways> = {},
  browser = place.stranger(),
): Promise<{ browser: Browser; answer: Answer }> {
  const options = (await browser.post('/login/passkey/options', {})).json<Options>();
  const response = key.get(options, { origin: place.url, ...ways });
  return { browser, answer: await browser.post('/login/passkey', { response }) };
}

describe('passkeys', () => {
  let school: SchoolUnderTest;
  let other: SchoolUnderTest;
  before(async () => {
    [school, other] = await Promise.all([aSchool(), aSchool()]);
  });
  after(() => Promise.all([school.stop(), other.stop()]));

  /** A teacher with a key of their own. */
  async function teacherWithKey(): Promise<{ person: Browser; key: Authenticator }> {
    const [person, key] = [await school.as('teacher'), new Authenticator()];
    const answer = await enrol(person, key, 'My phone', { origin: school.url });
    assert.equal(answer.status, 200);
    assert.ok(answer.html.includes('data-test="recovery-codes"'));
    return { person, key };
  }
  const sql = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> => {
    const admin = await school.database.admin();
    try {
      return (await admin.query(text, values)).rows as Row[];
    } finally {
      await admin.end();
    }
  };
  const idOf = async (key: Authenticator): Promise<{ id: string; user: string }> =>
    (
      await sql<{ id: string; user: string }>('select id, user_id as user from identity_passkeys where credential_id = $1', [
        key.id.toString('base64url'),
      ])
    )[0]!;

  it('a key is a whole sign-in, without a name or a password; the list says when it was used', async () => {
    const { key } = await teacherWithKey();
    const { browser, answer } = await signIn(school, key);
    assert.equal(answer.status, 303);
    const page = await browser.get('/profile');
    assert.equal(page.status, 200);
    assert.ok(page.html.includes('My phone'));
    const [row] = await sql<{ used: boolean; counter: string }>(
      'select last_used_at is not null as used, counter from identity_passkeys where credential_id = $1',
      [key.id.toString('base64url')],
    );
    assert.deepEqual({ used: row?.used, counter: Number(row?.counter) }, { used: true, counter: 1 });
  });

  it('refuses a wrong origin, another host, a key without finger or PIN, and a signature of another key', async () => {
    const { key } = await teacherWithKey();
    for (const ways of [
      { origin: 'http://evil.example' },
      { origin: other.url },
      { rpId: 'evil.example' },
      { unverified: true },
    ]) {
      const { browser, answer } = await signIn(school, key, ways);
      assert.equal(answer.status, 401, JSON.stringify(ways));
      assert.equal((await browser.get('/profile')).status, 302);
    }
    const forged = new Authenticator();
    key.id.copy(forged.id);
    assert.equal((await signIn(school, forged, { userHandle: '' })).answer.status, 401);
    assert.equal((await signIn(school, key)).answer.status, 303);
  });

  it('what was signed once opens nothing again, nor in another browser, nor after five minutes', async () => {
    const { key } = await teacherWithKey();
    // A key that doesn't count its signatures: only the challenge stands against a repetition.
    const uncounted = { origin: school.url, counter: 0 };
    const [first, thief] = [school.stranger(), school.stranger()];
    const response = key.get((await first.post('/login/passkey/options', {})).json<Options>(), uncounted);
    for (const [name, value] of first.cookies) thief.cookies.set(name, value);
    assert.equal((await first.post('/login/passkey', { response })).status, 303);
    assert.equal((await thief.post('/login/passkey', { response })).status, 401);
    const asked = school.stranger();
    const options = (await asked.post('/login/passkey/options', {})).json<Options>();
    assert.equal((await school.stranger().post('/login/passkey', { response: key.get(options, uncounted) })).status, 401);
    assert.equal(
      (await asked.post('/login/passkey', { response: key.get(options, uncounted) })).status,
      303,
      'its own browser had not used it yet',
    );
    const late = school.stranger();
    const old = (await late.post('/login/passkey/options', {})).json<Options>();
    await sql("update identity_challenges set expires_at = now() - interval '1 second' where challenge = $1", [old.challenge]);
    assert.equal((await late.post('/login/passkey', { response: key.get(old, uncounted) })).status, 401);
  });

  it('a key of one school opens no other, with the same answer as a key that nobody has', async () => {
    const { key } = await teacherWithKey();
    const foreign = await signIn(other, key);
    const unknown = await signIn(other, new Authenticator());
    assert.equal(foreign.answer.status, 401);
    assert.equal(foreign.answer.html, unknown.answer.html);
  });

  it('a key whose count goes back may be a copy: it is refused, written down, and its owner is told', async () => {
    const { key } = await teacherWithKey();
    assert.equal((await signIn(school, key, { counter: 7 })).answer.status, 303);
    for (const counter of [7, 3, 0]) assert.equal((await signIn(school, key, { counter })).answer.status, 401, String(counter));
    const { user } = await idOf(key);
    const entries = await sql<{ n: number }>(
      "select count(*)::int as n from audit_entries where action = 'identity.passkey.copied' and entity_id = $1",
      [user],
    );
    assert.equal(entries[0]?.n, 3);
    assert.equal((await signIn(school, key, { counter: 8 })).answer.status, 303);
  });

  it('with a password the key or a recovery code is asked for; a password alone opens nothing any more', async () => {
    const { key } = await teacherWithKey();
    const { user } = await idOf(key);
    const [account] = await sql<{ email: string }>('select email from identity_users where id = $1', [user]);
    const browser = school.stranger();
    const answer = await browser.submit(
      '/login',
      { login: account!.email, password: 'correct-horse-battery-staple-7' },
      '/login/password',
    );
    assert.equal(answer.location, '/login/factor');
    assert.equal((await browser.get('/profile')).status, 302);
    assert.ok((await browser.get('/login/factor')).html.includes('data-passkey'));
    const options = (await browser.post('/login/passkey/options', {})).json<Options & { allowCredentials: { id: string }[] }>();
    assert.deepEqual(
      options.allowCredentials.map(({ id }) => id),
      [key.id.toString('base64url')],
    );
    assert.equal((await browser.post('/login/passkey', { response: key.get(options, { origin: school.url }) })).status, 303);
  });

  it('several keys with names; the same key is not taken twice, a name is demanded', async () => {
    const { person, key } = await teacherWithKey();
    assert.equal((await enrol(person, new Authenticator(), '  ', { origin: school.url })).status, 422);
    assert.equal((await enrol(person, new Authenticator(), 'Laptop', { origin: school.url })).status, 303);
    assert.equal((await enrol(person, key, 'Again', { origin: school.url })).status, 409);
    assert.equal((await enrol(person, new Authenticator(), 'Elsewhere', { origin: other.url })).status, 422);
    const page = (await person.get('/profile')).html;
    assert.ok(page.includes('My phone') && page.includes('Laptop') && !page.includes('Elsewhere') && !page.includes('Again'));
  });

  it('making and removing keys asks who one is after 15 minutes; a fresh key or code proves it', async () => {
    const { key } = await teacherWithKey();
    const { browser } = await signIn(school, key);
    const { user, id } = await idOf(key);
    await sql(`update identity_sessions set sess = (sess::jsonb || '{"confirmedAt": 1}')::json where user_id = $1`, [user]);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    assert.match((await browser.get('/profile/factors/new-passkey')).location ?? '', /^\/confirm/);
    const _csrf = await tokenOf(browser);
    assert.match((await browser.post(`/profile/factors/passkeys/${id}/remove`, { _csrf })).location ?? '', /^\/confirm/);
    const options = (await browser.post('/confirm/passkey/options', {}, { 'x-csrf-token': _csrf })).json<Options>();
    assert.equal(
      (await browser.post('/confirm', { _csrf, response: new Authenticator().get(options, { origin: school.url }) })).status,
      401,
    );
    const again = (await browser.post('/confirm/passkey/options', {}, { 'x-csrf-token': _csrf })).json<Options>();
    assert.equal((await browser.post('/confirm', { _csrf, response: key.get(again, { origin: school.url }) })).status, 303);
    assert.equal((await browser.post(`/profile/factors/passkeys/${id}/remove`, { _csrf })).location, '/profile');
    assert.equal((await signIn(school, key)).answer.status, 401);
  });

  it('a key gets another name from whose it is, and from nobody else; without a name it keeps the old one', async () => {
    const { person, key } = await teacherWithKey();
    const { id, user } = await idOf(key);
    const path = `/profile/factors/passkeys/${id}/name`;
    const nameless = await person.submit(path, { name: '  ' });
    assert.equal(nameless.status, 422);
    assert.match(nameless.html, /Give it a name you will recognise/);
    assert.equal((await person.submit(path, { name: 'The blue phone' })).status, 303);
    assert.ok((await person.get('/profile')).html.includes('The blue phone'));
    const stranger = await school.as('teacher');
    assert.equal((await stranger.get(path)).status, 404);
    assert.equal((await stranger.post(path, { _csrf: await tokenOf(stranger), name: 'Mine now' })).status, 404);
    assert.deepEqual(await sql('select name from identity_passkeys where id = $1', [id]), [{ name: 'The blue phone' }]);
    assert.deepEqual(
      await sql("select before, after from audit_entries where action = 'identity.passkey.rename' and entity_id = $1", [user]),
      [{ before: { name: 'My phone' }, after: { name: 'The blue phone' } }],
    );
    assert.equal((await signIn(school, key)).answer.status, 303);
  });

  it('nobody removes another’s key by its address; an administrator removes a lost one, which stands in the audit', async () => {
    const { key } = await teacherWithKey();
    const { id, user } = await idOf(key);
    const stranger = await school.as('teacher');
    assert.equal((await stranger.post(`/profile/factors/passkeys/${id}/remove`, { _csrf: await tokenOf(stranger) })).status, 404);
    const path = `/identity/users/${user}/passkeys/${id}/remove`;
    assert.equal((await stranger.post(path, { _csrf: await tokenOf(stranger) })).status, 403);
    const administrator = await school.as('administrator');
    assert.ok((await administrator.get(`/identity/users/${user}`)).html.includes('My phone'));
    assert.equal((await administrator.post(path, { _csrf: await tokenOf(administrator) })).status, 303);
    assert.equal((await signIn(school, key)).answer.status, 401);
    const entries = await sql<{ after: { passkeyRemoved: string } }>(
      "select after from audit_entries where action = 'identity.account.remove-passkey' and entity_id = $1",
      [user],
    );
    assert.equal(entries[0]?.after.passkeyRemoved, 'My phone');
  });

  it('whoever adds or removes a key, or comes with a copy of one, is told of to its owner', async () => {
    const { key } = await teacherWithKey();
    const { id, user } = await idOf(key);
    const administrator = await school.as('administrator');
    await signIn(school, key, { counter: 5 });
    await signIn(school, key, { counter: 4 });
    await administrator.post(`/identity/users/${user}/passkeys/${id}/remove`, { _csrf: await tokenOf(administrator) });
    const told = await sql<{ what: string }>(
      `select j.payload ->> 'what' as what from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
       where t.identifier = 'identity.send-notice' and j.payload -> 'to' ->> 'value' = (select email from identity_users where id = $1) order by j.id`,
      [user],
    );
    assert.deepEqual(
      told.map(({ what }) => what),
      ['factor-added', 'passkey-copied', 'factor-removed'],
    );
  });

  it('a closed account is not opened by its key', async () => {
    const { key } = await teacherWithKey();
    const { user } = await idOf(key);
    await sql("update identity_users set state = 'disabled' where id = $1", [user]);
    assert.equal((await signIn(school, key)).answer.status, 401);
  });

  it('asking for a challenge and signing in are forms of our own pages: from another site they are refused', async () => {
    const stranger = school.stranger();
    for (const path of ['/login/passkey/options', '/login/passkey'])
      assert.equal((await stranger.post(path, {}, { origin: 'http://evil.example' })).status, 403);
    for (const response of ['', '{}', 'nonsense', '[]', '{"id":1}', 'x'.repeat(15_000)])
      assert.equal((await stranger.post('/login/passkey', { response })).status, 401);
  });
});

describe('passkeys of the platform', () => {
  let platform: PlatformUnderTest;
  before(async () => {
    platform = await aPlatform();
  });
  after(() => platform.stop());

  it('a first key may be the second step that is demanded; the only one can’t be removed, one of two can', async () => {
    const { email, userId } = await aPlatformPerson(platform, 'support', { factor: false });
    const browser = platform.stranger();
    await enterMailedCode(platform, browser, email);
    assert.equal((await browser.get('/identity/users')).location, '/profile/factors/new');
    const [first, second] = [new Authenticator(), new Authenticator()];
    assert.equal((await enrol(browser, first, 'Desk', { origin: platform.url })).status, 200);
    assert.equal((await browser.get('/identity/users')).status, 200);
    const [key] = await platform.sql<{ id: string }>('select id from identity_passkeys where user_id = $1', [userId]);
    const remove = async (): Promise<Answer> =>
      browser.post(`/profile/factors/passkeys/${key!.id}/remove`, { _csrf: await tokenOf(browser) });
    assert.equal((await remove()).status, 422);
    assert.equal((await signIn(platform, first)).answer.status, 303);
    assert.equal((await enrol(browser, second, 'Phone', { origin: platform.url })).status, 303);
    assert.equal((await remove()).status, 303);
    assert.equal((await signIn(platform, first)).answer.status, 401);
    assert.equal((await signIn(platform, second)).answer.status, 303);
  });
});
