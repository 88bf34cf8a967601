import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that was killed a moment ago may need so long to be gone. */
const DYING_MS = 3_000;

/**
 * Marks the data folder as used by this process.
 * @throws when another living process uses it.
 */
export async function claimFolder(folder: string): Promise<void> {
  const file = path.join(folder, 'owner');
  const [pid, mark] = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const owner = Number(pid);
  const until = performance.now() + DYING_MS;
  while (owner > 0 && owner !== process.pid && mark && startMark(owner) === mark) {
    if (performance.now() > until) throw new Error(`Another AIMS (process ${owner}) is already running on ${folder}.`);
    await sleep(50);
  }
  writeFileSync(file, `${process.pid}\n${startMark(process.pid) ?? ''}`);
}

/** Its last checkpoint syncs every file that changed: thousands on a slow disk. */
const PATIENCE_MS = 20_000;

/**
 * Ends a server whose launcher was killed, and removes the pid file of one that was killed itself: its
 * number may belong to another program by now, and PostgreSQL would refuse to start. One that is not done
 * after `patienceMs` ends at once; what it had acknowledged is in its log and is read again at the start.
 */
export async function stopOrphan(cluster: string, patienceMs = PATIENCE_MS): Promise<void> {
  const file = path.join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (!(pid > 0) || !isServerOf(pid, cluster)) {
    rmSync(file, { force: true });
    return;
  }
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    process.kill(pid, signal);
    const until = performance.now() + patienceMs;
    while (performance.now() < until) {
      if (!isServerOf(pid, cluster)) return;
      await sleep(50);
    }
  }
  throw new Error(`The database of an earlier start (process ${pid}) doesn't end.`);
}

function isServerOf(pid: number, cluster: string): boolean {
  const command = commandOf(pid);
  return command !== null && command.includes('postgres') && command.includes(cluster);
}

function commandOf(pid: number): string | null {
  if (existsSync('/proc/self/cmdline')) {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') || null;
    } catch {
      return null;
    }
  }
  return ps(pid, 'command');
}

/** When that process was started: tells it from a later one with the same number. Null when there is none, or only what is left of one. */
export function startMark(pid: number): string | null {
  if (existsSync('/proc/self/stat')) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const [state, ...fields] = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
      return isOver(state) ? null : (fields[18] ?? null);
    } catch {
      return null;
    }
  }
  return isOver(ps(pid, 'stat')) ? null : ps(pid, 'lstart');
}

/** A zombie has ended; nobody has asked yet how. */
function isOver(state: string | null | undefined): boolean {
  return /^[ZX]/.test(state ?? '');
}

function ps(pid: number, column: string): string | null {
  try {
    return execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}
