import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../src/kernel/id.js';
import { PLATFORM_ROLES, ROLE_NAMES, type PlatformRole } from '../../src/platform/module.js';
import type { Declared } from '../../src/platform/http/routes/declared.js';
import { PERMISSION_CATALOGUE } from '../../src/platform/tokens.js';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import { hiddenValue, type Answer, type Browser } from '../support/browser.js';
import { aPlatform, type PlatformUnderTest } from '../support/core.js';
import { aPlatformPerson, enterMailedCode, platformPersonAt, totpCode } from '../support/people/platform-people.js';
import { plantRun, plantSchool } from '../modules/admindash/support.js';

/** Rows that are there, so that a route that is wrongly open would show or change one. */
interface Rows {
  open: string;
  closed: string;
  stuck: string;
  account: string;
  session: string;
  key: string;
  entry: string;
  message: string;
}

/** What an analyst may use besides their own profile; the rest of the table is a super-admin's alone. */
const ANALYST = ['get /schools', 'get /schools/:id', 'get /admindash', 'get /admindash/schools', 'get /admindash/provisioning'];
const SUPPORT = [
  ...ANALYST,
  'post /admindash/provisioning/:schoolId/retries',
  'get /audit',
  'get /audit/:id',
  'get /audit/alerts',
  'post /audit/alerts/:id/seen',
  'get /notifications/messages',
  'post /notifications/messages/:id/retry',
  'get /identity/users',
  'get /identity/users/:id',
  'get /identity/roles',
  'get /identity/sign-ins',
  'get /schools/:id/suspension',
  'post /schools/:id/suspension',
  'get /schools/:id/resumption',
  'post /schools/:id/resumption',
  'post /schools/:id/retries',
  'post /schools/:id/owner-letters',
];

const CHANGED_BY_NOBODY = [
  'schools',
  'schools_transitions',
  'provisioning_runs',
  'provisioning_orders',
  'identity_users',
  'identity_user_roles',
  'identity_passkeys',
  'notifications_messages',
];

describe('the platform’s routes over rows that are there', () => {
  let platform: PlatformUnderTest;
  let school: SchoolUnderTest;
  let rows: Rows;
  before(async () => {
    platform = await aPlatform();
    school = await aSchool();
    rows = await plant(platform);
  });
  after(async () => {
    await school?.stop();
    await platform?.stop();
  });

  const routes = (): Declared[] => platform.app.declared.filter((route) => route.can !== 'public');
  const state = async (): Promise<string> => {
    const sums = await Promise.all(
      CHANGED_BY_NOBODY.map((table) =>
        platform.sql<{ sum: string }>(
          `select md5(coalesce(string_agg(t::text, '|' order by id::text), '')) as sum from ${table} t`,
        ),
      ),
    );
    return sums.map(([row]) => row!.sum).join();
  };

  it('support and analysts may use what is written here, and a super-admin everything', () => {
    const theirs = (role: PlatformRole): string[] =>
      routes()
        .filter(({ can }) => can !== 'signed-in' && holds(role, can))
        .map(({ method, path }) => `${method} ${path}`)
        .sort();
    assert.deepEqual(theirs('analyst'), ANALYST.toSorted());
    assert.deepEqual(theirs('support'), SUPPORT.toSorted());
    assert.equal(theirs('super-admin').length, routes().filter(({ can }) => can !== 'signed-in').length);
    assert.deepEqual(
      routes()
        .filter(({ can, path }) => can === 'signed-in' && !/^\/(profile|confirm|sign-out|session)/.test(path))
        .map(({ path }) => path),
      [],
    );
  });

  for (const role of PLATFORM_ROLES) {
    it(`${role}: what is not theirs is refused and changes nothing; what is theirs is there`, async () => {
      const person = await platformPersonAt(platform, role);
      const token = hiddenValue((await person.get('/profile')).html, '_csrf') ?? '';
      const before = await state();
      const wrong: string[] = [];
      for (const route of routes()) {
        const may = route.can === 'signed-in' || holds(role, route.can);
        if (may && route.method !== 'get') continue;
        const answer = await ask(person, route, rows, token);
        if (may ? answer.status >= 400 && !isOfOthers(route) : answer.status !== 403)
          wrong.push(`${route.method} ${route.path}: ${answer.status}`);
      }
      assert.deepEqual(wrong, []);
      assert.equal(await state(), before);
    });
  }

  it('a session of a school, whatever its role, is nobody here', async () => {
    const before = await state();
    const wrong: string[] = [];
    for (const role of ROLE_NAMES) {
      const visitor = platform.stranger();
      for (const [name, value] of (await school.as(role)).cookies) visitor.cookies.set(name, value);
      for (const route of routes()) {
        const { status, location } = await ask(visitor, route, rows, '');
        const refused =
          route.kind === 'api'
            ? status === 401
            : route.method === 'get'
              ? status === 302 && location?.startsWith('/login')
              : status === 403 || (status === 307 && location?.startsWith('/login'));
        if (!refused) wrong.push(`${role}: ${route.method} ${route.path}: ${status}`);
      }
    }
    assert.deepEqual(wrong, []);
    assert.equal(await state(), before);
  });

  it('an account that is closed is out with its next request', async () => {
    const { userId, email, secret } = await aPlatformPerson(platform, 'support');
    const browser = platform.stranger();
    await enterMailedCode(platform, browser, email);
    await browser.post('/login/factor', { code: await totpCode(secret!) });
    assert.equal((await browser.get('/schools')).status, 200);
    const admin = await platformPersonAt(platform, 'super-admin');
    assert.equal((await admin.submit(`/identity/users/${userId}/closing`, { reason: 'Has left' })).status, 303);
    assert.equal((await browser.get('/schools')).status, 302);
  });

  function holds(role: PlatformRole, permission: string): boolean {
    return platform.app.container
      .get(PERMISSION_CATALOGUE)
      .some(({ key, roles }) => key === permission && (roles as readonly string[]).includes(role));
  }
});

