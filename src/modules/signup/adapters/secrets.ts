import { createHmac, randomBytes, randomInt } from 'node:crypto';
import { deriveKey } from '../../../platform/keys.js';
import type { Secrets } from '../ports.js';

export class SignupSecrets implements Secrets {
  private readonly key: Buffer;

  constructor(secretKey: string) {
    this.key = deriveKey(secretKey, 'signup.hash');
  }

  token(): string {
    return randomBytes(32).toString('base64url');
  }

  digits(count: number): string {
    return randomInt(10 ** count)
      .toString()
      .padStart(count, '0');
  }

  hash(text: string): string {
    return createHmac('sha256', this.key).update(text).digest('base64url');
  }
}
