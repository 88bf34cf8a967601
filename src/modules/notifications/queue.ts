import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { NotFound } from '../../kernel/errors.js';
import { isId } from '../../kernel/id.js';
import type { Page } from '../../kernel/page.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import { laneOf, type MessageState } from './message.rules.js';
import type { AuditTrail, Later, MessageFilter, MessageLine, MessageStore } from './ports.js';
import { DELIVER } from './send.js';

const KEPT_DAYS = 180;

/** What the office sees of the messages, and the second chance of those that failed. */
export class MessageQueue {
  constructor(
    private readonly store: MessageStore,
    private readonly later: Later,
    private readonly audit: AuditTrail,
    private readonly unit: Unit,
    private readonly clock: Clock,
  ) {}

  page(filter: MessageFilter, cursor: string | null, limit: number): Promise<Page<MessageLine>> {
    return this.store.page(filter, cursor, limit);
  }

  counts(): Promise<Record<MessageState, number>> {
    return this.store.counts();
  }

  /** @throws NotFound when it did not fail or its content is forgotten */
  async retry(actor: Actor, id: string): Promise<void> {
    await this.unit(async () => {
      const message = isId(id) ? await this.store.requeue(id) : null;
      if (!message) throw new NotFound('This message can’t be sent again. Only failed messages whose text is still kept can.');
      await this.later.enqueue(DELIVER, { id }, { key: `${DELIVER}:${id}`, queue: laneOf(message) });
      await this.audit.record(actor, {
        action: 'notifications.retry',
        entity: 'notifications_messages',
        entityId: id,
        label: message.label,
      });
    });
  }

  async prune(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - KEPT_DAYS * 86_400_000);
    await this.unit(() => this.store.prune(before));
  }
}
