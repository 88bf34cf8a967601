import type { Request, RequestHandler } from 'express';
import type { ServiceIdentifier } from 'inversify';
import type { Actor } from '../../../kernel/actor.js';
import { ProofNeeded, TooMany } from '../../../kernel/errors.js';
import { peopleShown, PeopleShown, whileShowing } from '../../people-shown.js';

/** Counts whom people look at, in memory, so that reading in bulk is noticed. The audit module provides it. */
export interface ReadCount {
  /**
   * These people are about to be shown.
   * @returns false when that is more than this account may read before it proves again who it is; `provenAt` is its last proof, in ms since 1970, 0 for one that does not count
   */
  shows(actor: Actor, people: PeopleShown, provenAt: number): boolean;
}

/** How long whoever has no second step waits after reading too much. */
export const READING_PAUSE_MINUTES = 10;
/** Said to them instead of asking for a password that whoever reads may know. */
export const READING_PAUSE = `You have opened very many records in a short time. Wait ${READING_PAUSE_MINUTES} minutes, or set up your second step under Profile and confirm that it’s you.`;

/** In the container, and the name under which the application keeps it for routes. */
export const READ_COUNT: ServiceIdentifier<ReadCount> = Symbol('ReadCount');
const KEPT = 'read-count';

export function keepReadCount(app: { set(name: string, value: unknown): unknown }, count: ReadCount): void {
  app.set(KEPT, count);
}

/** From here on whoever reads rows about people can say whom the answer will show. */
export const watchPeopleShown: RequestHandler = (req, _res, next) => {
  if (!req.signedIn) return next();
  whileShowing(new PeopleShown(), () => next());
};

/**
 * Called by everything that answers, before the first byte: pages, parts of pages, the API, prints, photos, files. A sheet
 * is counted by the entry that it leaves in the audit.
 * @throws ProofNeeded when this account has read so much that somebody is warned, until its person says who they are;
 * TooMany for a while where a password is all they could say it with
 */
export function countPeopleShown(req: Request): void {
  const people = peopleShown();
  if (!people || people.named.size === 0 || !req.signedIn) return;
  const { doubted, paused, provenAt = 0, secondStep = false } = req.signedIn;
  const counted = (req.app.get(KEPT) as ReadCount | undefined)?.shows(req.actor, people, secondStep ? provenAt : 0) ?? true;
  people.named.clear();
  people.opened.clear();
  if (paused || (!counted && !secondStep)) throw new TooMany(READING_PAUSE, READING_PAUSE_MINUTES * 60);
  if (doubted || !counted) throw new ProofNeeded('page');
}
