import { Conflict, Unavailable } from '../../kernel/errors.js';
import type { DomainError } from '../../kernel/errors.js';

const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH', 'EAI_AGAIN']);
const HUNG = /timeout exceeded when trying to connect|Query read timeout|connection timeout/i;
const LOST =
  /timeout exceeded when trying to connect|Query read timeout|Connection terminated|Client has encountered a connection error/i;

/** It was waited for in vain: nothing came, not even a refusal. */
export function hasHung(error: unknown): boolean {
  return error instanceof Error && HUNG.test(error.message);
}

/**
 * What a failure of the database itself means to a person: away or overloaded is `Unavailable`, somebody
 * faster is `Conflict`. Null for everything else (a violated constraint belongs to the use case).
 */
export function databaseFailure(error: unknown): DomainError | null {
  if (!(error instanceof Error)) return null;
  const native = 'nativeError' in error && error.nativeError instanceof Error ? error.nativeError : error;
  const code = 'code' in native && typeof native.code === 'string' ? native.code : '';
  if (code === '40001' || code === '40P01' || code === '55P03') {
    return new Conflict('Someone else was changing the same thing. Please try again.', 'busy');
  }
  // 08 connection, 53 out of memory, disk or connections, 57 shut down or cancelled, 25006 read-only standby.
  if (NETWORK.has(code) || /^(08|53|57)/.test(code) || code === '25006' || LOST.test(native.message)) {
    return new Unavailable('The database is busy or unavailable. Nothing was lost; please try again in a moment.');
  }
  return null;
}
