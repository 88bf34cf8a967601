import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { keptMessages, run } from '../../src/bin/commands/mail.js';
import { coreEnvironment, schoolEnvironment, type Place } from '../../src/bin/launcher/environment.js';
import { readConfig } from '../../src/config.js';
import { hasDeveloperPages } from '../../src/platform/http/pages/dev-pages.js';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import { temporaryFolder } from '../bin/support.js';

describe('pages for developers', () => {
  let local: SchoolUnderTest;
  let onNetwork: SchoolUnderTest;
  before(async () => {
    local = await aSchool({ settings: { launcher: true } });
    onNetwork = await aSchool({ settings: { launcher: true, ownMachine: true, onNetwork: true } });
  });
  after(() => Promise.all([local.stop(), onNetwork.stop()]));

  const pages = ['/dev/mail', '/dev/mail/x', '/dev/mail/x/eml', '/dev/gallery', '/dev/anything'];

  it('are there for the machine itself, and for another one they are not, as the gateway tells who asks', async () => {
    const stranger = local.stranger();
    assert.equal((await stranger.get('/dev/mail')).status, 200);
    assert.equal((await stranger.get('/dev/gallery', { 'x-forwarded-for': '127.0.0.1' })).status, 200);
    for (const page of pages) assert.equal((await stranger.get(page, { 'x-forwarded-for': '192.168.1.77' })).status, 404, page);
    assert.equal(
      (await stranger.get('/dev/mail', { 'x-forwarded-for': '127.0.0.1, 192.168.1.77' })).status,
      404,
      'what a client wrote itself is not read',
    );
  });

  it('are nowhere when a school has the machine for itself, not even for the machine', async () => {
    for (const page of pages) assert.equal((await onNetwork.stranger().get(page)).status, 404, page);
  });

  it('each process of such a machine is told so', () => {
    const single: Place = {
      port: 3000,
      data: '/tmp',
      database: { host: '127.0.0.1', port: 5432 },
      single: { subdomain: 'kilimani', url: 'http://192.168.1.20:3000' },
    };
    const account = { user: 'aims', password: 'x' };
    const secretKey = 'kR2v9sLq8xTzW4mB7nJ1cY6dF3hG5pA0';
    const bootstrapSecret = 's1.a-secret-of-the-school-long-enough';
    const of = (place: Place) => {
      const core = coreEnvironment({}, place, {
        app: account,
        worker: null,
        secretKey,
        bootstrapSecret: 'k1:a-master-key-that-is-long-enough-for-all',
        adminApiKey: 'key',
        database: 'aimsgodb',
      });
      const school = (subdomain: string) =>
        schoolEnvironment(
          {},
          place,
          { id: '01234567-89ab-7def-8123-456789abcdef', subdomain, database: 'x_db' },
          { app: account, worker: null, secretKey, bootstrapSecret, coreDatabase: 'aimsgodb' },
        );
      return [core, school('kilimani'), school('accra-demo')].map((env) =>
        readConfig({ ...env, TENANT_BOOTSTRAP_SECRET: undefined }),
      );
    };
    assert.deepEqual(of(single).map(hasDeveloperPages), [false, false, false]);
    assert.deepEqual(
      of(single).map((config) => config.ownMachine),
      [false, true, false],
    );
    assert.deepEqual(of({ ...single, single: null }).map(hasDeveloperPages), [true, true, true]);
  });

  it('there, who sits at the terminal reads the messages with `aims mail`', async () => {
    const data = temporaryFolder();
    const letter = {
      id: 'one',
      channel: 'mail',
      to: 'operator@aims.example',
      subject: 'Your code',
      text: 'Your code is 482913.',
      html: null,
      attachments: [],
      sentAt: '2026-05-04T09:00:00.000Z',
    };
    mkdirSync(path.join(data, 'mail', 'core'), { recursive: true });
    writeFileSync(path.join(data, 'mail', 'core', 'one.json'), JSON.stringify(letter));
    try {
      await assert.rejects(run(['--last', 'many']), /usage: aims mail/);
      assert.equal(await keptMessages(data, 'nobody', 5), 'No messages here.');
      assert.match(await keptMessages(data, null, 5), /Mail to operator@aims\.example\nYour code\n\nYour code is 482913\./);
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  });
});
