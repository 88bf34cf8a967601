import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { systemActor } from '../../../src/kernel/actor.js';
import { newId } from '../../../src/kernel/id.js';
import { SCHOOL_REGISTER } from '../../../src/modules/schools/index.js';
import { isReminded } from '../../../src/modules/schools/life.rules.js';
import type { Browser } from '../../support/browser.js';
import { aPlatform, coreConfig, type PlatformUnderTest } from '../../support/core.js';
import { platformPersonAt } from '../../support/people/platform-people.js';

const actor = systemActor('test');
const DAYS = 20;
let platform: PlatformUnderTest;
let admin: Browser;
let count = 0;

before(async () => {
  platform = await aPlatform({
    settings: { core: { bootstrapSecret: null, githubToken: null, adminApiKey: null, graceDays: DAYS } },
  });
  admin = await platformPersonAt(platform, 'super-admin');
});
after(() => platform.stop());

interface Planted {
  id: string;
  subdomain: string;
  email: string;
}

async function anOpenSchool(language = 'en'): Promise<Planted> {
  count += 1;
  const school = { id: newId(), subdomain: `closing-${'abcdefghjkmn'[count]}${count}`, email: `leaver${count}@school.test` };
  const owner = { name: 'Wanjiru Njeri', email: school.email, phone: null };
  await platform.run(() =>
    platform
      .get(SCHOOL_REGISTER)
      .enter(
        { ...school, name: `Leaving School ${count}`, country: 'KE', town: null, language, owner },
        { state: 'ready', actor },
      ),
  );
  return school;
}

async function aClosingSchool(language = 'en'): Promise<Planted> {
  const school = await anOpenSchool(language);
  assert.equal((await admin.submit(`/schools/${school.id}/closing`, { reason: 'owner-asked' })).status, 303);
  return school;
}

const stateOf = async (id: string) => (await platform.run(() => platform.get(SCHOOL_REGISTER).find(id)))!;
/** As if so many days of grace had gone by. */
const passDays = (id: string, days: number) =>
  platform.sql(
    `update schools set closes_at = closes_at - make_interval(days => $2), state_at = state_at - make_interval(days => $2) where id = $1`,
    [id, days],
  );
const runJob = () =>
  platform.run(() =>
    platform.app.jobs['schools.closings']!({}, { id: '1', attempt: 1, maxAttempts: 1, signal: new AbortController().signal }),
  );
const lettersTo = async (email: string) =>
  platform.sql<{ template: string; content: { subject: string; text: string } }>(
    'select template, content from notifications_messages where recipient = $1 order by id',
    [email],
  );

describe('the days of grace of a school that is being closed', () => {
  it('are as many as the operator has set, and stand on the page and in the letter with the link to the whole export', async () => {
    const school = await anOpenSchool();
    assert.match((await admin.get(`/schools/${school.id}/closing`)).html, new RegExp(`For ${DAYS} days`));
    await admin.submit(`/schools/${school.id}/closing`, { reason: 'trial-over' });
    const { closesAt } = await stateOf(school.id);
    assert.equal(Math.round((closesAt!.getTime() - Date.now()) / 86_400_000), DAYS);
    assert.match((await admin.get(`/schools/${school.id}`)).html, /since .*, until /);
    const [letter] = await lettersTo(school.email);
    const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(closesAt!);
    assert.ok(letter!.content.text.includes(`Until ${day} you can sign in`), letter!.content.text);
    assert.match(letter!.content.text, new RegExp(`http://${school.subdomain}\\.localhost:\\d+/exports `));
  });

  it('are over for nobody before their time; its owner is reminded once, a week before', async () => {
    const school = await aClosingSchool();
    await passDays(school.id, DAYS - 8);
    await runJob();
    assert.equal((await lettersTo(school.email)).length, 1);
    await passDays(school.id, 2);
    await runJob();
    await runJob();
    assert.deepEqual(
      (await lettersTo(school.email)).map(({ template }) => template),
      ['schools.closing', 'schools.closing-soon'],
    );
    assert.equal((await stateOf(school.id)).state, 'closing');
  });

  it('end by themselves: the school is closed, its owner told once, and both stand in its life and in the audit', async () => {
    const school = await aClosingSchool();
    await passDays(school.id, DAYS);
    await runJob();
    await runJob();
    const { state, closesAt } = await stateOf(school.id);
    assert.deepEqual([state, closesAt], ['closed', null]);
    assert.deepEqual(
      (await lettersTo(school.email)).map(({ template }) => template),
      ['schools.closing', 'schools.closed'],
    );
    const page = (await admin.get(`/schools/${school.id}`)).html;
    assert.match(page, /Grace period ended/);
    assert.match(page, new RegExp(`/schools/${school.id}/deletion`));
    assert.doesNotMatch(page, /resumption/);
    const moves = await platform.sql<{ reason: string }>(
      `select reason from audit_entries where entity_id = $1 and action = 'schools.move' order by at, id`,
      [school.id],
    );
    assert.deepEqual(
      moves.map(({ reason }) => reason),
      ['owner-asked', 'grace-over'],
    );
  });

  it('taken back in time, the school stays open however late it gets, and the next closing has all its days', async () => {
    const school = await aClosingSchool();
    await passDays(school.id, DAYS - 1);
    assert.equal((await admin.submit(`/schools/${school.id}/resumption`, { reason: 'mistake' })).status, 303);
    await runJob();
    assert.deepEqual([(await stateOf(school.id)).state, (await stateOf(school.id)).closesAt], ['ready', null]);
    await admin.submit(`/schools/${school.id}/closing`, { reason: 'unpaid' });
    assert.ok((await stateOf(school.id)).closesAt!.getTime() > Date.now() + (DAYS - 1) * 86_400_000);
  });

  for (const [language, subject, told] of [
    ['fr', /est en cours de fermeture/, /plus personne ne peut s’y connecter/],
    ['sw', /inafungwa/, /hakuna anayeweza kuingia tena/],
  ] as const) {
    it(`are spoken of in the language of the school: ${language}`, async () => {
      const school = await aClosingSchool(language);
      await passDays(school.id, DAYS - 2);
      await runJob();
      await passDays(school.id, 2);
      await runJob();
      const letters = await lettersTo(school.email);
      assert.equal(letters.length, 3);
      assert.match(letters[0]!.content.subject, subject);
      assert.match(letters[2]!.content.text, told);
      for (const { content } of letters) assert.doesNotMatch(content.text, /\b(nobody|until|write to)\b/i);
    });
  }

  it('that are a week or fewer bring no reminder on the heels of the first letter', () => {
    const since = new Date('2026-11-01T08:00:00Z');
    const cases: [days: number, reminded: boolean][] = [
      [0, false],
      [7, false],
      [8, true],
      [30, true],
    ];
    for (const [days, reminded] of cases)
      assert.equal(isReminded(since, new Date(since.getTime() + days * 86_400_000)), reminded, `${days} days`);
  });
});

