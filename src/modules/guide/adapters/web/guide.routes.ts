import { NotFound } from '../../../../kernel/errors.js';
import type { Routes } from '../../../../platform/http/routes.js';
import type { GuideDocument, GuideDocuments } from './documents.js';

/** Open to everybody: somebody who can't sign in needs it most, and it says nothing about the school. */
export function guideRoutes(r: Routes, documents: GuideDocuments): void {
  const pageOf = (document: GuideDocument): object => ({
    document,
    all: documents.others.map(({ name, title }) => ({ name, title })),
  });

  r.get('/user-guide', 'public', (_req, res) => res.page('guide/show', pageOf(documents.first)));

  r.get('/user-guide/pictures/:name', 'public', (req, res) => {
    const file = documents.picture(String(req.params.name));
    if (!file) throw new NotFound();
    res.set('Cache-Control', 'public, max-age=3600').sendFile(file);
  });

  r.get('/user-guide/:name', 'public', async (req, res) => {
    const document = documents.find(String(req.params.name));
    if (!document) throw new NotFound('The guide has no such page.');
    await res.page('guide/show', pageOf(document));
  });
}
