import type { ServiceIdentifier } from 'inversify';
import type { Preference } from './family.rules.js';
import type { Channel, MessageState } from './message.rules.js';

export type { Preference } from './family.rules.js';
export type { Channel, MessageState } from './message.rules.js';

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

/** One guardian with what the message says to them; the address that is used is the message's choice. */
export interface FamilyRecipient<Params> {
  /** E.164. */
  phone: string | null;
  email: string | null;
  language: string | null;
  params: Params;
}

/** Something a school tells families, that may wait until morning: a receipt, a statement, a reminder. */
export interface FamilyMessage<Params> {
  template: MessageTemplate<Params>;
  to: readonly FamilyRecipient<Params>[];
  /** What makes it one thing, however often it is asked for: `fees.receipt:<id>`. */
  key: string;
  /** `sms` (the default) and `mail` take the other way where somebody has no such address. */
  prefer?: Preference;
  goodUntil?: Date;
}

export interface Told {
  /** Written down now; they leave after the commit, or in the morning. */
  messages: number;
  /** Sent before, under the same key with the same words. */
  again: number;
  /** Addresses that asked for no more messages. */
  optedOut: number;
  /** People without a phone and an email. */
  unreachable: number;
}

/** Beside the counts: for each recipient, in their order, the messages that were written now. */
export interface ToldEach extends Told {
  messageIds: readonly (readonly string[])[];
}

/** What became of a message. */
export interface MessageStanding {
  id: string;
  channel: Channel;
  to: string;
  state: MessageState;
  reason: string | null;
  /** Waits for this moment: until morning, or between two tries. */
  nextTryAt: Date | null;
}

/** What it comes to, before it is sent; `views/notifications/_preview.ejs` draws it. */
export interface Estimate {
  messages: number;
  sms: number;
  mails: number;
  /** Parts of text messages, which is what a gateway charges for. */
  segments: number;
  /** In minor units; null where the school has written down no price. */
  costMinor: number | null;
  optedOut: number;
  unreachable: number;
  /** While it is quiet: when they leave. */
  waitsUntil: Date | null;
  /** The longest of them, as a phone shows it. */
  sample: { text: string; segments: number } | null;
}

/** Messages to families. Only in schools. All methods join the caller's transaction, who has asked for the permission. */
export interface FamilyMessagesApi {
  /** The same words to the same address are sent once. Quiet hours and opt-outs are kept; codes and urgent notices go through `NotificationsApi`. */
  tellFamily<Params>(message: FamilyMessage<Params>): Promise<ToldEach>;
  /** Counts and price of exactly what `tellFamily` would send; sends nothing. */
  estimate<Params>(message: FamilyMessage<Params>): Promise<Estimate>;
  /** Of these messages; what is older than the list of sent messages is left out. */
  standingOf(ids: readonly string[]): Promise<MessageStanding[]>;
}

export const FAMILY_MESSAGES: ServiceIdentifier<FamilyMessagesApi> = Symbol('FamilyMessages');

export const NOTIFICATIONS: ServiceIdentifier<NotificationsApi> = Symbol('Notifications');
