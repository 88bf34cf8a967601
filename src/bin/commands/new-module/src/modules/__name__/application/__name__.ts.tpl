import { demand, type Actor } from '../../../kernel/actor.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { Conflict, Invalid, NotFound } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Page } from '../../../kernel/page.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { __Type__ } from '../domain/__file__.js';
import type { __Plural__Api } from '../index.js';
import type { __Type__Filter, __Type__Store } from '../ports.js';

export type __Type__Details = Omit<__Type__, 'id' | 'version'>;

const MOST = 1000;

export class __Plural__ implements __Plural__Api {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly store: __Type__Store,
  ) {}

  async active(): Promise<__Type__[]> {
    return (await this.store.list({ text: null, active: true }, null, MOST)).rows;
  }

  list(actor: Actor, filter: __Type__Filter, cursor: string | null, limit: number): Promise<Page<__Type__>> {
    demand(actor, '__name__.read');
    return this.store.list(filter, cursor, limit);
  }

  async find(actor: Actor, id: string): Promise<__Type__> {
    demand(actor, '__name__.read');
    return this.demandOne(id);
  }

  add(actor: Actor, details: __Type__Details): Promise<__Type__> {
    demand(actor, '__name__.change');
    return this.unit(async () => {
      await this.refuseTaken(details.name, null);
      const made: __Type__ = { ...details, id: newId(), version: 1 };
      await this.store.insert(made);
      await this.audit.record(actor, { action: '__name__.add', entity: '__file__', entityId: made.id, label: made.name, after: made });
      return made;
    });
  }

  /** Changes what is named. */
  change(actor: Actor, id: string, version: number, changes: Partial<__Type__Details>): Promise<__Type__> {
    demand(actor, '__name__.change');
    return this.unit(async () => {
      const before = await this.demandOne(id);
      const after: __Type__ = { ...before, ...changes, version };
      await this.refuseTaken(after.name, id);
      if (!(await this.store.update(after))) {
        throw new Conflict('Somebody else changed this while you had the page open. Nothing was saved; look at the new values and try again.');
      }
      await this.audit.record(actor, { action: '__name__.change', entity: '__file__', entityId: id, label: after.name, before, after });
      return { ...after, version: version + 1 };
    });
  }

  remove(actor: Actor, id: string): Promise<__Type__> {
    demand(actor, '__name__.change');
    return this.unit(async () => {
      const before = await this.demandOne(id);
      await this.store.remove(id);
      await this.audit.record(actor, { action: '__name__.remove', entity: '__file__', entityId: id, label: before.name, before });
      return before;
    });
  }

  private async demandOne(id: string): Promise<__Type__> {
    const found = await this.store.find(id);
    if (!found) throw new NotFound();
    return found;
  }

  private async refuseTaken(name: string, exceptId: string | null): Promise<void> {
    if (await this.store.nameTaken(name, exceptId)) throw new Invalid({ name: 'Another has this name already' });
  }
}
