import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { IDENTITY } from '../../src/modules/identity/index.js';
import type { Student } from '../../src/modules/students/index.js';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import { aStudent } from '../support/build.js';
import { axe, Chromium, type Window } from '../support/chromium.js';
import { totpCode } from '../support/people/platform-people.js';
import { sql } from '../support/database/sql.js';

const PASSWORD = 'correct-horse-battery-staple-7';

describe('sessions that end and networks that go while somebody types', () => {
  let chromium: Chromium;
  let school: SchoolUnderTest;
  let window: Window;
  let page: Page;
  let student: Student;
  before(async () => {
    chromium = await Chromium.start();
    school = await aSchool();
    student = await aStudent(school);
    window = await chromium.open(school.url, { person: await school.as('registrar') });
    page = window.page;
  });
  after(async () => {
    await window?.close();
    await chromium?.stop();
    await school?.stop();
  });

  const endSessions = async (): Promise<void> => {
    await sql(school.database, "update identity_sessions set last_seen_at = now() - interval '31 minutes'");
    await pause(1_050);
  };
  const saved = async (surname: string): Promise<boolean> =>
    (await sql(school.database, `select 1 from students where surname = '${surname}'`)).length > 0;
  /** The form of this child's details, with another surname typed in. */
  async function type(surname: string): Promise<void> {
    await page.goto(`/students/${student.id}/edit`);
    await page.fill('[name=surname]', surname);
  }
  const press = (): Promise<void> => page.locator('main form[method=post] button.btn.primary').last().click();

  it('a plain form: signed in again in place, and what was typed is sent', async () => {
    await type('Stillhere');
    await endSessions();
    await press();
    const dialog = page.locator('dialog#signed-out[open]');
    await dialog.waitFor();
    assert.equal(await page.inputValue('[name=surname]'), 'Stillhere');
    assert.deepEqual(await axe(page, ['label', 'aria-dialog-name', 'button-name', 'color-contrast']), []);
    await dialog.locator('[name=session-login]').fill('person1@school.test');
    await dialog.locator('[name=session-password]').fill('wrong words');
    await dialog.locator('button.primary').click();
    await dialog.locator('[data-session-trouble]').waitFor();
    assert.match(await dialog.locator('[data-session-trouble]').innerText(), /\w/);
    assert.equal(await saved('Stillhere'), false);
    await dialog.locator('[name=session-password]').fill(PASSWORD);
    await dialog.locator('button.primary').click();
    await page.waitForURL(`**/students/${student.id}`);
    assert.equal(await saved('Stillhere'), true);
  });

  it('somebody else who signs in there sends nothing', async () => {
    await school.as('registrar');
    await type('Notmine');
    await endSessions();
    await press();
    const dialog = page.locator('dialog#signed-out[open]');
    await dialog.locator('[name=session-login]').fill('person2@school.test');
    await dialog.locator('[name=session-password]').fill(PASSWORD);
    await dialog.locator('button.primary').click();
    await dialog.locator('[data-session-trouble]', { hasText: 'Someone else' }).waitFor();
    assert.equal(await saved('Notmine'), false);
  });

  it('with a second step the code is asked for in place too', async () => {
    const [me] = await sql<{ id: string }>(school.database, "select id from identity_users where email = 'person1@school.test'");
    await signInAs('person1@school.test');
    const secret = await school.run(() => school.get(IDENTITY).enrolFactor(me!.id, school.office));
    await type('Twosteps');
    await endSessions();
    await press();
    const dialog = page.locator('dialog#signed-out[open]');
    await dialog.locator('[name=session-login]').fill('person1@school.test');
    await dialog.locator('[name=session-password]').fill(PASSWORD);
    await dialog.locator('button.primary').click();
    await dialog.locator('[name=session-code]').fill(await totpCode(secret));
    await dialog.locator('button.primary').click();
    await page.waitForURL(`**/students/${student.id}`);
    assert.equal(await saved('Twosteps'), true);
    await school.run(() => sql(school.database, `delete from identity_factors where user_id = '${me!.id}'`));
  });

  it('the network is gone at a submit: the page stays, says so, and sends on one press', async () => {
    await type('Offline');
    await window.context.setOffline(true);
    await press();
    await page.locator('#unsent:not([hidden])').waitFor();
    assert.equal(await page.inputValue('[name=surname]'), 'Offline');
    await page.locator('[data-send-again]').click();
    await page.locator('#unsent:not([hidden])').waitFor();
    await window.context.setOffline(false);
    assert.equal(await saved('Offline'), false);
    await page.locator('[data-send-again]').click();
    await page.waitForURL(`**/students/${student.id}`);
    assert.equal(await saved('Offline'), true);
  });

  it('a form by htmx is held back alike', async () => {
    await page.goto('/profile/tastes');
    await page.evaluate(
      "document.querySelector('main form').setAttribute('hx-post', document.querySelector('main form').getAttribute('action')); window.htmx?.process(document.body)",
    );
    await window.context.setOffline(true);
    await press();
    await page.locator('#unsent:not([hidden])').waitFor();
    await window.context.setOffline(false);
    await page.locator('[data-send-again]').click();
    await page.locator('#unsent').waitFor({ state: 'hidden' });
  });

  it('warns before the session ends, and one press keeps it', async () => {
    await page.clock.install();
    await type('Warned');
    await page.clock.fastForward('10:00');
    assert.ok(await page.locator('#session-soon').isHidden());
    await page.clock.fastForward('03:30');
    await page.locator('#session-soon:not([hidden])').waitFor();
    await page.locator('[data-session-stay]').click();
    await page.locator('#session-soon').waitFor({ state: 'hidden' });
    await page.clock.fastForward('16:00');
    await page.locator('#session-over:not([hidden])').waitFor();
    assert.equal(await page.inputValue('[name=surname]'), 'Warned');
  });

  async function signInAs(login: string): Promise<void> {
    await window.context.clearCookies();
    await page.goto('/login/password');
    await page.fill('[name=login]', login);
    await page.fill('[name=password]', PASSWORD);
    await page.locator('form button.primary').click();
    await page.waitForURL((url) => !url.pathname.startsWith('/login'));
  }
});
