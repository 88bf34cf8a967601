import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** Removes from a folder what a process that was killed left behind. Files at which somebody works are younger than `olderThanMs`. */
export async function sweepFolder(folder: string, olderThanMs = 6 * 3_600_000): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const file = path.join(folder, name);
    const found = await stat(file).catch(() => null);
    if (found?.isFile() && Date.now() - found.mtimeMs > olderThanMs) await rm(file, { force: true });
  }
}
