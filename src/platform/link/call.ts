import { isSigned, sign, type SchoolKey } from './keys.js';

/** Clocks of the two machines may differ by this much. */
export const DRIFT_MS = 5 * 60_000;
const USE = 'aims-call-1';

export interface CallHeaders {
  'x-aims-key': string;
  'x-aims-timestamp': string;
  'x-aims-nonce': string;
  'x-aims-signature': string;
}

/** A school's call to the platform: HMAC-SHA256 over time, nonce and the bytes of the body. */
export function callHeaders(key: SchoolKey, body: string, nonce: string, now: Date): CallHeaders {
  const at = String(Math.floor(now.getTime() / 1000));
  return {
    'x-aims-key': key.id,
    'x-aims-timestamp': at,
    'x-aims-nonce': nonce,
    'x-aims-signature': sign(key, USE, at, nonce, body),
  };
}

export type HeaderSource = (name: keyof CallHeaders) => string | undefined;

export interface ReadCall {
  keyId: string;
  nonce: string;
  /** Whether it is young enough and signed with this key. */
  isBy(key: SchoolKey, body: string, now: Date): boolean;
}

/** What came with a call, or null when it isn't one. */
export function readCall(header: HeaderSource): ReadCall | null {
  const keyId = header('x-aims-key') ?? '';
  const at = header('x-aims-timestamp') ?? '';
  const nonce = header('x-aims-nonce') ?? '';
  const signature = header('x-aims-signature') ?? '';
  if (!/^\w{1,20}$/.test(keyId) || !/^\d{10}$/.test(at) || !/^[\w-]{16,64}$/.test(nonce) || !/^[\w-]{43}$/.test(signature))
    return null;
  return {
    keyId,
    nonce,
    isBy: (key, body, now) =>
      isSigned(key, signature, USE, at, nonce, body) && Math.abs(now.getTime() - Number(at) * 1000) <= DRIFT_MS,
  };
}
