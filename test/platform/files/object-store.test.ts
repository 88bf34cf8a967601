import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, mkdir, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { Unavailable } from '../../../src/kernel/errors.js';
import { createObjectStore, type ObjectStore } from '../../../src/platform/files/index.js';
import { startS3, type TestS3 } from '../../support/outside/s3.js';

const BAD_KEYS = [
  '',
  '/etc/passwd',
  '../outside',
  'a/../../outside',
  'a//b',
  'a/./b',
  '.types/a',
  'a/.hidden',
  'a\0b',
  'a\\b',
  'C:/x',
  'con',
  'a/NUL.txt',
  'a%2e%2e/b',
  'a b',
  'ends.',
  'x'.repeat(101),
  Array.from({ length: 60 }, () => 'ten-letter').join('/'),
];

function contract(name: string, open: () => Promise<ObjectStore>): void {
  describe(`${name} object store`, () => {
    let store: ObjectStore;
    before(async () => {
      store = await open();
    });

    it('gives back what was put, with its type and size', async () => {
      await store.put('s1/a/photo', Buffer.from('hello'), { type: 'image/jpeg' });
      const found = await store.get('s1/a/photo');
      assert.equal((await buffer(found!.body)).toString(), 'hello');
      assert.equal(found!.type, 'image/jpeg');
      assert.equal(found!.size, 5);
      assert.ok(Math.abs(found!.modifiedAt.getTime() - Date.now()) < 60_000);
      assert.deepEqual(await store.head('s1/a/photo'), { type: 'image/jpeg', size: 5, modifiedAt: found!.modifiedAt });
    });

    it('takes a stream of known and of unknown length', async () => {
      const bytes = randomBytes(6 * 1024 * 1024);
      const chunks = () => Readable.from(Array.from({ length: 96 }, (_, at) => bytes.subarray(at * 65536, (at + 1) * 65536)));
      await store.put('s1/b/known', chunks(), { type: 'application/pdf', size: bytes.length });
      await store.put('s1/b/unknown', chunks(), { type: 'application/pdf' });
      for (const key of ['s1/b/known', 's1/b/unknown']) {
        assert.ok(bytes.equals(await buffer((await store.get(key))!.body)), key);
      }
    });

    it('takes an empty object and replaces an old one', async () => {
      await store.put('s1/c', Buffer.from('first'), { type: 'text/plain' });
      await store.put('s1/c', Buffer.alloc(0), { type: 'text/csv' });
      assert.deepEqual({ ...(await store.head('s1/c')), modifiedAt: null }, { type: 'text/csv', size: 0, modifiedAt: null });
    });

    it('says null for what is not there, and removes it in silence', async () => {
      assert.equal(await store.get('s1/none'), null);
      assert.equal(await store.head('s1/none'), null);
      await store.remove('s1/none');
      await store.put('s1/gone', Buffer.from('x'), { type: 'text/plain' });
      await store.remove('s1/gone');
      assert.equal(await store.get('s1/gone'), null);
    });

    it('lists keys under a prefix in order, and only those', async () => {
      for (const key of ['list/b', 'list/a/2', 'list/a/1', 'list/ab', 'listed/x'])
        await store.put(key, Buffer.from('x'), { type: 'text/plain' });
      assert.deepEqual(await keys(store, 'list/'), ['list/a/1', 'list/a/2', 'list/ab', 'list/b']);
      assert.deepEqual(await keys(store, 'list/a'), ['list/a/1', 'list/a/2', 'list/ab']);
      assert.deepEqual(await keys(store, 'nothing/'), []);
    });

    it('refuses every key that is not one of ours', async () => {
      for (const key of BAD_KEYS) {
        await assert.rejects(store.put(key, Buffer.from('x'), { type: 'text/plain' }), TypeError, key);
        await assert.rejects(store.get(key), TypeError, key);
        await assert.rejects(store.remove(key), TypeError, key);
      }
    });

    it('shows nothing of an object whose stream broke', async () => {
      const broken = Readable.from(failing());
      await assert.rejects(store.put('s1/broken', broken, { type: 'text/plain' }));
      assert.equal(await store.head('s1/broken'), null);
    });
  });
}

async function* failing(): AsyncIterable<Buffer> {
  yield Buffer.from('some bytes');
  throw new Error('the sender went away');
}

async function keys(store: ObjectStore, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const key of store.list(prefix)) found.push(key);
  return found;
}

const folders: string[] = [];
async function folder(): Promise<string> {
  folders.push(await mkdtemp(path.join(os.tmpdir(), 'aims-disk-')));
  return folders.at(-1)!;
}

let s3: TestS3;
before(async () => {
  s3 = await startS3();
});
after(async () => {
  await s3.stop();
  for (const each of folders) await rm(each, { recursive: true, force: true });
});

