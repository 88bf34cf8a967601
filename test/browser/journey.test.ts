import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { parsePhone } from '../../src/kernel/people/phone.js';
import { IDENTITY } from '../../src/modules/identity/index.js';
import type { RawCell } from '../../src/platform/sheets/columns.js';
import { messyWorkbook, XLSX } from '../modules/imports/support.js';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import { Chromium, type Window } from '../support/chromium.js';
import { textOfPdf } from '../support/reading/pdf.js';
import { readAll } from '../support/sheets/read.js';
import { countRows } from '../support/database/sql.js';

const ROWS = 2000;
const STREAMS = 'input:not([type=checkbox]):not([type=hidden])';
const PASSWORD = 'the owner chose this one 7';
const messy = messyWorkbook(ROWS);

/** One child, as a sheet says it; every spelling of the same is one. */
type Learner = Record<
  | 'admissionNo'
  | 'surname'
  | 'firstName'
  | 'middleName'
  | 'sex'
  | 'bornOn'
  | 'class'
  | 'motherPhone'
  | 'fatherName'
  | 'fatherPhone',
  string
>;

describe('from the first start to the export, as an owner does it', () => {
  let chromium: Chromium;
  let school: SchoolUnderTest;
  let window: Window;
  let page: Page;
  let corrected: Buffer;
  let edited: { path: string; admissionNo: string };
  const expected = new Map<string, Learner>();
  const count = { pages: 0, clicks: 0 };
  let failedAt: string | null = null;

  before(async () => {
    chromium = await Chromium.start();
    school = await aSchool({
      name: 'Mwangaza Hills School',
      ready: false,
      classes: [],
      background: true,
      settings: { launcher: true },
    });
    window = await chromium.open(school.url);
    page = window.page;
    page.setDefaultTimeout(45_000);
    page.on('framenavigated', (frame) => void (count.pages += frame === page.mainFrame() ? 1 : 0));
  });
  after(async () => {
    await window?.close();
    await chromium?.stop();
    await school?.stop();
  });

  step('follows the invitation, chooses a password and signs in', async () => {
    await school.run(() =>
      school.get(IDENTITY).createAccount({
        name: 'Wambui Kamau',
        email: 'owner@school.test',
        roles: ['owner'],
        by: 'invite',
        actor: school.office,
      }),
    );
    await page.goto(await invitation());
    await page.fill('[name=password]', PASSWORD);
    await click(primary());
    await page.waitForURL('**/login/password');
    await page.fill('[name=login]', 'owner@school.test');
    await page.fill('[name=password]', PASSWORD);
    await click(primary());
    await page.waitForURL('**/school/setup/school');
  });

  step('is led through the set-up', async () => {
    await page.fill('[name=town]', 'Nyeri');
    await page.check('[name=type][value=day]');
    await click(primary());
    await page.waitForURL('**/setup/look');
    await click(primary());
    await page.waitForURL('**/setup/year');
    await click(primary());
    await page.waitForURL('**/setup/classes');
    const classRow = (name: string): Locator => page.locator('main tr').filter({ has: page.getByText(name, { exact: true }) });
    await classRow('Grade 7').locator(STREAMS).fill('North');
    await page.locator('[data-test=sections] input[type=checkbox]').first().uncheck();
    await classRow('PP1').waitFor({ state: 'detached' });
    assert.equal(await classRow('Grade 7').locator(STREAMS).inputValue(), 'North', 'another section leaves it as it was');
    const ticked = page.locator('#classes input[type=checkbox]:checked');
    while ((await ticked.count()) > 0) await ticked.first().uncheck();
    for (const name of ['Grade 7', 'Grade 8', 'Grade 9']) {
      await classRow(name).locator('input[type=checkbox]').check();
      await classRow(name).locator(STREAMS).fill('East, West');
    }
    await click(primary());
    await page.waitForURL('**/setup/people');
    await click(primary());
    await page.waitForURL((url) => url.pathname === '/');
    assert.equal(await countRows(school.database, 'subjects_streams'), 6);
  });

  step('imports the school’s own workbook: mistakes are counted, the rest is written', async () => {
    await openUpload();
    await page.setInputFiles('[name=file]', { name: 'Register 2026.xlsx', mimeType: XLSX, buffer: messy.book });
    await click(primary());
    await page.locator('[data-status=checked]').waitFor();
    const verdict = await page.locator('[data-test=verdict]').innerText();
    assert.match(
      verdict,
      new RegExp(`\\b${messy.wrong.size}\\b`),
      `${verdict}\n${await page.locator('[data-test=rows] tbody tr').first().innerText()}`,
    );
    const rejects = await window.fetch((await page.locator('[data-test=rejects]').getAttribute('href'))!);
    corrected = await correct(rejects.body);
    await click(primary());
    await page.locator('[data-status=done]').waitFor();
    assert.equal(await countRows(school.database, 'students'), ROWS - messy.wrong.size);
    const sheet = await readAll(messy.book, {}, 'register.xlsx');
    for (const row of sheet.rows) if (!messy.wrong.has(row.row)) expect(learnerOf(sheet.headers[0]!.headers, row.cells));
  });

  step('sends the corrected rejects, and nobody is missing', async () => {
    await openUpload();
    await page.setInputFiles('[name=file]', { name: 'corrected.csv', mimeType: 'text/csv', buffer: corrected });
    await click(primary());
    await page.locator('[data-status=checked]').waitFor();
    await click(primary());
    await page.locator('[data-status=done]').waitFor();
    assert.equal(await countRows(school.database, 'students'), ROWS);
    const sheet = await readAll(corrected, {}, 'corrected.csv');
    for (const row of sheet.rows) expect(learnerOf(sheet.headers[0]!.headers, row.cells));
    assert.equal(expected.size, ROWS);
  });

  step('finds a child by a few letters and corrects the name', async () => {
    await page.goto('/');
    await page.locator('dialog.palette [data-htmx-powered]').waitFor({ state: 'attached' });
    await page.keyboard.press('/');
    await page.keyboard.type('MH/0777', { delay: 20 });
    await page.locator('#palette-results a[href^="/students/"]').first().waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/students\/[0-9a-f-]{36}$/);
    edited = { path: new URL(page.url()).pathname, admissionNo: 'MH/0777' };
    await click(page.locator(`main a[href="${edited.path}/edit"]`).first());
    await page.fill('[name=middleName]', 'Wanjirũ');
    await click(primary());
    await page.waitForURL(`**${edited.path}`);
    assert.match(await page.locator('h1').innerText(), /Wanjirũ/);
    expected.get(edited.admissionNo)!.middleName = 'Wanjirũ'.normalize('NFC');
  });

  step('adds the new year and moves everybody into it', async () => {
    await page.goto('/school/years/new');
    await click(primary());
    await page.waitForURL('**/school/years');
    await page.goto('/students/rollovers');
    await click(page.getByRole('link', { name: 'Prepare a new year' }).first());
    await page.locator('[name=toYearId]').selectOption({ label: '2027' });
    await click(primary());
    await click(page.getByRole('link', { name: 'Continue to exceptions' }));
    await click(page.getByRole('link', { name: 'Check and move' }));
    await click(page.getByRole('button', { name: `Move ${ROWS.toLocaleString('en-GB')} students` }));
    await page.waitForURL(/\/students\/rollovers\/[0-9a-f-]{36}$/);
    for (const learner of expected.values()) learner.class = learner.class.replace(/\d/, (grade) => String(Number(grade) + 1));
  });

  step('prints the list of a class of the new year', async () => {
    await page.goto('/students/prints');
    const form = page.locator('form[action="/students/prints/class-list"]');
    await form.locator('select[name=stream]').selectOption({ label: 'Grade 9 West' });
    const [request] = await Promise.all([
      window.context.waitForEvent('request', (one) => one.url().includes('class-list?')),
      click(form.getByRole('button')),
    ]);
    const pdf = await window.fetch(request.url());
    assert.equal(pdf.status, 200);
    const text = textOfPdf(pdf.body).normalize('NFC');
    const wanted = [...expected.values()].filter((one) => one.class === 'Grade 9 West');
    assert.ok(wanted.length > 400);
    assert.deepEqual(
      wanted.filter((one) => !text.includes(one.admissionNo)).map((one) => one.admissionNo),
      [],
    );
  });

  step('exports what went in, column by column', async () => {
    for (const format of ['xlsx', 'csv']) {
      const { status, body } = await window.fetch(`/students/export?format=${format}`);
      assert.equal(status, 200);
      const sheet = await readAll(body, {}, `export.${format}`);
      const exported = new Map(
        sheet.rows.map((row) => learnerOf(sheet.headers[0]!.headers, row.cells)).map((one) => [one.admissionNo, one]),
      );
      assert.equal(exported.size, ROWS, format);
      for (const [admissionNo, learner] of expected)
        assert.deepEqual(exported.get(admissionNo), learner, `${admissionNo} in ${format}`);
    }
  });

  it('nothing was wrong on the way', (t) => {
    assert.deepEqual(window.troubles(), []);
    t.diagnostic(`${count.pages} pages, ${count.clicks} clicks`);
    assert.ok(count.pages < 60 && count.clicks < 40, `${count.pages} pages, ${count.clicks} clicks`);
  });

  /** Each stands on the one before it: after a failure the rest fails at once. */
  function step(name: string, work: () => Promise<void>): void {
    it(name, async () => {
      assert.equal(failedAt, null, `it failed before: ${failedAt}`);
      failedAt = name;
      await work();
      failedAt = null;
    });
  }

  function primary(): Locator {
    return page.locator('main .btn.primary:visible').first();
  }

  async function openUpload(): Promise<void> {
    await click(page.locator('nav.side a[href="/imports"]'));
    await click(page.locator('main a[href^="/imports/new"]').first());
    await page.check('[name=kind][value=students]');
  }

  async function click(target: Locator): Promise<void> {
    count.clicks += 1;
    await target.click();
  }

  function expect(learner: Learner): void {
    expected.set(learner.admissionNo, learner);
  }

  async function invitation(): Promise<string> {
    const reader = school.stranger();
    for (let tries = 0; tries < 200; tries += 1) {
      const letter = (await reader.get('/dev/mail')).html.match(/href="(\/dev\/mail\/[^"]+)"/)?.[1];
      const link = letter && (await reader.get(letter)).html.match(/\/login\/invitation\?token=[\w-]+/)?.[0];
      if (link) return link;
      await page.waitForTimeout(50);
    }
    throw new Error('No invitation came');
  }
});

