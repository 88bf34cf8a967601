import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Written beside and renamed, so that a crash or a full disk never leaves half a file. */
export function writePrivately(file: string, text: string): void {
  const beside = `${file}.${process.pid}`;
  try {
    writeFileSync(beside, text, { mode: 0o600 });
    renameSync(beside, file);
  } finally {
    rmSync(beside, { force: true });
  }
}

/** A change takes a millisecond; who holds the lock for so long was killed in the middle of one. */
const STALE_MS = 2_000;

/**
 * What must be known again at the next start, in `secrets.json` of the data folder; a name that is asked for the
 * first time gets a random value. Several processes of one machine may change it at once.
 */
export class Secrets {
  private values: Record<string, string> = {};
  private seen = '';

  private constructor(private readonly file: string) {
    this.refresh();
  }

  static open(dataFolder: string): Secrets {
    return new Secrets(path.join(dataFolder, 'secrets.json'));
  }

  get folder(): string {
    return path.dirname(this.file);
  }

  /** Another process may have added a school or removed one. */
  refresh(): void {
    const now = versionOf(this.file);
    if (now === this.seen) return;
    this.values = now === '' ? {} : (JSON.parse(readFileSync(this.file, 'utf8')) as Record<string, string>);
    this.seen = now;
  }

  get(name: string): string {
    return this.getOr(name, () => randomBytes(32).toString('base64url'));
  }

  getOr(name: string, make: () => string): string {
    const known = this.values[name];
    if (known) return known;
    return this.change(() => (this.values[name] ??= make()));
  }

  peek(name: string): string | null {
    return this.values[name] ?? null;
  }

  set(name: string, value: string): void {
    this.setAll({ [name]: value });
  }

  setAll(values: Record<string, string>): void {
    this.change(() => Object.assign(this.values, values));
  }

  /** Forgets every name that begins so. */
  remove(prefix: string): void {
    this.change(() => {
      this.values = Object.fromEntries(Object.entries(this.values).filter(([name]) => !name.startsWith(prefix)));
    });
  }

  /** Names that begin so, without the beginning. */
  names(prefix: string): string[] {
    return Object.keys(this.values)
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length));
  }

  private change<Result>(work: () => Result): Result {
    const unlock = this.lock();
    try {
      this.refresh();
      const result = work();
      writePrivately(this.file, JSON.stringify(this.values, null, 1));
      this.seen = versionOf(this.file);
      return result;
    } finally {
      unlock();
    }
  }

  private lock(): () => void {
    const file = `${this.file}.lock`;
    for (;;) {
      try {
        closeSync(openSync(file, 'wx', 0o600));
        return () => rmSync(file, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      if (Date.now() - (changedAt(file) ?? Date.now()) > STALE_MS) rmSync(file, { force: true });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}

/** A rename brings another inode: that tells two changes in one tick of the clock apart. */
function versionOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found ? `${found.ino} ${found.mtimeMs} ${found.size}` : '';
}

function changedAt(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null;
}
