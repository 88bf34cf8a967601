import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { isId } from '../../../../kernel/id.js';

const MAC_BYTES = 16;

export function newToken(): string {
  return randomBytes(32).toString('hex');
}

export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** The secret of a pay link: its id and a code of it, so that no table holds what opens it. */
export class LinkTokens {
  constructor(private readonly key: Buffer) {}

  tokenOf(id: string): string {
    return Buffer.concat([Buffer.from(id.replaceAll('-', ''), 'hex'), this.mac(id)]).toString('base64url');
  }

  linkIdOf(token: string): string | null {
    const bytes = /^[\w-]{43}$/.test(token) ? Buffer.from(token, 'base64url') : Buffer.alloc(0);
    if (bytes.length !== 16 + MAC_BYTES) return null;
    const id = bytes
      .subarray(0, 16)
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    return isId(id) && timingSafeEqual(this.mac(id), bytes.subarray(16)) ? id : null;
  }

  private mac(id: string): Buffer {
    return createHmac('sha256', this.key).update(id).digest().subarray(0, MAC_BYTES);
  }
}
