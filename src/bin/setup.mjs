// What must hold before anything of the product can run: Node, the packages, a fresh build.
// Plain JavaScript without packages, since at this point there may be none.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const timings = process.env.AIMS_TIMINGS === '1';
const NODE_MIN = [20, 19];

/** Ends the program with one sentence. */
export function giveUp(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

export function requireNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  const enough = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
  if (!enough)
    giveUp(
      `AIMS needs Node ${NODE_MIN.join('.')} or newer; this is Node ${version}. Install a newer one from https://nodejs.org.`,
    );
}

/** Runs `npm ci` when packages are missing or the lock file is another one than they were installed from. */
export function requirePackages() {
  const modules = join(root, 'node_modules');
  const marker = join(modules, '.aims-lock');
  const lock = readFileSync(join(root, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).digest('hex');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  if (!sameLock(lock, join(modules, '.package-lock.json'))) {
    process.stderr.write('Installing packages (once) …\n');
    const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    });
    if (npm.error) giveUp(`npm could not be started (${npm.error.code}). It comes with Node: install Node with npm.`);
    if (npm.status !== 0)
      giveUp(
        'The packages could not be installed: the lines above say why. Check the network and the space on the disk, then start again.',
      );
  }
  writeFileSync(marker, wanted);
}

/** npm leaves a copy of the lock it installed; it names every package but the project itself. */
function sameLock(lock, installedPath) {
  if (!existsSync(installedPath)) return false;
  const wanted = JSON.parse(lock.toString('utf8')).packages;
  const installed = JSON.parse(readFileSync(installedPath, 'utf8')).packages;
  return Object.entries(wanted).every(([path, one]) => path === '' || one.optional || installed[path]?.version === one.version);
}

/** Builds `dist/` if the sources have changed; returns whether anything was built. `begins` is told when there is something to build. */
export async function requireBuild(begins) {
  const { build } = await import('./build.mjs');
  const began = performance.now();
  const result = await build(begins);
  if (timings)
    process.stderr.write(`build: ${Math.round(performance.now() - began)} ms${result.fresh ? '' : ' (nothing to do)'}\n`);
  return result.fresh;
}

/**
 * npm runs its scripts through a shell, which hands no signal on: when npm or that shell is gone, whoever was started
 * by them belongs to nobody, and stops. Not for a program that a script started on purpose and left behind.
 */
export function onNpmGone(gone, env = process.env) {
  const parent = process.ppid;
  if (!env.npm_lifecycle_event || process.platform === 'win32') return;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    gone();
  }, 250);
  timer.unref();
}

/** Runs a built program with the terminal handed on; signals reach it and its exit code becomes ours. */
export function runBuilt(program, args, options = {}) {
  const child = spawn(process.execPath, ['--enable-source-maps', join(root, 'dist', program), ...args], {
    stdio: options.stdio ?? 'inherit',
    env: options.env ?? process.env,
  });
  return child;
}
