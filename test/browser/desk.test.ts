import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Student } from '../../src/modules/students/index.js';
import type { Browser } from '../support/browser.js';
import { Chromium, DESK, PHONE, withoutPrinter, type Window } from '../support/chromium.js';
import { sql } from '../support/database/sql.js';
import { TODAY, withFees, type SchoolWithFees } from '../modules/fees/support.js';

describe('at the desk', () => {
  let school: SchoolWithFees;
  let chromium: Chromium;
  let bursar: Browser;
  let window: Window;
  let child: Student;

  before(async () => {
    school = await withFees();
    [child] = (await school.family(2)) as [Student];
    await school.bill(child.id, { TUI: 720_000, BRD: 1_125_000 });
    bursar = await school.as('bursar', 'registrar');
    chromium = await Chromium.start();
    window = await chromium.open(school.url, { person: bursar });
    await withoutPrinter(window);
  });
  after(async () => {
    await window?.close();
    await chromium?.stop();
    await school?.stop();
  });

  const shown = (name: string) => window.page.locator(`[name=${name}]`).isVisible();

  it('the cashier shows the fields of the chosen method, and no others', async () => {
    const { page } = window;
    await page.goto(`/fees/cashier?student=${child.id}`);
    await page.locator('[name=reference]').waitFor({ state: 'hidden' });
    const fields = async () =>
      Object.fromEntries(
        await Promise.all(['reference', 'bank', 'memo'].map(async (name) => [name, await shown(name)] as const)),
      );
    const choose = (method: string) => page.locator(`label:has([name=method][value=${method}])`).click();
    assert.deepEqual(await fields(), { reference: false, bank: false, memo: false });
    for (const [method, expected, label] of [
      ['mobile', { reference: true, bank: false, memo: false }, 'Message code'],
      ['bank', { reference: true, bank: true, memo: false }, 'Slip number'],
      ['cheque', { reference: true, bank: true, memo: false }, 'Cheque number'],
      ['card', { reference: true, bank: true, memo: false }, 'Card slip number'],
      ['kind', { reference: true, bank: false, memo: true }, 'Stores receipt number'],
      ['cash', { reference: false, bank: false, memo: false }, null],
    ] as const) {
      await choose(method);
      for (const [name, visible] of Object.entries(expected))
        await page.locator(`[name=${name}]`).waitFor({ state: visible ? 'visible' : 'hidden' });
      assert.deepEqual(await fields(), expected, method);
      if (label) assert.equal((await page.locator('[data-words] label').innerText()).trim(), label);
    }
  });

  it('an amount is filled in by its button, and what was saved goes to the printer once, as it is drawn', async () => {
    const { page } = window;
    await page.goto(`/fees/cashier?student=${child.id}`);
    await page.getByRole('button', { name: '18,450 all' }).click();
    assert.equal(await page.inputValue('[name=amount]'), '18,450');
    const printed = page.waitForResponse(/\/roll\.pdf$/);
    await page.keyboard.press('Control+Enter');
    await printed;
    await page.locator('[data-test=receipt]').waitFor();
    assert.equal(new URL(page.url()).search, '', 'a reload prints nothing again');
    assert.equal(await page.evaluate<string>('document.activeElement.id'), 'find');
    const [row] = await sql<{ prints: number }>(
      school.database,
      `select prints from fees_receipts where student_id = '${child.id}'`,
    );
    assert.equal(row!.prints, 1);
    assert.deepEqual(window.troubles(), []);
  });

  it('a date is said in words as it is typed, so that nobody enters the month first', async () => {
    const { page } = window;
    await page.goto('/students/new');
    await page.fill('input[type=date]', '2026-12-01');
    const said = page.locator('input[type=date] + .said').first();
    assert.equal(await said.innerText(), 'Tue, 1 December 2026');
    await page.fill('input[type=date]', TODAY);
    assert.match(await said.innerText(), /November 2026/);
  });

  it('what has the focus is not hidden under the phone’s bar, and ticks are 24 px to hit', async () => {
    const { page } = window;
    await page.setViewportSize(PHONE);
    for (const path of ['/students/new', `/fees/cashier?student=${child.id}`]) {
      await page.goto(path);
      const hidden = await page.evaluate<string[]>(`(async () => {
        const hidden = [];
        for (const field of document.querySelectorAll('main input:not([type=hidden]), main select, main textarea, .till input:not([type=hidden])')) {
          if (!field.checkVisibility?.() || field.closest('[hidden]')) continue;
          field.focus();
          await new Promise(requestAnimationFrame);
          const { left, top, width, height } = field.getBoundingClientRect();
          const over = document.elementFromPoint(left + width / 2, top + height / 2);
          if (over && over.closest('.bottomnav, .till-go, .savebar, .till-out')) hidden.push(field.name);
        }
        return hidden;
      })()`);
      assert.deepEqual(hidden, [], path);
    }
    await page.setViewportSize(DESK);
    await page.goto('/students');
    const target = await page.evaluate<boolean>(`(() => {
      const { left, top, width, height } = document.querySelector('tbody .tick').getBoundingClientRect();
      const [x, y] = [left + width / 2, top + height / 2];
      return [[-11, 0], [11, 0], [0, -11], [0, 11]].every(([dx, dy]) => document.elementFromPoint(x + dx, y + dy)?.matches('.tick'));
    })()`);
    assert.ok(target);
    assert.deepEqual(window.troubles(), []);
  });

  it('the list’s Alpine comes with the first tick', async () => {
    const { page } = window;
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto('/students');
    assert.deepEqual(
      asked.filter((url) => /alpine/.test(url)),
      [],
    );
    await page.locator('tbody .tick').first().check();
    await page.locator('.selbar').waitFor();
    assert.match(await page.locator('.selbar').innerText(), /One selected/);
    assert.equal(asked.filter((url) => /alpine/.test(url)).length, 1);
  });
});
