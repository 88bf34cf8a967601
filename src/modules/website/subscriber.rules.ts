export type SubscriberState = 'pending' | 'confirmed' | 'bounced';

export interface Subscriber {
  id: string;
  /** In small letters. */
  email: string;
  language: string;
  state: SubscriberState;
  askedAt: Date;
  confirmedAt: Date | null;
}

/** What is not confirmed by then is removed. */
export const CONFIRM_DAYS = 7;

const HOUR_MS = 3_600_000;

/** Whether asking for the newsletter makes us write: never to somebody who has it already. */
export function mayBeAsked(subscriber: Subscriber | null): boolean {
  return subscriber?.state !== 'confirmed';
}

/** One letter an hour, however often somebody asks in another's name. */
export function confirmationKey(id: string, now: Date): string {
  return `website.confirm:${id}:${Math.floor(now.getTime() / HOUR_MS)}`;
}
