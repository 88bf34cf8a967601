import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { writePrivately } from './data-folder.js';

/** What must be known again at the next start; a name that is asked for the first time gets a random value. */
export class Secrets {
  private values: Record<string, string> = {};
  private readAt = 0;

  private constructor(private readonly file: string) {
    this.refresh();
  }

  static open(dataFolder: string): Secrets {
    return new Secrets(path.join(dataFolder, 'secrets.json'));
  }

  get folder(): string {
    return path.dirname(this.file);
  }

  /** A command beside the launcher may have added a school. */
  refresh(): void {
    const changed = changedAt(this.file);
    if (changed === null || changed === this.readAt) return;
    this.values = JSON.parse(readFileSync(this.file, 'utf8')) as Record<string, string>;
    this.readAt = changed;
  }

  get(name: string): string {
    return this.getOr(name, () => randomBytes(32).toString('base64url'));
  }

  getOr(name: string, make: () => string): string {
    const known = this.values[name];
    if (known) return known;
    const made = make();
    this.set(name, made);
    return made;
  }

  peek(name: string): string | null {
    return this.values[name] ?? null;
  }

  set(name: string, value: string): void {
    this.refresh();
    this.values[name] = value;
    this.save();
  }

  /** Forgets every name that begins so. */
  remove(prefix: string): void {
    this.refresh();
    this.values = Object.fromEntries(Object.entries(this.values).filter(([name]) => !name.startsWith(prefix)));
    this.save();
  }

  /** Names that begin so, without the beginning. */
  names(prefix: string): string[] {
    return Object.keys(this.values).filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  }

  private save(): void {
    writePrivately(this.file, JSON.stringify(this.values, null, 1));
    this.readAt = changedAt(this.file) ?? 0;
  }
}

function changedAt(file: string): number | null {
  try {
    return statSync(file).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
