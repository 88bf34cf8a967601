import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Invalid } from '../../../kernel/errors.js';
import {
  accepts,
  demandPlainPdf,
  safeName,
  sizeText,
  sniff,
  TooLarge,
  wrongType,
  type ObjectStore,
} from '../../../platform/files/index.js';
import { toScan } from '../../../platform/images/index.js';
import type { FileSource } from '../index.js';
import type { Intake, Objects, ReceivedFile } from '../ports.js';

type Rule = Parameters<Intake['receive']>[1];

/**
 * Takes a file in: measured, hashed and recognised before the object store sees a byte. A stream is written to
 * the disk first, since the end of a zip decides whether it is a workbook.
 */
export class DiskIntake implements Intake {
  constructor(
    private readonly folder: string,
    private readonly objects: ObjectStore,
  ) {}

  async receive(source: FileSource, rule: Rule): Promise<ReceivedFile> {
    if (source instanceof Uint8Array)
      return this.admit(Buffer.from(source.buffer, source.byteOffset, source.byteLength), source.byteLength, rule);
    if ('path' in source) return this.admit(source, (await stat(source.path)).size, rule);
    const spooled = path.join(this.folder, randomUUID());
    const discard = () => rm(spooled, { force: true });
    try {
      const size = await this.spool(source, spooled, rule.maxBytes);
      return { ...(await this.admit({ path: spooled }, size, rule)), discard };
    } catch (error) {
      await discard();
      throw error;
    }
  }

  private async spool(source: AsyncIterable<Uint8Array>, target: string, maxBytes: number): Promise<number> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    let size = 0;
    const counted = async function* (): AsyncIterable<Uint8Array> {
      for await (const chunk of source) {
        size += chunk.length;
        if (size > maxBytes) throw tooLarge(maxBytes);
        yield chunk;
      }
    };
    await pipeline(counted, createWriteStream(target, { mode: 0o600 }));
    return size;
  }

  private async admit(content: Buffer | { path: string }, size: number, rule: Rule): Promise<ReceivedFile> {
    if (size > rule.maxBytes) throw tooLarge(rule.maxBytes);
    if (size === 0) throw new Invalid({ file: 'This file is empty.' });
    const type = accepts(rule.types, await sniff(content));
    if (type === null) throw new Invalid({ file: wrongType(rule.types) });
    const redrawn = rule.drawn ? null : await cleaned(content, type);
    if (!redrawn) return this.received(content, size, type, rule);
    // A picture of few bytes may need more of them once it is drawn anew.
    if (redrawn.length > rule.maxBytes) throw tooLarge(rule.maxBytes);
    return this.received(redrawn, redrawn.length, type, rule);
  }

  private async received(content: Buffer | { path: string }, size: number, type: string, rule: Rule): Promise<ReceivedFile> {
    return {
      name: safeName(rule.name),
      type,
      size,
      sha256: await hashOf(content),
      store: (key) => this.objects.put(key, Buffer.isBuffer(content) ? content : createReadStream(content.path), { type, size }),
      discard: () => Promise.resolve(),
    };
  }
}

/** The pictures that a browser shows. What else there is, is handed over as a download inside a sandbox. */
const REDRAWN = new Set(['image/jpeg', 'image/png', 'image/webp']);

/** What somebody handed in holds what one sees and nothing else: a picture is drawn anew, a PDF has only pages. Null for what stays as it is. */
async function cleaned(content: Buffer | { path: string }, type: string): Promise<Buffer | null> {
  const bytes = (): Promise<Buffer> | Buffer => (Buffer.isBuffer(content) ? content : readFile(content.path));
  if (REDRAWN.has(type)) return toScan(await bytes());
  if (type === 'application/pdf') await demandPlainPdf(await bytes());
  return null;
}

function tooLarge(maxBytes: number): TooLarge {
  return new TooLarge(`This file is larger than ${sizeText(maxBytes)}.`);
}

async function hashOf(content: Buffer | { path: string }): Promise<string> {
  const hash = createHash('sha256');
  if (Buffer.isBuffer(content)) return hash.update(content).digest('hex');
  await pipeline(createReadStream(content.path), hash);
  return hash.digest('hex');
}

export function objectsOf(store: ObjectStore): Objects {
  return {
    body: async (key): Promise<Readable | null> => (await store.get(key))?.body ?? null,
    put: (key, bytes, type) => store.put(key, bytes, { type, size: bytes.length }),
    remove: (key) => store.remove(key),
    list: (prefix) => store.list(prefix),
    modifiedAt: async (key) => (await store.head(key))?.modifiedAt ?? null,
  };
}
