// The program that serves, src/main.ts, in one file, dist/src/main.cjs, and dist/src/main.js, which runs it. A start
// reads these instead of two thousand small ones, and what V8 made of them at the build instead of making it anew. The
// same code stands in dist/ file by file as well, for threads, children and commands, which begin in the middle of it.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { root } from './setup.mjs';
import { linesOnly } from './source-maps.mjs';

/** What a package takes up only in rare cases: it stays in node_modules and is read from there when the case comes. */
const RARE =
  /(iconv-lite\/encodings\/tables\/\S+\.json|knex\/lib\/dialects\/(?:better-sqlite3|cockroachdb|mariadb|mssql|mysql|mysql2|oracle|oracledb|pgnative|redshift|sqlite3)\/index\.js)$/;
/** Resolved by packages that could do with them, and needed by none in the product. */
const TOOLS = new Set(['typescript', 'esbuild']);
const INDEX_OF_LANGUAGES = /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/;
/** Asks `new Response()` whether this is Cloudflare, and Node 20 loads all of its fetch to answer. */
const STREAM_OF_PG = /[\\/]pg[\\/]lib[\\/]stream\.js$/;
const NODE_STREAM =
  "module.exports={getStream:()=>new(require('net').Socket)(),getSecureStream:(options)=>require('tls').connect(options)};";
/** Looks through all folders above for a file of settings that the worker of the jobs is never given. */
const SETTINGS_FILES = { contents: 'exports.cosmiconfigSync=()=>({search:()=>null});', loader: 'js' };
/** The same long table in two versions: the newer one does for both. */
const TYPES_OF_FILES = /[\\/]mime-db[\\/]db\.json$/;
const LOADER = join(root, 'src', 'bin', 'run-program.mjs');
/** A function of what `dist/src/main.js` gives it, so that the program can be compiled without Node's own wrapper. */
const PARAMETERS = 'require,obtain,programUrl';
/** What V8 kept has lost where its `import()` looks: `obtain()` asks in its place, and is as long, for the map's sake. */
const IMPORT_CALL = /(?<![\w$.`])import\((?=["(a-z])/g;

/** @returns {Promise<{ path: string, contents: Uint8Array | string }[]>} files for dist/src, which is `outdir` */
export async function bundleProgram(outdir) {
  const esbuild = await import('esbuild');
  const result = await esbuild.build({
    entryPoints: [join(root, 'src', 'main.ts')],
    outdir,
    entryNames: '[name]',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    minifyWhitespace: true,
    minifySyntax: true,
    minifyIdentifiers: true,
    legalComments: 'none',
    sourcemap: true,
    sourcesContent: false,
    tsconfig: join(root, 'tsconfig.json'),
    banner: { js: `(function(${PARAMETERS}){` },
    footer: { js: '})' },
    define: { 'import.meta.url': 'programUrl' },
    plugins: [packages, ownAddresses],
    logLevel: 'error',
  });
  const program = result.outputFiles.map(({ path, text }) => ({
    path,
    contents: path.endsWith('.map') ? linesOnly(text) : text.replaceAll(IMPORT_CALL, 'obtain('),
  }));
  return [...program, { path: join(outdir, 'main.js'), contents: await readFile(LOADER) }];
}

/** Runs the built program without serving, and keeps what V8 made of it beside it: under other flags it would not fit. */
export async function keepCompiled(builtSrc) {
  const { LOAD_ONLY, SERVING_FLAGS } = await import(pathToFileURL(join(builtSrc, 'platform', 'node-flags.js')).href);
  await promisify(execFile)(process.execPath, [...SERVING_FLAGS, join(builtSrc, 'main.js'), LOAD_ONLY]);
}

/** A package that the start needs comes along; one that is imported where it works stays outside, whole. */
const packages = {
  name: 'packages',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, kind, ...from }) => {
      if (pluginData === packages || kind === 'entry-point') return undefined;
      if (kind === 'dynamic-import' || TOOLS.has(path) || RARE.test(path)) return { path, external: true };
      if (path === 'cosmiconfig') return { path, namespace: 'settings-files' };
      const found = await build.resolve(path, { ...from, kind, pluginData: packages });
      // Drivers of other databases and the like, asked for inside of a function that never runs.
      return found.errors.length > 0 ? { path, external: true } : found;
    });
    build.onLoad({ filter: RARE }, ({ path }) => {
      const [, place] = RARE.exec(path.split(sep).join('/'));
      return { contents: `module.exports = require(${JSON.stringify(place)});`, loader: 'js' };
    });
    build.onLoad({ filter: /./, namespace: 'settings-files' }, () => SETTINGS_FILES);
    build.onLoad({ filter: STREAM_OF_PG }, () => ({ contents: NODE_STREAM }));
    build.onLoad({ filter: TYPES_OF_FILES }, async ({ path }) => {
      const newest = join(root, 'node_modules', 'mime-db', 'db.json');
      if (path !== newest) return { contents: `module.exports=require(${JSON.stringify(newest)});`, loader: 'js' };
      const table = JSON.stringify(JSON.parse(await readFile(newest, 'utf8')));
      return { contents: `module.exports=JSON.parse(${JSON.stringify(table)});`, loader: 'js' };
    });
    build.onLoad({ filter: INDEX_OF_LANGUAGES }, () => ({ contents: "export { default as en } from './en.js';" }));
  },
};

/** `import.meta.url` means the place of the source's own built file, wherever its code ends up. */
const ownAddresses = {
  name: 'own addresses',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      if (!source.includes('import.meta.url')) return undefined;
      const built = relative(join(root, 'src'), path).split(sep).join('/').replace(/\.ts$/, '.js');
      return { contents: source.replaceAll('import.meta.url', `new URL('./${built}', programUrl).href`), loader: 'ts' };
    });
  },
};
