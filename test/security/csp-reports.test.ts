import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import express from 'express';
import { createLog } from '../../src/platform/log.js';
import { cspReports } from '../../src/platform/http/figures/csp-reports.js';
import { SecretPaths } from '../../src/platform/http/secret-paths.js';
import { aPlatform } from '../support/core.js';
import { aSchool } from '../support/app.js';

describe('what browsers tell about a broken policy', () => {
  const lines: string[] = [];
  let server: Server;
  let base: string;
  let counted = 0;
  let now = 1_000_000;
  before(async () => {
    const secrets = new SecretPaths();
    secrets.note('/pay/:token');
    const log = createLog(
      'trace',
      {},
      new Writable({ write: (chunk: Buffer, _encoding, done) => void (lines.push(chunk.toString()), done()) }),
    );
    const app = express().use(
      cspReports(
        log,
        secrets,
        () => (counted += 1),
        () => now,
      ),
      (_req, res) => void res.status(404).end(),
    );
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());

  const send = async (body: unknown, type: string, path = '/reports/csp'): Promise<number> =>
    (
      await fetch(base + path, {
        method: 'POST',
        headers: { 'content-type': type },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })
    ).status;
  const old = (page: string, blocked = 'https://user:word@evil.example/x?who=amina') => ({
    'csp-report': {
      'document-uri': page,
      'effective-directive': 'script-src-elem',
      'blocked-uri': blocked,
      'script-sample': 'amina@school.test',
    },
  });

  it('is counted and logged, in both forms, without saying who it was', async () => {
    assert.equal(await send(old('https://kilimani.example/pay/Short-Key-77?phone=0722481903#x'), 'application/csp-report'), 204);
    assert.equal(
      await send(
        [
          {
            type: 'csp-violation',
            user_agent: 'Some Phone',
            body: {
              documentURL: 'https://kilimani.example/students?q=amina',
              effectiveDirective: 'img-src',
              blockedURL: 'inline',
            },
          },
          { type: 'deprecation' },
        ],
        'application/reports+json',
      ),
      204,
    );
    assert.equal(counted, 2);
    const said = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      said.map(({ directive, blocked, page }) => [directive, blocked, page]),
      [
        ['script-src-elem', 'https://evil.example', '/pay/…'],
        ['img-src', 'inline', '/students'],
      ],
    );
    for (const mark of ['amina', 'Short-Key', '0722', 'Some Phone', 'user:word'])
      assert.equal(
        lines.some((line) => line.includes(mark)),
        false,
        mark,
      );
  });

  it('takes little, and writes no more than thirty lines a minute', async () => {
    assert.equal(await send('{', 'application/csp-report'), 400);
    assert.equal(await send(JSON.stringify({ x: 'x'.repeat(20_000) }), 'application/csp-report'), 413);
    assert.equal(await send('anything', 'text/plain'), 204);
    assert.equal((await fetch(`${base}/reports/csp`)).status, 405);
    lines.length = 0;
    now += 60_000;
    for (let n = 0; n < 50; n += 1) await send(old('https://kilimani.example/'), 'application/csp-report');
    assert.equal(lines.length, 30);
    now += 60_000;
    await send(old('https://kilimani.example/'), 'application/csp-report');
    assert.match(lines.at(-2)!, /"kept":20/);
  });

  it('has its address at schools and at the platform, for whoever sends; so has whom to tell about a hole', async () => {
    for (const house of [await aSchool(), await aPlatform()]) {
      try {
        const answer = await house
          .stranger()
          .send('POST', '/reports/csp', Buffer.from(JSON.stringify(old('https://x.example/'))), {
            'content-type': 'application/csp-report',
            origin: 'null',
          });
        assert.equal(answer.status, 204);
        const { html, headers } = await house.stranger().get('/.well-known/security.txt');
        assert.match(String(headers['content-type']), /^text\/plain/);
        assert.match(
          html,
          new RegExp(
            `^Contact: mailto:support@localhost\nExpires: (.*)\nPreferred-Languages: en, fr, sw\nCanonical: ${house.url}/\\.well-known/security\\.txt\n$`,
          ),
        );
        const days = (Date.parse(/^Expires: (.*)$/m.exec(html)![1]!) - Date.now()) / 86_400_000;
        assert.ok(days > 170 && days < 365, String(days));
      } finally {
        await house.stop();
      }
    }
  });
});
