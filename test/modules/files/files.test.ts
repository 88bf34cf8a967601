import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { systemActor, type Actor } from '../../../src/kernel/actor.js';
import { Invalid, NotFound, Unavailable } from '../../../src/kernel/errors.js';
import { newId } from '../../../src/kernel/id.js';
import { query, runWith, unit } from '../../../src/platform/db/index.js';
import { createObjectStore, TooLarge, type ObjectStore } from '../../../src/platform/files/index.js';
import { errorAnswers } from '../../../src/platform/http/errors.js';
import { Places } from '../../../src/platform/http/routes/places.js';
import { Routes } from '../../../src/platform/http/routes/routes.js';
import { createServer, requestContext, type ServerParts } from '../../../src/platform/http/server.js';
import { toThumbnail } from '../../../src/platform/images/index.js';
import { Texts } from '../../../src/platform/i18n/i18n.js';
import { createLog } from '../../../src/platform/log.js';
import { DiskIntake, objectsOf } from '../../../src/modules/files/adapters/intake.js';
import { PgFileStore } from '../../../src/modules/files/adapters/file.store.js';
import { fileRoutes } from '../../../src/modules/files/adapters/files.routes.js';
import { Files } from '../../../src/modules/files/files.js';
import { freshSchool, type TestSchool } from '../../support/database.js';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const PHOTO = {
  purpose: 'students.photo',
  name: 'photo.png',
  maxBytes: 1024 * 1024,
  types: ['image/png', 'image/jpeg'],
  drawn: true,
};
const LETTER = {
  purpose: 'students.letter',
  name: 'letter.txt',
  maxBytes: 1024,
  types: ['text/plain', 'text/csv', 'application/pdf', 'image/svg+xml'],
};

const registrar: Actor = { ...systemActor('registrar'), userId: newId(), permissions: new Set(['students.read']) };
const cook: Actor = { ...systemActor('cook'), userId: newId(), permissions: new Set(['meals.read']) };

let school: TestSchool;
let folder: string;
let store: ObjectStore;
let files: Files;
let now = new Date();
const owner = { kind: 'student', id: newId() };
const ownChild = newId();

before(async () => {
  school = await freshSchool();
  folder = await mkdtemp(path.join(os.tmpdir(), 'aims-files-'));
  store = createObjectStore({ s3: null, folder: path.join(folder, 'objects') });
  files = new Files(
    school.schoolId,
    new PgFileStore(),
    new DiskIntake(path.join(folder, 'uploads'), store),
    objectsOf(store),
    toThumbnail,
    unit,
    { now: () => now },
  );
  files.register(
    { purpose: 'students.photo', can: 'students.read' },
    {
      purpose: 'students.letter',
      mayRead: (actor, of) => Promise.resolve(actor.person?.id === 'guardian' && of.id === ownChild),
    },
  );
});
after(async () => {
  await school.drop();
  await rm(folder, { recursive: true, force: true });
});

const inSchool = <Result>(work: () => Promise<Result>): Promise<Result> => runWith(school.database, work);
const saved = (source: Uint8Array | AsyncIterable<Uint8Array>, about = PHOTO as typeof PHOTO | typeof LETTER, of = owner) =>
  inSchool(() => files.save(registrar, source, { ...about, owner: of }));

