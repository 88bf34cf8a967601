import type { Clock } from '../../kernel/clock.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import type { MessageStore } from './ports.js';

export interface DeliveryReport {
  /** The service's own id of the message. */
  ref: string;
  outcome: 'delivered' | 'failed' | 'under-way';
  reason: string;
}

/** What a service says later about a message that it took. */
export class DeliveryReports {
  constructor(
    private readonly unit: Unit,
    private readonly clock: Clock,
    private readonly store: Pick<MessageStore, 'delivered' | 'undelivered'>,
  ) {}

  /** False for a message that isn't ours. A message that arrived is never made one that failed. */
  take({ ref, outcome, reason }: DeliveryReport): Promise<boolean> {
    if (outcome === 'under-way') return Promise.resolve(true);
    return this.unit(() =>
      outcome === 'delivered'
        ? this.store.delivered(ref, this.clock.now())
        : this.store.undelivered(ref, reason ? `Not delivered: ${reason}` : 'Not delivered.'),
    );
  }
}
