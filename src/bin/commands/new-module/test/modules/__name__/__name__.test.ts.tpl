import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { IDENTITY } from '../../../src/modules/identity/index.js';
import { __TOKEN__ } from '../../../src/modules/__name__/index.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import type { Browser } from '../../support/browser.js';

describe('the list of __title__', () => {
  let school: SchoolUnderTest;
  let registrar: Browser;

  before(async () => {
    school = await aSchool();
    registrar = await school.as('registrar');
  });
  after(() => school.stop());

  const send = (fields: Record<string, string>) => registrar.submit('/__name__', fields, '/__name__/new');
  const editOf = async (name: string) => {
    const { html } = await registrar.get(`/__name__?q=${encodeURIComponent(name)}`);
    return html.match(/href="(\/__name__\/[^"]*\/edit)"/)![1]!;
  };

  it('is changed by the office only', async () => {
    const teacher = await school.as('teacher');
    assert.equal((await teacher.get('/__name__')).status, 200);
    assert.equal((await teacher.get('/__name__/new')).status, 403);
    assert.equal((await teacher.post('/__name__', { name: 'Mine' })).status, 403);
    assert.equal((await school.stranger().get('/__name__')).status, 302);
  });

  it('says what is wrong beside the field, keeps what was typed and changes nothing', async () => {
    const answer = await send({ name: '', note: 'typed already' });
    assert.equal(answer.status, 422);
    assert.match(answer.html, /Enter the name/);
    assert.match(answer.html, /typed already/);
    assert.match((await registrar.get('/__name__')).html, /Nothing here yet/);
  });

  it('takes an entry, shows it, finds it and gives it to other modules', async () => {
    assert.equal((await send({ name: 'Àkókó', note: 'the first', active: 'on' })).status, 303);
    assert.equal((await send({ name: 'Second' })).status, 303);
    assert.match((await registrar.get('/__name__')).html, /Àkókó[^]*Second/);
    assert.equal((await registrar.get('/__name__?q=akok')).html.includes('Second'), false);
    assert.equal((await registrar.get('/__name__?state=not-in-use')).html.includes('Àkókó'), false);
    const active = await school.run(() => school.get(__TOKEN__).active());
    assert.deepEqual(active.map((one) => one.name), ['Àkókó']);
  });

  it('refuses a name that another has, however it is spelt', async () => {
    const answer = await send({ name: 'AKOKO' });
    assert.equal(answer.status, 422);
    assert.match(answer.html, /Another has this name already/);
  });

  it('saves nothing of the second of two who change one entry', async () => {
    const path = await editOf('second');
    assert.equal((await registrar.submit(path, { version: '1', name: 'Faster' })).status, 303);
    assert.equal((await registrar.submit(path, { version: '1', name: 'Slower' })).status, 409);
    assert.match((await registrar.get('/__name__')).html, /Faster/);
  });

  it('exports what is shown and prints the whole', async () => {
    const sheet = await registrar.get('/__name__?q=akok&format=csv');
    assert.match(sheet.html, /Àkókó/);
    assert.equal(sheet.html.includes('Faster'), false);
    assert.equal((await registrar.get('/__name__/print')).body.subarray(0, 5).toString(), '%PDF-');
  });

  it('offers the same over the API, page by page', async () => {
    const by = { password: 'a-long-password-for-tests-3' };
    const account = { name: 'Other System', email: 'system@school.test', roles: ['registrar' as const], by, actor: school.office };
    await school.run(() => school.get(IDENTITY).createAccount(account));
    const system = school.stranger();
    const headers = { authorization: `Bearer ${await system.token('system@school.test', by.password)}` };
    const made = await system.json('POST', '/api/v1/__name__', { name: 'From outside' }, headers);
    assert.equal(made.status, 201);
    const { id, version } = made.json<{ id: string; version: number }>();
    assert.equal((await system.json('PATCH', `/api/v1/__name__/${id}`, { version, note: 'changed' }, headers)).status, 200);
    const first = (await system.get('/api/v1/__name__?limit=2', headers)).json<{ data: { name: string }[]; next: string }>();
    const rest = (await system.get(`/api/v1/__name__?limit=2&cursor=${first.next}`, headers)).json<typeof first>();
    assert.deepEqual([...first.data, ...rest.data].map((one) => one.name), ['Àkókó', 'Faster', 'From outside']);
    assert.equal((await system.get('/api/v1/__name__')).status, 401);
  });

  it('lets go of what was made by mistake', async () => {
    const path = await editOf('faster');
    assert.equal((await registrar.submit(path.replace('/edit', '/removal'), {}, path)).status, 303);
    assert.equal((await registrar.get(path)).status, 404);
  });
});