describe('deleting a closed school', () => {
  it('asks who acts to prove it anew, before the question and before the deed', async () => {
    const school = await aClosingSchool();
    await passDays(school.id, DAYS);
    await runJob();
    const stale = await platformPersonAt(platform, 'super-admin');
    const path = `/schools/${school.id}/deletion`;
    const token = /name="_csrf" value="([^"]+)"/.exec((await stale.get(path)).html)![1]!;
    await platform.sql(`update identity_sessions set sess = (sess::jsonb || '{"confirmedAt": 0}')::json`);
    // Who somebody is, is looked up once a second.
    await pause(1_100);
    for (const answer of [
      await stale.get(path),
      await stale.post(path, { address: school.subdomain, onceMore: school.subdomain, _csrf: token }),
    ]) {
      assert.equal(answer.status, 303);
      assert.match(answer.location!, /^\/confirm\?/);
    }
    assert.deepEqual(
      await platform.sql(`select 1 from provisioning_runs where kind = 'remove' and school_id = $1`, [school.id]),
      [],
    );
  });

  it('so do suspending, closing and opening one again: whole schools stand still by it', async () => {
    const REASON = { suspension: 'unpaid', closing: 'unpaid', resumption: 'mistake' };
    await platform.sql(`update identity_sessions set sess = (sess::jsonb || '{"confirmedAt": ${Date.now()}}')::json`);
    await pause(1_100);
    const school = await aClosingSchool();
    const [before] = await platform.sql('select state from schools where id = $1', [school.id]);
    const stale = await platformPersonAt(platform, 'super-admin');
    const token = /name="_csrf" value="([^"]+)"/.exec((await stale.get('/profile')).html)![1]!;
    await platform.sql(`update identity_sessions set sess = (sess::jsonb || '{"confirmedAt": 0}')::json`);
    await pause(1_100);
    for (const act of Object.keys(REASON) as (keyof typeof REASON)[]) {
      const path = `/schools/${school.id}/${act}`;
      for (const answer of [await stale.get(path), await stale.post(path, { reason: REASON[act], _csrf: token })]) {
        assert.equal(answer.status, 303, act);
        assert.match(answer.location!, /^\/confirm\?/, act);
      }
    }
    assert.deepEqual(await platform.sql('select state from schools where id = $1', [school.id]), [before]);
  });
});

it('without a word of the operator there are 30 days', async () => {
  const other = await aPlatform();
  try {
    assert.equal(coreConfig(other.database, '/tmp', 1).core!.graceDays, undefined);
    const id = newId();
    const register = other.get(SCHOOL_REGISTER);
    await other.run(async () => {
      await register.enter(
        { id, subdomain: 'thirty-days', name: 'Thirty', country: 'KE', town: null },
        { state: 'ready', actor },
      );
      await register.moveTo(id, 'closing', { reason: 'duplicate', actor });
    });
    const { closesAt } = (await other.run(() => register.find(id)))!;
    assert.equal(Math.round((closesAt!.getTime() - Date.now()) / 86_400_000), 30);
  } finally {
    await other.stop();
  }
});
