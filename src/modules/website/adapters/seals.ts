import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Seals } from '../ports.js';

const ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** `<id>.<22 letters>`: nothing has to be kept for it, and it is over when its row is. */
export function seals(key: Buffer): Seals {
  const macOf = (purpose: string, id: string): string =>
    createHmac('sha256', key).update(`${purpose}.${id}`).digest('base64url').slice(0, 22);
  return {
    seal: (purpose, id) => `${id}.${macOf(purpose, id)}`,
    open: (purpose, sealed) => {
      const [id = '', mac = ''] = sealed.split('.');
      const expected = macOf(purpose, id);
      return ID.test(id) && mac.length === expected.length && timingSafeEqual(Buffer.from(mac), Buffer.from(expected))
        ? id
        : null;
    },
  };
}
