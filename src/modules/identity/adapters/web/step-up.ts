import type { Request } from 'express';
import type { Clock } from '../../../../kernel/clock.js';
import { ownPath } from '../../../../platform/http/guard.js';
import type { Handle, Routes } from '../../../../platform/http/routes.js';
import type { WebSignIn } from './sign-in.js';

/**
 * The same routes, but whoever last proved who they are more than 15 minutes ago is asked to do so first:
 * a page left open in the staff room must not be enough for what can't be taken back.
 */
export function withStepUp(routes: Routes, web: WebSignIn, clock: Clock): Routes {
  const asking =
    (handler: Handle): Handle =>
    (req, res, next) =>
      web.isConfirmed(req, clock.now()) || isMustVisit(req) ? handler(req, res, next) : res.redirect(303, `/confirm?next=${encodeURIComponent(comesBackTo(req))}`);
  const guarded = Object.create(routes) as Routes;
  guarded.get = (path, who, handler) => routes.get(path, who, asking(handler));
  guarded.post = (path, who, handler) => routes.post(path, who, asking(handler));
  return guarded;
}

/** Whoever must set a password or a factor before anything else can't be sent elsewhere first. */
function isMustVisit(req: Request): boolean {
  const wanted = req.signedIn?.mustVisit;
  return Boolean(wanted) && req.path.startsWith(wanted!);
}

/** The page itself, or the one that a form stood on. */
function comesBackTo(req: Request): string {
  if (req.method === 'GET') return ownPath(req.originalUrl);
  const referer = req.get('referer');
  return referer && URL.canParse(referer) ? ownPath(new URL(referer).pathname) : '/profile';
}
