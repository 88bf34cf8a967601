import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import express, { type ErrorRequestHandler } from 'express';
import { DomainError, Invalid } from '../../../src/kernel/errors.js';
import { contentDisposition, safeName, sweepFolder, upload, UPLOAD_FOLDER, uploadOf } from '../../../src/platform/files/index.js';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const MAX = 64 * 1024;

describe('an upload', () => {
  let folder = '';
  let base = '';
  let server: http.Server;
  let during: string[] = [];

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'aims-upload-'));
    const app = express();
    app.set(UPLOAD_FOLDER, folder);
    app.post('/', upload({ field: 'photo', maxBytes: MAX, types: ['image/png', 'image/jpeg'] }), (req, res) => {
      const file = uploadOf(req);
      during = file ? [file.path] : [];
      res.json({
        file: file && { name: file.name, size: file.size, type: file.type, there: existsSync(file.path) },
        body: req.body as object,
      });
    });
    const refuse: ErrorRequestHandler = (error, _req, res, _next) => {
      const status = error instanceof DomainError ? error.status : 500;
      res.status(status).json({
        message: String(error.message),
        fields: error instanceof Invalid ? error.problems.map((problem) => problem.field) : [],
      });
    };
    app.use(refuse);
    server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });

  const form = (parts: [string, string | Buffer, string?][]): FormData => {
    const data = new FormData();
    for (const [name, value, fileName] of parts) {
      if (typeof value === 'string') data.append(name, value);
      else data.append(name, new Blob([new Uint8Array(value)], { type: 'image/png' }), fileName ?? 'file');
    }
    return data;
  };
  const send = async (data: FormData) => {
    const answer = await fetch(base, { method: 'POST', body: data });
    const json = (await answer.json()) as {
      file?: { name: string; size: number; type: string; there: boolean } | null;
      body?: object;
      message?: string;
      fields?: string[];
    };
    return { status: answer.status, ...json };
  };
  const emptySoon = async () => {
    for (let tries = 0; tries < 50 && (await readdir(folder)).length > 0; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(await readdir(folder), []);
  };

  it('is there while the request is handled, under its own name, and gone afterwards', async () => {
    const answer = await send(
      form([
        ['surname', 'Ọlá'],
        ['photo', PNG, 'Ọ̀rọ̀ ìkíni.png'],
      ]),
    );
    assert.deepEqual(answer.file, { name: 'Ọ̀rọ̀ ìkíni.png'.normalize('NFC'), size: PNG.length, type: 'image/png', there: true });
    assert.deepEqual({ ...answer.body }, { surname: 'Ọlá' });
    await emptySoon();
    assert.ok(!existsSync(during[0]!));
  });

  it('goes by content: a PNG called .jpg is a PNG, a page called .png is refused beside its field', async () => {
    assert.equal((await send(form([['photo', PNG, 'photo.jpg']]))).file?.type, 'image/png');
    const lie = await send(form([['photo', Buffer.from('<html><script>alert(1)</script>'), 'photo.png']]));
    assert.deepEqual([lie.status, lie.fields], [422, ['photo']]);
    assert.match(lie.message!, /not PNG or JPEG|not JPEG or PNG|not .*PNG/);
    await emptySoon();
  });

  it('may be left out', async () => {
    const answer = await send(form([['surname', 'Otieno']]));
    assert.deepEqual([answer.status, answer.file], [200, null]);
  });

  it('that is too large, empty, doubled or in the wrong field is refused and removed', async () => {
    const cases: [FormData, number, RegExp][] = [
      [form([['photo', Buffer.concat([PNG, Buffer.alloc(MAX)]), 'a.png']]), 413, /larger than 64 KB/],
      [form([['photo', Buffer.alloc(0), 'a.png']]), 422, /empty/],
      [
        form([
          ['photo', PNG, 'a.png'],
          ['photo', PNG, 'b.png'],
        ]),
        422,
        /one file/,
      ],
      [form([['other', PNG, 'a.png']]), 422, /one file/],
      [form(Array.from({ length: 400 }, (_, at): [string, string] => [`f${at}`, 'x'])), 413, /too large/],
      [
        form([
          ['note', 'x'.repeat(100_000)],
          ['photo', PNG, 'a.png'],
        ]),
        413,
        /too large/,
      ],
    ];
    for (const [data, status, sentence] of cases) {
      const answer = await send(data);
      assert.equal(answer.status, status, answer.message);
      assert.match(answer.message!, sentence);
    }
    await emptySoon();
  });

  it('can’t choose where it lies', async () => {
    for (const name of [
      '../../../tmp/aims-canary',
      '/tmp/aims-canary',
      'C:\\aims-canary',
      '..\\..\\aims-canary',
      'con',
      '%2e%2e%2faims-canary',
    ]) {
      const answer = await send(form([['photo', PNG, name]]));
      assert.equal(answer.status, 200, name);
      assert.doesNotMatch(answer.file!.name, /[\\/:]/);
      assert.equal(path.dirname(during[0]!), folder);
    }
    assert.ok(!existsSync('/tmp/aims-canary'));
  });

  it('that breaks off leaves nothing', async () => {
    await new Promise<void>((resolve) => {
      const request = http.request(base, {
        method: 'POST',
        headers: { 'content-type': 'multipart/form-data; boundary=x', 'content-length': '50000' },
      });
      request.on('error', () => resolve());
      request.write('--x\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\n\r\n');
      request.write(PNG);
      setTimeout(() => request.destroy(), 100);
    });
    await emptySoon();
    const cut = await fetch(base, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body: '--x\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\n\r\nabc',
    });
    assert.equal(cut.status, 422);
    await emptySoon();
  });

  it('left behind by a killed process is swept, a running one is not', async () => {
    await writeFile(path.join(folder, 'old'), 'x');
    await writeFile(path.join(folder, 'new'), 'x');
    const long = new Date(Date.now() - 7 * 3_600_000);
    await utimes(path.join(folder, 'old'), long, long);
    await sweepFolder(folder);
    assert.deepEqual(await readdir(folder), ['new']);
    await rm(path.join(folder, 'new'));
    await sweepFolder(path.join(folder, 'not-there'));
  });
});

describe('names of files in headers', () => {
  it('can break out of neither the quotes nor the line', () => {
    for (const name of [
      'a"; filename="evil.html',
      'a\r\nSet-Cookie: x=1',
      'a\\"b',
      'semi;colon',
      '100%.png',
      '\u202egnp.exe',
      '',
      '.',
      '…',
    ]) {
      const header = contentDisposition('attachment', name);
      assert.match(header, /^attachment; filename="[^"\\\r\n;%]+"; filename\*=UTF-8''[A-Za-z0-9%._~!$&+-]+$/, header);
    }
  });

  it('keep their letters', () => {
    assert.equal(
      contentDisposition('inline', 'Ìwé ìròyìn (1).pdf'),
      `inline; filename="Iwe iroyin (1).pdf"; filename*=UTF-8''${encodeURIComponent('Ìwé ìròyìn '.normalize('NFC'))}%281%29.pdf`,
    );
    assert.equal(safeName('  a \t b.png '), 'a b.png');
  });
});
