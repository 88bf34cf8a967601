import type { Request } from 'express';
import type { ServiceIdentifier } from 'inversify';
import type { Actor } from '../../kernel/actor.js';
import { ProofNeeded } from '../../kernel/errors.js';

/** Counts what people look at, in memory, so that reading in bulk is noticed. The audit module provides it. */
export interface ReadCount {
  /** A page about one person. */
  opened(actor: Actor, id: string): void;
  /** Rows about people that went out through the API, or by paging through a list. */
  listed(actor: Actor, rows: number): void;
}

/** In the container, and the name under which the application keeps it for routes. */
export const READ_COUNT: ServiceIdentifier<ReadCount> = Symbol('ReadCount');
const KEPT = 'read-count';

export function keepReadCount(app: { set(name: string, value: unknown): unknown }, count: ReadCount): void {
  app.set(KEPT, count);
}

/** @throws ProofNeeded when this session has read so much that somebody is warned, until its person says who they are */
export function noteOpened(req: Request, id: string): void {
  demandTrust(req);
  (req.app.get(KEPT) as ReadCount | undefined)?.opened(req.actor, id);
}

/** @throws ProofNeeded as above */
export function noteListed(req: Request, rows: number): void {
  demandTrust(req);
  (req.app.get(KEPT) as ReadCount | undefined)?.listed(req.actor, rows);
}

function demandTrust(req: Request): void {
  if (req.signedIn?.doubted) throw new ProofNeeded('page');
}
