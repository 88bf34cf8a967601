import type { DomainEvent } from './events.js';

/** Runs the work in one transaction; a nested call joins the one under way. */
export type Unit = <Result>(work: () => Promise<Result | Lastly<Result>>) => Promise<Result>;

/**
 * What the work of a unit returns when its last statement takes a lock that everybody waits for: the statement goes out
 * together with the commit, so that nobody waits for the trip between the two. `send` sends that one statement at once, and
 * nothing after it.
 */
export class Lastly<Result> {
  constructor(readonly send: () => Promise<Result>) {}
}

/** Work for later, added with the commit of the current transaction; a waiting job with the same key is replaced. */
export type Later = (job: string, payload: object, options?: { key?: string; runAt?: Date }) => Promise<unknown>;

/** Stores events in the outbox of the current transaction. */
export type Publish = (...events: DomainEvent[]) => Promise<void>;
