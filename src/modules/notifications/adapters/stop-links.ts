import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { StopLinks } from '../ports.js';

const NONCE = 12;
const TAG = 16;

/** The address is encrypted in the link itself, so that nothing has to be kept for it and nobody reads it there. */
export function stopLinks(key: Buffer, publicUrl: string): StopLinks {
  return {
    to: (address) => {
      const sealed = seal(key, address);
      return { page: `${publicUrl}/stop/${sealed}`, oneClick: `${publicUrl}/api/stop/${sealed}` };
    },
    open: (sealed) => {
      const bytes = Buffer.from(sealed, 'base64url');
      if (bytes.length <= NONCE + TAG || bytes.length > 400) return null;
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE));
        decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
        return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString('utf8');
      } catch {
        return null;
      }
    },
  };
}

function seal(key: Buffer, address: string): string {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const hidden = Buffer.concat([cipher.update(address, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), hidden]).toString('base64url');
}
