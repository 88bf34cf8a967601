import { randomUUID } from 'node:crypto';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** A file without a name, for what must be whole before its first byte leaves: it is gone with its handle, also after a crash. */
export class Spool {
  private constructor(private readonly file: FileHandle) {}

  static async open(): Promise<Spool> {
    const path = join(tmpdir(), `aims-${randomUUID()}`);
    const file = await open(path, 'wx+', 0o600);
    await unlink(path);
    return new Spool(file);
  }

  write(): Writable {
    return this.file.createWriteStream({ autoClose: false, start: 0 });
  }

  async size(): Promise<number> {
    return (await this.file.stat()).size;
  }

  read(): Readable {
    return this.file.createReadStream({ autoClose: false, start: 0 });
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
