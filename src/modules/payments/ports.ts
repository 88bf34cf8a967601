import type { ServiceIdentifier } from 'inversify';
import type { DarajaAccount } from './domain/account.js';

/** Daraja has understood and says no. */
export class RailRefused extends Error {
  constructor(
    /** As Daraja writes it: `500.001.1001`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** There was no answer that could be read. */
export class RailAway extends Error {
  constructor(
    message: string,
    /** Whether it is certain that nothing was asked. */
    readonly neverAsked: boolean,
  ) {
    super(message);
  }
}

export interface Push {
  /** Whole shillings. */
  shillings: number;
  /** `254722481903` */
  phone: string;
  reference: string;
  description: string;
  callbackUrl: string;
}

/** Safaricom's interface for those who are paid. Every method throws RailRefused or RailAway. */
export interface Daraja {
  /** Whether the keys open it. */
  tryKeys(account: DarajaAccount): Promise<void>;
  push(account: DarajaAccount, push: Push): Promise<{ merchantRequestId: string; checkoutRequestId: string }>;
  /** Null while it is still being worked on. */
  queryPush(account: DarajaAccount, checkoutRequestId: string): Promise<{ code: string; text: string } | null>;
  registerUrls(account: DarajaAccount, urls: { validation: string; confirmation: string }): Promise<void>;
  registerPull(account: DarajaAccount, urls: { nominated: string; callback: string }): Promise<void>;
  /** Payments between two moments, at most 48 h back, from the n-th on, as Daraja writes them; empty when there are no more. */
  pull(account: DarajaAccount, span: { from: Date; to: Date; offset: number }): Promise<object[]>;
  /** The answer comes to `resultUrl`. */
  askStatus(account: DarajaAccount, asked: { transId: string; resultUrl: string; timeoutUrl: string }): Promise<{ conversationId: string }>;
}

export const DARAJA: ServiceIdentifier<Daraja> = Symbol('Daraja');
