import type { Clock } from '../../../kernel/clock.js';
import { newId } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import { laneOf } from '../domain/message.js';
import type { NewMessage, NotificationsApi, Translate } from '../index.js';
import type { Later, MessageStore } from '../ports.js';

export const DELIVER = 'notifications.deliver';

/** Renders at once, in the language of the person; so a later change of the text changes nothing already said. */
export class SendMessage implements NotificationsApi {
  constructor(
    private readonly store: MessageStore,
    private readonly later: Later,
    private readonly unit: Unit,
    private readonly clock: Clock,
    private readonly translateTo: (language: string | null) => Translate,
  ) {}

  async send<Params>(message: NewMessage<Params>): Promise<string | null> {
    const { channel, to, template, params } = message;
    const t = this.translateTo(message.language ?? null);
    const headers = channel === 'mail' ? template.headers?.(params) : undefined;
    const row = {
      id: newId(),
      channel,
      recipient: to,
      template: template.key,
      label: template.label,
      secret: template.secret ?? false,
      content: { subject: channel === 'mail' ? template.subject(t, params) : '', text: template.text(t, params, channel), ...(headers ? { headers } : {}) },
      dedupeKey: message.dedupeKey ?? null,
      goodUntil: message.goodUntil ?? null,
      createdAt: this.clock.now(),
    };
    return this.unit(async () => {
      if (!(await this.store.insert(row))) return null;
      await this.later.enqueue(DELIVER, { id: row.id }, { key: `${DELIVER}:${row.id}`, queue: laneOf(row) });
      return row.id;
    });
  }

  unreached(template: string, since: Date): Promise<string[]> {
    return this.store.unreached(template, since);
  }

  forget(to: string): Promise<void> {
    return this.store.forget(to);
  }
}
