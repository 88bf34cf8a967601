import type { Request } from 'express';
import { can } from '../../../kernel/actor.js';
import { dialectOf, type Dialect } from '../../../kernel/packs/dialect.js';
import { NotFound } from '../../../kernel/errors.js';
import { isHere, isOff } from '../../../platform/http/ports.js';
import type { Declared } from '../../../platform/http/routes/declared.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import type { GuideDocument, GuideDocuments } from './documents.js';

/** Open to everybody: somebody who can't sign in needs it most, and it says nothing about the school. */
export function guideRoutes(r: Routes, documents: GuideDocuments, declared: readonly Declared[]): void {
  const show = (req: Request, document: GuideDocument): object => {
    const dialect = dialectOf(req.school?.country) ?? ((text: string) => text);
    return {
      document: { ...document, title: dialect(document.title), html: forReader(said(document.html, dialect), req, declared) },
      all: documents.others.map(({ name, title }) => ({ name, title: dialect(title) })),
    };
  };

  r.get('/user-guide', 'public', (req, res) => res.page('guide/show', show(req, documents.first)));

  r.get('/user-guide/pictures/:name', 'public', (req, res) => {
    const file = documents.picture(String(req.params.name));
    if (!file) throw new NotFound();
    res.set('Cache-Control', 'public, max-age=3600').sendFile(file);
  });

  r.get('/user-guide/:name', 'public', async (req, res) => {
    const document = documents.find(String(req.params.name));
    if (!document) throw new NotFound('This page of the guide was not found. Choose one from the contents.');
    await res.page('guide/show', show(req, document));
  });
}

/** In the words of the school's country: what is read, not addresses. */
function said(html: string, dialect: Dialect): string {
  return html.replace(/(?<=>)[^<]+/g, (text) => dialect(text));
}

/** A page of the product is a link for whom it opens; the others read its name. Who isn't signed in is asked to, and may find out then. */
function forReader(html: string, req: Request, declared: readonly Declared[]): string {
  if (!req.signedIn) return html;
  return html.replace(/<a href="(\/[^"#?]*)[^"]*">(.*?)<\/a>/gs, (link, path: string, words: string) =>
    opens(path, req, declared) ? link : words,
  );
}

function opens(path: string, req: Request, declared: readonly Declared[]): boolean {
  const route = declared.find((one) => one.method === 'get' && one.path === path);
  if (!route || route.can === 'public') return true;
  return (
    (route.can === 'signed-in' || can(req.actor, route.can)) && !isOff(req.school, route.module) && isHere(req.school, route.has)
  );
}
