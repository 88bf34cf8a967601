import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMark } from '../../platform/postgres-folder.js';
import { StopReason } from './stop-reason.js';

const MEGABYTE = 1024 * 1024;
const ROOM_AT_FIRST = 300 * MEGABYTE;
const ROOM_LATER = 30 * MEGABYTE;

/** Asked before anything is written: a full disk half-way through a set-up says so in many words. @throws StopReason */
export function demandRoom(
  folder: string,
  needed = existsSync(path.join(folder, 'postgres')) ? ROOM_LATER : ROOM_AT_FIRST,
): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= needed) return;
  const megabytes = (bytes: number): number => Math.round(bytes / MEGABYTE);
  throw new StopReason(
    `The disk is full: ${megabytes(free)} MB are free in ${folder}, ${megabytes(needed)} MB are needed. Free some space and start again.`,
  );
}

/**
 * Makes the folder ours alone while this process lives; returns how to give it back.
 * @throws StopReason when another launcher is at work on it, or a file is in its place.
 */
export function takeDataFolder(folder: string): () => void {
  makeFolder(folder);
  const file = path.join(folder, 'launcher.pid');
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeFileSync(file, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
      return () => {
        if (pidIn(file) === process.pid) rmSync(file, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const pid = pidIn(file);
    if (pid && isLauncher(pid)) {
      throw new StopReason(
        `AIMS is already running on ${folder} (process ${pid}). Stop it first, or choose another folder with AIMS_DATA.`,
      );
    }
    rmSync(file, { force: true });
  }
  throw new StopReason(`AIMS is being started on ${folder} by another process.`);
}

const STOPPING = 'stopping';
const STOPS_WITHIN_MS = 30_000;

/** Says to the next start that this one is on its way out, so that it waits instead of giving up. */
export function noteStopping(folder: string): void {
  const file = path.join(folder, 'launcher.pid');
  if (pidIn(file) === process.pid) writeFileSync(file, `${process.pid}\n${STOPPING}\n`);
}

/** Waits for a launcher that is stopping, whether somebody asked it to or its terminal is gone. */
export async function waitForStopping(folder: string, onWait: () => void, patienceMs = STOPS_WITHIN_MS): Promise<void> {
  const file = path.join(folder, 'launcher.pid');
  const until = performance.now() + patienceMs;
  for (let told = false; performance.now() < until; told = true) {
    const pid = pidIn(file);
    if (!pid || !readFileSync(file, 'utf8').includes(STOPPING) || !isLauncher(pid)) return;
    if (!told) onWait();
    await sleep(100);
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
  } catch (error) {
    if (!['EEXIST', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    throw new StopReason(`${folder} can't be a folder: a file is in its place. Choose another folder with AIMS_DATA.`);
  }
}

function pidIn(file: string): number | null {
  try {
    return Number(readFileSync(file, 'utf8').split('\n')[0]) || null;
  } catch {
    return null;
  }
}

/** A number left behind by a killed launcher may belong to any program by now. */
function isLauncher(pid: number): boolean {
  if (pid === process.pid || !isAlive(pid)) return false;
  return /\blaunch(?:\.js|\.ts|er)/.test(commandOf(pid) ?? 'launch.js');
}

/** One that has ended and that nobody has asked about yet still has its number, and is not alive. */
export function isAlive(pid: number): boolean {
  return startMark(pid) !== null;
}

/** The command line of a process, or null where the system can't tell. */
function commandOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // no /proc: macOS
  }
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return null;
  }
}
