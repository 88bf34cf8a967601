import { hkdfSync } from 'node:crypto';

/** A 32-byte key of its own for each use, from the one secret of the process. */
export function deriveKey(secret: string, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'aims', use, 32));
}
