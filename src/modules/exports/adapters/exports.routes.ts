import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import type { Routes } from '../../../platform/http/routes/routes.js';
import { MAKE, type Exports } from '../exports.js';
import { KEPT_DAYS, progressOf } from '../export.rules.js';

/** The page where an owner takes everything along, and the file. */
export function exportRoutes(r: Routes, exports: Exports): void {
  r.get('/exports', MAKE, async (req, res) => {
    const all = await exports.newest(req.actor);
    const [latest] = all;
    await res.page('exports/index', {
      all,
      latest,
      percent: latest ? progressOf(latest) : 0,
      ready: all.find((one) => one.state === 'done') ?? null,
      keptDays: KEPT_DAYS,
    });
  });

  r.post('/exports', MAKE, async (req, res) => {
    await exports.order(req.actor, req.language);
    // The page itself says how far it is, and would say so beside a sentence that is over soon.
    res.done('/exports');
  });

  r.get('/exports.zip', MAKE, async (req, res) => {
    const file = await exports.fetch(req.actor);
    res.attachment(`everything-${req.school!.today}.zip`).type('application/zip');
    res.set({ 'Cache-Control': 'no-store', 'Content-Length': String(file.size) });
    await pipeline(Readable.from(await file.body()), res);
  });
}
