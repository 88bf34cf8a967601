import type { Subscriber } from './subscriber.rules.js';

export type { AuditTrail } from '../../kernel/audit.js';

export interface SubscriberStore {
  find(id: string): Promise<Subscriber | null>;
  /** Enters an address, or brings back one that had bounced; one that is known otherwise stays as it is. */
  ask(subscriber: Subscriber): Promise<Subscriber>;
  confirm(id: string, at: Date): Promise<boolean>;
  remove(id: string): Promise<boolean>;
  /** @returns the ids of those who had it */
  bounced(emails: readonly string[]): Promise<string[]>;
  removeUnconfirmed(before: Date): Promise<number>;
  confirmedAfter(id: string | null, limit: number): Promise<Subscriber[]>;
}

/** Signs the addresses in our letters, so that nobody can confirm or unsubscribe another. */
export interface Seals {
  seal(purpose: 'confirm' | 'unsubscribe', id: string): string;
  /** The id that was sealed for this purpose, or null. */
  open(purpose: 'confirm' | 'unsubscribe', sealed: string): string | null;
}

export interface Limits {
  /** @throws TooMany */
  newsletter(ip: string | null, email: string): Promise<void>;
  /** @throws TooMany */
  contact(ip: string | null): Promise<void>;
}
