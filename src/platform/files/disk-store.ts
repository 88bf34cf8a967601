import { randomUUID } from 'node:crypto';
import { constants, createWriteStream, type Dirent } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { checkKey, storeAway, type ObjectMeta, type ObjectStore, type StoredObject } from './object-store.js';
import { sweepFolder } from './sweep.js';

const FULL = new Set(['ENOSPC', 'EDQUOT']);
const AWAY = new Set(['EIO', 'EROFS', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE', 'ESTALE']);
const GONE = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP']);

/**
 * Objects as files below one folder. Bytes are written beside their place and moved there when complete;
 * the type stands in a second file below `.types`, a name that no key can have.
 */
export class DiskStore implements ObjectStore {
  private readonly parts: string;

  constructor(private readonly folder: string) {
    this.parts = path.join(folder, '.parts');
  }

  async put(key: string, body: Readable | Buffer, about: { type: string }): Promise<void> {
    const target = this.place(key);
    const temporary = path.join(this.parts, randomUUID());
    try {
      await mkdir(path.dirname(temporary), { recursive: true });
      await mkdir(path.dirname(target), { recursive: true });
      await writeWhole(temporary, body);
      await this.writeType(key, about.type);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw translated(error);
    }
  }

  async get(key: string): Promise<StoredObject | null> {
    return this.unlessGone(async () => {
      const file = await open(this.place(key), constants.O_RDONLY | constants.O_NOFOLLOW);
      try {
        const { size, mtime } = await file.stat();
        const type = await this.readType(key);
        return { type, size, modifiedAt: mtime, body: file.createReadStream() };
      } catch (error) {
        await file.close();
        throw error;
      }
    });
  }

  async head(key: string): Promise<ObjectMeta | null> {
    return this.unlessGone(async () => {
      const { size, mtime } = await stat(this.place(key));
      return { type: await this.readType(key), size, modifiedAt: mtime };
    });
  }

  async remove(key: string): Promise<void> {
    try {
      await rm(this.place(key), { force: true });
      await rm(this.typePlace(key), { force: true });
    } catch (error) {
      throw translated(error);
    }
  }

  async *list(prefix: string): AsyncIterable<string> {
    const under = prefix.includes('/') ? checkKey(prefix.slice(0, prefix.lastIndexOf('/'))) : '';
    for await (const key of this.keysUnder(under)) if (key.startsWith(prefix)) yield key;
  }

  sweep(): Promise<void> {
    return sweepFolder(this.parts);
  }

  private async *keysUnder(folder: string): AsyncIterable<string> {
    for (const entry of await this.entries(folder)) {
      const key = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) yield* this.keysUnder(key);
      else yield key;
    }
  }

  /** In the order of whole keys: a folder `a` holds `a/…`, which comes after `a.txt` and before `ab`. */
  private async entries(folder: string): Promise<Dirent[]> {
    const found = await this.unlessGone(() => readdir(path.join(this.folder, folder), { withFileTypes: true }));
    const sortName = (entry: Dirent) => (entry.isDirectory() ? `${entry.name}/` : entry.name);
    return (found ?? [])
      .filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || entry.isFile()))
      .sort((a, b) => (sortName(a) < sortName(b) ? -1 : 1));
  }

  private async writeType(key: string, type: string): Promise<void> {
    const target = this.typePlace(key);
    await mkdir(path.dirname(target), { recursive: true });
    const temporary = path.join(this.parts, randomUUID());
    try {
      await writeFile(temporary, type);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  private async readType(key: string): Promise<string> {
    const text = await this.unlessGone(() => readFile(this.typePlace(key), 'utf8'));
    return text ?? 'application/octet-stream';
  }

  private place(key: string): string {
    return path.join(this.folder, checkKey(key));
  }

  private typePlace(key: string): string {
    return path.join(this.folder, '.types', checkKey(key));
  }

  private async unlessGone<Found>(read: () => Promise<Found>): Promise<Found | null> {
    try {
      return await read();
    } catch (error) {
      if (GONE.has(codeOf(error))) return null;
      throw translated(error);
    }
  }
}

/** On the disk, not only in the system's memory, before the name appears. */
async function writeWhole(target: string, body: Readable | Buffer): Promise<void> {
  const source = Buffer.isBuffer(body) ? Readable.from([body]) : body;
  await pipeline(source, createWriteStream(target, { flags: 'wx', mode: 0o600, flush: true }));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function translated(error: unknown): unknown {
  const code = codeOf(error);
  if (FULL.has(code))
    return storeAway(error, 'There is no space left for files. Ask the administrator to free some, then try again.');
  return AWAY.has(code) ? storeAway(error) : error;
}
