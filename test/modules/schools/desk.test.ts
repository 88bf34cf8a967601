import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { systemActor } from '../../../src/kernel/actor.js';
import { newId } from '../../../src/kernel/id.js';
import { PROVISIONING, SchoolReady, SchoolRemoved } from '../../../src/modules/provisioning/index.js';
import { OWNER_LETTERS, SCHOOL_REGISTER, type SchoolState } from '../../../src/modules/schools/index.js';
import type { Browser } from '../../support/browser.js';
import { aPlatform, type PlatformUnderTest } from '../../support/core.js';
import { platformPersonAt } from '../../support/people/platform-people.js';

const actor = systemActor('test');
let platform: PlatformUnderTest;
let admin: Browser;
let support: Browser;
let analyst: Browser;
let count = 0;

before(async () => {
  platform = await aPlatform();
  admin = await platformPersonAt(platform, 'super-admin');
  support = await platformPersonAt(platform, 'support');
  analyst = await platformPersonAt(platform, 'analyst');
});
after(() => platform.stop());

async function aSchoolIn(state: SchoolState): Promise<{ id: string; subdomain: string; email: string }> {
  count += 1;
  const register = platform.get(SCHOOL_REGISTER);
  const school = {
    id: newId(),
    subdomain: `desk-${'abcdefghjkmnpqrstuvwxyz'[count % 23]}${count}`,
    email: `owner${count}@school.test`,
  };
  const owner = { name: 'Wanjiru Njeri', email: school.email, phone: '+254722481903' };
  await platform.run(async () => {
    await register.enter(
      {
        ...school,
        name: `Desk School ${count}`,
        country: 'KE',
        town: 'Nakuru',
        curriculum: 'cbc',
        pupils: '101-300',
        language: 'en',
        owner,
      },
      { state: state === 'verified' ? 'draft' : 'ready', actor },
    );
    if (state === 'verified') await register.moveTo(school.id, 'verified', { reason: 'email-confirmed', actor });
    if (state === 'suspended') await register.moveTo(school.id, 'suspended', { reason: 'unpaid', actor, note: 'Rang Mrs Njeri' });
    if (['closing', 'closed', 'deleted'].includes(state))
      await register.moveTo(school.id, 'closing', { reason: 'owner-asked', actor });
    if (state === 'closed' || state === 'deleted') await register.moveTo(school.id, 'closed', { reason: 'grace-over', actor });
    if (state === 'deleted') await register.moveTo(school.id, 'deleted', { reason: 'erased', actor });
  });
  return school;
}

const stateOf = async (id: string) => (await platform.run(() => platform.get(SCHOOL_REGISTER).find(id)))?.state;
const audited = async (id: string) =>
  (await platform.sql<{ action: string }>('select action from audit_entries where entity_id = $1 order by at, id', [id])).map(
    (entry) => entry.action,
  );
const lettersTo = async (email: string) =>
  (
    await platform.sql<{ template: string; content: { text: string } }>(
      'select template, content from notifications_messages where recipient = $1 order by id',
      [email],
    )
  ).map(({ template, content }) => ({ template, text: content.text }));
const act = (who: Browser, id: string, what: string, fields: Record<string, string>) =>
  who.submit(`/schools/${id}/${what}`, fields);

describe('who may do what to schools', () => {
  it('strangers see no list and no school', async () => {
    const { id } = await aSchoolIn('ready');
    for (const path of ['/schools', `/schools/${id}`, '/schools?format=csv'])
      assert.equal((await platform.stranger().get(path)).status, 302, path);
  });

  it('an analyst sees schools, but neither owners nor notes, and does nothing', async () => {
    const { id, email } = await aSchoolIn('suspended');
    const seen = [
      (await analyst.get('/schools')).html,
      (await analyst.get(`/schools/${id}`)).html,
      (await analyst.get('/schools?format=csv')).html,
    ].join('\n');
    assert.match(seen, /Desk School/);
    assert.doesNotMatch(seen, new RegExp(`${email}|Wanjiru|254722|Mrs Njeri`));
    for (const path of ['suspension', 'resumption', 'closing', 'deletion', 'giving-up']) {
      assert.equal((await analyst.get(`/schools/${id}/${path}`)).status, 403, path);
      assert.equal((await analyst.post(`/schools/${id}/${path}`, { reason: 'settled' })).status, 403, path);
    }
    for (const path of ['retries', 'owner-letters'])
      assert.equal((await analyst.post(`/schools/${id}/${path}`, {})).status, 403, path);
    assert.equal(await stateOf(id), 'suspended');
  });

  it('support suspends and opens again, but closes and deletes nothing', async () => {
    const { id } = await aSchoolIn('ready');
    for (const path of ['closing', 'deletion']) assert.equal((await support.get(`/schools/${id}/${path}`)).status, 403);
    assert.equal((await act(support, id, 'suspension', { reason: 'security' })).status, 303);
    assert.equal((await act(support, id, 'resumption', { reason: 'settled' })).status, 303);
    assert.equal(await stateOf(id), 'ready');
  });
});

