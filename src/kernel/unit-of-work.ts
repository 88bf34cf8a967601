import type { DomainEvent } from './events.js';

/** Runs the work in one transaction; a nested call joins the one under way. */
export type Unit = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Stores events in the outbox of the current transaction. */
export type Publish = (...events: DomainEvent[]) => Promise<void>;
