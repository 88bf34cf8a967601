import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { SlipBatch } from '../slips.rules.js';
import type { Sealer } from '../ports.js';

const NONCE = 12;
const TAG = 16;

/** AES-256-GCM: nonce, tag, text. */
export class KeySealer implements Sealer {
  constructor(private readonly key: Buffer) {}

  seal(batch: SlipBatch, context: string): Buffer {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce).setAAD(Buffer.from(context));
    const text = Buffer.concat([cipher.update(JSON.stringify(batch), 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), text]);
  }

  open(sealed: Buffer, context: string): SlipBatch {
    const cipher = createDecipheriv('aes-256-gcm', this.key, sealed.subarray(0, NONCE)).setAAD(Buffer.from(context));
    cipher.setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
    const text = Buffer.concat([cipher.update(sealed.subarray(NONCE + TAG)), cipher.final()]);
    return JSON.parse(text.toString('utf8')) as SlipBatch;
  }
}
