import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, randomInt } from 'node:crypto';
import type { Secrets } from '../ports.js';

/** No 0 and o, 1, l and i: people type this from paper. */
const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';

/** One key for each use, all made from SECRET_KEY and the school: a leak of one says nothing about the others. */
export function derivedKey(secretKey: string, schoolId: string, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey, schoolId, `aims.identity.${use}`, 32));
}

export class DerivedSecrets implements Secrets {
  private readonly hashKey: Buffer;
  private readonly sealKey: Buffer;
  private readonly digitKey: Buffer;

  constructor(secretKey: string, schoolId: string) {
    this.hashKey = derivedKey(secretKey, schoolId, 'hash');
    this.sealKey = derivedKey(secretKey, schoolId, 'seal');
    this.digitKey = derivedKey(secretKey, schoolId, 'digits');
  }

  token(): string {
    return randomBytes(32).toString('base64url');
  }

  digitsOf(text: string, count: number): string {
    const number = createHmac('sha256', this.digitKey).update(text).digest().readUIntBE(0, 6);
    return (number % 10 ** count).toString().padStart(count, '0');
  }

  printedPassword(): string {
    return `${letters(4)}-${letters(4)}-${letters(4)}`;
  }

  recoveryCode(): string {
    return `${letters(5)}-${letters(5)}`;
  }

  /** Keyed, so that a copy of the table can't be searched for six digits. */
  hash(text: string): string {
    return createHmac('sha256', this.hashKey).update(text).digest('base64url');
  }

  seal(text: string): string {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.sealKey, iv);
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
  }

  open(sealed: string): string {
    const bytes = Buffer.from(sealed, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', this.sealKey, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  }
}

function letters(count: number): string {
  return Array.from({ length: count }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}
