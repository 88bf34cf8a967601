import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { buildApp, type App } from '../../src/app.js';
import { systemActor } from '../../src/kernel/actor.js';
import { SCHOOL_BOOTSTRAP } from '../../src/modules/school/index.js';
import { db } from '../../src/platform/db/index.js';
import { createLog } from '../../src/platform/log.js';
import { configFor } from '../support/app.js';
import { coreConfig } from '../support/core.js';
import { Browser } from '../support/browser.js';
import { freshCore, freshSchool, type TestSchool } from '../support/database.js';

const MARKS = ['Marked-Password-1x', 'marked.mail@school.test', '722481907', 'marked-reset-token', 'MarkedSurname', '739218'];

describe('what a log reader finds', () => {
  let school: TestSchool;
  let app: App;
  let data: string;
  let port: number;
  const lines: string[] = [];
  const server = createServer((req, res) => app.express(req, res));
  before(async () => {
    school = await freshSchool();
    data = mkdtempSync(path.join(tmpdir(), 'aims-test-data-'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
    const stream = new Writable({ write: (chunk: Buffer, _encoding, done) => void (lines.push(chunk.toString()), done()) });
    app = await buildApp(configFor(school, data, port), { log: createLog('trace', {}, stream) });
    const office = { ...systemActor('test'), permissions: new Set(['school.setup']) };
    await app.run(() =>
      app.container.get(SCHOOL_BOOTSTRAP).bootstrapSchool(office, { name: 'Test School', country: 'KE', ready: true }),
    );
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await app.stop();
    await school.drop();
    rmSync(data, { recursive: true, force: true });
  });

  function demandNoMark(): void {
    assert.ok(lines.length > 0, 'something was logged');
    for (const mark of MARKS)
      assert.equal(
        lines.find((line) => line.includes(mark)),
        undefined,
        mark,
      );
  }

  it('holds no password, code, token, address or phone of a sign-in', async () => {
    const browser = new Browser(port, app.config.publicUrl);
    const [password, email, phone, token, , code] = MARKS as [string, string, string, string, string, string];
    const answers = [
      await browser.get(`/login/reset?token=${token}&next=/${email}`),
      await browser.post('/login', { login: email, password }),
      await browser.post('/login', { login: `0${phone}`, password }),
      await browser.post('/login/code', { login: `0${phone}` }),
      await browser.post('/login/code/check', { code }),
      await browser.post('/login/forgotten', { login: email }),
      await browser.post('/login/reset', { token, password }),
      await browser.json('POST', '/api/auth/token', { login: email, password, totp: code }),
      await browser.json('POST', '/api/auth/refresh', { refresh_token: token.padEnd(30, 'x') }),
      await browser.get('/api/v1/students', { authorization: `Bearer ${token.padEnd(40, 'x')}` }),
    ];
    assert.deepEqual(
      answers.map((answer) => answer.status),
      [410, 401, 401, 303, 401, 200, 401, 401, 401, 401],
    );
    demandNoMark();
  });

  it('holds no value of a statement that failed', async () => {
    const failed = async (work: () => PromiseLike<unknown>): Promise<void> => {
      const error: unknown = await app
        .run(async () => work())
        .then(
          () => null,
          (reason: unknown) => reason,
        );
      assert.ok(error instanceof Error);
      app.log.error({ err: error }, 'failed');
    };
    const row = { name: 'MarkedSurname', name_folded: 'x', email: 'marked.mail@school.test' };
    await failed(() => db()('identity_users').insert({ ...row, id: 'not-a-uuid MarkedSurname' }));
    await failed(() =>
      db()('identity_users').insert({ ...row, id: '01234567-89ab-7def-8123-456789abcdef', state: 'MarkedSurname' }),
    );
    await failed(() => db()('identity_users').insert({ ...row, id: '01234567-89ab-7def-8123-456789abcdef', name_folded: null }));
    demandNoMark();
  });

  const OPEN_PARAMETERS = new Set(['id', 'name', 'hash', 'country']);

  /** Each address of the process that anybody may open and that has a part to fill in, and what lies beneath it. */
  async function askAll(asked: App, browser: Browser): Promise<string[]> {
    const routes = asked.declared.filter(({ can, path: at }) => can === 'public' && at.includes('/:'));
    for (const { path: at } of routes) {
      const filled = at.replace(/:(\w+)/g, (_, name: string) => (OPEN_PARAMETERS.has(name) ? 'x' : MARK));
      await browser.get(filled);
      await browser.get(`${filled}/beneath?token=${MARK}`);
      await browser.get(filled, { host: 'evil.example' });
      await browser.post(filled, {}, { origin: 'http://evil.example' });
    }
    return [...new Set(routes.flatMap(({ path: at }) => [...at.matchAll(/:(\w+)/g)].map((match) => match[1]!)))].filter(
      (name) => !OPEN_PARAMETERS.has(name),
    );
  }
  const MARK = 'Short-Key-77';
  const demandHidden = (): void => {
    assert.ok(
      lines.some((line) => line.includes('…')),
      'that there was a key does stand there',
    );
    assert.deepEqual(
      lines.filter((line) => line.includes(MARK)),
      [],
    );
  };

  it('holds no part of an address that is a key to what it shows, at a school', async () => {
    lines.length = 0;
    assert.deepEqual((await askAll(app, new Browser(port, app.config.publicUrl))).sort(), ['code', 'sealed', 'token']);
    demandHidden();
  });

  it('nor at the platform', async () => {
    lines.length = 0;
    const core = await freshCore();
    const served = createServer((req, res) => platform.express(req, res)).listen(0, '127.0.0.1');
    await once(served, 'listening');
    const at = (served.address() as AddressInfo).port;
    const stream = new Writable({ write: (chunk: Buffer, _encoding, done) => void (lines.push(chunk.toString()), done()) });
    const platform: App = await buildApp(coreConfig(core, data, at), { log: createLog('trace', {}, stream) });
    try {
      assert.deepEqual((await askAll(platform, new Browser(at, platform.config.publicUrl))).sort(), ['sealed', 'token']);
      demandHidden();
    } finally {
      served.closeAllConnections();
      served.close();
      await platform.stop();
      await core.drop();
    }
  });
});
