// npm start: everything on one machine, from nothing but Node and git. `--dev` rebuilds and restarts on change.
import { watch } from 'node:fs';
import { join } from 'node:path';
import { giveUp, onNpmGone, requireBuild, requireNode, requirePackages, root, runBuilt } from './setup.mjs';

requireNode();
requirePackages();
const args = process.argv.slice(2);
const dev = args.includes('--dev');
await buildOrGiveUp();

let launcher = start();
let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM'));
onNpmGone(() => stop('SIGTERM'));
if (dev) watchSources();

function stop(signal) {
  stopping = true;
  launcher.kill(signal);
}

async function buildOrGiveUp() {
  try {
    await requireBuild(() => process.stdout.write('Building (once after each change) …\n'));
  } catch (error) {
    if (error.code === 'ENOSPC') giveUp('The disk is full: AIMS could not be built. Free some space and start again.');
    giveUp(
      `AIMS could not be built: ${error.errors?.[0] ? `${error.errors[0].location?.file ?? ''}: ${error.errors[0].text}` : error.message}`,
    );
  }
}

/** In its own IPC channel, so that the launcher notices when this process is killed. */
function start() {
  const child = runBuilt('src/bin/launch.js', args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  child.on('exit', (code, signal) => {
    if (child.replaced) return;
    process.exitCode = code ?? (signal ? 1 : 0);
    process.exit();
  });
  return child;
}

function watchSources() {
  let timer;
  for (const folder of ['src', 'migrations', 'public', 'views']) {
    watch(join(root, folder), { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(() => void rebuild(folder === 'views'), 150);
    });
  }
}

let rebuilding = Promise.resolve();
function rebuild(viewsOnly) {
  rebuilding = rebuilding.then(async () => {
    if (stopping) return;
    try {
      if (!(await requireBuild()) && !viewsOnly) return;
    } catch (error) {
      process.stderr.write(`Not rebuilt: ${error.message}\n`);
      return;
    }
    const old = launcher;
    old.replaced = true;
    await new Promise((resolve) => {
      old.once('exit', resolve);
      old.kill('SIGTERM');
    });
    launcher = start();
  });
  return rebuilding;
}
