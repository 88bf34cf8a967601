import { demand, type Actor } from '../../kernel/actor.js';
import type { AuditTrail } from '../../kernel/audit.js';
import type { Clock } from '../../kernel/clock.js';
import { NotFound, Stale } from '../../kernel/errors.js';
import { newId } from '../../kernel/id.js';
import type { Page } from '../../kernel/page.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import type { FamilySettings, FamilyStore, OptOut, OptOutStore, StopLinks } from './ports.js';

const SETUP = 'notifications.setup';

/** Who asked for no more messages, and how families are written to. */
export class FamilyWishes {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    private readonly store: FamilyStore,
    private readonly optOuts: OptOutStore,
    private readonly links: StopLinks,
  ) {}

  settings(): Promise<FamilySettings> {
    return this.store.settings();
  }

  change(actor: Actor, settings: FamilySettings): Promise<void> {
    demand(actor, SETUP);
    return this.unit(async () => {
      const before = await this.store.settings();
      if (!(await this.store.save(settings))) throw new Stale();
      await this.audit.record(actor, {
        action: 'notifications.settings.change',
        entity: 'notifications_settings',
        entityId: null,
        before,
        after: settings,
      });
    });
  }

  page(actor: Actor, cursor: string | null, limit: number): Promise<Page<OptOut>> {
    demand(actor, 'notifications.read');
    return this.optOuts.page(cursor, limit);
  }

  /** Somebody told the office. */
  add(actor: Actor, address: string): Promise<void> {
    demand(actor, SETUP);
    return this.stop(actor, address, 'office');
  }

  remove(actor: Actor, id: string): Promise<void> {
    demand(actor, SETUP);
    return this.unit(async () => {
      const address = await this.optOuts.remove(id);
      if (address === null) throw new NotFound('This address already gets messages.');
      await this.record(actor, 'notifications.opt-in', address);
    });
  }

  /** The address behind a link of ours. @throws NotFound */
  behind(sealed: string): string {
    const address = this.links.open(sealed);
    if (address === null) throw new NotFound('This link is incomplete. Open it from the message again.');
    return address;
  }

  async isStopped(address: string): Promise<boolean> {
    return (await this.optOuts.among([address])).has(address);
  }

  stopByLink(actor: Actor, sealed: string): Promise<void> {
    return this.stop(actor, this.behind(sealed), 'link');
  }

  resumeByLink(actor: Actor, sealed: string): Promise<void> {
    const address = this.behind(sealed);
    return this.unit(async () => {
      if (await this.optOuts.removeAddress(address)) await this.record(actor, 'notifications.opt-in', address);
    });
  }

  /** Somebody answered STOP to the gateway. */
  stopByGateway(actor: Actor, phone: string): Promise<void> {
    return this.stop(actor, phone, 'gateway');
  }

  private stop(actor: Actor, address: string, source: OptOut['source']): Promise<void> {
    return this.unit(async () => {
      const added = await this.optOuts.insert({
        id: newId(),
        address,
        source,
        byName: source === 'office' ? actor.name : '',
        at: this.clock.now(),
      });
      if (added) await this.record(actor, 'notifications.opt-out', address, source);
    });
  }

  private record(actor: Actor, action: string, address: string, source?: string): Promise<void> {
    return this.audit.record(actor, {
      action,
      entity: 'notifications_opt_outs',
      entityId: null,
      label: address,
      ...(source ? { after: { source } } : {}),
    });
  }
}
