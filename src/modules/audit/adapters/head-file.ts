import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { newId } from '../../../kernel/id.js';
import type { HeadKeeper } from '../ports.js';

interface Head {
  seq: number;
  hash: string;
}

/**
 * The last seal in a file of the data folder, and the first one of each day in a second file that only grows and is
 * worth copying elsewhere. The log gets the daily one too, as logs leave the machine by themselves.
 */
export class HeadFile implements HeadKeeper {
  private day = '';
  /** One after the other, so that an older head never comes to lie over a newer one. */
  private keeping: Promise<void> = Promise.resolve();

  constructor(
    private readonly folder: string,
    private readonly announce: (head: Head) => void,
  ) {}

  keep(head: Head): Promise<void> {
    const kept = this.keeping.then(() => this.write(head));
    this.keeping = kept.catch(() => undefined);
    return kept;
  }

  private async write(head: Head): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const before = await this.last();
    if (before && before.seq > head.seq) return;
    const temporary = path.join(this.folder, `${newId()}.part`);
    await writeFile(temporary, JSON.stringify(head), { mode: 0o600 });
    await rename(temporary, path.join(this.folder, 'head.json'));
    await this.daily(head);
  }

  async last(): Promise<Head | null> {
    const text = await readFile(path.join(this.folder, 'head.json'), 'utf8').catch(() => null);
    if (text === null) return null;
    const { seq, hash } = JSON.parse(text) as Partial<Head>;
    return typeof seq === 'number' && typeof hash === 'string' ? { seq, hash } : null;
  }

  private async daily(head: Head): Promise<void> {
    const day = new Date().toISOString().slice(0, 10);
    if (day === this.day) return;
    this.day = day;
    await appendFile(path.join(this.folder, 'heads.txt'), `${day} ${head.seq} ${head.hash}\n`, { mode: 0o600 });
    this.announce(head);
  }
}
