import type { ServiceIdentifier } from 'inversify';
import type { Page } from '../../kernel/page.js';
import type { Channel, MessageContent, MessageState, Outcome } from './message.rules.js';
import type { MessageStanding } from './index.js';

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
  /** Keeps the quiet hours and the opt-outs. */
  family: boolean;
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
  deliveredAt: Date | null;
  canRetry: boolean;
}

export interface MessageFilter {
  state?: MessageState;
  channel?: Channel;
}

export interface MessageStore {
  /** False when the key is known. */
  insert(message: QueuedMessage): Promise<boolean>;
  /** In one statement; ids of those whose key was not known. */
  insertAll(messages: readonly QueuedMessage[]): Promise<ReadonlySet<string>>;
  standingOf(ids: readonly string[]): Promise<MessageStanding[]>;
  /** Takes it for one try; null when somebody else has it or it is done. */
  claim(id: string): Promise<ClaimedMessage | null>;
  /** `ref` is the service's own id of it, where it has one. */
  sent(id: string, at: Date, ref: string | null): Promise<void>;
  /** By the service's id; false when no message has it. */
  delivered(ref: string, at: Date): Promise<boolean>;
  undelivered(ref: string, reason: string): Promise<boolean>;
  /** As if it had not been claimed: it waits until then. */
  hold(id: string, until: Date): Promise<void>;
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

/** What a delivery asks before it writes to a family. */
export interface FamilyRules {
  heldUntil(): Promise<Date | null>;
  stopped(address: string): Promise<boolean>;
}

export interface FamilySettings {
  /** `HH:MM` in the school's zone; the same twice for no quiet hours. */
  quietFrom: string;
  quietUntil: string;
  /** What one part of a text message costs, in minor units; null where nobody has written it down. */
  segmentPriceMinor: number | null;
  version: number;
}

export interface FamilyStore {
  settings(): Promise<FamilySettings>;
  /** False when somebody else changed them since that version. */
  save(settings: FamilySettings): Promise<boolean>;
}

export interface OptOut {
  id: string;
  address: string;
  source: 'link' | 'gateway' | 'office';
  /** Who wrote it down, for `office`. */
  byName: string;
  at: Date;
}

export interface OptOutStore {
  /** Those of these addresses that get no messages. */
  among(addresses: readonly string[]): Promise<ReadonlySet<string>>;
  /** False when it is there already. */
  insert(optOut: OptOut): Promise<boolean>;
  /** The address, or null when there is none of this id. */
  remove(id: string): Promise<string | null>;
  removeAddress(address: string): Promise<boolean>;
  page(cursor: string | null, limit: number): Promise<Page<OptOut>>;
}

/** Links by which somebody ends the messages to one address; the address can't be read out of them. */
export interface StopLinks {
  to(address: string): { page: string; oneClick: string };
  open(sealed: string): string | null;
}

export const FAMILY_STORE: ServiceIdentifier<FamilyStore> = Symbol('FamilyStore');
export const OPT_OUT_STORE: ServiceIdentifier<OptOutStore> = Symbol('OptOutStore');
export const STOP_LINKS: ServiceIdentifier<StopLinks> = Symbol('StopLinks');
