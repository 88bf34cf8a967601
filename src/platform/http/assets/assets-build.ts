/** The build step of the assets: bundles, hashes and compresses what stands under public/. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { isText, type AssetWeight, type Manifest } from './built.js';

// Cascade layers are the floor: older browsers get the plain page.
const TARGET = ['chrome99', 'firefox97', 'safari15.4'];

/**
 * One script, in this order: htmx starts itself as soon as its own file has run, so an extension in a file of its own
 * may come too late. Alpine weighs as much as all of this and few pages use it: `behaviours/alpine.js` fetches it for them.
 */
const BEFORE_OURS = ['htmx.min.js', 'ext/hx-alpine-compat.min.js'];

export async function build(root: string, outDir: string): Promise<AssetWeight[]> {
  const files = new Map<string, Buffer>([
    ...(await styles(root)),
    ['app.js', await script(root)],
    ['alpine.js', await alpine(root)],
    ...(await moduleScripts(root)),
    ['icons.svg', await sprite(join(root, 'public/icons'))],
    ...(await pictures(root, 'brand')),
    ...(await pictures(root, 'pictures')),
  ]);
  const manifest: Manifest = {};
  const weights: AssetWeight[] = [];
  for (const [name, bytes] of files) {
    manifest[name] = hashedName(name, bytes);
    weights.push(await write(join(outDir, manifest[name]), name, bytes));
  }
  await writeFile(join(outDir, 'manifest.json'), JSON.stringify(manifest, null, 1));
  return weights;
}

function hashedName(name: string, bytes: Buffer): string {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 10);
  const end = extname(name);
  return `${name.slice(0, -end.length)}.${hash}${end}`;
}

async function write(path: string, name: string, bytes: Buffer): Promise<AssetWeight> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  if (!isText(path)) return { name, bytes: bytes.length, gzip: bytes.length, brotli: bytes.length };
  const [gz, br] = await Promise.all([
    promisify(gzip)(bytes, { level: 9 }),
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
  ]);
  await writeFile(`${path}.gz`, gz);
  await writeFile(`${path}.br`, br);
  return { name, bytes: bytes.length, gzip: gz.length, brotli: br.length };
}

/** The sheets that stand beside the folders of their parts: app.css, core.css … */
async function styles(root: string): Promise<[string, Buffer][]> {
  const names = (await readdir(join(root, 'public/css'))).filter((name) => name.endsWith('.css'));
  return Promise.all(names.map(async (name) => [name, await bundle(join(root, 'public/css', name))] as [string, Buffer]));
}

async function script(root: string): Promise<Buffer> {
  const packages = join(root, 'node_modules');
  const vendor = await Promise.all(BEFORE_OURS.map((name) => vendorFile(join(packages, 'htmx.org/dist', name))));
  const ours = (await bundle(join(root, 'public/js/app.js'))).toString('utf8');
  return Buffer.from([...vendor, ours].join(';\n'));
}

/** Our components first: Alpine starts itself as soon as it has run. */
async function alpine(root: string): Promise<Buffer> {
  const components = (await bundle(join(root, 'public/js/alpine/components.js'))).toString('utf8');
  return Buffer.from([components, await vendorFile(join(root, 'node_modules/alpinejs/dist/cdn.min.js'))].join(';\n'));
}

async function vendorFile(path: string): Promise<string> {
  const text = await readFile(path, 'utf8');
  return text.replace(/\/\/# sourceMappingURL=.*$/m, '').trim();
}

/** A module's own Alpine components, loaded only by the pages that name them. */
async function moduleScripts(root: string): Promise<[string, Buffer][]> {
  const folder = join(root, 'public/js');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.js') && name !== 'app.js');
  return Promise.all(names.map(async (name) => [`js/${name}`, await bundle(join(folder, name))] as [string, Buffer]));
}

async function bundle(entry: string): Promise<Buffer> {
  const esbuild = await import('esbuild');
  const result = await esbuild.build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: entry.endsWith('.js') ? 'iife' : undefined,
    target: TARGET,
    charset: 'utf8',
    logLevel: 'error',
    legalComments: 'none',
  });
  return Buffer.from(result.outputFiles[0]!.contents);
}

/** One symbol a file; `tick.svg` becomes `i-tick`, names with a letter before a dash (`b-crest`) stay as they are. */
async function sprite(folder: string): Promise<Buffer> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.svg')).sort();
  const symbols = await Promise.all(
    names.map(async (name) => symbol(basename(name, '.svg'), await readFile(join(folder, name), 'utf8'))),
  );
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`);
}

function symbol(name: string, svg: string): string {
  const [, attributes, content] = /^\s*<svg([^>]*)>([\s\S]*)<\/svg>\s*$/.exec(svg) ?? [];
  const viewBox = /viewBox="[^"]+"/.exec(attributes ?? '')?.[0];
  if (!content || !viewBox) throw new Error(`public/icons/${name}.svg needs a viewBox and a drawing`);
  const id = /^[a-z]-/.test(name) ? name : `i-${name}`;
  return `<symbol id="${id}" ${viewBox}>${content.replace(/>\s+</g, '><').trim()}</symbol>`;
}

/** Pictures of the platform itself, and those that its site shows; `favicon.ico` keeps its plain name. */
async function pictures(root: string, folder: string): Promise<[string, Buffer][]> {
  const from = join(root, 'public', folder);
  if (!existsSync(from)) return [];
  const names = (await readdir(from)).sort();
  return Promise.all(
    names.map(
      async (name) => [name === 'favicon.ico' ? name : `${folder}/${name}`, await readFile(join(from, name))] as [string, Buffer],
    ),
  );
}
