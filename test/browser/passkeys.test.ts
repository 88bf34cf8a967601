import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import { Chromium, type Window } from '../support/chromium.js';

/** A phone in software, as Chromium's developer tools make one: it has a finger, and keeps keys by address. */
async function phoneIn({ page, context }: Window): Promise<void> {
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const options = {
    protocol: 'ctap2' as const,
    transport: 'internal' as const,
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  };
  await devtools.send('WebAuthn.addVirtualAuthenticator', { options });
}

describe('passkeys in a real browser', () => {
  let school: SchoolUnderTest;
  let chromium: Chromium;
  before(async () => {
    [school, chromium] = await Promise.all([aSchool(), Chromium.start()]);
  });
  after(async () => {
    await chromium.stop();
    await school.stop();
  });

  it('made on the profile, offered beside the login field, used by the button, asked for to confirm', async () => {
    const window = await chromium.open(school.url, { person: await school.as('teacher') });
    const { page } = window;
    await phoneIn(window);
    await page.goto('/profile');
    await page.getByRole('link', { name: 'Add a passkey' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Test phone');
    await page.getByRole('button', { name: 'Create passkey' }).click();
    await page.locator('[data-test=recovery-codes]').waitFor();
    await page.goto('/profile');
    assert.match(await page.locator('[data-test=passkeys]').innerText(), /Test phone/);
    await page.getByRole('button', { name: 'Sign out' }).click();

    // With a finger that answers by itself the suggestion is taken at once: nothing has to be pressed.
    await page.waitForURL((url) => url.pathname === '/' || url.pathname === '/login');
    await page.goto('/login');
    await page
      .waitForURL((url) => !url.pathname.startsWith('/login'), { timeout: 10_000 })
      .catch(async () => {
        await page.locator('[data-test=passkey]').click();
        await page.waitForURL((url) => !url.pathname.startsWith('/login'));
      });
    await page.goto('/profile');
    assert.match(await page.locator('[data-test=passkeys]').innerText(), /Test phone/);
    await page.goto('/confirm?next=/profile/contact');
    await page.locator('[data-test=passkey]').click();
    await page.waitForURL(/\/profile\/contact/);
    assert.deepEqual(window.troubles(), []);
    await window.close();
  });

  it('a browser without passkeys, or without JavaScript, shows none and keeps the other ways', async () => {
    const window = await chromium.open(school.url, { javaScript: false });
    await window.page.goto('/login');
    assert.equal(await window.page.locator('[data-test=passkey]').isVisible(), false);
    assert.equal(await window.page.getByRole('button', { name: 'Send me a code' }).isVisible(), true);
    await window.close();
  });
});
