import { can, demand, type Actor } from '../../../kernel/actor.js';
import { Forbidden, Stale } from '../../../kernel/errors.js';
import { AUDIT, UNIT, type Given } from '../../../kernel/shapes/tokens.js';
import { RECEIVING_SETTINGS, type ReceivingSettings } from './ports.js';

/** Up to which sum one person is enough is not said by those who take money. */
export const LIMITS = 'fees.limits';

/** In which order money settles heads, what receipts are printed on, up to which sum a cashier takes an own receipt back alone, and whether families are told. */
export class ReceivingSettingsKeeping {
  static readonly needs = { unit: UNIT, audit: AUDIT, store: RECEIVING_SETTINGS };

  constructor(private readonly parts: Given<typeof ReceivingSettingsKeeping.needs>) {}

  async find(actor: Actor): Promise<ReceivingSettings> {
    demand(actor, 'fees.setup');
    return this.parts.store.read();
  }

  /** What is as it was is not written. @throws Forbidden for the limit without its own permission; Conflict when somebody was faster */
  save(actor: Actor, settings: ReceivingSettings): Promise<void> {
    demand(actor, 'fees.setup');
    return this.parts.unit(async () => {
      const before = await this.parts.store.read();
      if (before.version !== settings.version) throw new Stale();
      if (before.reversalLimitMinor !== settings.reversalLimitMinor && !can(actor, LIMITS))
        throw new Forbidden('Only an owner can set the amount up to which a cashier may reverse receipts alone.');
      if (
        (['reversalLimitMinor', 'allocationOrder', 'receiptPaper', 'tellFamilies'] as const).every(
          (key) => before[key] === settings[key],
        )
      )
        return;
      if (!(await this.parts.store.save(settings))) throw new Stale();
      await this.parts.audit.record(actor, {
        action: 'fees.receiving-settings.change',
        entity: 'fee-settings',
        entityId: null,
        before,
        after: settings,
      });
    });
  }
}
