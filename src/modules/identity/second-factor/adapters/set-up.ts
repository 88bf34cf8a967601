import type { Request } from 'express';

/** Nothing else opens before, or what needs it waits for it. */
export function mustSetUp(req: Request): boolean {
  return req.signedIn?.mustVisit != null || req.signedIn?.heldBack != null;
}

/** Where the person wanted to go when the second step came between; null when they came to set it up. */
export function onwardFrom(req: Request): string | null {
  const onward = mustSetUp(req) ? (req.session.setUpFor ?? '/') : null;
  delete req.session.setUpFor;
  return onward;
}