/** As a person would: put right what the last column says, and send the rest as it came. */
async function correct(workbook: Buffer): Promise<Buffer> {
  const { headers, rows } = await readAll(workbook, {}, 'rejects.xlsx');
  const heads = headers[0]!.headers;
  const at = (words: RegExp): number => heads.findIndex((head) => words.test(head));
  const cures: [words: RegExp, column: number, cell: (index: number) => string][] = [
    [/not a date/, at(/D\.O\.B/), () => '28/02/2014'],
    [/no class/, at(/Stream/), () => 'Grade 7 East'],
    [/First name is missing/, at(/First/), (index) => `Pendo${String.fromCharCode(97 + (index % 26))}`],
    [/phone/, at(/Mother Tel/), (index) => `0744 ${100_000 + index}`],
    [/admission number/, at(/ADM/), (index) => `MH/9${String(index).padStart(3, '0')}`],
    [/Sex/, at(/Gender/), () => 'F'],
  ];
  const lines = rows.map(({ cells }, index) => {
    const said = String(cells[at(/What to correct/)]);
    for (const [words, column, cell] of cures) if (words.test(said)) cells[column] = cell(index);
    return cells
      .map((cell) => `"${String(cell instanceof Date ? cell.toISOString().slice(0, 10) : (cell ?? '')).replaceAll('"', '""')}"`)
      .join(';');
  });
  return Buffer.from([heads.map((head) => `"${head}"`).join(';'), ...lines].join('\r\n'));
}

