import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { endsIn } from '../../../src/modules/identity/sign-in/session.rules.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import { hiddenValue, type Answer, type Browser } from '../../support/browser.js';
import { aStudent } from '../../support/build.js';
import { sql } from '../../support/database/sql.js';

const PASSWORD = 'correct-horse-battery-staple-7';

/** Unescaped, as a browser reads it. */
const valueOf = (html: string, name: string): string => hiddenValue(html, name)!.replaceAll('&lt;', '<').replaceAll('&gt;', '>');

describe('a form that is sent after its session has ended, without a script', () => {
  let school: SchoolUnderTest;
  let registrar: Browser;
  before(async () => {
    school = await aSchool();
    registrar = await school.as('registrar');
  });
  after(() => school.stop());

  const endAll = async (): Promise<void> => {
    await sql(school.database, "update identity_sessions set last_seen_at = now() - interval '31 minutes'");
    await pause(1_050);
  };
  /** Follows a 307 as a browser does: the same form, to another address. */
  const sendAgain = (answer: Answer, fields: Record<string, string>): Promise<Answer> => registrar.post(answer.location!, fields);

  it('is kept through the sign-in, with all steps, and goes on its way with one press', async () => {
    const student = await aStudent(school);
    const page = await registrar.get(`/students/${student.id}/aside`);
    const typed = { _csrf: hiddenValue(page.html, '_csrf')!, reason: 'Written twice & <by mistake>' };
    await endAll();
    const path = `/students/${student.id}/aside`;
    const refused = await registrar.post(path, typed);
    assert.deepEqual([refused.status, refused.location], [307, `/login/kept?to=${encodeURIComponent(path)}`]);
    const door = await sendAgain(refused, typed);
    assert.equal(door.status, 401);
    assert.match(door.html, /Your entries are saved/);
    const carried = { kept: valueOf(door.html, 'kept'), to: valueOf(door.html, 'to') };
    assert.deepEqual(JSON.parse(carried.kept), { reason: typed.reason }, 'nothing of the page’s own marks');
    const wrong = await registrar.post('/login', { login: 'person1@school.test', password: 'wrong', ...carried });
    assert.equal(valueOf(wrong.html, 'kept'), carried.kept, 'a wrong password loses nothing');
    const again = await registrar.post('/login', { login: 'person1@school.test', password: PASSWORD, ...carried });
    assert.equal(again.status, 200);
    assert.match(again.html, /You are signed in again/);
    assert.match(again.html, new RegExp(`action="${path}"`));
    const sent = await registrar.post(path, { _csrf: hiddenValue(again.html, '_csrf')!, reason: valueOf(again.html, 'reason') });
    assert.equal(sent.status, 303);
    assert.equal(
      (await sql(school.database, `select 1 from students where id = '${student.id}' and put_aside_at is not null`)).length,
      1,
    );
  });

  it('from whoever never had a session, from another site, or by htmx, it is refused as ever; it leads to own paths only', async () => {
    const stranger = school.stranger();
    assert.equal((await stranger.post('/students', { surname: 'X' })).status, 403);
    await endAll();
    assert.equal((await registrar.post('/students', { surname: 'X' }, { origin: 'https://evil.example' })).status, 403);
    assert.equal((await registrar.post('/students', { surname: 'X' }, { 'hx-request': 'true' })).status, 403);
    const door = await registrar.post('/login/kept?to=https://evil.example', { a: '1' });
    assert.equal(hiddenValue(door.html, 'to'), '/');
  });

  it('a page can ask who is signed in, and learns nothing of anybody else', async () => {
    const person = await school.as('teacher');
    const state = (await person.get('/session')).json<{ user: string; csrf: string; endsIn: number }>();
    assert.deepEqual(Object.keys(state).sort(), ['csrf', 'endsIn', 'user']);
    assert.ok(state.endsIn > 25 * 60 && state.endsIn <= 30 * 60);
    assert.equal((await school.stranger().get('/session')).status, 401);
    assert.match((await person.get('/students')).html, new RegExp(`data-user="${state.user}" data-session="\\d+"`));
  });
});

describe('when a session ends', () => {
  it('is said by the sooner of its two ends, and a use that is written down starts anew', () => {
    assert.equal(endsIn({ minutes: 10, idleMinutes: 0 }, false), 30 * 60);
    assert.equal(endsIn({ minutes: 10, idleMinutes: 4 }, false), 26 * 60, 'too soon to be written down');
    assert.equal(endsIn({ minutes: 10, idleMinutes: 6 }, true), 15 * 60);
    assert.equal(endsIn({ minutes: 719, idleMinutes: 0 }, true), 60);
  });
});