describe('what is done to a school by hand', () => {
  it('needs a reason that fits; what was typed is kept', async () => {
    const { id } = await aSchoolIn('ready');
    for (const reason of ['', 'erased', 'opened', 'nonsense']) {
      const answer = await act(admin, id, 'suspension', { reason, note: 'A note that is kept' });
      assert.equal(answer.status, 422, reason);
      assert.match(answer.html, /A note that is kept/);
      assert.match(answer.html, /Choose one of the reasons/);
    }
    assert.equal(await stateOf(id), 'ready');
  });

  it('is refused where the life of a school has no such step', async () => {
    const refused: [state: SchoolState, act: string, reason: string][] = [
      ['verified', 'suspension', 'unpaid'],
      ['verified', 'resumption', 'opened'],
      ['ready', 'resumption', 'settled'],
      ['closing', 'suspension', 'unpaid'],
      ['closed', 'resumption', 'mistake'],
      ['closed', 'suspension', 'unpaid'],
      ['deleted', 'resumption', 'mistake'],
      ['deleted', 'closing', 'owner-asked'],
    ];
    for (const [state, what, reason] of refused) {
      const { id } = await aSchoolIn(state);
      assert.equal((await act(admin, id, what, { reason })).status, 422, `${what} of a ${state} school`);
      assert.equal(await stateOf(id), state);
    }
  });

  it('a suspension stands in the register at once, with reason, who and note, and in the audit', async () => {
    const { id } = await aSchoolIn('ready');
    assert.equal((await act(admin, id, 'suspension', { reason: 'unpaid', note: 'Second reminder' })).location, `/schools/${id}`);
    const page = (await admin.get(`/schools/${id}`)).html;
    assert.match(page, /Suspended/);
    assert.match(page, /Not paid/);
    assert.match(page, /Second reminder/);
    assert.match(page, /super-admin \d/);
    assert.deepEqual((await audited(id)).slice(-1), ['schools.move']);
  });

  it('a school that is closing can be opened again, and not be deleted', async () => {
    const { id, subdomain } = await aSchoolIn('closing');
    assert.equal((await admin.get(`/schools/${id}/deletion`)).status, 422);
    assert.equal(
      (await admin.submit(`/schools/${id}/deletion`, { address: subdomain, onceMore: subdomain }, '/profile')).status,
      422,
    );
    assert.equal((await act(admin, id, 'resumption', { reason: 'mistake' })).status, 303);
    assert.equal(await stateOf(id), 'ready');
  });

  it('is deleted only when its address is written twice, and only when it is closed', async () => {
    const { id, subdomain } = await aSchoolIn('closed');
    for (const [once, again] of [
      [subdomain, ''],
      ['', subdomain],
      [subdomain, `${subdomain}x`],
      [subdomain.toUpperCase(), subdomain],
    ] as const) {
      assert.equal((await act(admin, id, 'deletion', { address: once, onceMore: again })).status, 422, `${once} ${again}`);
    }
    const open = await aSchoolIn('ready');
    assert.equal(
      (await admin.submit(`/schools/${open.id}/deletion`, { address: open.subdomain, onceMore: open.subdomain }, '/profile'))
        .status,
      422,
    );
    const orders = () =>
      platform.sql(`select 1 from provisioning_runs where kind = 'remove' and school_id in ($1, $2)`, [id, open.id]);
    assert.equal((await orders()).length, 0);
    assert.equal((await act(admin, id, 'deletion', { address: subdomain, onceMore: subdomain })).status, 303);
    assert.equal((await orders()).length, 1);
    assert.ok((await audited(id)).includes('schools.delete'));
    assert.doesNotMatch(
      JSON.stringify(await platform.sql('select * from audit_entries where entity_id = $1', [id])),
      /Wanjiru|254722|owner\d/,
    );
  });

  it('the owner gets the address again, of an open school only', async () => {
    const waiting = await aSchoolIn('verified');
    assert.equal((await support.submit(`/schools/${waiting.id}/owner-letters`, {}, '/profile')).status, 422);
    const { id, email, subdomain } = await aSchoolIn('ready');
    assert.equal((await support.submit(`/schools/${id}/owner-letters`, {}, `/schools/${id}`)).status, 303);
    const letters = await lettersTo(email);
    assert.equal(letters.length, 1);
    assert.match(letters[0]!.text, new RegExp(`http://${subdomain}\\.localhost:\\d+/`));
    assert.ok((await audited(id)).includes('schools.send-address'));
  });

  it('the owner of a school that is being opened gets the page of its steps', async () => {
    const { id, email } = await aSchoolIn('verified');
    const { page } = await platform.run(() => platform.get(PROVISIONING).begin(id, actor));
    assert.match((await support.get(`/schools/${id}`)).html, /Send the owner the link/);
    assert.equal((await support.submit(`/schools/${id}/owner-letters`, {}, `/schools/${id}`)).status, 303);
    const [letter] = await lettersTo(email);
    assert.ok(letter!.text.includes(`${platform.url}${page} `), letter!.text);
    assert.ok((await audited(id)).includes('schools.send-progress'));
  });

  it('three letters in ten minutes are enough', async () => {
    const { id, email } = await aSchoolIn('ready');
    const statuses: number[] = [];
    for (let times = 0; times < 4; times += 1)
      statuses.push((await support.submit(`/schools/${id}/owner-letters`, {}, `/schools/${id}`)).status);
    assert.deepEqual(statuses, [303, 303, 303, 429]);
    assert.equal((await lettersTo(email)).length, 3);
  });

  it('the owner is told of a suspension, of its end and of the closing, why, and where to ask', async () => {
    const { id, email, subdomain } = await aSchoolIn('ready');
    await act(admin, id, 'suspension', { reason: 'unpaid', note: 'Only for colleagues' });
    await act(admin, id, 'resumption', { reason: 'settled' });
    await act(admin, id, 'closing', { reason: 'trial-over' });
    const letters = await lettersTo(email);
    assert.deepEqual(
      letters.map((letter) => letter.template),
      ['schools.suspended', 'schools.resumed', 'schools.closing'],
    );
    assert.match(letters[0]!.text, /Its bill has not been paid/);
    assert.match(letters[2]!.text, /The trial is over.*download everything it holds.*\/exports /s);
    for (const { text } of letters) {
      assert.match(text, new RegExp(`http://${subdomain}\\.localhost:\\d+/`));
      assert.match(text, /support@localhost/);
      assert.doesNotMatch(text, /colleagues/);
    }
    const refused = await aSchoolIn('ready');
    await act(admin, refused.id, 'suspension', { reason: 'nonsense' });
    assert.deepEqual(await lettersTo(refused.email), []);
  });

  it('an opening is given up by who writes its address; only one that was never open', async () => {
    const { id, subdomain, email } = await aSchoolIn('verified');
    await platform.run(() => platform.get(PROVISIONING).begin(id, actor));
    assert.equal((await support.get(`/schools/${id}/giving-up`)).status, 403);
    const wrong = await act(admin, id, 'giving-up', { name: `${subdomain}x` });
    assert.equal(wrong.status, 422);
    assert.match(wrong.html, new RegExp(`value="${subdomain}x"`));
    assert.equal(await stateOf(id), 'provisioning');
    assert.equal((await act(admin, id, 'giving-up', { name: subdomain })).status, 303);
    assert.equal(await stateOf(id), 'closed');
    assert.equal(
      (await platform.sql(`select 1 from provisioning_runs where kind = 'remove' and school_id = $1`, [id])).length,
      1,
    );
    assert.deepEqual(await lettersTo(email), []);
    assert.ok((await audited(id)).includes('schools.give-up'));
    assert.equal((await act(admin, id, 'resumption', { reason: 'mistake' })).status, 422, 'it can no longer be opened');
    const open = await aSchoolIn('ready');
    assert.equal((await act(admin, open.id, 'giving-up', { name: open.subdomain })).status, 422);
    assert.equal(await stateOf(open.id), 'ready');
  });

  it('nothing is tried again that has not failed', async () => {
    const { id } = await aSchoolIn('ready');
    assert.equal((await support.submit(`/schools/${id}/retries`, {}, '/profile')).status, 422);
  });

  it('the list is found by name, address, state and country, and leaves as a sheet of just that', async () => {
    const closing = await aSchoolIn('closing');
    const page = await admin.get(`/schools?q=${closing.subdomain}&state=closing&country=KE`);
    assert.match(page.html, new RegExp(closing.subdomain));
    assert.doesNotMatch(
      (await admin.get(`/schools?q=${closing.subdomain}&state=ready`)).html,
      new RegExp(`<bdi>${closing.subdomain}`),
    );
    const sheet = await admin.get(`/schools?format=csv&q=${closing.subdomain}`);
    assert.equal(sheet.html.trim().split('\n').length, 2, sheet.html);
    assert.match(sheet.html, /Wanjiru Njeri/);
    assert.equal((await admin.get(`/schools/${newId()}`)).status, 404);
  });
});