describe('keeping a file', () => {
  it('takes bytes and streams alike, and remembers what they are', async () => {
    for (const source of [PNG, Readable.from([PNG.subarray(0, 30), PNG.subarray(30)])]) {
      const file = await saved(source);
      assert.deepEqual([file.type, file.size, file.sha256.length, file.name], ['image/png', PNG.length, 64, 'photo.png']);
      const opened = await inSchool(() => files.open(file.id, registrar));
      const parts: Uint8Array[] = [];
      for await (const part of await opened.body()) parts.push(part);
      assert.deepEqual(Buffer.concat(parts), PNG);
    }
    assert.deepEqual(await readdir(path.join(folder, 'uploads')), []);
  });

  it('goes by content, not by name', async () => {
    assert.equal((await saved(PNG, { ...PHOTO, name: 'really.jpg' })).type, 'image/png');
    const lies: [Buffer, string][] = [
      [Buffer.from('<!doctype html><script>alert(1)</script>'), 'photo.png'],
      [Buffer.from('  \n<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), 'photo.png'],
      [Buffer.from('just text'), 'photo.png'],
      [Buffer.concat([Buffer.from('MZ'), randomBytes(200)]), 'photo.png'],
      [Buffer.from('%PDF-1.7\n'), 'photo.jpg'],
    ];
    for (const [content, name] of lies) await assert.rejects(saved(content, { ...PHOTO, name }), Invalid, name);
    const text = { ...LETTER, types: ['text/plain'] };
    for (const markup of ['<html>', 'x<script>1</script>', '<?xml version="1.0"?><a/>', '<IMG src=x onerror=alert(1)>']) {
      await assert.rejects(saved(Buffer.from(markup), text), Invalid, markup);
    }
    assert.equal((await saved(Buffer.from('name;class\nỌlá;7\n'), { ...LETTER, types: ['text/csv'] })).type, 'text/csv');
  });

  it('stops a stream that is larger than allowed, and keeps nothing of it', async () => {
    let read = 0;
    const endless = async function* (): AsyncIterable<Buffer> {
      for (;;) {
        read += 65536;
        yield Buffer.concat([PNG, Buffer.alloc(65536 - PNG.length)]);
      }
    };
    await assert.rejects(saved(endless()), TooLarge);
    assert.ok(read < PHOTO.maxBytes + 1024 * 1024);
    await assert.rejects(saved(Buffer.alloc(PHOTO.maxBytes + 1)), TooLarge);
    await assert.rejects(saved(Buffer.alloc(0)), Invalid);
    assert.deepEqual(await readdir(path.join(folder, 'uploads')), []);
  });

  it('makes any name safe and leaves the folder to the product', async () => {
    const names: [string, string][] = [
      ['../../etc/passwd', 'passwd'],
      ['C:\\Windows\\evil.png', 'evil.png'],
      ['a\0b\r\nSet-Cookie: x.png', 'abSet-Cookie x.png'],
      ['invoice\u202egnp.exe', 'invoicegnp.exe'],
      ['Ọ̀rọ̀ ìkíni.png', 'Ọ̀rọ̀ ìkíni.png'.normalize('NFC')],
      ['...', 'file'],
      ['x'.repeat(400) + '.png', 'x'.repeat(146) + '.png'],
    ];
    for (const [given, kept] of names) assert.equal((await saved(PNG, { ...PHOTO, name: given })).name, kept);
  });

  it('forgets the row when the work around it is undone', async () => {
    let id = '';
    const undone = inSchool(() =>
      unit(async () => {
        id = (await files.save(registrar, PNG, { ...PHOTO, owner })).id;
        throw new Error('changed my mind');
      }),
    );
    await assert.rejects(undone, /changed my mind/);
    await assert.rejects(
      inSchool(() => files.open(id, registrar)),
      NotFound,
    );
  });

  it('keeps nothing that nobody has said how to read', async () => {
    await assert.rejects(saved(PNG, { ...PHOTO, purpose: 'clinic.note' }), /Nobody has registered/);
  });
});

describe('reading a file', () => {
  it('asks for the permission or the owning module, and says the same for what is not there', async () => {
    const photo = await saved(PNG);
    const letter = await saved(Buffer.from('Dear parent'), LETTER, { kind: 'student', id: ownChild });
    const other = await saved(Buffer.from('Dear other'), LETTER, { kind: 'student', id: newId() });
    const guardian = { ...cook, person: { kind: 'guardian' as const, id: 'guardian' } };
    const may = (id: string, actor: Actor) =>
      inSchool(() => files.open(id, actor)).then(
        () => 'yes',
        (error: Error) => error.message,
      );
    assert.equal(await may(photo.id, registrar), 'yes');
    assert.equal(await may(letter.id, guardian), 'yes');
    const refusals = [
      await may(photo.id, cook),
      await may(other.id, guardian),
      await may(letter.id, registrar),
      await may(newId(), registrar),
      await may('1', registrar),
      await may('../x', registrar),
    ];
    assert.deepEqual([...new Set(refusals)], ['Nothing was found at this address.']);
  });

  it('ends with its removal', async () => {
    const file = await saved(PNG);
    await inSchool(() => files.remove(file.id));
    await assert.rejects(
      inSchool(() => files.open(file.id, registrar)),
      NotFound,
    );
  });
});

describe('the nightly sweep', () => {
  it('clears removed files after a month and bytes without a row after a day, and nothing else', async () => {
    const kept = await saved(PNG);
    const removed = await saved(PNG);
    const keyOf = (id: string) => `${school.schoolId}/students/photo/${id}`;
    const stray = keyOf(newId());
    const fresh = keyOf(newId());
    const foreign = `${school.schoolId}/school/logo.png`;
    for (const key of [stray, fresh, foreign]) await store.put(key, PNG, { type: 'image/png' });
    const old = new Date(Date.now() - 2 * 86_400_000);
    const aged = (key: string, at: Date): Promise<void> => utimes(path.join(folder, 'objects', key), at, at);
    for (const key of [stray, foreign, keyOf(kept.id)]) await aged(key, old);
    // A file system has the machine's own clock, also where the tests' is moved.
    await aged(fresh, new Date());
    await inSchool(() => files.remove(removed.id));
    await inSchool(() => files.sweep());
    const there = async (key: string) => (await store.head(key)) !== null;
    assert.deepEqual(
      [await there(stray), await there(fresh), await there(foreign), await there(keyOf(kept.id)), await there(keyOf(removed.id))],
      [false, true, true, true, true],
    );
    now = new Date(Date.now() + 31 * 86_400_000);
    await inSchool(() => files.sweep());
    now = new Date();
    assert.deepEqual([await there(keyOf(kept.id)), await there(keyOf(removed.id))], [true, false]);
  });
});

describe('GET /files/:id', () => {
  let server: http.Server;
  let base = '';
  before(async () => {
    server = http.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const people: Record<string, Actor> = { registrar, cook };
    const parts: ServerParts = {
      log: createLog('silent', {}),
      database: school.database,
      texts: new Texts('/nowhere'),
      metrics: null,
      publicUrl: base,
      signIn: {
        session: (_req, _res, next) => next(),
        actorOf: (req) =>
          Promise.resolve(people[req.get('x-person') ?? ''] ? { actor: people[req.get('x-person')!]!, by: 'session' } : null),
      },
      school: null,
      mostAtOnce: 50,
    };
    const places = new Places();
    fileRoutes(new Routes(places, [], 'files', []), files);
    server.on('request', createServer(parts).use(requestContext(parts), places.handler, errorAnswers()));
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const get = (address: string, headers: Record<string, string> = { 'x-person': 'registrar' }) =>
    fetch(base + address, { headers, redirect: 'manual' });

  it('streams a picture that only this browser keeps and asks for again', async () => {
    const file = await saved(PNG, { ...PHOTO, name: 'Ọlá “smile”.png' });
    const answer = await get(files.link(file.id));
    assert.equal(answer.status, 200);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), PNG);
    assert.equal(answer.headers.get('content-type'), 'image/png');
    assert.equal(answer.headers.get('content-length'), String(PNG.length));
    assert.equal(answer.headers.get('cache-control'), 'private, no-cache');
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    assert.match(
      answer.headers.get('content-disposition')!,
      /^inline; filename="Ola smile_?\.png"|^inline; filename="[\x20-\x7e]+"; filename\*=UTF-8''%E1%BB%8Cl%C3%A1/,
    );
    const etag = answer.headers.get('etag')!;
    assert.equal((await get(files.link(file.id), { 'x-person': 'registrar', 'if-none-match': etag })).status, 304);
    assert.equal((await get(files.link(file.id), { 'x-person': 'registrar', 'if-none-match': '"other"' })).status, 200);
    assert.equal((await get(files.link(file.id), { 'x-person': 'cook', 'if-none-match': etag })).status, 404);
    const head = await fetch(base + files.link(file.id), { method: 'HEAD', headers: { 'x-person': 'registrar' } });
    assert.deepEqual(
      [head.status, head.headers.get('content-length'), (await head.arrayBuffer()).byteLength],
      [200, String(PNG.length), 0],
    );
  });

  it('has a thumbnail for lists, kept for an hour by this session’s browser and read under the same permission', async () => {
    const photo = await sharp({ create: { width: 480, height: 600, channels: 3, background: '#a04020' } })
      .jpeg()
      .toBuffer();
    const file = await saved(photo, { ...PHOTO, name: 'photo.jpg' });
    const answer = await get(`${files.link(file.id)}/small`);
    const small = Buffer.from(await answer.arrayBuffer());
    assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'image/webp']);
    assert.equal(answer.headers.get('cache-control'), 'private, max-age=3600');
    assert.match(answer.headers.get('vary')!, /cookie/i);
    assert.ok(small.length < 2_000, `${small.length} bytes`);
    assert.deepEqual(Buffer.from(await (await get(`${files.link(file.id)}/small`)).arrayBuffer()), small);
    assert.equal((await get(`${files.link(file.id)}/small`, { 'x-person': 'cook' })).status, 404);
    const letter = await saved(Buffer.from('plain'), LETTER);
    assert.equal((await get(`${files.link(letter.id)}/small`)).status, 404);
    const key = `${school.schoolId}/students/photo/${file.id}.small`;
    assert.ok(await store.head(key));
    await inSchool(() => files.remove(file.id));
    const before = now;
    now = new Date(before.getTime() + 31 * 86_400_000);
    await inSchool(() => files.sweep());
    now = before;
    assert.equal(await store.head(key), null);
  });

  it('hands over everything else as a download in a sandbox, an SVG above all', async () => {
    files.register({ purpose: 'students.letter', can: 'students.read' });
    for (const [content, type] of [
      ['<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', 'image/svg+xml'],
      ['plain', 'text/plain; charset=utf-8'],
      ['%PDF-1.7\n', 'application/pdf'],
    ] as const) {
      const file = await saved(Buffer.from(content), LETTER);
      const answer = await get(files.link(file.id));
      assert.equal(answer.headers.get('content-type'), type);
      assert.match(answer.headers.get('content-disposition')!, /^attachment; /);
      assert.match(answer.headers.get('content-security-policy')!, /^sandbox; default-src 'none'$/);
    }
  });

  it('answers the same for what is not there, not allowed, removed or no id at all', async () => {
    const file = await saved(PNG);
    const removed = await saved(PNG);
    await inSchool(() => files.remove(removed.id));
    const answers = await Promise.all([
      get(`/files/${file.id}`, { 'x-person': 'cook' }),
      get(`/files/${newId()}`),
      get(`/files/${removed.id}`),
      get('/files/..%2f..%2fetc%2fpasswd'),
      get('/files/1%00'),
      get(`/files/${'x'.repeat(2000)}`),
    ]);
    const bodies = await Promise.all(
      answers.map(async (answer) => `${answer.status} ${(await answer.text()).replace(/Reference: .*/, '')}`),
    );
    assert.deepEqual([...new Set(bodies)].length, 1, bodies.join('\n'));
    assert.match(bodies[0]!, /^404 /);
    assert.equal((await get(`/files/${file.id}`, {})).status, 302);
  });

  it('is a 404 when the bytes are lost', async () => {
    const file = await saved(PNG);
    await store.remove(`${school.schoolId}/students/photo/${file.id}`);
    assert.equal((await get(files.link(file.id))).status, 404);
  });
});

it('an upload says try later while the object store is down, and leaves no row', async () => {
  const settings = {
    endpoint: 'http://127.0.0.1:9',
    region: 'eu-central',
    bucket: 'school-media',
    accessKey: 'k',
    support: 'support@localhost',
    secretKey: 's',
  };
  const away = createObjectStore({ s3: settings, folder: '' });
  const down = new Files(
    school.schoolId,
    new PgFileStore(),
    new DiskIntake(path.join(folder, 'uploads'), away),
    objectsOf(away),
    toThumbnail,
    unit,
    { now: () => now },
  );
  down.register({ purpose: 'students.photo', can: 'students.read' });
  const lonely = { kind: 'student', id: newId() };
  const saving = inSchool(() => down.save(registrar, PNG, { ...PHOTO, owner: lonely }));
  await assert.rejects(saving, (error) => error instanceof Unavailable && /Try again/.test(error.message));
  assert.deepEqual(await inSchool(() => query('test.lonely', 'select id from files where owner_id = $1', [lonely.id])), []);
});
