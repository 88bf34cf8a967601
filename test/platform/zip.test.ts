import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import JSZip from 'jszip';
import { zip, type ZipSource } from '../../src/platform/zip/write.js';

const MIB = 1024 ** 2;

async function bytesOf(sources: Iterable<ZipSource> | AsyncIterable<ZipSource>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of zip(sources)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('an archive that is packed while it is made', () => {
  it('holds each file as it was, whatever its name', async () => {
    const files = { 'a.csv': 'x,y\r\n', 'Añá Ọmọ.txt': 'Ọmọ', 'folder/empty.txt': '' };
    const archive = await JSZip.loadAsync(await bytesOf(Object.entries(files).map(([name, text]) => ({ name, body: [text] }))));
    assert.deepEqual(
      Object.keys(archive.files).filter((name) => !name.endsWith('/')),
      Object.keys(files),
    );
    for (const [name, text] of Object.entries(files)) assert.equal(await archive.file(name)!.async('string'), text);
  });

  it('equal contents make equal bytes, today and tomorrow', async () => {
    const one = await bytesOf([{ name: 'a', body: ['same'] }]);
    await pause(20);
    assert.ok(one.equals(await bytesOf([{ name: 'a', body: ['sa', 'me'] }])));
  });

  it('asks for a file only when the one before it is read, since it may be made of that', async () => {
    const told: string[] = [];
    async function* sources(): AsyncGenerator<ZipSource> {
      yield {
        name: 'first',
        body: (function* () {
          yield 'x';
          told.push('first read');
        })(),
      };
      told.push('second asked for');
      yield { name: 'second', body: [told.join()] };
    }
    const archive = await JSZip.loadAsync(await bytesOf(sources()));
    assert.equal(await archive.file('second')!.async('string'), 'first read,second asked for');
  });

  it('breaks where a file breaks: nobody takes a cut archive for a whole one', async () => {
    const broken: ZipSource = {
      name: 'bad',
      body: (async function* () {
        yield 'x';
        await pause(1);
        throw new Error('the source broke');
      })(),
    };
    await assert.rejects(bytesOf([{ name: 'good', body: ['x'] }, broken]), /the source broke/);
    await assert.rejects(
      bytesOf(
        (async function* () {
          yield { name: 'good', body: ['x'] };
          await pause(1);
          throw new Error('no more files');
        })(),
      ),
      /no more files/,
    );
  });

  it('lets go of what it reads when nobody reads it any more', async () => {
    let letGo = 0;
    async function* endless(): AsyncGenerator<string> {
      try {
        for (;;) yield randomBytes(40_000).toString('hex');
      } finally {
        letGo += 1;
      }
    }
    async function* sources(): AsyncGenerator<ZipSource> {
      try {
        for (;;) yield { name: 'endless', body: endless() };
      } finally {
        letGo += 1;
      }
    }
    for await (const chunk of zip(sources())) if (chunk.length > 0) break;
    assert.equal(letGo, 2);
  });

  it('holds none of it in memory: 100 MiB grow the process by less than 64', async () => {
    const piece = randomBytes(MIB);
    const body = function* (): Generator<Uint8Array> {
      for (let n = 0; n < 50; n += 1) yield piece;
    };
    await bytesOf([{ name: 'warm', body: [piece] }]);
    const before = process.memoryUsage().rss;
    let most = before;
    for await (const chunk of zip([
      { name: 'a', body: body() },
      { name: 'b', body: body() },
    ]))
      if (chunk.length > 0) most = Math.max(most, process.memoryUsage().rss);
    assert.ok(most - before < 64 * MIB, `${Math.round((most - before) / MIB)} MiB`);
  });
});
