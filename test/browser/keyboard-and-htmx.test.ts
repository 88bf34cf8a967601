import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import type { Student } from '../../src/modules/students/index.js';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { Chromium, type Window } from '../support/chromium.js';
import { admitMany } from '../support/people/learners.js';
import { countRows, sql } from '../support/database/sql.js';

/** Set on the document: gone after a real load, kept when only a part was swapped. */
const MARK = 'window.__sameDocument';

describe('keyboard and parts of pages', () => {
  let chromium: Chromium;
  let school: SchoolUnderTest;
  let registrar: Browser;
  let window: Window;
  let page: Page;
  let students: Student[];
  before(async () => {
    chromium = await Chromium.start();
    school = await aSchool();
    students = await admitMany(school, 70, (index) => (index === 5 ? { surname: 'Zawadi', firstName: 'Neema' } : {}));
    registrar = await school.as('registrar');
    window = await chromium.open(school.url, { person: registrar });
    page = window.page;
  });
  after(async () => {
    await window?.close();
    await chromium?.stop();
    await school?.stop();
  });

  it('/ opens the search from any page; three letters find a child, Enter opens it', async () => {
    for (const path of ['/', '/students', '/profile']) {
      await open(path);
      await page.keyboard.press('/');
      assert.ok(await page.locator('dialog.palette[open]').isVisible(), `on ${path}`);
    }
    await page.keyboard.type('zaw');
    await page.locator('#palette-results a').filter({ hasText: 'Zawadi' }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/students/${students[5]!.id}`);
  });

  it('Alpine is fetched when a part of a page needs it, and not before', async () => {
    await open('/students');
    const alpine = () => page.evaluate<boolean>("'Alpine' in window");
    assert.equal(await alpine(), false);
    await page.evaluate(`document.querySelector('main').insertAdjacentHTML('beforeend', '<p x-data="{ open: false }"><button id="more" type="button" x-on:click="open = true">More</button><b x-show="open">All</b></p>');
      document.dispatchEvent(new CustomEvent('htmx:after:swap'));`);
    await page.locator('b', { hasText: 'All' }).waitFor({ state: 'hidden' });
    await page.click('#more');
    await page.locator('b', { hasText: 'All' }).waitFor({ state: 'visible' });
  });

  it('what is typed of a new student is kept a moment later, and stands there again in another window', async () => {
    await open('/students/new');
    await page.fill('[name=surname]', 'Halftyped');
    await page.locator('[data-draft-note]', { hasText: 'has been saved' }).waitFor();
    const later = await chromium.open(school.url, { person: registrar });
    await later.page.goto('/students/new');
    assert.equal(await later.page.inputValue('[name=surname]'), 'Halftyped');
    await later.page.getByRole('button', { name: 'Discard it' }).click();
    await later.page.getByRole('button', { name: 'Discard it' }).waitFor({ state: 'detached' });
    assert.equal(await later.page.inputValue('[name=surname]'), '');
    assert.deepEqual(later.troubles(), []);
    await later.close();
  });

  it('arrows choose among what was found, Escape leaves the page as it was', async () => {
    await open('/students');
    await page.keyboard.press('/');
    await page.keyboard.type(students[0]!.surname.slice(0, 3));
    await page.locator('#palette-results a').first().waitFor();
    const chosen = () => page.locator('#palette-results a[aria-selected=true]').getAttribute('href');
    const first = await chosen();
    assert.ok(first, 'the first is chosen by itself');
    if ((await page.locator('#palette-results a').count()) > 1) {
      await page.keyboard.press('ArrowDown');
      assert.notEqual(await chosen(), first);
    }
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('dialog.palette[open]').count(), 0);
    assert.ok(page.url().endsWith('/students'));
  });

  it('N opens the form for a new student, but not while somebody types', async () => {
    await page.goto('/students');
    const search = page.locator('form.filters input[type=search]');
    await search.focus();
    await page.keyboard.press('n');
    assert.equal(await search.inputValue(), 'n');
    await page.goto('/students');
    await page.keyboard.press('n');
    await page.waitForURL('**/students/new');
  });

  it('filters act without a reload and keep the address; back and a reload show the same', async () => {
    await open('/students');
    await page.evaluate(`${MARK} = true`);
    const all = await page.locator('#students tbody tr').count();
    await page.locator('form.filters input[type=search]').pressSequentially('zawadi', { delay: 30 });
    await page.waitForURL(/q=zawadi/);
    await rowsAre(1);
    await page.locator('select[name=boarding]').selectOption('day');
    await page.waitForURL(/boarding=day/);
    assert.match(page.url(), /q=zawadi/, 'both stand in the address');
    assert.doesNotMatch(page.url(), /=(&|$)/, 'no empty ones');
    assert.equal(await page.evaluate(MARK), true, 'the page was not loaded again');

    await page.goBack();
    await page.waitForURL(/q=zawadi$/);
    await page.goBack();
    await page.waitForURL(/\/students$/);
    await rowsAre(all);
    await page.goForward();
    await page.waitForURL(/q=zawadi/);
    await rowsAre(1);
    await page.reload();
    await rowsAre(1);
    assert.equal(await page.inputValue('form.filters input[type=search]'), 'zawadi');
  });

  it('back from a profile leads to the list as it was', async () => {
    await page.goto('/students?q=zaw');
    await page.locator('#students tbody a').first().click();
    await page.waitForURL(/\/students\/[0-9a-f-]{36}$/);
    await page.goBack();
    await page.waitForURL(/q=zaw/);
    await rowsAre(1);
  });

  it('the next page of a list is reached by its link, with all its rows', async () => {
    await page.goto('/students');
    const first = await page.locator('#students tbody a').first().getAttribute('href');
    await page.locator('a[rel=next], .pager a').filter({ hasText: /next/i }).first().click();
    await page.waitForURL(/cursor=/);
    assert.notEqual(await page.locator('#students tbody a').first().getAttribute('href'), first);
  });

  it('ticked rows open a bar that counts them and can be closed', async () => {
    await page.goto('/students');
    const bar = page.locator('.selbar');
    assert.ok(await bar.isHidden(), 'closed while nothing is ticked');
    await page.locator('tbody .tick').nth(0).check();
    await bar.waitFor();
    await page.locator('tbody .tick').nth(1).check();
    assert.match(await bar.innerText(), /\b2\b/);
    await page.locator('thead .tick').check();
    const rows = await page.locator('tbody .tick').count();
    assert.match(await bar.innerText(), new RegExp(`\\b${rows}\\b`));
    await bar.locator('.close').click();
    await bar.waitFor({ state: 'hidden' });
    assert.equal(await page.locator('tbody .tick:checked').count(), 0);
  });

  it('a double click on the button makes one child', async () => {
    await page.goto('/students/new');
    await fillIn('Doublé');
    await page.getByRole('button', { name: 'Create student' }).dblclick({ delay: 20 });
    await page.waitForURL(/\/students\/[0-9a-f-]{36}/);
    assert.equal(await countRows(school.database, "students where surname = 'Doublé'"), 1);
  });

  it('the same form sent again, after going back, leads to the same child', async () => {
    await page.goto('/students/new');
    await fillIn('Twicesent');
    const sent = await page.evaluate<[string, string][]>(
      "[...new FormData(document.querySelector('form[data-student-form]'))].map(([name, value]) => [name, String(value)])",
    );
    const answers = await Promise.all([0, 1, 2].map(() => registrar.post('/students', grouped(sent))));
    assert.deepEqual(
      answers.map((answer) => answer.status),
      [303, 303, 303],
      answers.map((answer) => answer.html.slice(0, 200)).join(),
    );
    assert.equal(new Set(answers.map((answer) => answer.location)).size, 1);
    assert.equal(await countRows(school.database, "students where surname = 'Twicesent'"), 1);
  });

  it('without a connection the page says so, and works again when it is back', async () => {
    await open('/students');
    await window.context.setOffline(true);
    await page.locator('form.filters input[type=search]').pressSequentially('zaw');
    await page.locator('#trouble').waitFor({ state: 'visible' });
    assert.match(await page.locator('#trouble').innerText(), /connection/i);
    await window.context.setOffline(false);
    window.troubles();
    await page.locator('form.filters input[type=search]').pressSequentially('adi');
    await rowsAre(1);
  });

  it('a form with something typed into it asks before it is left; an untouched or a sent one does not', async () => {
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.accept();
    });
    await page.goto('/students/new');
    await page.goto('/students');
    assert.deepEqual(asked, [], 'untouched');
    await page.goto('/students/new');
    await page.locator('[name=surname]').pressSequentially('Half');
    await page.locator('nav a[href="/students"]').first().click();
    await page.waitForURL('**/students');
    assert.deepEqual(asked, ['beforeunload']);
    await page.goto('/students/new');
    await fillIn('Guarded');
    await page.getByRole('button', { name: 'Create student' }).click();
    await page.waitForURL(/\/students\/[0-9a-f-]{36}/);
    assert.deepEqual(asked, ['beforeunload'], 'sent');
    page.removeAllListeners('dialog');
  });

  it('a session that ended elsewhere leads to the sign-in page instead of silence', async () => {
    await open('/students');
    await sql(school.database, 'delete from identity_sessions');
    await new Promise((resolve) => setTimeout(resolve, 1200));
    await page.locator('form.filters input[type=search]').pressSequentially('zaw');
    await page.waitForURL(/\/login/);
  });

  it('nothing was wrong on the way', () => {
    assert.deepEqual(window.troubles(), []);
  });

  /** htmx wakes up a moment after the page has loaded. */
  async function open(path: string): Promise<void> {
    await page.goto(path);
    await page.locator('dialog.palette [data-htmx-powered]').waitFor({ state: 'attached' });
  }

  async function rowsAre(wanted: number): Promise<void> {
    const rows = page.locator('#students tbody tr');
    for (let tries = 0; tries < 100 && (await rows.count()) !== wanted; tries += 1) await page.waitForTimeout(50);
    assert.equal(await rows.count(), wanted);
  }

  async function fillIn(surname: string): Promise<void> {
    await page.fill('[name=surname]', surname);
    await page.fill('[name=firstName]', 'Imani');
    await page.check('[name=sex][value=F]');
    await page.check('[name=boarding][value=day]');
    await page.selectOption('[name=streamId]', { index: 1 });
    await page.fill('[name="guardians.0.fullName"]', `Rose ${surname}`);
    await page.selectOption('[name="guardians.0.relationship"]', 'mother');
  }
});

function grouped(fields: [string, string][]): Record<string, string[]> {
  const all: Record<string, string[]> = {};
  for (const [name, value] of fields) (all[name] ??= []).push(value);
  return all;
}
