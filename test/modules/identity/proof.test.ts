import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { demandProof, MOST_UNPROVEN, type Actor } from '../../../src/kernel/actor.js';
import { ProofNeeded } from '../../../src/kernel/errors.js';
import { newId } from '../../../src/kernel/id.js';
import { AlertRaised } from '../../../src/modules/audit/index.js';
import { IDENTITY } from '../../../src/modules/identity/index.js';
import { Prints } from '../../../src/modules/students/prints/prints.js';
import { unit } from '../../../src/platform/db/index.js';
import { publish } from '../../../src/platform/outbox/index.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import { hiddenValue, type Answer, type Browser } from '../../support/browser.js';
import { aStudent } from '../../support/build.js';
import { sql } from '../../support/database/sql.js';
import { totp } from './support.js';

const PASSWORD = 'correct-horse-battery-staple-7';
const BULK = ['/students/export?format=csv', '/students/export?format=xlsx', '/oneroster.zip?version=1.2'];

describe('who takes many people’s data along has just proven who they are', () => {
  let school: SchoolUnderTest;
  before(async () => {
    school = await aSchool({ background: true });
    await aStudent(school, {});
  });
  after(() => school?.stop());

  let people = 0;
  /** An administrator whose proof is as old as a lesson; with an app for codes if asked for. */
  async function anOfficer(factor = false): Promise<{ browser: Browser; userId: string; email: string; secret: string }> {
    const email = `officer${(people += 1)}@school.test`;
    const identity = school.get(IDENTITY);
    const { userId } = await school.run(() =>
      identity.createAccount({
        name: `Officer ${people}`,
        email,
        roles: ['head'],
        by: { password: PASSWORD },
        actor: school.office,
      }),
    );
    const browser = school.stranger();
    await browser.signIn(email, PASSWORD);
    const secret = factor ? await school.run(() => identity.enrolFactor(userId, school.office)) : '';
    await age(userId);
    return { browser, userId, email, secret };
  }
  async function age(userId: string, minutes = 16): Promise<void> {
    await sql(
      school.database,
      `update identity_sessions set sess = (sess::jsonb || jsonb_build_object('confirmedAt', ${Date.now() - minutes * 60_000}))::json where user_id = '${userId}'`,
    );
    await pause(1_050);
  }
  const prove = async (browser: Browser, asked: Answer, fields: Record<string, string>): Promise<Answer> => {
    const { html } = await browser.get(asked.location!);
    return browser.post('/confirm', {
      _csrf: hiddenValue(html, '_csrf'),
      next: hiddenValue(html, 'next'),
      file: hiddenValue(html, 'file'),
      ...fields,
    });
  };

  it('asks before the data of a person is erased, before the question and before the deed', async () => {
    const child = await aStudent(school, {});
    const { userId } = await school.run(() =>
      school.get(IDENTITY).createAccount({
        name: 'Owner',
        email: 'owner.proof@school.test',
        roles: ['owner'],
        by: { password: PASSWORD },
        actor: school.office,
      }),
    );
    const owner = school.stranger();
    await owner.signIn('owner.proof@school.test', PASSWORD);
    const token = hiddenValue((await owner.get('/profile')).html, '_csrf');
    await age(userId);
    const path = `/privacy/student/${child.id}/erasure`;
    for (const asked of [
      await owner.get(path),
      await owner.post(path, { _csrf: token, reason: 'The family asked', word: 'ERASE' }, { referer: `${school.url}${path}` }),
    ]) {
      assert.equal(asked.status, 303);
      assert.equal(asked.location, `/confirm?${new URLSearchParams({ next: path })}`);
    }
    assert.deepEqual(await sql(school.database, "select 1 from audit_entries where action like 'privacy.erase%'"), []);
    const back = await prove(owner, await owner.get(path), { password: PASSWORD });
    assert.equal(back.location, path);
    assert.equal((await owner.get(path)).status, 200);
  });

  it('asks with every bulk file, gives nothing before, and the file asked for after; nothing is exported unasked', async () => {
    const { browser, userId } = await anOfficer();
    for (const path of BULK) {
      const asked = await browser.get(path, { referer: `${school.url}/students?sex=F` });
      assert.equal(asked.status, 303, path);
      assert.equal(asked.location, `/confirm?${new URLSearchParams({ next: path, file: '/students?sex=F' })}`);
    }
    assert.deepEqual(
      await sql(school.database, `select 1 from audit_entries where action = 'list.export' and actor_id = '${userId}'`),
      [],
    );
    const asked = await browser.get(BULK[0]!);
    assert.equal((await prove(browser, asked, { password: 'wrong words' })).status, 401);
    assert.equal((await browser.get(BULK[0]!)).status, 303);
    const onward = await prove(browser, asked, { password: PASSWORD });
    const page = await browser.get(onward.location!);
    assert.match(page.html, new RegExp(`href="${BULK[0]!.replace('?', '\\?')}"`));
    assert.equal(page.headers['refresh'], `1; url=${BULK[0]}`);
    for (const path of BULK) assert.equal((await browser.get(path)).status, 200, path);
    const [proof] = await sql<{ label: string; after: object }>(
      school.database,
      `select label, after from audit_entries where action = 'identity.proof' and actor_id = '${userId}'`,
    );
    assert.deepEqual({ ...proof }, { label: '/students/export', after: { by: 'password' } });
  });

  it('asks whoever has a second factor for that one: their password is no proof', async () => {
    const { browser, secret } = await anOfficer(true);
    const asked = await browser.get(BULK[0]!);
    assert.equal((await prove(browser, asked, { password: PASSWORD })).status, 401);
    assert.equal((await browser.get(BULK[0]!)).status, 303);
    assert.equal((await prove(browser, asked, { code: totp(secret) })).status, 303);
    assert.equal((await browser.get(BULK[0]!)).status, 200);
  });

  it('counts for 15 minutes and for the one session in which it was given', async () => {
    const { browser, userId, email } = await anOfficer();
    const elsewhere = school.stranger();
    await elsewhere.signIn(email, PASSWORD);
    await age(userId);
    await prove(browser, await browser.get(BULK[0]!), { password: PASSWORD });
    assert.equal((await browser.get(BULK[0]!)).status, 200);
    assert.equal((await elsewhere.get(BULK[0]!)).status, 303, 'another session of the same account');
    await age(userId, 14);
    assert.equal((await browser.get(BULK[0]!)).status, 200);
    await age(userId, 15);
    assert.equal((await browser.get(BULK[0]!)).status, 303);
  });

  it('asks with a list only for more rows than a page shows', async () => {
    const { browser } = await anOfficer();
    const add = (count: number): Promise<unknown> =>
      sql(
        school.database,
        `insert into identity_attempts (school_id, id, login, method, outcome) select '${school.database.schoolId}', gen_random_uuid(), 'x', 'password', 'wrong' from generate_series(1, ${count})`,
      );
    const [{ n }] = (await sql<{ n: number }>(school.database, `select count(*)::int as n from identity_attempts`)) as [
      { n: number },
    ];
    await add(MOST_UNPROVEN - n);
    const list = '/identity/sign-ins?format=csv';
    const whole = await browser.get(list);
    assert.deepEqual([whole.status, whole.html.trim().split('\n').length], [200, MOST_UNPROVEN + 1]);
    await add(1);
    assert.equal((await browser.get(list)).status, 303);
    const part = await browser.send('GET', list, null, { 'hx-request': 'true' });
    assert.deepEqual([part.status, String(part.headers['hx-redirect']).split('?')[0], part.html], [200, '/confirm', '']);
  });

  it('asks before papers of many are drawn or noted as drawn', async () => {
    const many = Array.from({ length: MOST_UNPROVEN + 1 }, () => ({ id: newId(), streamId: null, guardians: [] }));
    const noted: string[] = [];
    const prints = new Prints(
      unit,
      { record: async (_actor, entry) => void noted.push(entry.action) },
      { students: async () => many } as never,
      {} as never,
      { classList: async () => ({ streams: [] }) } as never,
      {} as never,
      () => '',
    );
    const actor: Actor = { ...school.office, proven: false };
    await assert.rejects(prints.some(actor, {} as never, { ids: [] }, 'labels'), ProofNeeded);
    await assert.rejects(prints.classes(actor, {} as never, [], 'class-list'), ProofNeeded);
    assert.deepEqual(noted, []);
    await prints.some({ ...actor, proven: true }, {} as never, { ids: [] }, 'labels');
    assert.deepEqual(noted, ['students.print-labels']);
    demandProof(actor, MOST_UNPROVEN);
    demandProof(school.office);
  });

  it('a program proves it by signing in: a token that was only refreshed since takes no bundle', async () => {
    const { email, secret, browser } = await anOfficer(true);
    const issued = (
      await browser.json('POST', '/api/auth/token', { login: email, password: PASSWORD, totp: totp(secret) })
    ).json<{ access_token: string; refresh_token: string }>();
    const bundle = (token: string): Promise<Answer> =>
      school.stranger().get('/api/v1/oneroster.zip', { authorization: `Bearer ${token}` });
    assert.equal((await bundle(issued.access_token)).status, 200);
    // As if the sign-in were 16 minutes old: what is refreshed keeps its time.
    const old = newId(Date.now() - 16 * 60_000);
    await sql(
      school.database,
      `update identity_refresh_tokens set family = '${old}' where user_id = (select id from identity_users where email = '${email}')`,
    );
    const fresh = (await browser.json('POST', '/api/auth/refresh', { refresh_token: issued.refresh_token })).json<{
      access_token: string;
    }>();
    const refused = await bundle(fresh.access_token);
    assert.deepEqual([refused.status, refused.json().code], [403, 'proof-needed']);
    assert.equal(
      (await school.stranger().get('/api/v1/students', { authorization: `Bearer ${fresh.access_token}` })).status,
      200,
    );
  });

  it('whoever was warned of is asked again, before the next page about a person too', async () => {
    const { browser, userId, secret } = await anOfficer(true);
    const student = `/students/${(await aStudent(school, {})).id}`;
    await age(userId, 1);
    assert.equal((await browser.get(student)).status, 200);
    const alert = {
      alertId: newId(),
      rule: 'pages-opened',
      actorId: userId,
      actorName: 'Officer',
      amount: 500,
      detail: null,
    } as const;
    await school.run(() => unit(() => publish(AlertRaised(alert))));
    for (let tries = 0; tries < 100 && (await browser.get(student)).status === 200; tries += 1) await pause(100);
    const asked = await browser.get(student);
    assert.deepEqual([asked.status, asked.location], [303, `/confirm?${new URLSearchParams({ next: student })}`]);
    assert.equal((await browser.get('/students')).status, 303, 'a list shows people too');
    assert.equal((await browser.get('/profile')).status, 200, 'what shows nobody else goes on');
    assert.equal((await browser.get(BULK[0]!)).status, 303);
    assert.equal((await prove(browser, asked, { code: totp(secret) })).location, student);
    assert.equal((await browser.get(student)).status, 200);
    assert.equal((await browser.get(BULK[0]!)).status, 200);
  });

  it('an alert on rows leaves alone whoever has proven it a short while ago, as for the files themselves', async () => {
    const [fresh, stale] = [await anOfficer(), await anOfficer()];
    await age(fresh.userId, 5);
    for (const { userId } of [fresh, stale]) {
      const alert = {
        alertId: newId(),
        rule: 'rows-taken',
        actorId: userId,
        actorName: 'Officer',
        amount: 900,
        detail: null,
      } as const;
      await school.run(() => unit(() => publish(AlertRaised(alert))));
    }
    const student = `/students/${(await aStudent(school, {})).id}`;
    for (let tries = 0; tries < 100 && (await stale.browser.get(student)).status === 200; tries += 1) await pause(100);
    assert.equal((await stale.browser.get(student)).status, 303);
    await pause(300);
    assert.equal((await fresh.browser.get(student)).status, 200);
    assert.equal((await fresh.browser.get(BULK[0]!)).status, 200);
  });

  it('leads back to our own pages only', async () => {
    const { browser } = await anOfficer();
    const { html } = await browser.get('/confirm?next=//evil.example&file=https://evil.example');
    assert.deepEqual([hiddenValue(html, 'next'), hiddenValue(html, 'file')], ['/profile', '/profile']);
  });
});
