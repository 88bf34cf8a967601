import type { Channel } from './message.rules.js';

/** `sms` and `mail` take the other way where somebody has no such address; `both` takes every way there is. */
export type Preference = Channel | 'both';

export interface Addresses {
  phone: string | null;
  email: string | null;
}

export interface Way {
  channel: Channel;
  to: string;
}

export function waysTo({ phone, email }: Addresses, prefer: Preference): Way[] {
  const sms: Way[] = phone ? [{ channel: 'sms', to: phone }] : [];
  const mail: Way[] = email ? [{ channel: 'mail', to: email.toLowerCase() }] : [];
  if (prefer === 'both') return [...sms, ...mail];
  return (prefer === 'sms' ? [...sms, ...mail] : [...mail, ...sms]).slice(0, 1);
}

/** Equal where two messages are one. */
export function sameMessage({ channel, to, text }: Way & { text: string }): string {
  return `${channel} ${to} ${text}`;
}

/** The same words to the same address are one message, however many children they are about. */
export function onePerFamily<Written extends Way & { text: string }>(written: readonly Written[]): Written[] {
  const seen = new Map(written.map((one) => [sameMessage(one), one]));
  return [...seen.values()];
}
