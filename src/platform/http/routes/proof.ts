import type { Request, Response } from 'express';
import type { ProofNeeded } from '../../../kernel/errors.js';
import { isSafe, ownPath } from './guard.js';

/** Where a person proves once more who they are. Identity has the page. */
export const PROOF_PAGE = '/confirm';

/** Asks who they are, and leads back to what was asked for: the page itself, or the one that a form stood on. */
export function askForProof(req: Request, res: Response, needed: ProofNeeded): void {
  req.log.warn({ proof: needed.of, path: req.shownPath }, 'proof asked for');
  const from = stoodOn(req);
  const query = new URLSearchParams({ next: isSafe(req.method) ? ownPath(req.originalUrl) : from });
  // A file leaves the page where it is, so there must be a way back to it.
  if (needed.of === 'file' && isSafe(req.method)) query.set('file', from);
  const target = `${PROOF_PAGE}?${query}`;
  if (req.get('hx-request')) res.set('HX-Redirect', target).status(200).end();
  else res.redirect(303, target);
}

function stoodOn(req: Request): string {
  const referer = req.get('referer');
  if (!referer || !URL.canParse(referer)) return '/profile';
  const { pathname, search } = new URL(referer);
  return pathname === PROOF_PAGE ? '/profile' : ownPath(pathname + search, '/profile');
}
