import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '../../platform/paths.js';
import { StopReason } from './stop-reason.js';

const FOLLOW_PARENT = fileURLToPath(new URL('./follow-parent.js', import.meta.url));
const AIMS = path.join(projectRoot, 'dist/src/bin/aims.js');

const running = new Set<ChildProcess>();

/**
 * Runs one command of the operator's command line in a school's environment; resolves to what it printed.
 * @param onStep what a long one is at, as it tells by `toldStep`
 * @throws StopReason
 */
export function runCommand(
  args: readonly string[],
  env: Record<string, string>,
  onStep: (step: string) => void = () => undefined,
): Promise<string> {
  const child = spawn(process.execPath, ['--enable-source-maps', '--import', FOLLOW_PARENT, AIMS, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  child.on('message', (message) => {
    if (typeof message === 'object' && message && 'step' in message) onStep(String(message.step));
  });
  let output = '';
  let errors = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  child.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString('utf8')).slice(-4_000)));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new StopReason(`aims ${args.join(' ')} failed.\n${errors.trim()}`));
    });
  });
}

/** Ends what is under way; what it had written belongs to a transaction or is begun anew at the next start. */
export async function stopCommands(): Promise<void> {
  const ends = [...running].map((child) => once(child, 'exit'));
  for (const child of running) child.kill('SIGKILL');
  await Promise.all(ends);
}
