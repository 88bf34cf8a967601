import type { Page } from '../../kernel/page.js';
import type { Channel, MessageContent, MessageState, Outcome } from './domain/message.js';

export type { AuditTrail } from '../../kernel/audit.js';

export interface QueuedMessage {
  id: string;
  channel: Channel;
  recipient: string;
  template: string;
  label: string;
  secret: boolean;
  content: MessageContent;
  dedupeKey: string | null;
  goodUntil: Date | null;
  createdAt: Date;
}

export interface ClaimedMessage extends QueuedMessage {
  attempts: number;
  /** It was under way when the product stopped. */
  interrupted: boolean;
}

export interface MessageLine {
  id: string;
  channel: Channel;
  recipient: string;
  label: string;
  state: MessageState;
  attempts: number;
  reason: string | null;
  createdAt: Date;
  nextTryAt: Date | null;
  sentAt: Date | null;
  canRetry: boolean;
}

export interface MessageFilter {
  state?: MessageState;
  channel?: Channel;
}

export interface MessageStore {
  /** False when the key is known. */
  insert(message: QueuedMessage): Promise<boolean>;
  /** Takes it for one try; null when somebody else has it or it is done. */
  claim(id: string): Promise<ClaimedMessage | null>;
  sent(id: string, at: Date): Promise<void>;
  again(id: string, at: Date, reason: string): Promise<void>;
  failed(id: string, reason: string, forget: boolean): Promise<void>;
  /** A failed message whose content is still there starts anew. */
  requeue(id: string): Promise<(MessageLine & { secret: boolean }) | null>;
  page(filter: MessageFilter, cursor: string | null, limit: number): Promise<Page<MessageLine>>;
  counts(): Promise<Record<MessageState, number>>;
  /** Recipients of failed messages of a template. */
  unreached(template: string, since: Date): Promise<string[]>;
  prune(before: Date): Promise<void>;
  forget(recipient: string): Promise<void>;
}

/** A service that takes messages of one channel. */
export interface Carrier {
  /** A message may be handed over again without arriving twice. */
  readonly repeatable: boolean;
  carry(message: { id: string; recipient: string; content: MessageContent }): Promise<Outcome>;
}

export interface Later {
  enqueue(job: string, payload: object, options: { key: string; queue: string; runAt?: Date }): Promise<unknown>;
}