/** Reads a row of the school's own sheet and of our export alike. */
function learnerOf(heads: readonly string[], cells: readonly RawCell[]): Learner {
  const cell = (words: RegExp): string => {
    const found = cells[heads.findIndex((head) => words.test(head))] ?? '';
    return (found instanceof Date ? found.toISOString().slice(0, 10) : String(found)).normalize('NFC').trim();
  };
  return {
    admissionNo: cell(/^(ADM NO|Admission number)/i),
    surname: cell(/^SURNAME$/i),
    firstName: cell(/^First( name)?$/i),
    middleName: cell(/^(Other names|Middle name)$/i),
    sex: /^(F|girl|female)$/i.test(cell(/^(Gender|Sex)$/)) ? 'F' : 'M',
    bornOn: dayOf(cell(/^(D\.O\.B|Date of birth)$/)),
    class: classOf(cell(/^(Stream|Class)$/)),
    motherPhone: phoneOf(cell(/^(Mother Tel|Guardian 1 phone)$/)),
    fatherName: cell(/^(Father Name|Guardian 2 name)$/),
    fatherPhone: phoneOf(cell(/^(Father Tel|Guardian 2 phone)$/)),
  };
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

function dayOf(text: string): string {
  const slashed = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(text);
  if (slashed) return `${slashed[3]}-${slashed[2]}-${slashed[1]}`;
  const worded = /^(\d+) (\w{3}) (\d{4})$/.exec(text);
  if (!worded) return text;
  return `${worded[3]}-${String(MONTHS.indexOf(worded[2]!) / 3 + 1).padStart(2, '0')}-${worded[1]!.padStart(2, '0')}`;
}

/** `Grade 7 East`, `7 West`, `G8E` and `grade 8 west`. */
function classOf(text: string): string {
  const [, grade, stream] = /(\d)\s*(E|W)/i.exec(text) ?? [];
  return `Grade ${grade} ${stream?.toUpperCase() === 'E' ? 'East' : 'West'}`;
}

function phoneOf(text: string): string {
  return text === '' ? '' : (parsePhone(text, 'KE') ?? text);
}
