import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { IDENTITY } from '../../../src/modules/identity/index.js';
import { ASKED_BESIDES, rolesWithFactor } from '../../../src/modules/identity/second-factor/factor.rules.js';
import { WRONG_FACTORS_A_DAY } from '../../../src/modules/identity/accounts/lock-out.rules.js';
import { Matrix } from '../../../src/modules/identity/roles/matrix.rules.js';
import { ROLE_NAMES } from '../../../src/platform/module.js';
import { PERMISSION_CATALOGUE } from '../../../src/platform/tokens.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import type { Browser } from '../../support/browser.js';
import { sql } from '../../support/database/sql.js';
import { totp } from './support.js';

const PASSWORD = 'correct-horse-battery-staple-7';

describe('the second step', () => {
  let school: SchoolUnderTest;
  before(async () => {
    school = await aSchool({ background: true });
    // As a school is that has decided nothing.
    await sql(
      school.database,
      "update identity_settings set factor_waived = '{}', factor_roles = default, permissions_version = permissions_version + 1",
    );
  });
  after(() => school.stop());

  let people = 0;
  async function somebody(
    role: (typeof ROLE_NAMES)[number],
    withApp = false,
  ): Promise<{ email: string; userId: string; secret: string }> {
    const email = `somebody${(people += 1)}@school.test`;
    const identity = school.get(IDENTITY);
    const { userId } = await school.run(() =>
      identity.createAccount({
        name: `Somebody ${people}`,
        email,
        roles: [role],
        by: { password: PASSWORD },
        actor: school.office,
      }),
    );
    return { email, userId, secret: withApp ? await school.run(() => identity.enrolFactor(userId, school.office)) : '' };
  }
  async function signedIn(email: string, secret = ''): Promise<Browser> {
    const browser = school.stranger();
    await browser.signIn(email, PASSWORD);
    if (secret) assert.equal((await browser.post('/login/factor', { code: totp(secret) })).status, 303);
    return browser;
  }

  it('is asked of whoever sees money, health, personal files or takes exports along, of class teachers, and of nobody else', () => {
    const matrix = new Matrix(school.get(PERMISSION_CATALOGUE), [], 0);
    const asked = rolesWithFactor(ROLE_NAMES, matrix, { added: ASKED_BESIDES, waived: [] });
    assert.deepEqual([...asked].sort(), [
      'administrator',
      'auditor',
      'bursar',
      'class-teacher',
      'head',
      'nurse',
      'owner',
      'registrar',
    ]);
  });

  it('an auditor, a registrar, a nurse and a class teacher work at once, but see nothing guarded before it is set up', async () => {
    const guarded = {
      auditor: '/finance',
      registrar: '/students/export',
      nurse: '/students/documents',
      'class-teacher': '/students/alerts',
    } as const;
    for (const [role, page] of Object.entries(guarded)) {
      const { email } = await somebody(role as keyof typeof guarded);
      const browser = await signedIn(email);
      assert.equal((await browser.get('/students')).status, 200, role);
      const answer = await browser.get(page);
      if (role === 'class-teacher') assert.doesNotMatch(answer.html, /value="health"/, 'no medical alerts');
      else assert.equal(answer.location, `/profile/factors/new?next=${encodeURIComponent(page)}`, role);
      assert.equal(
        (await school.stranger().json('POST', '/api/auth/token', { login: email, password: PASSWORD })).json().code,
        'factor-needed',
      );
    }
  });

  it('nothing else opens a day after the first sign-in', async () => {
    const { email, userId } = await somebody('nurse');
    const browser = await signedIn(email);
    assert.equal((await browser.get('/students')).status, 200);
    await sql(school.database, `update identity_users set factor_due_at = now() where id = '${userId}'`);
    await pause(1_050);
    assert.equal((await browser.get('/students')).location, '/profile/factors/new');
    await sql(school.database, `update identity_users set last_sign_in_at = now() where id = '${userId}'`);
    assert.equal(
      (await (await signedIn(email)).get('/students')).location,
      '/profile/factors/new',
      'another sign-in gives no other day',
    );
  });

  it('only an owner lets a role off, and an alert tells of it; an administrator may ask it of more', async () => {
    const [chief, assistant] = [await somebody('owner', true), await somebody('administrator', true)];
    const [owner, administrator] = [await signedIn(chief.email, chief.secret), await signedIn(assistant.email, assistant.secret)];
    const all = ['owner', 'administrator', 'head', 'registrar', 'bursar', 'class-teacher', 'nurse', 'auditor'];
    const form = '/identity/roles/second-factor';
    const refused = await administrator.submit(form, { roles: ['owner'] });
    assert.equal(refused.status, 422);
    assert.match(refused.html, /Only an owner can drop the second step for a role/);
    assert.equal((await administrator.submit(form, { roles: [...all, 'teacher'] })).status, 303);
    assert.equal((await owner.submit(form, { roles: [...all.filter((role) => role !== 'nurse'), 'teacher'] })).status, 303);
    assert.equal(
      (await owner.submit(form, { roles: all.filter((role) => role !== 'owner') })).status,
      422,
      'an owner always needs it',
    );
    for (let tries = 0; tries < 200 && (await alerts()).length === 0; tries += 1) await pause(100);
    assert.deepEqual(
      (await alerts()).map((one) => one.detail),
      ['nurse'],
    );
    const nurse = await signedIn((await somebody('nurse')).email);
    assert.equal((await nurse.get('/students/documents')).status, 200);
  });
  const alerts = (): Promise<{ detail: string }[]> =>
    sql(school.database, "select detail from audit_alerts where rule = 'factor-lowered'");

  it('five wrong codes of an app a day, in known browsers or not, keep a guess under 1 in 60,000; a recovery code goes on', async () => {
    assert.ok((WRONG_FACTORS_A_DAY * 3) / 1_000_000 < 1 / 60_000, 'three codes are right at a time');
    const { email, secret } = await somebody('bursar', true);
    const own = await signedIn(email, secret);
    const codes = [
      ...(await own.submit('/profile/factors/recovery-codes', {}, '/profile')).html.matchAll(
        /<bdi class="b">([a-z2-9-]+)<\/bdi>/g,
      ),
    ].map((match) => match[1]!);
    assert.equal(codes.length, 10);
    const statuses: number[] = [];
    for (let tries = 0; tries < 7; tries += 1) {
      const browser = school.stranger();
      if (tries % 2) browser.cookies.set('aims-device', own.cookies.get('aims-device')!);
      await browser.post('/login', { login: email, password: PASSWORD });
      statuses.push((await browser.post('/login/factor', { code: '000000' })).status);
    }
    assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429, 429]);
    const owner = school.stranger();
    await owner.post('/login', { login: email, password: PASSWORD });
    assert.equal((await owner.post('/login/factor', { code: totp(secret, 1) })).status, 429);
    assert.equal((await owner.post('/login/factor', { code: codes[0]! })).status, 303);
  });

  it('a hundred wrong tries from the line of a whole school leave each teacher the right password', async () => {
    const { email } = await somebody('teacher');
    for (let tries = 0; tries < 110; tries += 1)
      await school.stranger().post('/login', { login: `guess${tries}@school.test`, password: 'wrong words' });
    const wild = school.stranger();
    const guesses: number[] = [];
    for (let tries = 0; tries < 4; tries += 1)
      guesses.push((await wild.post('/login', { login: 'another@school.test', password: 'wrong words' })).status);
    assert.deepEqual(guesses, [401, 401, 429, 429], 'who guesses on has fewer tries');
    const teacher = school.stranger();
    assert.equal((await teacher.post('/login', { login: email, password: 'a slip of the finger' })).status, 401);
    assert.equal((await teacher.post('/login', { login: email, password: PASSWORD })).status, 303);
  });
});
