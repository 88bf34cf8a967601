import type { Request } from 'express';
import { ProofNeeded } from '../../../../kernel/errors.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';

/**
 * The same routes, but whoever last proved who they are more than 15 minutes ago is asked to do so first:
 * a page left open in the staff room must not be enough for what can't be taken back.
 */
export function withStepUp(routes: Routes): Routes {
  return routes.wrapped((handler) => (req, res, next) => {
    if (!req.actor.proven && !isMustVisit(req)) throw new ProofNeeded('page');
    return handler(req, res, next);
  });
}

/** Whoever must set a password or a factor before anything else can't be sent elsewhere first. */
function isMustVisit(req: Request): boolean {
  const wanted = req.signedIn?.mustVisit;
  return Boolean(wanted) && req.path.startsWith(wanted!);
}
