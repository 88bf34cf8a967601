import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { NotFound } from '../../../kernel/errors.js';
import { contentDisposition } from '../../../platform/files/index.js';
import { countPeopleShown } from '../../../platform/http/routes/reading.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import type { FilesApi, OpenedFile } from '../index.js';

/** Drawn by a browser without running anything. All else is handed over as a download. */
const SHOWN = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif']);

const KEPT_SECONDS = 3600;
const SAFE_PICTURE = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** Headers that only documents heed: with each of a list's fifty thumbnails they would weigh as much as the pictures. */
const OF_DOCUMENTS = [
  'Permissions-Policy',
  'Reporting-Endpoints',
  'Cross-Origin-Opener-Policy',
  'Origin-Agent-Cluster',
  'X-DNS-Prefetch-Control',
];

/** The check is per file, by its purpose; the route itself only asks for a person. */
export function fileRoutes(r: Routes, files: FilesApi): void {
  r.get('/files/:id', 'signed-in', async (req, res) => {
    const file = await files.open(String(req.params.id), req.actor);
    countPeopleShown(req);
    setHeaders(res, file);
    if (isFresh(req, res)) return void res.status(304).end();
    if (req.method === 'HEAD') return void res.end();
    await send(res, await file.body());
  });

  r.get('/files/:id/small', 'signed-in', async (req, res) => {
    const small = await files.openSmall(String(req.params.id), req.actor);
    if (!small) throw new NotFound();
    countPeopleShown(req);
    // A list of fifty shall not ask fifty times at each look. Another session asks anew: the cookie is another.
    res.set({ ...SAFE_PICTURE, 'Content-Type': small.type, 'Cache-Control': `private, max-age=${KEPT_SECONDS}`, Vary: 'Cookie' });
    for (const name of OF_DOCUMENTS) res.removeHeader(name);
    res.send(small.bytes);
  });
}

function setHeaders(res: Response, file: OpenedFile): void {
  const shown = SHOWN.has(file.type);
  res.set({
    'Content-Type': file.type.startsWith('text/') ? `${file.type}; charset=utf-8` : file.type,
    'Content-Length': String(file.size),
    'Content-Disposition': contentDisposition(shown ? 'inline' : 'attachment', file.name),
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': shown ? "default-src 'none'" : "sandbox; default-src 'none'",
    'Cross-Origin-Resource-Policy': 'same-origin',
    // Kept by this browser alone, and asked for again each time, since the permission may be gone.
    'Cache-Control': 'private, no-cache',
    ETag: `"${file.sha256.slice(0, 32)}"`,
  });
}

function isFresh(req: Request, res: Response): boolean {
  const asked = req.get('if-none-match');
  const own = res.get('ETag');
  return asked !== undefined && asked.split(',').some((tag) => tag.trim().replace(/^W\//, '') === own);
}

/** A person who closes the page in the middle is no failure of ours. */
async function send(res: Response, body: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    await pipeline(Readable.from(body), res);
  } catch (error) {
    if (!res.closed) throw error;
  }
}
