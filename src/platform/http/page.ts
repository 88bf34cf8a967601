import { gzip } from 'node:zlib';
import { promisify } from 'node:util';
import type { Request, RequestHandler, Response } from 'express';
import { ownPath } from './guard.js';
import { countPeopleShown } from './reading.js';
import { countsFor, PageHelpers, type PageParts } from './page-helpers.js';
import { escapeHtml, type Views } from './views.js';

export type { PageParts } from './page-helpers.js';
export { roleTitle } from '../i18n/words.js';

const zip = promisify(gzip);
/** Below this a page travels in one packet anyway. */
const WORTH_ZIPPING = 1400;

/** Puts `res.page`, `res.part` and `res.done` on every response. */
export function pages(parts: PageParts): RequestHandler {
  return (req, res, next) => {
    res.page = (view, model, options) => send(req, res, parts, view, model, options?.status, true);
    res.part = (view, model, options) => send(req, res, parts, view, model, options?.status, false);
    res.done = (to, flash) => {
      if (flash) parts.flashes.set(res, flash);
      res.redirect(303, ownPath(to));
    };
    next();
  };
}

async function send(
  req: Request,
  res: Response,
  parts: PageParts,
  view: string,
  model: object | undefined,
  status = 200,
  framed: boolean,
): Promise<void> {
  if (status < 400 || status === 422) countPeopleShown(req);
  const whole = framed && !isFragment(req);
  const it = PageHelpers.of(req, res, parts, whole ? await countsFor(req, parts) : undefined).beside(model);
  const html = whole ? parts.views.renderPage(view, it) : framed ? fragment(parts.views, view, it) : parts.views.render(view, it);
  res.statusCode = status;
  res.setHeader('Vary', 'HX-Request, Accept-Encoding');
  res.setHeader('Content-Type', 'text/html; charset=utf-8');
  if (!res.getHeader('Cache-Control')) res.setHeader('Cache-Control', 'no-store');
  const page = bytesOf(html);
  // `res.send` would look for a content type and a tag first.
  if (html.length < WORTH_ZIPPING || !takesGzip(req)) {
    res.setHeader('Content-Length', page.length);
    res.end(page);
    return;
  }
  const body = await zip(page, { level: 5 });
  res.setHeader('Content-Encoding', 'gzip');
  res.setHeader('Content-Length', body.length);
  res.end(body);
}

/** Room for the most that the text can take, so that it is gone through once: to count first and write then is three times. */
function bytesOf(html: string): Buffer {
  const room = Buffer.allocUnsafeSlow(html.length * 3);
  return room.subarray(0, room.write(html));
}

function takesGzip(req: Request): boolean {
  return req.headers['accept-encoding'] !== undefined && req.acceptsEncodings('gzip') === 'gzip';
}

/** htmx asks for a part of the page; a history restore asks for the whole. */
function isFragment(req: Request): boolean {
  return (
    req.get('hx-request') === 'true' && req.get('hx-request-type') !== 'full' && req.get('hx-history-restore-request') !== 'true'
  );
}

function fragment(views: Views, view: string, it: object): string {
  const body = views.render(view, it);
  const head = views.headOf(it);
  return head ? `<title>${escapeHtml(head.title)}</title>${body}` : body;
}
