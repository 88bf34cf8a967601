// Transpiles the sources to dist/, keyed by a hash of all that goes in: a second call does nothing.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleProgram, keepCompiled } from './bundle.mjs';
import { root } from './setup.mjs';

const CODE = ['src', 'migrations', 'bench', 'test'];
const SINGLE = ['knexfile.ts', 'tsconfig.json', 'package-lock.json', 'src/bin/build.mjs'];
const STAMP = 'build.json';

/**
 * @param {() => void} begins told when there is something to build
 * @returns {Promise<{ fresh: boolean, hash: string }>} fresh: something was built
 */
export async function build(begins = () => undefined) {
  const dist = join(root, 'dist');
  const sources = CODE.flatMap((folder) => filesIn(join(root, folder)));
  const hash = hashOf([...sources, ...filesIn(join(root, 'public')), ...SINGLE.map((name) => join(root, name))]);
  if (stampOf(dist) === hash) return { fresh: false, hash };
  begins();
  dropLeftovers();
  const next = join(root, `.dist-${process.pid}`);
  try {
    await transpile(sources, dist, next);
    copyOthers(sources, next);
    await buildAssets(next);
    writeFileSync(join(next, STAMP), JSON.stringify({ hash }));
    swap(next, dist);
    await keepCompiled(join(dist, 'src'));
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
  return { fresh: true, hash };
}

function filesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files.filter((name) => existsSync(name)))
    hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

function stampOf(dist) {
  try {
    return JSON.parse(readFileSync(join(dist, STAMP), 'utf8')).hash;
  } catch {
    return null;
  }
}

/** Written by ourselves under another name, so that source maps are right for dist/ and a crash leaves the old build. */
async function transpile(sources, dist, next) {
  const esbuild = await import('esbuild');
  const main = join(root, 'src', 'main.ts');
  const entries = sources.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && file !== main);
  const knexfile = join(root, 'knexfile.ts');
  if (existsSync(knexfile)) entries.push(knexfile);
  const fileByFile = esbuild.build({
    entryPoints: entries,
    outbase: root,
    outdir: dist,
    bundle: false,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    sourcesContent: false,
    tsconfig: join(root, 'tsconfig.json'),
    logLevel: 'error',
  });
  const [{ outputFiles }, program] = await Promise.all([fileByFile, bundleProgram(join(dist, 'src'))]);
  // Its helper process would keep half a gigabyte for as long as the launcher runs.
  await esbuild.stop();
  const files = [...outputFiles, ...program];
  const folders = new Set(files.map((file) => dirname(file.path)));
  for (const folder of folders) mkdirSync(join(next, relative(dist, folder)), { recursive: true });
  for (const file of files) writeFileSync(join(next, relative(dist, file.path)), file.contents);
}

/** Texts, tables and fixtures that the code reads from beside itself. */
function copyOthers(sources, next) {
  const bootstrap = `${join(root, 'src', 'bin')}${sep}`;
  for (const file of sources) {
    if (extname(file) === '.ts' || (file.startsWith(bootstrap) && extname(file) === '.mjs')) continue;
    const target = join(next, relative(root, file));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(file, target);
  }
}

async function buildAssets(next) {
  const assets = await import(pathToFileURL(join(next, 'src/platform/http/assets/assets.js')).href);
  await assets.buildAssets(root, join(next, 'public'));
}

/** Another process may be building the same at the same moment; whoever comes last has the same result. */
function swap(next, dist) {
  for (let attempt = 0; ; attempt++) {
    const old = join(root, `.dist-${process.pid}-old`);
    if (existsSync(dist)) renameSync(dist, old);
    try {
      renameSync(next, dist);
    } catch (error) {
      if (attempt > 5 || !['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code)) throw error;
      continue;
    } finally {
      rmSync(old, { recursive: true, force: true });
    }
    return;
  }
}

/** Half-made builds of a process that was killed. */
function dropLeftovers() {
  for (const name of readdirSync(root)) {
    const pid = /^\.dist-(\d+)(-old)?$/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(join(root, name), { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { giveUp, requireNode, requirePackages } = await import('./setup.mjs');
  requireNode();
  requirePackages();
  const began = performance.now();
  const { fresh } = await build().catch((error) => giveUp(error.errors ? 'dist/ was not built.' : error.stack));
  console.log(fresh ? `dist/ built in ${Math.round(performance.now() - began)} ms.` : 'dist/ is up to date.');
}
