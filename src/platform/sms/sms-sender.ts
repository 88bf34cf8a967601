import type { ServiceIdentifier } from 'inversify';
import { refused } from '../mail/delivery.js';

export interface Sms {
  /** E.164. */
  to: string;
  text: string;
  key?: string;
}

/** What a gateway said when it took a message: its own id, by which it reports later, where it has one. */
export interface Taken {
  ref: string | null;
}

export interface SmsSender {
  /** Whether a message with a `key` may be sent again without being delivered twice. */
  readonly repeatable: boolean;
  /** @throws what `mail/delivery.ts` names. */
  send(sms: Sms): Promise<Taken>;
}

export const SMS_SENDER: ServiceIdentifier<SmsSender> = Symbol('SmsSender');

/** Gateways are slow in the evening; giving up early on one that has the message would send it twice. */
export const ANSWER_TIMEOUT_MS = 60_000;

export function checkedSms(sms: Sms): Sms {
  if (!/^\+\d{8,15}$/.test(sms.to)) throw refused('This is not one phone number with its country code.');
  if (sms.text.trim() === '') throw refused('This message is empty.');
  return sms;
}
