import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../../src/platform/paths.js';
import { aPlatform, type PlatformUnderTest } from '../../support/core.js';
import { enterMailedCode, totpCode } from '../../support/people/platform-people.js';

const run = promisify(execFile);

describe('aims platform-admin', () => {
  let platform: PlatformUnderTest;
  before(async () => {
    platform = await aPlatform();
  });
  after(() => platform.stop());

  /** As an operator types it, in the environment of the platform's process. */
  async function aims(...args: string[]): Promise<string> {
    const { db, secretKey, data, publicUrl } = platform.app.config;
    const env = {
      AIMS_ROLE: 'core',
      AIMS_DOMAIN: 'localhost',
      AIMS_DATA: data,
      AIMS_PUBLIC_URL: publicUrl,
      NODE_ENV: 'production',
      SECRET_KEY: secretKey,
      DB_HOST: db.host,
      DB_PORT: String(db.port),
      DB_NAME: db.database,
      DB_USER: db.user,
      DB_PASSWORD: db.password,
    };
    const { stdout } = await run(process.execPath, [path.join(projectRoot, 'dist/src/bin/aims.js'), ...args], {
      env,
      cwd: projectRoot,
    });
    return stdout;
  }

  it('makes a super-admin who is invited by mail and has neither password nor second step yet; a second time it is refused', async () => {
    const told = await aims('platform-admin', 'add', 'Amina@Platform.Test', '--name', 'Amina Otieno');
    assert.match(told, /super-admin now/);
    const rows = await platform.sql(
      'select u.name, u.email, u.password_hash, u.state, r.role from identity_users u join identity_user_roles r on r.user_id = u.id',
    );
    assert.deepEqual(rows, [
      { name: 'Amina Otieno', email: 'amina@platform.test', password_hash: null, state: 'invited', role: 'super-admin' },
    ]);
    await assert.rejects(aims('platform-admin', 'add', 'amina@platform.test'), /Another account already uses this email address/);
    await platform.sql("update identity_links set expires_at = now() - interval '1 minute'");
    assert.match(await aims('platform-admin', 'invite', 'amina@platform.test'), /invited again, for seven days/);
    await assert.rejects(aims('platform-admin', 'invite', 'nobody@platform.test'), /No one on the platform has the address/);
    const browser = platform.stranger();
    await enterMailedCode(platform, browser, 'amina@platform.test');
    assert.equal((await browser.get('/identity/users')).location, '/profile/factors/new');
  });

  it('for the local launcher it sets the second step up, and anew when its sign-in was never written down', async () => {
    const [first, second] = [
      await aims('platform-admin', 'add', 'local@platform.test', '--with-secret'),
      await aims('platform-admin', 'add', 'local@platform.test', '--with-secret'),
    ].map((text) => JSON.parse(text) as { email: string; totp_secret: string });
    assert.notEqual(first!.totp_secret, second!.totp_secret);
    const browser = platform.stranger();
    await enterMailedCode(platform, browser, 'local@platform.test');
    assert.equal((await browser.post('/login/factor', { code: await totpCode(first!.totp_secret) })).status, 401);
    assert.equal((await browser.post('/login/factor', { code: await totpCode(second!.totp_secret) })).status, 303);
    assert.equal((await browser.get('/identity/users')).status, 200);
  });

  it('without an address it says how it is called', async () => {
    await assert.rejects(aims('platform-admin'), /usage: aims platform-admin \(add/);
  });
});
