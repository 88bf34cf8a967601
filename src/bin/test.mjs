// npm test: installs what the tests need, builds, and hands over to the built runner.
//   npm test                              everything
//   npm test -- test/modules/students     only files whose path begins with or contains this
//   npm run test:storm                    the storm over several schools and the race with sign-outs, at full size
//   npm test -- --fast                    without the type check and the linters
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { giveUp, requireBuild, requireNode, requirePackages, runBuilt } from './setup.mjs';

const TOOLS = [
  { packages: 'chromium', programs: ['chromium', 'chromium-browser', 'google-chrome'], for: 'browser tests' },
  { packages: 'pgbouncer', programs: ['pgbouncer'], for: 'tests behind the pooler' },
  { packages: 'openssl', programs: ['openssl'], for: 'certificates of tests' },
  { packages: 'poppler-utils', programs: ['pdftoppm', 'pdftotext'], for: 'reading PDFs' },
  { packages: 'fonts-noto-core', folder: '/usr/share/fonts/truetype/noto', for: 'pictures of pages' },
];

requireNode();
requirePackages();
requireTools();
try {
  await requireBuild();
} catch (error) {
  const first = error.errors?.[0];
  console.error(first ? `${first.location?.file}:${first.location?.line}: ${first.text}` : error.stack);
  console.log('0 passed, 1 failed');
  process.exit(1);
}
const child = runBuilt('src/bin/tests/run.js', process.argv.slice(2), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill('SIGTERM'));
child.on('exit', (code) => process.exit(code ?? 1));

function requireTools() {
  const missing = TOOLS.filter((tool) => !isThere(tool));
  if (missing.length === 0) return;
  const names = missing.map((tool) => tool.packages);
  const canInstall = process.getuid?.() === 0 && onPath('apt-get');
  if (canInstall) {
    console.error(`Installing ${names.join(', ')} (once) …`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const quiet = { env, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' };
    spawnSync('apt-get', ['update', '-qq'], quiet);
    const result = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], quiet);
    if (result.status !== 0) console.error((result.stderr ?? '').trim().split('\n').slice(-5).join('\n'));
  }
  const still = TOOLS.filter((tool) => !isThere(tool));
  if (still.length === 0) return;
  const list = still.map((tool) => `${tool.packages} (${tool.for})`).join(', ');
  giveUp(
    `The tests need ${list}: install ${still.length === 1 ? 'it' : 'them'} with your system's package manager and start again.`,
  );
}

function isThere(tool) {
  if (tool.folder) return process.platform !== 'linux' || existsSync(tool.folder);
  return tool.programs.some(onPath);
}

function onPath(program) {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];
  return folders.some((folder) => folder && existsSync(join(folder, program)));
}
