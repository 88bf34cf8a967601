import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { IDENTITY } from '../../src/modules/identity/index.js';
import type { Student } from '../../src/modules/students/index.js';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import { Chromium, type Window } from '../support/chromium.js';
import { admitMany } from '../support/people/learners.js';
import { textOfPdf } from '../support/reading/pdf.js';
import { sql } from '../support/database/sql.js';

const [EMAIL, PASSWORD] = ['registrar@school.test', 'a-password-without-script-7'];

describe('without JavaScript', () => {
  let chromium: Chromium;
  let school: SchoolUnderTest;
  let window: Window;
  let page: Page;
  let students: Student[];
  before(async () => {
    chromium = await Chromium.start();
    school = await aSchool();
    students = await admitMany(school, 20);
    await school.run(() =>
      school.get(IDENTITY).createAccount({
        name: 'Grace Registrar',
        email: EMAIL,
        roles: ['registrar'],
        by: { password: PASSWORD },
        actor: school.office,
      }),
    );
    window = await chromium.open(school.url, { javaScript: false });
    page = window.page;
  });
  after(async () => {
    await window?.close();
    await chromium?.stop();
    await school?.stop();
  });

  it('signs in, finds a student, edits the record', async () => {
    const { id, surname } = students[3]!;
    await page.goto('/students');
    assert.match(page.url(), /\/login\?next=/, 'asked to sign in first');
    await page
      .getByRole('link', { name: /password/i })
      .first()
      .click();
    await page.fill('[name=login]', EMAIL);
    await page.fill('[name=password]', PASSWORD);
    await page.getByRole('button', { name: /sign in/i }).click();
    await page.waitForURL('**/students');

    await page.getByRole('searchbox', { name: /name, admission/i }).fill(surname.slice(0, 4));
    await page.getByRole('button', { name: 'Show' }).click();
    await page.waitForURL('**/students?*q=*');
    assert.equal(await page.locator('#students tbody tr').filter({ hasNotText: surname }).count(), 0, 'only whom was looked for');
    await page.locator(`#students a[href="/students/${id}"]`).click();
    await page
      .getByRole('link', { name: /^(edit|change)/i })
      .first()
      .click();
    await page.waitForURL(`**/students/${id}/edit`);

    await page.fill('[name=surname]', '');
    await page.locator('main form button.primary').first().click();
    assert.ok(await page.locator('.errs').isVisible(), 'the mistake is named');
    await page.fill('[name=surname]', surname);
    await page.fill('[name=firstName]', 'Wangari');
    await page.locator('main form button.primary').first().click();
    await page.waitForURL(`**/students/${id}`);
    assert.match(await page.locator('h1').innerText(), /Wangari/);
    assert.equal((await sql(school.database, 'select first_name from students where id = $1', [id]))[0]!.first_name, 'Wangari');
  });

  it('admits a child with two guardians', async () => {
    await page.goto('/students/new');
    await page.fill('[name=surname]', 'Odhiambo');
    await page.fill('[name=firstName]', 'Akinyi');
    await page.check('[name=sex][value=F]');
    await page.fill('[name="guardians.0.fullName"]', 'Mary Odhiambo');
    await page.selectOption('[name="guardians.0.relationship"]', 'mother');
    await page.fill('[name="guardians.0.phone"]', '0722 111 333');
    await page.getByRole('button', { name: 'Add another guardian' }).click();
    assert.equal(await page.inputValue('[name="guardians.0.fullName"]'), 'Mary Odhiambo', 'what was typed is kept');
    assert.equal(await page.locator('.errs').count(), 0, 'nothing is checked yet');
    await page.fill('[name="guardians.1.fullName"]', 'Paul Odhiambo');
    await page.selectOption('[name="guardians.1.relationship"]', 'father');
    await page.fill('[name="guardians.1.phone"]', '0733 111 444');
    await page.selectOption('[name=streamId]', { index: 1 });
    await page.check('[name=boarding][value=day]');
    await page.getByRole('button', { name: 'Create student' }).click();
    await page.waitForURL(/\/students\/[0-9a-f-]{36}/);
    const text = await page.locator('main').innerText();
    for (const name of ['Mary Odhiambo', 'Paul Odhiambo']) assert.ok(text.includes(name), `${name} stands on the page`);
  });

  it('moves a child to another class and prints its class list', async () => {
    const { id, surname, firstName } = students[7]!;
    await page.goto(`/students/${id}/moves/new`);
    const target = page.locator('[name=streamId] option:not([disabled])').nth(3);
    const [value, label] = [await target.getAttribute('value'), (await target.textContent())!.trim()];
    await page.selectOption('[name=streamId]', value!);
    await page.getByRole('button', { name: 'Move student' }).click();
    await page.waitForURL(`**/students/${id}`);
    assert.ok((await page.locator('main').innerText()).includes(label));

    await page.goto('/students/prints');
    const form = page.locator('form[action="/students/prints/class-list"]');
    await form.locator('[name=stream]').selectOption(value!);
    const [request] = await Promise.all([
      window.context.waitForEvent('request', (one) => one.url().includes('/prints/class-list')),
      form.getByRole('button').click(),
    ]);
    const pdf = await window.fetch(request.url());
    assert.equal(pdf.headers['content-type'], 'application/pdf');
    const text = textOfPdf(pdf.body);
    assert.ok(text.includes(label), 'the class stands on the list');
    assert.match(text, new RegExp(`${surname}[\\s,]+${firstName}`, 'i'));
  });

  it('nothing was wrong on the way', () => {
    assert.deepEqual(window.troubles(), []);
  });
});
