import type { Clock } from '../../kernel/clock.js';
import { newId } from '../../kernel/id.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import { laneOf, type Channel, type MessageContent } from './message.rules.js';
import type { MessageTemplate, NewMessage, NotificationsApi, Translate } from './index.js';
import type { Later, MessageStore, QueuedMessage } from './ports.js';

export const DELIVER = 'notifications.deliver';

interface Rendered {
  channel: Channel;
  to: string;
  template: Pick<MessageTemplate<never>, 'key' | 'label' | 'secret'>;
  content: MessageContent;
  dedupeKey: string | null;
  goodUntil: Date | null;
  family: boolean;
}

export function contentOf<Params>(
  template: MessageTemplate<Params>,
  params: Params,
  channel: Channel,
  t: Translate,
): MessageContent {
  const headers = channel === 'mail' ? template.headers?.(params) : undefined;
  return {
    subject: channel === 'mail' ? template.subject(t, params) : '',
    text: template.text(t, params, channel),
    ...(headers ? { headers } : {}),
  };
}

export function rowOf({ to, template, ...message }: Rendered, createdAt: Date): QueuedMessage {
  const { key, label, secret = false } = template;
  return { id: newId(), recipient: to, template: key, label, secret, ...message, createdAt };
}

/** Renders at once, in the language of the person; so a later change of the text changes nothing already said. */
export class SendMessage implements NotificationsApi {
  constructor(
    private readonly store: MessageStore,
    private readonly later: Later,
    private readonly unit: Unit,
    private readonly clock: Clock,
    private readonly translateTo: (language: string | null) => Translate,
  ) {}

  send<Params>({ channel, to, template, params, dedupeKey, language, goodUntil }: NewMessage<Params>): Promise<string | null> {
    const content = contentOf(template, params, channel, this.translateTo(language ?? null));
    const row = rowOf(
      { channel, to, template, content, dedupeKey: dedupeKey ?? null, goodUntil: goodUntil ?? null, family: false },
      this.clock.now(),
    );
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