/** One’s own keys and sessions, of which the planted ones are somebody else’s; and acts that this state of a school has not. */
function isOfOthers({ path }: Declared): boolean {
  return path.startsWith('/profile/') || /^\/schools\/:id\/(?!suspension|closing)/.test(path);
}

function ask(browser: Browser, route: Declared, rows: Rows, token: string): Promise<Answer> {
  const path = pathOf(route.path, rows);
  if (route.method === 'get') return browser.get(path);
  return route.kind === 'api'
    ? browser.json(route.method.toUpperCase(), path, {})
    : browser.post(path, { reason: 'unpaid', name: 'x', roles: 'super-admin' }, { 'x-csrf-token': token });
}

function pathOf(path: string, rows: Rows): string {
  const id = /deletion/.test(path)
    ? rows.closed
    : /retries|retry|giving-up/.test(path)
      ? rows.stuck
      : path.startsWith('/identity/users')
        ? rows.account
        : path.startsWith('/audit')
          ? rows.entry
          : path.startsWith('/notifications')
            ? rows.message
            : rows.open;
  return path
    .replace(/passkeys\/:\w+/, `passkeys/${rows.key}`)
    .replace(/sessions\/:\w+/, `sessions/${rows.session}`)
    .replace(/:\w+/g, id);
}

async function plant(platform: PlatformUnderTest): Promise<Rows> {
  const [open, closed, stuck] = [
    await plantSchool(platform),
    await plantSchool(platform, { name: 'Closed School', state: 'closed' }),
    await plantSchool(platform, { name: 'Stuck School', state: 'provisioning' }),
  ];
  await plantRun(platform, stuck.id, { failedAt: 'start' });
  const { userId } = await aPlatformPerson(platform, 'support');
  const [key, message] = [newId(), newId()];
  await platform.sql(
    "insert into identity_passkeys (id, user_id, credential_id, public_key, counter, transports, name, backed_up) values ($1, $2, 'planted', '\\x00', 0, '{}', 'My phone', false)",
    [key, userId],
  );
  await platformPersonAt(platform, 'analyst');
  const [session] = await platform.sql<{ id: string }>('select id from identity_sessions limit 1');
  const [entry] = await platform.sql<{ id: string }>('select id from audit_entries order by id limit 1');
  await platform.sql(
    "insert into notifications_messages (id, channel, recipient, template, label, secret, content, state, reason, created_at) values ($1, 'mail', 'grace@school.test', 'schools.address', 'A letter', false, '{\"subject\": \"x\", \"text\": \"y\"}', 'failed', 'Refused', now())",
    [message],
  );
  return {
    open: open.id,
    closed: closed.id,
    stuck: stuck.id,
    account: userId,
    session: session!.id,
    key,
    entry: entry!.id,
    message,
  };
}