describe('POST /api/admin/delete-tenant/', () => {
  const KEY = 'an-admin-key-of-tests-only';
  const call = (body: unknown, key?: string) =>
    platform.stranger().json('POST', '/api/admin/delete-tenant/', body, key === undefined ? {} : { 'x-admin-api-key': key });

  it('without the key, or with another, has one answer, whatever is asked', async () => {
    const { subdomain } = await aSchoolIn('closed');
    const answers = [
      await call({ subdomain }),
      await call({ subdomain }, ''),
      await call({ subdomain }, `${KEY}x`),
      await call({ subdomain }, KEY.slice(0, -1)),
      await call({ subdomain: 'nobody-here' }, 'x'),
      await call('no json', 'x'),
    ];
    assert.deepEqual([...new Set(answers.map((answer) => `${answer.status} ${answer.html}`))].length, 1);
    assert.equal(answers[0]!.status, 401);
    assert.doesNotMatch(answers[0]!.html, new RegExp(KEY));
  });

  it('never touches a school that is not closed', async () => {
    for (const state of ['verified', 'ready', 'suspended', 'closing'] as const) {
      const { id, subdomain } = await aSchoolIn(state);
      assert.equal((await call({ subdomain }, KEY)).status, 409, state);
      assert.equal(await stateOf(id), state);
      assert.deepEqual(await platform.sql(`select 1 from provisioning_runs where kind = 'remove' and school_id = $1`, [id]), []);
    }
    assert.equal((await call({ subdomain: 'nobody-here' }, KEY)).status, 404);
    for (const body of [{}, { subdomain: '../x' }, { subdomain: 5 }, 'text'])
      assert.ok([404, 422].includes((await call(body, KEY)).status));
  });

  it('orders the removal of a closed one, once however often it is asked, and tells when it is done', async () => {
    const { id, subdomain, email } = await aSchoolIn('closed');
    await platform.run(() => platform.get(OWNER_LETTERS).sendAddress(id));
    const first = await call({ subdomain }, KEY);
    assert.equal(first.status, 202);
    assert.deepEqual(first.json(), { subdomain, state: 'deleting' });
    assert.equal((await call({ subdomain }, KEY)).status, 202);
    assert.equal(
      (await platform.sql(`select 1 from provisioning_runs where kind = 'remove' and school_id = $1`, [id])).length,
      1,
    );
    assert.deepEqual(
      await platform.sql('select 1 from notifications_messages where recipient = $1', [email]),
      [],
      'letters to its owner are gone',
    );
    await platform.run(() => platform.get(SCHOOL_REGISTER).moveTo(id, 'deleted', { reason: 'erased', actor }));
    assert.deepEqual((await call({ subdomain }, KEY)).json(), { subdomain, state: 'deleted' });
    assert.equal(await platform.run(() => platform.get(SCHOOL_REGISTER).isTaken(subdomain)), true);
    assert.equal(
      await platform.run(() => platform.get(OWNER_LETTERS).sendAddress(id)),
      false,
      'what was still to be written never is',
    );
  });

  it('wrong keys end in a wait', async () => {
    const statuses = new Set<number>();
    for (let tries = 0; tries < 22; tries += 1) statuses.add((await call({ subdomain: 'x' }, 'wrong')).status);
    assert.ok(statuses.has(429));
    await platform.sql(`delete from platform_rate_limits where key like 'schools.%'`);
  });
});

describe('what follows from provisioning', () => {
  const tell = async (event: { name: string; payload: unknown }) => {
    for (const subscriber of platform.app.subscribers.filter(
      (one) => one.event === event.name && one.name.startsWith('signup.'),
    )) {
      for (let times = 0; times < 2; times += 1) await platform.run(() => subscriber.handle(event.payload, newId()));
    }
  };

  it('a school that is ready has its address sent to its owner, once', async () => {
    const { id, email } = await aSchoolIn('ready');
    await tell(SchoolReady({ schoolId: id, runId: newId(), seconds: 3 }));
    assert.equal((await platform.sql('select 1 from notifications_messages where recipient = $1', [email])).length, 1);
  });

  it('a school that is removed is remembered by no browser', async () => {
    const { id } = await aSchoolIn('closed');
    await platform.sql(`insert into signup_drafts (id, browser_hash, school_id, page) values ($1, $2, $3, '/provisioning/x')`, [
      newId(),
      newId(),
      id,
    ]);
    await tell(SchoolRemoved({ schoolId: id, runId: newId() }));
    assert.deepEqual(await platform.sql('select 1 from signup_drafts where school_id = $1', [id]), []);
  });
});
