import { brotliCompress, constants, gzip } from 'node:zlib';
import { promisify } from 'node:util';
import type { Request, RequestHandler, Response } from 'express';
import { acceptedEncoding } from '../assets/assets.js';
import { ownPath } from '../routes/guard.js';
import { countPeopleShown } from '../routes/reading.js';
import { countsFor, PageHelpers, type PageParts } from './page-helpers.js';
import { escapeHtml, type Views } from './views.js';

export type { PageParts } from './page-helpers.js';
export { roleTitle } from '../../i18n/words.js';

const [zip, brotli] = [promisify(gzip), promisify(brotliCompress)];
/** No more work than gzip, and a twentieth smaller; a window of 128 KB holds whole pages. */
const BROTLI = {
  [constants.BROTLI_PARAM_QUALITY]: 4,
  [constants.BROTLI_PARAM_LGWIN]: 17,
  [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
};
/** Below this a text travels in one packet anyway. */
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
  res.setHeader('Vary', 'HX-Request');
  res.setHeader('Content-Type', 'text/html; charset=utf-8');
  if (!res.getHeader('Cache-Control')) res.setHeader('Cache-Control', 'no-store');
  await sendText(req, res, html);
}

/** As few bytes as the browser can take; `res.send` would look for a content type and a tag first. */
export async function sendText(req: Request, res: Response, text: string): Promise<void> {
  const plain = bytesOf(text);
  const encoding = plain.length < WORTH_ZIPPING ? undefined : acceptedEncoding(req.headers['accept-encoding'])?.name;
  const body = encoding ? await (encoding === 'br' ? brotli(plain, { params: BROTLI }) : zip(plain, { level: 5 })) : plain;
  res.vary('Accept-Encoding');
  if (encoding) res.setHeader('Content-Encoding', encoding);
  res.setHeader('Content-Length', body.length);
  res.end(body);
}

/** Room for the most that the text can take, so that it is gone through once: to count first and write then is three times. */
function bytesOf(html: string): Buffer {
  const room = Buffer.allocUnsafeSlow(html.length * 3);
  return room.subarray(0, room.write(html));
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
