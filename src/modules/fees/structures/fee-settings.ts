import { demand, type Actor } from '../../../kernel/actor.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { Stale } from '../../../kernel/errors.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { FeeSettings, FeeSettingsStore } from '../ports.js';

export class FeeSettingsKeeping {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly store: FeeSettingsStore,
  ) {}

  async find(actor: Actor): Promise<FeeSettings> {
    demand(actor, 'fees.read');
    return this.store.find();
  }

  save(actor: Actor, settings: FeeSettings): Promise<void> {
    demand(actor, 'fees.setup');
    return this.unit(async () => {
      const before = await this.store.find();
      if (!(await this.store.save(settings))) throw new Stale();
      await this.audit.record(actor, {
        action: 'fees.settings.change',
        entity: 'fee-settings',
        entityId: null,
        before,
        after: settings,
      });
    });
  }
}
