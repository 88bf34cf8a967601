import type { ServiceIdentifier } from 'inversify';
import type { Channel } from './domain/message.js';

export type { Channel } from './domain/message.js';

export type Translate = (text: string, vars?: Record<string, string | number>) => string;

/** A text with gaps, declared as a constant by the module whose message it is. */
export interface MessageTemplate<Params> {
  key: `${string}.${string}`;
  /** What a person calls it in the list of messages: `Sign-in code`. */
  label: string;
  /** Holds a code or a link that opens something: its content is forgotten even when it failed. */
  secret?: boolean;
  /** Mail only. */
  subject(t: Translate, params: Params): string;
  text(t: Translate, params: Params, channel: Channel): string;
  /** Mail only: `Reply-To`, `List-Unsubscribe`, `List-Unsubscribe-Post`. */
  headers?(params: Params): Record<string, string>;
}

export interface NewMessage<Params> {
  channel: Channel;
  /** A bare email address, or a phone number in E.164. */
  to: string;
  template: MessageTemplate<Params>;
  params: Params;
  /** The same key is the same message: the second one is not sent. */
  dedupeKey?: string;
  language?: string | null;
  /** Afterwards it would only confuse: a code that has expired. */
  goodUntil?: Date;
}

export interface NotificationsApi {
  /**
   * Writes the message down in the caller's transaction; it leaves after the commit and is tried until it is taken.
   * @returns its id, or null when `dedupeKey` is known already
   */
  send<Params>(message: NewMessage<Params>): Promise<string | null>;
  /** Who could not be reached by a message of this template since then: what failed for good. */
  unreached(template: string, since: Date): Promise<string[]>;
  /** Removes what was sent to somebody who is gone, and what still waits. */
  forget(to: string): Promise<void>;
}

export const NOTIFICATIONS: ServiceIdentifier<NotificationsApi> = Symbol('Notifications');
