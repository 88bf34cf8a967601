import type { Request, Response } from 'express';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { snapshot } from '../../../../platform/db/index.js';
import { sendWhole } from '../../../../platform/http/routes/sheet-route.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { zip } from '../../../../platform/zip/write.js';
import { EXPORT, type RosterExport } from '../export.js';
import { VERSIONS, type Version } from '../../format/spec.rules.js';

/** The bundle out: chosen on a page, sent as a stream. */
export function exportRoutes(r: Routes, roster: RosterExport): void {
  r.get('/oneroster', EXPORT, (_req, res) => res.page('oneroster/index', { versions: VERSIONS }));
  r.get('/oneroster.zip', EXPORT, (req, res) => sendBundle(req, res, roster));
  r.api.raw(
    'get',
    { path: '/oneroster.zip', can: EXPORT, summary: 'The school as a OneRoster CSV bundle; `version` is 1.1 (default) or 1.2' },
    [],
    (req, res) => sendBundle(req, res, roster),
  );
}

async function sendBundle(req: Request, res: Response, roster: RosterExport): Promise<void> {
  const version: Version = VERSIONS.find((one) => one === req.query.version) ?? '1.1';
  let people = 0;
  await sendWhole(req, res, {
    write: (into) =>
      snapshot(async () => pipeline(Readable.from(zip(await roster.files(req.actor, version, () => (people += 1)))), into)),
    told: () => ({ name: `oneroster-${version}`, format: 'zip', rows: people }),
    head: () =>
      res.attachment(`oneroster-${version}-${req.school!.today}.zip`).type('application/zip').set('Cache-Control', 'no-store'),
  });
}
