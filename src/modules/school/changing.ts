import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { Unavailable } from '../../kernel/errors.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import type { SchoolState } from './profile/school.rules.js';
import type { AuditTrail, SchoolStore } from './ports.js';

export interface SchoolDeps {
  store: SchoolStore;
  unit: Unit;
  audit: AuditTrail;
  clock: Clock;
}

/** What every change of the school does: one after the other, in a transaction, on what is really there. */
export abstract class SchoolUseCases {
  constructor(protected readonly deps: SchoolDeps) {}

  /** From memory, for pages. */
  async state(): Promise<SchoolState> {
    return demandSchool(await this.deps.store.state());
  }

  protected changing<Result>(work: (state: SchoolState) => Promise<Result>): Promise<Result> {
    return this.deps.unit(async () => work(demandSchool(await this.deps.store.lock())));
  }

  protected record(
    actor: Actor,
    action: string,
    what: { entity: string; id: string; label: string; before?: object | null; after?: object | null },
  ): Promise<void> {
    const { entity, id, label, before = null, after = null } = what;
    return this.deps.audit.record(actor, { action: `school.${action}`, entity, entityId: id, label, before, after });
  }
}

export function demandSchool(state: SchoolState | null): SchoolState {
  if (!state) throw new Unavailable('This school is still being prepared. Try again in a minute.', 30);
  return state;
}
