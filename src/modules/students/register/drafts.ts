import { demand, type Actor } from '../../../kernel/actor.js';
import { DRAFT_DAYS, draftOf, type Typed } from './draft.rules.js';
import type { Draft, DraftStore } from '../ports.js';

/**
 * What a registrar has typed of a new student is kept while they type, so that an ended session or a closed browser
 * costs nothing. It is no record: nobody else sees it, no list holds it, and it goes after some days.
 */
export class Drafts {
  constructor(private readonly store: DraftStore) {}

  async of(actor: Actor): Promise<Draft | null> {
    return actor.userId ? this.store.of(actor.userId) : null;
  }

  /** Whether there was something to keep. */
  async keep(actor: Actor, body: Typed): Promise<boolean> {
    demand(actor, 'students.admit');
    const typed = draftOf(body);
    if (!actor.userId || !typed) return false;
    await this.store.keep(actor.userId, typed);
    return true;
  }

  async drop(actor: Actor): Promise<void> {
    if (actor.userId) await this.store.drop(actor.userId);
  }

  sweep(): Promise<number> {
    return this.store.dropOlderThan(DRAFT_DAYS);
  }
}
