import { readdirSync, readFileSync } from 'node:fs';

/** Proportional set size of some processes together, so that what they share is counted once; 0 for one that has just ended. */
export function megabytesOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + kilobytesOf(pid), 0) / 1024;
}

function kilobytesOf(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** The parent of this process with all its other children. */
export function familyOf(child: number): number[] {
  const parent = parentOf(child);
  const numbers = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return parent === null ? [] : [parent, ...numbers.filter((pid) => parentOf(pid) === parent)];
}

function parentOf(pid: number): number | null {
  try {
    return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]) || null;
  } catch {
    return null;
  }
}