contract('disk', async () => createObjectStore({ s3: null, folder: await folder() }));
contract('S3', async () => createObjectStore({ s3: s3.settings, folder: '' }));

describe('disk object store', () => {
  it('follows no link out of its folder and leaves no half file behind', async () => {
    const root = await folder();
    const store = createObjectStore({ s3: null, folder: root });
    await writeFile(path.join(root, '..', 'aims-outside.txt'), 'secret');
    await mkdir(path.join(root, 's1'));
    await symlink(path.join(root, '..', 'aims-outside.txt'), path.join(root, 's1', 'link'));
    assert.equal(await store.get('s1/link'), null);
    await rm(path.join(root, '..', 'aims-outside.txt'));
    await assert.rejects(store.put('s1/broken', Readable.from(failing()), { type: 'text/plain' }));
    assert.deepEqual(await readdir(path.join(root, '.parts')), []);
  });

  it('clears away what a process that was killed left half written, once nobody can be at work at it any more', async () => {
    const root = await folder();
    const store = createObjectStore({ s3: null, folder: root });
    await store.put('s1/whole', Buffer.from('whole'), { type: 'text/plain' });
    for (const name of ['old', 'new']) await writeFile(path.join(root, '.parts', name), 'half');
    const long = new Date(Date.now() - 7 * 3_600_000);
    for (const file of ['.parts/old', 's1/whole']) await utimes(path.join(root, file), long, long);
    await store.sweep();
    assert.deepEqual(await readdir(path.join(root, '.parts')), ['new']);
    assert.ok(await store.head('s1/whole'));
  });

  it('says that the disk is full, keeps nothing, and works again when there is room', async (test) => {
    const root = await folder();
    if (!mounted(root)) return test.skip('a small file system can’t be mounted here');
    try {
      const store = createObjectStore({ s3: null, folder: root });
      await assert.rejects(store.put('s1/big', randomBytes(1024 * 1024), { type: 'text/plain' }), (error) => {
        return error instanceof Unavailable && /no space left/.test(error.message);
      });
      assert.equal(await store.head('s1/big'), null);
      await store.put('s1/small', Buffer.from('fits'), { type: 'text/plain' });
    } finally {
      execFileSync('umount', [root]);
    }
  });
});

function mounted(root: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'none', root]).status === 0;
}

describe('S3 object store', () => {
  it('works with the checksums of newer SDKs too', async () => {
    const store = createObjectStore({ s3: { ...s3.settings, checksums: 'WHEN_SUPPORTED' }, folder: '' });
    await store.put('s1/sum', Buffer.from('checked'), { type: 'text/plain' });
    assert.equal((await buffer((await store.get('s1/sum'))!.body)).toString(), 'checked');
  });

  it('is refused with a wrong secret', async () => {
    const store = createObjectStore({ s3: { ...s3.settings, secretKey: 'wrong' }, folder: '' });
    const isRefusal = (error: unknown) => error instanceof Unavailable && (error.cause as Error).name === 'SignatureDoesNotMatch';
    await assert.rejects(store.put('s1/x', Buffer.from('x'), { type: 'text/plain' }), isRefusal);
    await assert.rejects(store.get('s1/a/photo'), isRefusal);
  });

  it('says try later when the server is away', async () => {
    const store = createObjectStore({ s3: { ...s3.settings, endpoint: 'http://127.0.0.1:9' }, folder: '' });
    await assert.rejects(store.get('s1/x'), (error) => error instanceof Unavailable && /Try again/.test(error.message));
  });
});

describe('signature check of the test server', () => {
  it('passes a presigned address and refuses it for another key', async () => {
    const { S3Client, GetObjectCommand } = await import('@aws-sdk/client-s3');
    const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner');
    const { endpoint, region, bucket, accessKey, secretKey } = s3.settings;
    const store = createObjectStore({ s3: s3.settings, folder: '' });
    await store.put('s1/signed', Buffer.from('mine'), { type: 'text/plain' });
    await store.put('s1/others', Buffer.from('not yours'), { type: 'text/plain' });
    const client = new S3Client({
      endpoint,
      region,
      forcePathStyle: true,
      credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    });
    const url = await getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: 's1/signed' }), { expiresIn: 60 });
    const right = await fetch(url);
    assert.equal(right.status, 200);
    assert.equal(await right.text(), 'mine');
    const tampered = await fetch(url.replace('s1/signed', 's1/others'));
    assert.equal(tampered.status, 403);
    assert.match(await tampered.text(), /SignatureDoesNotMatch/);
    assert.equal((await fetch(`${endpoint}/${bucket}/s1/signed`)).status, 403);
    client.destroy();
  });
});
