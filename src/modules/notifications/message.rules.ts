export type Channel = 'mail' | 'sms';
/** `sent`: a service has it; `delivered`: it says that the phone has it. */
export type MessageState = 'queued' | 'sending' | 'sent' | 'delivered' | 'failed';

/** What was rendered, kept only as long as it may still have to be sent. */
export interface MessageContent {
  subject: string;
  text: string;
  /** Mail only: headers beyond the usual. */
  headers?: Record<string, string>;
}

export type Outcome =
  | { kind: 'sent'; ref: string | null }
  | { kind: 'later'; afterSeconds: number; reason: string }
  | { kind: 'failed'; reason: string };

export const MOST_ATTEMPTS = 24;
export const TOO_LATE = 'It could not be sent in time.';
export const INTERRUPTED = 'The system stopped while this was being sent. It may have been delivered.';

export const STOPPED = 'This address has opted out of messages.';

/** 15 s, 30 s, 1 min … up to an hour, with a little chance in it so that a crowd doesn't come back at once. */
export function secondsUntilNextTry(attempt: number, atLeast: number, chance: number): number {
  const doubling = Math.min(15 * 2 ** (attempt - 1), 3600);
  return Math.round(Math.max(doubling, atLeast) * (1 + 0.2 * chance));
}

/** What becomes of a message after a try. */
export function afterTry(
  message: { attempts: number; goodUntil: Date | null },
  outcome: Outcome,
  now: Date,
  chance: number,
): { state: 'sent' } | { state: 'queued'; nextTryAt: Date; reason: string } | { state: 'failed'; reason: string } {
  if (outcome.kind === 'sent') return { state: 'sent' };
  if (outcome.kind === 'failed') return { state: 'failed', reason: outcome.reason };
  if (message.attempts >= MOST_ATTEMPTS) return { state: 'failed', reason: outcome.reason };
  const nextTryAt = new Date(now.getTime() + 1000 * secondsUntilNextTry(message.attempts, outcome.afterSeconds, chance));
  if (message.goodUntil && nextTryAt > message.goodUntil) return { state: 'failed', reason: TOO_LATE };
  return { state: 'queued', nextTryAt, reason: outcome.reason };
}

/** Codes, links that open an account again and warnings about an account are of use now or never; everything else keeps the quiet hours. */
export function canWait({ template, secret, family }: { template: string; secret: boolean; family: boolean }): boolean {
  return family || !(secret || template.startsWith('identity.'));
}

/** Codes travel in a lane of their own, so that five hundred fee reminders never stand before one, though they hold a link too. */
export function laneOf(message: { channel: Channel; secret: boolean; family?: boolean }): string {
  return `notifications.${message.secret && !message.family ? 'codes' : message.channel}`;
}
