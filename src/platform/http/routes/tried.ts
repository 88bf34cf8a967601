import type { ErrorRequestHandler, Request } from 'express';
import type { AuditTrail } from '../../../kernel/audit.js';
import { Forbidden, NotFound } from '../../../kernel/errors.js';
import { isId } from '../../../kernel/id.js';
import { runWith, type Database } from '../../db/index.js';
import type { Log } from '../../log.js';
import { isHeldBack } from '../errors.js';

/** So many tries at unknown records of one person are written down in ten minutes; whoever goes on says nothing new. */
export const MOST_UNKNOWN = 20;
const SPAN_MS = 600_000;
const MOST_PEOPLE = 10_000;

/**
 * Somebody tried what they may not do, or asked by its address for a record that is not here or not for them: that
 * stands in the audit. Nobody waits for it, so the answer and its time are the same for every id.
 */
export function noteTried(
  audit: AuditTrail | null,
  database: Database,
  log: Log,
  now: () => number = Date.now,
): ErrorRequestHandler {
  const mayNote = budget(now);
  return (error: unknown, req, _res, next) => {
    next(error);
    const action = audit && req.signedIn ? actionOf(error, req) : null;
    if (!action || (action === 'access.unknown' && !mayNote(req.actor.userId ?? ''))) return;
    const entry = { action, entity: 'page', entityId: null, label: `${req.method} ${req.shownPath}`.slice(0, 200) };
    runWith(database, () => audit!.record(req.actor, entry)).catch((err: unknown) => log.error({ err }, 'a try was not audited'));
  };
}

function actionOf(error: unknown, req: Request): 'access.denied' | 'access.unknown' | null {
  if (error instanceof Forbidden) return isHeldBack(error, req) ? null : 'access.denied';
  return error instanceof NotFound && req.path.split('/').some((part) => isId(part)) ? 'access.unknown' : null;
}

/** In memory: a restart forgets who had tried how often, which costs twenty lines. */
function budget(now: () => number): (who: string) => boolean {
  const spent = new Map<string, { since: number; tries: number }>();
  return (who) => {
    const at = now();
    const mine = spent.get(who);
    if (mine && at - mine.since < SPAN_MS) return (mine.tries += 1) <= MOST_UNKNOWN;
    if (spent.size >= MOST_PEOPLE) spent.clear();
    spent.set(who, { since: at, tries: 1 });
    return true;
  };
}
