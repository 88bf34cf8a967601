import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { openGateway, type Gateway, type Upstream } from '../../src/bin/gateway.js';
import { SCHOOL_REGISTER } from '../../src/modules/schools/index.js';
import { judge, zipOf } from '../modules/oneroster/support.js';
import { skuli } from '../modules/oneroster/skuli.js';
import { Chromium, overflow, PHONE, type Window, type WindowOptions } from '../support/chromium.js';
import { aPlatform, type PlatformUnderTest } from '../support/core.js';
import { totpCode } from '../support/people/platform-people.js';
import { aProvisioner, type ProvisionerUnderTest } from '../support/provisioning.js';
import { readAll } from '../support/sheets/read.js';
import { startSmtp, type TestSmtp } from '../support/outside/smtp.js';
import { until } from '../support/waiting.js';

const STEPS = ['record', 'database', 'secrets', 'start', 'fill', 'answer'];
const learners = skuli('1.2').users!.filter((row) => row.sourcedId!.startsWith('s-'));

interface Stranger {
  subdomain: string;
  school: string;
  email: string;
}

describe('a stranger opens a school', () => {
  let chromium: Chromium;
  let smtp: TestSmtp;
  let gateway: Gateway;
  let platform: PlatformUnderTest;
  let provisioner: ProvisionerUnderTest;

  before(async () => {
    chromium = await Chromium.start();
    smtp = await startSmtp();
    gateway = await openGateway(0);
    const mail = { resendKey: null, resendUrl: 'http://127.0.0.1:9', smtpUrl: smtp.url, from: 'AIMS <no-reply@platform.test>' };
    platform = await aPlatform({ background: true, settings: { publicUrl: `http://localhost:${gateway.port}`, mail } });
    provisioner = await aProvisioner(platform, { gatewayPort: gateway.port });
    gateway.open(serving);
  });
  after(async () => {
    await chromium?.stop();
    await gateway?.close();
    await provisioner?.deployer.stopAll();
    await provisioner?.stop();
    await platform?.stop();
    await smtp?.stop();
  });

  describe('at a desk, and moves in', () => {
    const stranger = { subdomain: 'ziwa-view', school: 'Ziwa View Academy', email: 'wanjiru@ziwaview.test' };
    let window: Window;
    let page: Page;
    const step = inOrder();
    before(async () => {
      window = await open(stranger);
      page = window.page;
    });
    after(() => window?.close());

    step('is signed in as the owner of a school of its own', () => openSchool(window, stranger));

    step('is led through the set-up', async () => {
      for (const [at, next] of [
        ['school', 'look'],
        ['look', 'year'],
        ['year', 'classes'],
        ['classes', 'people'],
      ]) {
        await page.waitForURL(`**/school/setup/${at}`);
        if (at === 'school') await page.check('[name=type][value=day]');
        await press(page);
        await page.waitForURL(`**/school/setup/${next}`);
      }
      await press(page);
      await page.waitForURL((url) => url.pathname === '/');
      await page.goto(`${addressOf(stranger)}/profile`);
      assert.match(await page.locator('main').innerText(), /Wanjiru Njeri\s+Owner/);
    });

    step('brings the children over in a OneRoster bundle', async () => {
      // What many people's data lies behind waits for a second step, which is set up on the way.
      await page.goto(`${addressOf(stranger)}/oneroster`);
      await page.waitForURL('**/profile/factors/new**');
      await page.fill('[name=code]', await totpCode((await page.locator('[data-test=secret]').innerText()).replaceAll(' ', '')));
      await press(page);
      await page.locator('[data-test=recovery-codes]').waitFor();
      assert.equal(await overflow(page), 0);
      await page.goto(`${addressOf(stranger)}/oneroster`);
      await page.locator('main a[href="/oneroster/bundles"]').click();
      await page.locator('main a[href="/oneroster/bundles/new"]').first().click();
      await page.setInputFiles('[name=file]', {
        name: 'skuli.zip',
        mimeType: 'application/zip',
        buffer: await zipOf('1.2', skuli('1.2')),
      });
      await press(page);
      const bundle = page.locator('[data-status]:not([data-status=checking])');
      await bundle.waitFor();
      assert.equal(await bundle.getAttribute('data-status'), 'checked', await bundle.innerText());
      await page.locator('form[action$="/commit"] button').click();
      await page.locator('[data-status=done]').waitFor();
    });

    step('sees every child in the register', async () => {
      await page.getByRole('link', { name: 'Open the students' }).click();
      await page.waitForURL('**/students');
      for (const child of [learners[0]!, learners.at(-1)!]) {
        await page.goto(`${addressOf(stranger)}/students?q=${encodeURIComponent(child.identifier!)}`);
        const row = page.locator('#students tbody tr');
        assert.equal(await row.count(), 1);
        for (const words of [child.familyName!, child.givenName!, child.identifier!])
          assert.ok((await row.innerText()).includes(words), words);
      }
    });

    step('takes them all out again, as a sheet and as a bundle', async () => {
      const expected = learners.map((row) => [row.identifier, row.familyName, row.givenName].join('|')).sort();
      const csv = await window.fetch(`${addressOf(stranger)}/students/export?format=csv`);
      assert.equal(csv.status, 200);
      const { headers, rows } = await readAll(csv.body, {}, 'export.csv');
      const columns = ['Admission number', 'Surname', 'First name'].map((name) => headers[0]!.headers.indexOf(name));
      assert.deepEqual(rows.map(({ cells }) => columns.map((at) => cells[at]).join('|')).sort(), expected);

      const bundle = await judge((await window.fetch(`${addressOf(stranger)}/oneroster.zip?version=1.2`)).body);
      assert.deepEqual(bundle.problems, []);
      const out = bundle.rows.users.filter((row) => row.identifier?.startsWith('SK/'));
      assert.deepEqual(out.map((row) => [row.identifier, row.familyName, row.givenName].join('|')).sort(), expected);
    });

    it('nothing was wrong on the way', () => assert.deepEqual(window.troubles(), []));
  });

  describe('on a phone without JavaScript', () => {
    const stranger = { subdomain: 'riverside', school: 'Riverside Academy', email: 'otieno@riverside.test' };
    let window: Window;
    const step = inOrder();
    before(async () => {
      window = await open(stranger, { javaScript: false, size: PHONE });
    });
    after(() => window?.close());

    step('is signed in as the owner of a school of its own', () => openSchool(window, stranger));
    it('nothing was wrong on the way', () => assert.deepEqual(window.troubles(), []));
  });

  /** From the site's first page until the first page of their own school. */
  async function openSchool(window: Window, stranger: Stranger): Promise<void> {
    const { page } = window;
    const onward = async (to: string): Promise<void> => {
      assert.equal(await overflow(page), 0, `${page.url()} fits`);
      await press(page);
      await page.waitForURL(`**/signup/${to}`);
    };
    await page.goto('/');
    await page.locator('main').getByRole('link', { name: 'Open your school' }).first().click();
    await page.waitForURL('**/signup/school');
    await page.fill('[name=name]', stranger.school);
    await page.selectOption('[name=place]', 'KE.cbc');
    await page.fill('[name=town]', 'Nakuru');
    await page.selectOption('[name=pupils]', '101-300');
    await onward('you');
    await page.fill('[name=name]', 'Wanjiru Njeri');
    await page.fill('[name=email]', stranger.email);
    await page.fill('[name=phone]', '0722 481 903');
    await page.check('[name=agreed]');
    await onward('address');
    await page.fill('[name=subdomain]', stranger.subdomain);
    await onward('code');
    await page.fill('[name=code]', await codeFor(stranger.email));
    const watched = watchProgress(page);
    await press(page);
    await page.waitForURL(`${addressOf(stranger)}/**`, { timeout: 60_000 }).catch(async (error: unknown) => {
      throw new Error(`${String(error)}\n${page.url()} says: ${await page.locator('main').innerText()}`);
    });
    await assertSteps(window, await watched());
    await assertOwner(window, stranger);
  }

  /** What the page said each time: how many steps, and how many of them done. */
  function watchProgress(page: Page): () => Promise<{ url: string; states: string[] }[]> {
    const sights: Promise<{ url: string; states: string[] }>[] = [];
    page.on('response', (response) => {
      if (!/\/provisioning\/[\w-]{32}$/.test(response.url()) || response.status() !== 200) return;
      const read = response.text().catch(() => '');
      sights.push(read.then((html) => ({ url: response.url(), states: statesIn(html) })));
    });
    return async () => (await Promise.all(sights)).filter(({ states }) => states.length > 0);
  }

  async function assertSteps(window: Window, sights: { url: string; states: string[] }[]): Promise<void> {
    assert.ok(sights.length > 1, `the page was seen ${sights.length} times`);
    const done = sights.map(({ states }) => states.filter((state) => state === 'done').length);
    assert.deepEqual(
      done,
      [...done].sort((a, b) => a - b),
      'no step is undone again',
    );
    assert.ok(done[0]! < STEPS.length, 'the first look was before the end');
    const last = await window.fetch(sights[0]!.url);
    assert.deepEqual(
      [...last.html.matchAll(/data-step="(\w+)" data-state="done"/g)].map(([, name]) => name),
      STEPS,
    );
  }

  async function assertOwner({ page }: Window, stranger: Stranger): Promise<void> {
    const school = await platform.run(() => platform.get(SCHOOL_REGISTER).findBySubdomain(stranger.subdomain));
    assert.equal(school?.state, 'ready');
    await page.waitForURL(`${addressOf(stranger)}/school/setup/school`);
    assert.equal(await overflow(page), 0);
    assert.ok((await page.content()).includes(stranger.school));
  }

  function open(stranger: Stranger, options: WindowOptions = {}): Promise<Window> {
    return chromium.open(platform.url, { ...options, beside: [addressOf(stranger)] });
  }

  function addressOf({ subdomain }: Stranger): string {
    return `http://${subdomain}.localhost:${gateway.port}`;
  }

  async function codeFor(email: string): Promise<string> {
    const letter = () => smtp.received.find((one) => [one.to].flat().some((to) => to?.text.includes(email)));
    await until(() => Promise.resolve(letter() !== undefined), `No letter for ${email}`);
    return /\b\d{6}\b/.exec(letter()!.text ?? '')![0];
  }

  async function serving(subdomain: string | null): Promise<Upstream | null> {
    if (subdomain === null) return upstream(platform.port);
    const school = [...provisioner.deployer.running.values()].find(
      (one) => new URL(one.url).hostname === `${subdomain}.localhost`,
    );
    return school ? upstream(school.port) : null;
  }
});

function upstream(port: number): Upstream {
  return { acquire: () => Promise.resolve({ port, release: () => undefined }) };
}

function statesIn(html: string): string[] {
  return [...html.matchAll(/data-step="\w+" data-state="(\w+)"/g)].map(([, state]) => state!);
}

function press(page: Page): Promise<void> {
  return page.locator('main .btn.primary:visible').first().click();
}

/** Each stands on the one before it: after a failure the rest fails at once. */
function inOrder(): (name: string, work: () => Promise<void>) => void {
  let failedAt: string | null = null;
  return (name, work) => {
    it(name, async () => {
      assert.equal(failedAt, null, `it failed before: ${failedAt}`);
      failedAt = name;
      await work();
      failedAt = null;
    });
  };
}
