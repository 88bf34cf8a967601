import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { IDENTITY } from '../../src/modules/identity/index.js';
import { openGateway } from '../../src/bin/gateway.js';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { admitMany } from '../support/people/learners.js';

const PASSWORD = 'a-password-for-odd-requests-7';

describe('requests that no browser sends', () => {
  let school: SchoolUnderTest;
  let person: Browser;
  before(async () => {
    school = await aSchool();
    await admitMany(school, 2);
    person = await school.as('owner', 'administrator', 'registrar');
  });
  after(() => school.stop());

  /** Exactly these bytes; what came back until the connection closed. */
  function bytes(text: string, port = Number(new URL(school.url).port)): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'));
      let answer = '';
      socket.on('data', (data) => (answer += data.toString('latin1')));
      socket.on('error', () => undefined).on('close', () => resolve(answer));
      setTimeout(() => socket.destroy(), 3000).unref();
    });
  }
  const ask = (line: string, ...headers: string[]): Promise<string> =>
    bytes(`${[line, ...headers, 'Connection: close'].join('\r\n')}\r\n\r\n`);
  const statusOf = (answer: string): number => Number(/^HTTP\/1.1 (\d+)/.exec(answer)?.[1] ?? 0);

  it('another host, two hosts or none is no school', async () => {
    const { host } = new URL(school.url);
    for (const hosts of [
      ['Host: evil.example'],
      ['Host: evil.example', `Host: ${host}`],
      [`Host: ${host}@evil.example`],
      [`Host: ${host}.evil.example`],
      ['Host: '],
    ]) {
      const answer = await ask('GET /login HTTP/1.1', ...hosts);
      assert.ok([400, 404].includes(statusOf(answer)), `${hosts.join()} → ${answer.slice(0, 60)}`);
      assert.doesNotMatch(answer, /set-cookie/i);
    }
  });

  it('the name of the school in capitals is the same name, to look at and to send', async () => {
    const { host } = new URL(school.url);
    for (const name of [host.toUpperCase(), host[0]!.toUpperCase() + host.slice(1)])
      assert.equal(statusOf(await ask('GET /login HTTP/1.1', `Host: ${name}`)), 200, name);
    const sent = await ask(
      'POST /login HTTP/1.1',
      `Host: ${host.toUpperCase()}`,
      `Origin: ${school.url}`,
      'Content-Type: application/x-www-form-urlencoded',
      'Content-Length: 0',
    );
    assert.equal(statusOf(sent), 401);
  });

  it('a target with its own host leads nowhere else', async () => {
    const { host } = new URL(school.url);
    for (const target of [
      'http://evil.example/students',
      '//evil.example/students',
      '/\\evil.example/students',
      '//evil.example/%2e%2e/login',
    ]) {
      const location = /^location: (.*)$/im.exec(await ask(`GET ${target} HTTP/1.1`, `Host: ${host}`))?.[1]?.trim() ?? '/login';
      assert.match(location, /^\/login(\?|$)/, target);
      const email = `odd${Math.random().toString(36).slice(2)}@school.test`;
      await school.run(() =>
        school
          .get(IDENTITY)
          .createAccount({ name: 'Odd', email, roles: ['teacher'], by: { password: PASSWORD }, actor: school.office }),
      );
      const next = new URL(location, school.url).searchParams.get('next') ?? '';
      const landed = (await school.stranger().post('/login', { login: email, password: PASSWORD, next })).location;
      assert.equal(new URL(landed ?? '', school.url).host, host, target);
    }
  });

  it('next= leads to own pages only, however it is spelt', async () => {
    const email = 'next@school.test';
    await school.run(() =>
      school
        .get(IDENTITY)
        .createAccount({ name: 'Next', email, roles: ['teacher'], by: { password: PASSWORD }, actor: school.office }),
    );
    for (const next of [
      '//evil.example',
      '/\\evil.example',
      '\\/evil.example',
      'https://evil.example',
      '/\t/evil.example',
      '/\n/evil.example',
      '/%09/evil.example',
      '/.//evil.example',
      '/..//evil.example',
      '/\0/evil.example',
      'javascript:alert(1)',
      '@evil.example',
      ' //evil.example',
      '\u0001//evil.example',
    ]) {
      const { location } = await school.stranger().post('/login', { login: email, password: PASSWORD, next });
      assert.equal(new URL(location ?? '', school.url).origin, school.url, JSON.stringify(next));
    }
  });

  it('values that are no number, day, id or text are 400 or 422, never a fault', async () => {
    const cursor = (...keys: unknown[]): string => Buffer.from(JSON.stringify(keys)).toString('base64url');
    const paths = [
      '/students?q=%00',
      '/search?q=%00',
      '/audit?actor=%00',
      '/identity/users?q=%00',
      '/students/guardians?q=%00',
      '/hr/staff?q=%00',
      `/students?cursor=${cursor('a', 'b')}`,
      `/audit?cursor=${cursor('x')}`,
      `/identity/users?cursor=${cursor('a', 'x')}`,
      `/identity/sign-ins?cursor=${cursor('x')}`,
      `/students?cursor=${cursor(1e308, null)}`,
      '/students/prints/ages?on=2026-02-31',
      '/students/prints/ages?on=x',
      '/files/%00',
      '/files/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
      '/school/logo/..%2f..%2fx',
      '/check/%00',
    ];
    for (const path of paths) {
      const { status, html } = await person.get(path);
      assert.ok(status < 500, `${path} answered ${status}`);
      assert.doesNotMatch(html, /invalid input syntax|\.(ts|js):\d+:\d+/, path);
    }
  });

  it('a message that is forged, foreign or broken is not shown', async () => {
    const body = Buffer.from(
      JSON.stringify({ kind: 'ok', text: 'Forged sentence', links: [{ label: 'Go', href: 'https://evil.example' }] }),
    ).toString('base64url');
    for (const flash of [body, `${body}.`, `${body}.${'A'.repeat(43)}`, `.${'A'.repeat(43)}`, '..', 'e30.%%%']) {
      const stranger = school.stranger();
      const { status, html } = await stranger.get('/login', { cookie: `aims_flash=${flash}` });
      assert.equal(status, 200);
      assert.doesNotMatch(html, /Forged sentence/);
    }
  });

  it('an export asks for its own permission, also of who may see the list', async () => {
    const teacher = await school.as('class-teacher');
    assert.equal((await teacher.get('/students')).status, 200);
    for (const format of ['csv', 'xlsx']) {
      assert.equal((await teacher.get(`/students?format=${format}`)).status, 403);
      assert.equal((await person.get(`/students?format=${format}`)).status, 200);
    }
  });

  it('a large, deep or wide body is 413, 400 or 422', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const json = { 'content-type': 'application/json' };
    const fields = Buffer.from(Array.from({ length: 10_000 }, (_none, index) => `f${index}=1`).join('&'));
    const stranger = school.stranger();
    assert.equal((await stranger.send('POST', '/login', fields, form)).status, 413);
    assert.equal(
      (await stranger.send('POST', '/login', Buffer.alloc(70_000, 97), form)).status,
      413,
      'of somebody unknown only a small form is read, no larger than one that is kept over a sign-in',
    );
    assert.equal(
      (await stranger.send('POST', '/api/auth/token', Buffer.alloc(50_000_000, 97), json).catch(() => ({ status: 413 }))).status,
      413,
    );
    assert.equal(
      (await stranger.send('POST', '/api/auth/token', Buffer.from('['.repeat(4000) + ']'.repeat(4000)), json)).status,
      422,
    );
  });

  it('what a client says about its own address is not believed', async () => {
    const lies = {
      'x-forwarded-for': '198.51.100.7, 203.0.113.9',
      'x-real-ip': '198.51.100.8',
      forwarded: 'for=198.51.100.9',
      'client-ip': '198.51.100.10',
    };
    await school.stranger().post('/login', { login: 'address@school.test', password: 'wrong-password' }, lies);
    assert.equal(await newestAddress(), '203.0.113.9', 'the last entry is what our own proxy saw');
    // A client in the private network: its own entries before it must not count either.
    await school
      .stranger()
      .post(
        '/login',
        { login: 'address@school.test', password: 'wrong-password' },
        { 'x-forwarded-for': '198.51.100.7, 10.1.2.3' },
      );
    assert.equal(await newestAddress(), '10.1.2.3');
  });

  it('the gateway of one machine drops every such claim, and its own headers can’t be cut away', async () => {
    const upstream = { acquire: async () => ({ port: Number(new URL(school.url).port), release: () => undefined }) };
    const gateway = await openGateway(0);
    gateway.open(async () => upstream);
    try {
      const body = 'login=gate%40school.test&password=wrong-password';
      const answer = await bytes(
        [
          'POST /login HTTP/1.1',
          `Host: ${new URL(school.url).host}`,
          `Origin: ${school.url}`,
          'X-Forwarded-For: 198.51.100.7',
          'x-forwarded-for: 198.51.100.8',
          'X-Real-IP: 198.51.100.9',
          'Connection: close, x-forwarded-for',
          'Content-Type: application/x-www-form-urlencoded',
          `Content-Length: ${body.length}`,
          '',
          body,
        ].join('\r\n'),
        gateway.port,
      );
      assert.equal(statusOf(answer), 401, answer.slice(0, 200));
      assert.equal(await newestAddress(), '127.0.0.1');
    } finally {
      await gateway.close();
    }
  });

  async function newestAddress(): Promise<string | null> {
    const admin = await school.database.admin();
    const { rows } = await admin.query<{ ip: string | null }>('select ip from identity_attempts order by id desc limit 1');
    await admin.end();
    return rows[0]?.ip ?? null;
  }
});
