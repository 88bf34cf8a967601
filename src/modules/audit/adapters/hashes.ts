import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Hashes } from '../ports.js';

export function hashes(key: Buffer): Hashes {
  const mac = (text: string): string => createHmac('sha256', key).update(text).digest('base64url');
  return {
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    mac,
    isMac: (given, text) => {
      const [left, right] = [Buffer.from(given), Buffer.from(mac(text))];
      return left.length === right.length && timingSafeEqual(left, right);
    },
  };
}
