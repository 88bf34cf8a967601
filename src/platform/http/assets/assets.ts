/**
 * Style, script and icons: built once into files whose names carry a hash, then only served.
 * `buildAssets` runs in the build step; a running process reads the manifest it left behind.
 */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { NextFunction, Request, Response } from 'express';
import { isText, type AssetWeight, type Manifest } from './built.js';

export type { AssetWeight } from './built.js';

/** Where the files are mounted. */
export const ASSETS_PATH = '/assets';

export interface Assets {
  /** The address of a built file: `url('app.css')`. Throws on a name that was never built. */
  url(name: string): string;
  has(name: string): boolean;
  /** Answers GET and HEAD below `/assets/`; leaves everything else alone. */
  middleware(req: Request, res: Response, next: NextFunction): void;
}

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.avif': 'image/avif',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.webmanifest': 'application/manifest+json',
};

const ENCODINGS = [
  { name: 'br', suffix: '.br' },
  { name: 'gzip', suffix: '.gz' },
] as const;

/** Writes every file and the manifest to `outDir`; says what weighs how much. Needs the development packages. */
export async function buildAssets(root: string, outDir: string): Promise<AssetWeight[]> {
  const { build } = await import('./assets-build.js');
  return build(root, outDir);
}

/** @param dir the folder that `buildAssets` wrote */
export function loadAssets(dir: string): Assets {
  const manifest = JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8')) as Manifest;
  const served = new Map(Object.values(manifest).map((file) => [`${ASSETS_PATH}/${file}`, file]));
  // The browser asks for this name by itself.
  if (manifest['favicon.ico']) served.set('/favicon.ico', manifest['favicon.ico']);
  const contents = new Map<string, Buffer>();

  async function content(file: string): Promise<Buffer> {
    const known = contents.get(file);
    if (known) return known;
    const bytes = await readFile(join(dir, file));
    contents.set(file, bytes);
    return bytes;
  }

  async function send(file: string, req: Request, res: Response): Promise<void> {
    const encoding = isText(file) ? acceptedEncoding(req.headers['accept-encoding']) : undefined;
    const body = await content(file + (encoding?.suffix ?? ''));
    res.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream');
    res.setHeader('X-Content-Type-Options', 'nosniff');
    res.setHeader('Cache-Control', req.path === '/favicon.ico' ? 'public, max-age=86400' : 'public, max-age=31536000, immutable');
    if (isText(file)) res.setHeader('Vary', 'Accept-Encoding');
    if (encoding) res.setHeader('Content-Encoding', encoding.name);
    res.setHeader('Content-Length', body.length);
    res.end(req.method === 'HEAD' ? undefined : body);
  }

  return {
    has: (name) => Object.hasOwn(manifest, name),
    url(name) {
      const file = Object.hasOwn(manifest, name) ? manifest[name] : undefined;
      if (!file) throw new Error(`There is no asset called ${name}`);
      return `${ASSETS_PATH}/${file}`;
    },
    middleware(req, res, next) {
      const file = req.method === 'GET' || req.method === 'HEAD' ? served.get(req.path) : undefined;
      if (file) send(file, req, res).catch(next);
      else next();
    },
  };
}

/** The one that makes a text smallest, of those that the browser takes. */
export function acceptedEncoding(header: string | string[] | undefined): (typeof ENCODINGS)[number] | undefined {
  const wanted = String(header ?? '')
    .split(',')
    .map((part) => part.trim().split(';'))
    .filter(([, quality]) => !/q=0(\.0*)?$/.test(quality?.trim() ?? ''))
    .map(([name]) => name);
  return ENCODINGS.find(({ name }) => wanted.includes(name));
}
