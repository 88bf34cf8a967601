import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const IN_MEMORY = '/dev/shm';
/** Far more than a run leaves there at any time. */
const ROOM_BYTES = 8e9;

/**
 * Where the tests' database and all their files lie: in memory where there is plenty, since hundreds of databases come and go,
 * and the file system of a disk takes a third of the whole run's time for that.
 */
export function scratchFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(path.join(hasRoom() ? IN_MEMORY : os.tmpdir(), 'aims-tests-'));
  // The database's own user passes through it.
  chmodSync(folder, 0o711);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    // What a container may use at most; none or no limit counts as all there is.
    const allowed = process.constrainedMemory() || Infinity;
    return Math.min(bavail * bsize, os.freemem(), allowed) > ROOM_BYTES;
  } catch {
    return false;
  }
}
