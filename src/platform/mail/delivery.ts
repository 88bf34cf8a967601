import { RuleBroken, Unavailable } from '../../kernel/errors.js';

/**
 * How a delivery can fail, for mail and SMS alike:
 * - `Unavailable`: surely not delivered, worth another try (after so many seconds);
 * - `RuleBroken`: refused for good, another try would be refused too;
 * - `Unsure`: the connection was lost after the message had been handed over, so a second try might double it.
 */
export class Unsure extends Error {
  constructor(cause?: unknown) {
    super('The service did not confirm the message. It may have been delivered.', { cause });
  }
}

export function refused(sentence: string): RuleBroken {
  return new RuleBroken('delivery-refused', sentence.slice(0, 300));
}

export function tryLater(sentence: string, retryAfterSeconds = 10): Unavailable {
  return new Unavailable(sentence.slice(0, 300), retryAfterSeconds);
}

/** Errors of `fetch` that come before a byte was sent: nobody can have taken the message. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
]);

export function neverSent(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && NOT_SENT.has(cause.code);
}

/** Whole seconds of a Retry-After header: a number or a date. */
export function retryAfter(headers: Headers, otherwise: number): number {
  const value = headers.get('retry-after');
  if (!value) return otherwise;
  const seconds = /^\d+$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - Date.now()) / 1000);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 1), 86_400) : otherwise;
}
